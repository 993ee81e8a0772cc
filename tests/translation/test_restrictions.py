"""A restriction is that of the whole family, and wagtail-localize's own copying cannot open a page."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer
from tests.factories.articles import article, block, site_in
from tests.factories.translations import hindi, source_of, submit, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    group = Group.objects.create(name="Supervisors")
    TenantGroup.objects.create(group=group, site=Site.objects.get(), role=Role.READER, label="Supervisors")
    return group


@pytest.fixture
def family(django_capture_on_commit_callbacks):
    """An article that is live in English and Hindi."""
    site_in("hi")
    page = article(body=[block("text", "<p>Secret.</p>", "body")])
    translation = submit(page)
    translate(translation)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target()
    return page, hindi(page)


def restrict(page, *groups):
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.set(groups)
    return restriction


def readable(page, *groups):
    """The languages in which the page's family is readable to somebody of the groups."""
    site = Site.objects.get(is_default_site=True)
    viewer = Viewer(site_id=site.pk, user_id=1, group_ids=frozenset(group.pk for group in groups))
    found = visible_to(Page.objects.filter(translation_key=page.translation_key), viewer)
    return set(found.values_list("locale__language_code", flat=True))


def audiences(page):
    rows = PageViewRestriction.objects.filter(page__translation_key=page.translation_key)
    return {
        row.page.locale.language_code: (row.restriction_type, set(row.groups.values_list("name", flat=True)))
        for row in rows
    }


@pytest.mark.parametrize("restricted", [0, 1])
def test_restricting_one_translation_restricts_all(family, staff, restricted):
    restrict(family[restricted], staff)
    assert audiences(family[0]) == {"en": ("groups", {"Supervisors"}), "hi": ("groups", {"Supervisors"})}
    assert readable(family[0]) == set()
    assert readable(family[0], staff) == {"en", "hi"}


@pytest.mark.parametrize("restricted", [0, 1])
def test_saving_a_translation_keeps_the_restriction_and_its_groups(
    family, staff, restricted, django_capture_on_commit_callbacks
):
    restrict(family[restricted], staff)
    translation = source_of(family[0]).translations.get()
    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target()
    assert audiences(family[0]) == {"en": ("groups", {"Supervisors"}), "hi": ("groups", {"Supervisors"})}
    assert readable(family[0]) == set()
    assert readable(family[0], staff) == {"en", "hi"}


def test_a_translation_made_after_the_restriction_has_it_with_its_groups(staff, django_capture_on_commit_callbacks):
    site_in("hi")
    page = article(body=[block("text", "<p>Secret.</p>", "body")])
    restrict(page, staff)
    translation = submit(page)
    translate(translation)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target()
    assert audiences(page)["hi"] == ("groups", {"Supervisors"})
    assert readable(page) == set()
    assert readable(page, staff) == {"en", "hi"}


def test_a_copied_restriction_without_groups_lets_the_familys_groups_in_and_nobody_else(family, staff):
    # As wagtail-localize wrote it before this room listened: the source has groups, the translation's row has none.
    page, copy = family
    restrict(page, staff)
    through = PageViewRestriction.groups.through
    through.objects.filter(pageviewrestriction__page=copy).delete()
    assert readable(page) == set()
    assert readable(page, staff) == {"en", "hi"}


def test_changing_the_groups_changes_them_everywhere(family, staff):
    others = Group.objects.create(name="Guards")
    restriction = restrict(family[1], staff)
    restriction.groups.set([others])
    assert audiences(family[0])["en"] == ("groups", {"Guards"})
    staff.pageviewrestriction_set.add(restriction)
    assert audiences(family[0])["en"] == ("groups", {"Guards", "Supervisors"})
    restriction.groups.clear()
    assert audiences(family[0])["en"] == ("groups", set())
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert audiences(family[0])["en"] == ("login", set())


@pytest.mark.parametrize("lifted", [0, 1])
def test_an_administrator_lifts_the_restriction_of_all_languages_at_once(client, family, staff, lifted):
    restrict(family[1 - lifted], staff)
    client.force_login(User.objects.create_superuser("admin", "admin@example.com", "secret"))
    url = reverse("wagtailadmin_pages:set_privacy", args=[family[lifted].pk])
    client.post(url, {"restriction_type": "none"})
    assert audiences(family[0]) == {}
    assert readable(family[0]) == {"en", "hi"}


def test_an_administrator_restricts_all_languages_in_the_privacy_window(client, family, staff):
    client.force_login(User.objects.create_superuser("admin", "admin@example.com", "secret"))
    url = reverse("wagtailadmin_pages:set_privacy", args=[family[0].pk])
    client.post(url, {"restriction_type": "groups", "groups": [staff.pk]})
    assert audiences(family[0]) == {"en": ("groups", {"Supervisors"}), "hi": ("groups", {"Supervisors"})}


def test_deleting_one_translation_leaves_the_others_restricted(family, staff):
    page, copy = family
    restrict(copy, staff)
    copy.delete()
    assert audiences(page) == {"en": ("groups", {"Supervisors"})}
    assert readable(page) == set()


def test_another_family_is_left_alone(family, staff):
    other = article("Open a work order", parent=family[0].get_parent().specific)
    restrict(family[0], staff)
    assert audiences(other) == {}
    assert readable(other) == {"en"}
