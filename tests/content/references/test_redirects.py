"""Old addresses lead to new ones: in every language, within the tenant, and only while nothing stands there."""

from __future__ import annotations

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from wagtail.contrib.redirects.models import Redirect

from helpportal.accounts.enums import Role
from tests.factories.articles import article, category, site_in
from tests.factories.people import staff
from tests.factories.readers import audience, person, restrict, translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.TENANT_ADMINISTRATOR))
    return client


@pytest.fixture
def shelves(editor):
    """Two shelves with Hindi translations, and an article on the first."""
    old, new = category("Gates", slug="gates"), category("Doors", slug="doors")
    page = article("Open it", parent=old, slug="open")
    for shelf in (old, new):
        translated(shelf, "hi")
    return old, new, page


def move(editor: Client, page, destination) -> None:
    response = editor.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, destination.pk]))
    assert response.status_code == 302


def change_slug(page, slug: str) -> None:
    page = type(page).objects.get(pk=page.pk)
    page.slug = slug
    # Wagtail says that a slug has changed when that is committed.
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save_revision().publish()


def answer(path: str, client: Client | None = None, **extra) -> tuple[int, str]:
    response = (client or Client()).get(path, **extra)
    return response.status_code, response.headers.get("Location", "")


def test_a_category_that_moves_takes_the_addresses_of_its_articles_along(editor, shelves):
    old, new, _page = shelves
    translated(article("Close it", parent=old, slug="close"), "hi", slug="band-karen")
    move(editor, old, new)
    assert answer("/en/gates/") == (301, "/en/doors/gates/")
    assert answer("/en/gates/open/") == (301, "/en/doors/gates/open/")
    # Moved with its English page; and an article that has no Hindi page is read at a Hindi address too.
    assert answer("/hi/gates/band-karen/") == (301, "/hi/doors/gates/band-karen/")
    assert answer("/hi/gates/open/") == (301, "/hi/doors/gates/open/")
    assert answer("/hi/doors/gates/open/")[0] == 200


def test_a_slug_that_changes_leaves_a_redirect_and_chains_are_resolved(shelves):
    old, _new, page = shelves
    change_slug(page, "unlock")
    change_slug(page, "unbolt")
    change_slug(old, "entrances")
    for path in ("gates/open/", "gates/unlock/", "gates/unbolt/"):
        assert answer(f"/en/{path}") == (301, "/en/entrances/unbolt/")
    assert answer("/hi/gates/unlock/") == (301, "/hi/entrances/unbolt/")


def test_the_readers_language_is_met_wherever_the_article_has_one(shelves):
    _old, _new, page = shelves
    change_slug(page, "unlock")
    translated(page, "hi", slug="kholen")
    assert answer("/hi/gates/open/") == (301, "/hi/gates/kholen/")


def test_a_new_page_at_the_old_address_wins(shelves):
    old, _new, page = shelves
    change_slug(page, "unlock")
    response = Client().get("/en/gates/open/")
    assert response.status_code == 301
    # A browser asks again: it would keep a permanent redirect for ever.
    assert "no-cache" in response.headers["Cache-Control"]
    article("Something else", parent=old, slug="open")
    assert answer("/en/gates/open/")[0] == 200
    assert answer("/hi/gates/open/")[0] == 200


def test_what_has_no_readers_any_more_is_not_found(shelves):
    _old, _new, page = shelves
    change_slug(page, "unlock")
    type(page).objects.get(pk=page.pk).unpublish()
    assert answer("/en/gates/open/")[0] == 404


def test_the_new_address_of_a_closed_article_is_told_to_its_audience_only(shelves):
    _old, _new, page = shelves
    change_slug(page, "secret-name")
    guards = audience(site_in(), "Guards")
    restrict(page, guards)
    status, location = answer("/en/gates/open/")
    assert status == 302
    assert "secret-name" not in location
    outside, inside = Client(), Client()
    outside.force_login(person("outsider"))
    inside.force_login(person("guard", guards))
    assert answer("/en/gates/open/", outside)[0] == 404
    assert answer("/en/gates/open/", inside) == (301, "/en/gates/secret-name/")


def test_no_redirect_leads_to_another_tenant(shelves):
    _old, _new, page = shelves
    other = make_tenant("zebra")
    change_slug(page, "unlock")
    for site in (site_in(), None):
        Redirect.add_redirect(f"/en/crossing-{site}", redirect_to=other.article.page_ptr, site=site)
        assert answer(f"/en/crossing-{site}/")[0] == 404
    # Nor does a page take its old addresses along when it goes to another tenant.
    page.refresh_from_db()
    page.move(other.category, pos="last-child")
    for path in ("open", "unlock"):
        assert answer(f"/en/gates/{path}/")[0] == 404
    assert answer("/en/gates/open/", headers={"host": "zebra.localhost"})[0] == 404


def test_other_redirects_work_as_before(shelves):
    Redirect.add_redirect("/en/shop", redirect_to="https://shop.example/", site=site_in())
    assert answer("/en/shop/") == (301, "https://shop.example/")
