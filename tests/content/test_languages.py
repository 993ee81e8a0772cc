"""Which language a reader is answered in, and how it is remembered."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from helpportal.content.models import TenantSettings
from tests.factories.articles import article, category
from tests.factories.readers import person, translated

pytestmark = pytest.mark.django_db
COOKIE = "portal_language"


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("hi", "/hi/"),
        ("hi-IN,en;q=0.5", "/hi/"),
        ("fr-FR,fr;q=0.9,ta;q=0.8,en;q=0.1", "/ta/"),
        ("en;q=0.2,bn-BD;q=0.9", "/bn/"),
        ("fr,de", "/en/"),
        ("", "/en/"),
        ("*", "/en/"),
        (";;;q=x,,", "/en/"),
    ],
)
def test_first_visit_follows_the_browser(client: Client, tenant, accepted, expected):
    answer = client.get("/", headers={"Accept-Language": accepted})
    assert answer.status_code == 302
    assert answer.headers["Location"] == expected
    assert answer.cookies[COOKIE].value == expected.strip("/")
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_tenant_says_what_others_get(client: Client, tenant):
    TenantSettings.objects.filter(site=tenant).update(default_language="mr")
    assert client.get("/", headers={"Accept-Language": "fr"}).headers["Location"] == "/mr/"


def test_a_choice_is_remembered_against_the_browser(client: Client, tenant):
    assert client.get("/language/kn/?next=/en/").headers["Location"] == "/kn/"
    assert client.get("/", headers={"Accept-Language": "hi"}).headers["Location"] == "/kn/"


def test_an_account_with_a_language_opens_in_it(client: Client, tenant):
    client.force_login(person("asha", language="gu"))
    assert client.get("/", headers={"Accept-Language": "hi"}).headers["Location"] == "/gu/"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/fr/safety/locks/", "/hi/safety/locks/"),
        ("/hi-IN/safety/locks/", "/hi/safety/locks/"),
        ("/en_GB/safety/locks/", "/en/safety/locks/"),
        ("/EN/safety/locks/", "/en/safety/locks/"),
        ("/zh-Hant-TW/safety/", "/hi/safety/"),
        ("/mai/safety/", "/hi/safety/"),
        ("/pt-br", "/hi/"),
        ("/fr/?page=2", "/hi/?page=2"),
        ("/hi", "/hi/"),
        ("/hi/safety/locks", "/hi/safety/locks/"),
        ("/fr//evil.example/", "/hi//evil.example/"),
    ],
)
def test_an_unknown_language_leads_to_the_nearest(client: Client, tenant, asked, expected):
    answer = client.get(asked, headers={"Accept-Language": "hi"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == expected


def test_a_language_that_only_other_tenants_have_leads_to_the_nearest(client: Client, tenant, second_tenant):
    answer = client.get("/ta/safety/", headers={"Host": "harbour.localhost", "Accept-Language": "hi"})
    assert answer.headers["Location"] == "/hi/safety/"
    assert client.get("/ta/", headers={"Host": "localhost"}).status_code == 200
    home = client.get("/en/", headers={"Host": "harbour.localhost"})
    assert [language.code for language in home.context["portal"].languages] == ["en", "hi"]


@pytest.mark.parametrize("path", ["/xyz/", "/nothing", "/hi/nothing/", "/api/v2/", "/en/a%00b/", "/en/" + "a/" * 40])
def test_what_is_no_language_is_not_found(client: Client, tenant, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.context["portal"].name == "Help Portal"


def test_switching_leads_to_the_same_page(client: Client, tenant):
    shelf = category("Safety", slug="safety")
    page = article("Locks", parent=shelf, slug="locks")
    translated(page, "hi", title="ताले", slug="taale")
    for here, code, there in [
        ("/en/safety/locks/", "hi", "/hi/safety/taale/"),
        ("/hi/safety/taale/", "en", "/en/safety/locks/"),
        ("/hi/safety/taale/", "ta", "/ta/safety/locks/"),
        ("/en/search/?q=a%20b", "hi", "/hi/search/?q=a%20b"),
        ("/en/safety/?page=1", "hi", "/hi/safety/?page=1"),
        ("/login/", "hi", "/login/"),
        ("/en/nowhere/", "hi", "/hi/nowhere/"),
    ]:
        answer = client.get(f"/language/{code}/", {"next": here})
        assert answer.headers["Location"] == there
        assert answer.cookies[COOKIE].value == code


@pytest.mark.parametrize(
    "target", ["", "https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "/"]
)
def test_switching_never_leaves_the_portal(client: Client, tenant, target):
    assert client.get("/language/hi/", {"next": target}).headers["Location"] == "/hi/"


def test_every_link_of_the_switcher_resolves(client: Client, tenant):
    shelf = category("Safety", slug="safety")
    article("Locks", parent=shelf, slug="locks")
    languages = client.get("/hi/safety/locks/").context["portal"].languages
    assert [language.code for language in languages] == ["en", "hi", "te", "ta", "kn", "mr", "gu", "bn"]
    assert [language.code for language in languages if language.current] == ["hi"]
    for language in languages:
        answer = client.get(language.url, follow=True)
        assert answer.redirect_chain == [(f"/{language.code}/safety/locks/", 302)]
        assert answer.status_code == 200


def test_dates_are_written_in_the_readers_language(client: Client, tenant):
    page = article("Locks", parent=category("Safety", slug="safety"), slug="locks")
    with translation.override("hi"):
        expected = date_format(localtime(page.last_published_at), "DATE_FORMAT")
    assert expected in client.get("/hi/safety/locks/").content.decode()


def test_pages_outside_of_a_language_use_the_remembered_one(client: Client, tenant):
    client.cookies[COOKIE] = "ta"
    assert client.get("/login/").headers["Content-Language"] == "ta"
    assert client.get("/nothing/").headers["Content-Language"] == "ta"


def test_a_host_that_no_tenant_answers_for_is_not_found(client: Client, tenant):
    tenant.is_default_site = False
    tenant.save()
    for path in ("/", "/en/", "/sitemap.xml", "/en/search/"):
        assert client.get(path, headers={"Host": "other.example"}).status_code == 404


@pytest.mark.parametrize(
    ("after", "expected"),
    [("/gu/safety/", "gu"), ("/fr/safety/", "ta"), ("https://elsewhere.example/hi/", "ta"), ("hi", "ta"), ("", "ta")],
)
def test_signing_in_speaks_the_language_of_the_page_one_came_from(client: Client, tenant, after, expected):
    answer = client.get("/login/", {"next": after}, headers={"Accept-Language": "ta"})
    assert answer.headers["Content-Language"] == expected
