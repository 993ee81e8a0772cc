"""Addresses that the portal needs itself: no page can be put where no reader would find it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern

from helpportal.content.addresses import is_own_route
from helpportal.content.models import CategoryPage
from tests.factories.articles import category, site_in
from tests.factories.readers import person

pytestmark = pytest.mark.django_db


def form(slug: str) -> dict:
    counts = {f"comments-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
    return {"title": "Search", "slug": slug, "icon": "book", "sort_order": 0, **counts}


def first_parts() -> set[str]:
    [below_language] = [
        entry for entry in get_resolver().url_patterns if isinstance(entry.pattern, LocalePrefixPattern)
    ]
    return {str(entry.pattern).partition("/")[0] for entry in below_language.url_patterns} - {""}


def test_every_route_below_a_language_is_reserved_and_nothing_else():
    assert "search" in first_parts()
    assert {slug for slug in first_parts() if is_own_route(slug)} == first_parts()
    assert not any(is_own_route(slug) for slug in ("", "searching", "research", "खोज", "en", "login", "admin"))


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_the_form_says_so_and_stores_nothing(client, tenant, action):
    client.force_login(person("boss", superuser=True))
    add = reverse("wagtailadmin_pages:add", args=["content", "categorypage", tenant.root_page_id])
    response = client.post(add, {**form("search"), action: "1"})
    assert response.status_code == 200
    assert "The portal itself uses the address “search”. Choose another slug." in response.content.decode()
    assert not CategoryPage.objects.exists()
    assert client.post(add, {**form("searching"), action: "1"}).status_code == 302
    page = CategoryPage.objects.get(slug="searching")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = client.post(edit, {**form("search"), action: "1"})
    assert response.content.decode().count("Choose another slug.") == 1
    assert not CategoryPage.objects.filter(slug="search").exists()


def test_a_program_is_refused_too_and_a_title_gets_another_slug(tenant):
    home = tenant.root_page.specific
    with pytest.raises(ValidationError, match="Choose another slug"):
        home.add_child(instance=CategoryPage(title="Find", slug="search"))
    made = category("Search")
    assert made.slug == "search-2"
    made.slug = "search"
    with pytest.raises(ValidationError, match="Choose another slug"):
        made.full_clean()


def test_further_down_the_address_is_free_but_it_cannot_come_up(client, tenant):
    client.force_login(person("boss", superuser=True))
    home, deep = tenant.root_page, category("Search", parent=category("Shelf"), slug="search")
    assert client.get("/en/shelf/search/").status_code == 200
    for address, data in (
        (reverse("wagtailadmin_pages:move_confirm", args=[deep.pk, home.pk]), {}),
        (
            reverse("wagtailadmin_pages:copy", args=[deep.pk]),
            {"new_title": "Search", "new_slug": "search", "new_parent_page": home.pk},
        ),
        (reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"]) + f"?id={deep.pk}", {"chooser": home.pk}),
    ):
        response = client.post(address, data, follow=True)
        assert response.status_code == 200, address
        assert not home.get_children().filter(slug="search").exists(), address
    confirm = reverse("wagtailadmin_pages:move_confirm", args=[deep.pk, home.pk])
    assert "Choose another slug." in client.get(confirm, follow=True).content.decode()


def test_a_translation_cannot_take_it_either(tenant):
    site_in("hi")
    shelf = category("Shelf")
    copy = shelf.copy_for_translation(tenant.root_page.get_translations().get(locale__language_code="hi").locale)
    copy.slug = "search"
    with pytest.raises(ValidationError, match="Choose another slug"):
        copy.full_clean()
