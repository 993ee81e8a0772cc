"""The theme, the sitemap, robots.txt and redirects."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from helpportal.content import sitemaps
from helpportal.content.models import TenantSettings
from tests.factories.articles import article, category
from tests.factories.readers import person, restrict, translated

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def test_the_theme_has_the_tenants_colours_and_an_address_of_their_own(client: Client, tenant):
    address = client.get("/en/").context["portal"].theme_url
    answer = client.get(address)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--brand-light:#0b5cad" in answer.content.decode()
    settings = TenantSettings.for_site(tenant)
    settings.colour = "#aa0000"
    settings.save()
    new_address = client.get("/en/").context["portal"].theme_url
    assert new_address != address
    assert "--brand-light:#aa0000" in client.get(new_address).content.decode()
    assert client.get(address).headers["Cache-Control"] == "no-cache"


def test_the_sitemap_lists_every_open_page_with_its_translations(client: Client, tenant):
    shelf = category("Safety", slug="safety")
    page = article("Locks", parent=shelf, slug="locks")
    translated(page, title="ताले", slug="taale")
    restrict(article("Secret", parent=shelf, slug="secret"))
    article("Draft", parent=shelf, slug="draft", live=False)
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    urls = {
        url.findtext("s:loc", namespaces=NAMES): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)
        }
        for url in tree.findall("s:url", NAMES)
    }
    base = "http://testserver"
    # The translation took its category along, which stays a draft.
    assert set(urls) == {
        *(f"{base}/{code}/" for code in ("en", "hi", "te", "ta", "kn", "mr", "gu", "bn")),
        f"{base}/en/safety/",
        f"{base}/en/safety/locks/",
        f"{base}/hi/safety/taale/",
    }
    both = {
        "en": f"{base}/en/safety/locks/",
        "hi": f"{base}/hi/safety/taale/",
        "x-default": f"{base}/en/safety/locks/",
    }
    assert urls[f"{base}/en/safety/locks/"] == urls[f"{base}/hi/safety/taale/"] == both
    for address in urls:
        assert client.get(address.removeprefix(base)).status_code == 200


def test_a_long_sitemap_is_split(client: Client, tenant, monkeypatch):
    monkeypatch.setattr(sitemaps, "FAMILIES_A_FILE", 2)
    for number in range(3):
        category(f"Category {number}", slug=f"category-{number}")
    index = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    files = [entry.text.removeprefix("http://testserver") for entry in index.findall("s:sitemap/s:loc", NAMES)]
    assert files == ["/sitemap-1.xml", "/sitemap-2.xml"]
    listed = [client.get(file).content.decode().count("<loc>") for file in files]
    assert listed == [8 + 1, 2]
    assert client.get("/sitemap-3.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(client: Client, tenant):
    text = client.get("/robots.txt", headers={"Host": "localhost"}).content.decode()
    assert "Sitemap: http://localhost/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_an_editors_redirect_takes_over_where_nothing_is(client: Client, tenant, second_tenant):
    shelf = category("Safety", slug="safety")
    Redirect.add_redirect("/en/old/", redirect_to=shelf, site=tenant)
    answer = client.get("/en/old/", headers={"Host": "localhost"})
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/en/safety/")
    assert client.get("/en/old/", headers={"Host": "harbour.localhost"}).status_code == 404


def test_a_changed_slug_leads_readers_of_the_old_one_on(client: Client, tenant, django_capture_on_commit_callbacks):
    shelf = category("Safety", slug="safety")
    page = article("Locks", parent=shelf, slug="locks")
    page.slug = "padlocks"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    answer = client.get("/en/safety/locks/", headers={"Host": "localhost"}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].endswith("/en/safety/padlocks/")


def test_an_editor_sees_a_draft_as_readers_would(client: Client, tenant):
    client.force_login(person("root", superuser=True))
    page = article("Locks", parent=category("Safety", slug="safety"), slug="locks")
    page.title = "Padlocks"
    page.save_revision()
    draft = client.get(f"/admin/pages/{page.pk}/view_draft/")
    assert draft.status_code == 200
    assert "Padlocks" in draft.content.decode()
    assert "Padlocks" not in Client().get("/en/safety/locks/").content.decode()
