"""The access rule: who may read which page, case by case."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Locale, Page, PageViewRestriction, Site

from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, CategoryPage
from helpportal.core.access import is_open_to, visible_to
from helpportal.core.viewer import Viewer
from home.services import create_tenant

pytestmark = pytest.mark.django_db


class Tree:
    """A tenant in English and Hindi: a category with an article in it, and a second category."""

    def __init__(self, hostname: str):
        self.site = create_tenant(hostname, f"Tenant of {hostname}", ["en", "hi"])
        self.home = self.site.root_page.specific
        self.category = self.home.add_child(instance=CategoryPage(title="Safety", slug="safety"))
        self.other_category = self.home.add_child(instance=CategoryPage(title="Billing", slug="billing"))
        self.article = self.category.add_child(instance=ArticlePage(title="Locks", slug="locks"))
        hindi = Locale.objects.get(language_code="hi")
        self.hindi_home = self.home.get_translation(hindi)
        self.hindi_category = translate(self.category, hindi)
        self.hindi_other_category = translate(self.other_category, hindi)
        self.hindi_article = translate(self.article, hindi)
        self.staff = Group.objects.create(name=f"{hostname} staff")
        self.guards = Group.objects.create(name=f"{hostname} guards")

    def viewer(self, *groups: Group) -> Viewer:
        """A signed-in reader of these groups."""
        return Viewer(site_id=self.site.pk, user_id=1, group_ids=frozenset(group.pk for group in groups))

    @property
    def anonymous(self) -> Viewer:
        return Viewer.anonymous(self.site)

    @property
    def superuser(self) -> Viewer:
        return Viewer(site_id=self.site.pk, user_id=1, is_superuser=True)


def translate(page, locale: Locale):
    translated = page.copy_for_translation(locale)
    translated.live = True
    translated.save()
    return translated


def restrict(page, *groups: Group, kind: str = PageViewRestriction.GROUPS, password: str = "") -> PageViewRestriction:
    """Write the rows of one restriction as SQL would: no signal carries it to the translations.

    The translation room does carry it there; the rule must hold without.
    """
    row = PageViewRestriction(page=page.page_ptr, restriction_type=kind, password=password)
    (restriction,) = PageViewRestriction.objects.bulk_create([row])
    links = PageViewRestriction.groups.through
    links.objects.bulk_create(links(pageviewrestriction=restriction, group=group) for group in groups)
    return restriction


def sees(viewer: Viewer, page) -> bool:
    return visible_to(Page.objects.filter(pk=page.pk), viewer).exists()


@pytest.fixture(scope="module", autouse=True)
def trees(shared_rows):
    return shared_rows(lambda: (Tree("a.example"), Tree("b.example")))


@pytest.fixture
def tree(db, trees) -> Tree:
    return trees()[0]


def test_everybody_reads_what_nothing_restricts(tree):
    for page in (tree.home, tree.hindi_home, tree.category, tree.article, tree.hindi_article):
        assert sees(tree.anonymous, page)


@pytest.mark.parametrize("restricted", ["article", "hindi_article", "category", "hindi_category", "home", "hindi_home"])
def test_a_restriction_anywhere_in_the_family_or_above_it_covers_every_translation(tree, restricted):
    restrict(getattr(tree, restricted), tree.staff)
    for page in (tree.article, tree.hindi_article):
        assert not sees(tree.anonymous, page)
        assert not sees(tree.viewer(), page)
        assert not sees(tree.viewer(tree.guards), page)
        assert sees(tree.viewer(tree.staff), page)
        assert sees(tree.superuser, page)


@pytest.mark.parametrize("restricted", ["article", "hindi_article"])
def test_a_restriction_leaves_the_pages_above_and_beside_it_open(tree, restricted):
    restrict(getattr(tree, restricted), tree.staff)
    for page in (tree.category, tree.hindi_category, tree.other_category, tree.home):
        assert sees(tree.anonymous, page)


def test_a_copied_restriction_that_lost_its_groups_opens_to_the_groups_of_the_original(tree):
    restrict(tree.article, tree.staff)
    restrict(tree.hindi_article)
    for page in (tree.article, tree.hindi_article):
        assert sees(tree.viewer(tree.staff), page)
        assert not sees(tree.viewer(tree.guards), page)


def test_a_restriction_without_any_group_lets_only_superusers_in(tree):
    restrict(tree.article)
    assert not sees(tree.viewer(tree.staff, tree.guards), tree.article)
    assert sees(tree.superuser, tree.article)


def test_groups_of_one_family_add_up(tree):
    restrict(tree.article, tree.staff)
    restrict(tree.hindi_article, tree.guards)
    for group in (tree.staff, tree.guards):
        assert sees(tree.viewer(group), tree.article)
        assert sees(tree.viewer(group), tree.hindi_article)


def test_every_level_must_let_the_viewer_in(tree):
    restrict(tree.hindi_category, tree.staff)
    restrict(tree.article, tree.guards)
    assert not sees(tree.viewer(tree.staff), tree.article)
    assert not sees(tree.viewer(tree.guards), tree.article)
    assert sees(tree.viewer(tree.staff, tree.guards), tree.article)
    assert sees(tree.viewer(tree.staff), tree.category)


def test_a_rule_for_signed_in_readers_asks_for_an_account_only(tree):
    restrict(tree.hindi_category, kind=PageViewRestriction.LOGIN)
    assert not sees(tree.anonymous, tree.article)
    assert sees(tree.viewer(), tree.article)


def test_signed_in_and_group_rules_of_one_family_both_hold(tree):
    restrict(tree.article, kind=PageViewRestriction.LOGIN)
    restrict(tree.hindi_article, tree.staff)
    assert not sees(tree.viewer(), tree.article)
    assert sees(tree.viewer(tree.staff), tree.article)


def test_a_leftover_password_lets_nobody_in(tree):
    restrict(tree.category, kind=PageViewRestriction.PASSWORD, password="open sesame")
    assert not sees(tree.anonymous, tree.hindi_article)
    assert not sees(tree.viewer(tree.staff), tree.hindi_article)
    assert sees(tree.superuser, tree.hindi_article)


def test_a_rule_of_kind_none_restricts_nothing(tree):
    restrict(tree.category, kind=PageViewRestriction.NONE)
    assert sees(tree.anonymous, tree.article)


def test_only_live_pages_are_visible_even_to_superusers(tree):
    tree.article.unpublish()
    assert not sees(tree.anonymous, tree.article)
    assert not sees(tree.superuser, tree.article)
    assert sees(tree.anonymous, tree.hindi_article)


def test_an_expired_page_is_gone_once_the_schedule_has_run(tree):
    tree.article.expire_at = timezone.now() - timezone.timedelta(minutes=1)
    tree.article.save_revision().publish()
    Page.objects.filter(pk=tree.article.pk).update(live=True, expire_at=timezone.now() - timezone.timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not sees(tree.anonymous, tree.article)


def test_a_draft_of_a_new_page_is_not_visible(tree):
    draft = tree.category.add_child(instance=ArticlePage(title="Draft", slug="draft", live=False))
    draft.save_revision()
    assert not sees(tree.superuser, draft)
    draft.get_latest_revision().publish()
    assert sees(tree.anonymous, draft)


def test_another_tenants_pages_are_not_there_for_anybody(trees):
    tree, other = trees()
    for page in (other.home, other.hindi_home, other.article, other.hindi_article):
        assert not sees(tree.anonymous, page)
        assert not sees(tree.viewer(other.staff), page)
        assert not sees(tree.superuser, page)
        assert sees(other.anonymous, page)


def test_another_tenants_restrictions_close_nothing_here(trees):
    tree, other = trees()
    restrict(other.home, other.staff)
    assert sees(tree.anonymous, tree.article)
    assert not sees(other.anonymous, other.article)


def test_a_viewer_of_no_site_sees_nothing(tree):
    assert not sees(Viewer(site_id=None, user_id=1, is_superuser=True), tree.article)


def test_a_page_moved_into_a_restricted_category_takes_its_translations_with_it(tree):
    restrict(tree.other_category, tree.staff)
    tree.article.move(tree.other_category, pos="last-child")
    assert not sees(tree.anonymous, tree.article)
    assert not sees(tree.anonymous, tree.hindi_article)
    assert sees(tree.viewer(tree.staff), tree.hindi_article)


def test_a_category_moved_into_a_restricted_one_takes_its_articles_in_every_language_with_it(tree):
    restrict(tree.hindi_other_category, tree.staff)
    tree.category.move(tree.other_category, pos="last-child")
    for page in (tree.category, tree.hindi_category, tree.article, tree.hindi_article):
        assert not sees(tree.anonymous, page)


def test_a_page_moved_out_of_a_restricted_category_opens_with_its_last_translation(tree):
    restrict(tree.category, tree.staff)
    tree.article.refresh_from_db()
    tree.article.move(tree.other_category, pos="last-child")
    assert not sees(tree.anonymous, tree.article), "its translation still stands in the restricted category"
    tree.hindi_article.move(tree.hindi_other_category, pos="last-child")
    assert sees(tree.anonymous, tree.article)
    assert sees(tree.anonymous, tree.hindi_article)


def test_a_page_moved_to_another_tenant_leaves_this_one(trees):
    tree, other = trees()
    tree.article.move(other.other_category, pos="last-child")
    assert not sees(tree.anonymous, tree.article)
    assert sees(other.anonymous, tree.article)


def test_removing_the_restriction_opens_the_page_at_once(tree):
    restriction = restrict(tree.category, tree.staff)
    assert not sees(tree.anonymous, tree.article)
    restriction.delete()
    assert sees(tree.anonymous, tree.article)


def test_is_open_to_says_nothing_of_the_live_state(tree):
    tree.article.unpublish()
    restrict(tree.hindi_category, tree.staff)
    pages = Page.objects.filter(pk=tree.article.pk)
    assert not pages.filter(is_open_to(tree.anonymous)).exists()
    assert pages.filter(is_open_to(tree.viewer(tree.staff))).exists()
    assert not pages.filter(is_open_to(Viewer.anonymous(Site.objects.get(hostname="localhost")))).exists()


def test_the_rule_applies_to_querysets_of_every_page_type(tree):
    restrict(tree.hindi_article, tree.staff)
    assert list(ArticlePage.objects.visible_to(tree.anonymous)) == []
    assert set(ArticlePage.objects.visible_to(tree.viewer(tree.staff))) == {tree.article, tree.hindi_article}


def test_the_rule_can_be_negated_combined_and_counted(tree):
    restrict(tree.article, tree.staff)
    visible = visible_to(Page.objects.all(), tree.anonymous)
    assert Page.objects.exclude(pk__in=visible.values("pk")).filter(pk=tree.article.pk).exists()
    assert (visible | visible_to(Page.objects.all(), tree.viewer(tree.staff))).filter(pk=tree.article.pk).exists()
    assert visible.count() == len(visible)


def test_it_is_one_query_for_any_number_of_pages(tree, django_assert_num_queries):
    for number in range(3):
        tree.category.add_child(instance=ArticlePage(title=f"More {number}", slug=f"more-{number}"))
    restrict(tree.hindi_category, tree.staff)
    with django_assert_num_queries(1):
        assert len(ArticlePage.objects.visible_to(tree.anonymous)) == 0
    with django_assert_num_queries(1):
        assert len(ArticlePage.objects.visible_to(tree.viewer(tree.staff))) == 5


def test_viewers_are_who_they_are(tree, rf):
    user = User.objects.create_user("guard", password="x")
    user.groups.add(tree.guards)
    assert Viewer.of(user, tree.site) == Viewer(
        site_id=tree.site.pk, user_id=user.pk, group_ids=frozenset({tree.guards.pk})
    )
    assert Viewer.of(AnonymousUser(), tree.site) == tree.anonymous
    assert Viewer.of(None, None) == Viewer(site_id=None)


def test_an_inactive_user_is_nobody(tree):
    user = User.objects.create_superuser("gone", password="x", is_active=False)
    user.groups.add(tree.staff)
    restrict(tree.article, tree.staff)
    assert Viewer.of(user, tree.site) == tree.anonymous
    assert not sees(Viewer.of(user, tree.site), tree.article)


def test_a_requests_viewer_is_worked_out_once(tree, rf, django_assert_num_queries):
    user = User.objects.create_user("guard", password="x")
    request = rf.get("/en/", headers={"host": "a.example"})
    request.user = user
    first = Viewer.for_request(request)
    assert first.site_id == tree.site.pk
    with django_assert_num_queries(0):
        assert Viewer.for_request(request) is first
