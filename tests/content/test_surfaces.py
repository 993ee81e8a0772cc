"""No surface of the portal tells a reader of a page that the reader may not open."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Site

from home.services import create_tenant
from tests.factories.articles import article, block, category, site_in
from tests.factories.readers import audience, person, restrict, translated

pytestmark = pytest.mark.django_db

# Only in what is restricted: titles, summaries and texts.
WORD = "Quetzal"
SURFACES = {
    "home": "/{}/",
    "category": "/{}/safety/",
    "article": "/{}/safety/locks/",
    "neighbour": "/{}/safety/bolts/",
    "search": "/{}/search/?q=door",
    "not found": "/{}/safety/nothing/",
    "sign in": "/login/",
    "sitemap": "/sitemap.xml",
    "robots": "/robots.txt",
}
READERS = ["anonymous", "other role", "other tenant's member", "member", "superuser"]


@pytest.fixture(scope="module", autouse=True)
def sites(shared_rows):
    return shared_rows(
        lambda: (make_portal(site_in()), create_tenant("harbour.localhost", "Harbour Help", ["en", "hi"]))
    )


@pytest.fixture
def portal(db, sites) -> Site:
    return sites()[0]


@pytest.fixture
def second_tenant(db, sites) -> Site:
    return sites()[1]


def make_portal(tenant: Site) -> Site:
    """Fill a tenant: a public shelf that names restricted pages in every way there is, and restricted pages."""
    shelf = category("Safety", slug="safety")
    closed_shelf = category(f"{WORD} shelf", slug="plan-a", sort_order=-1, summary=f"{WORD} things")
    inside = article(f"{WORD} inside", parent=closed_shelf, slug="inside", tags=["door"], search_keywords="door")
    closed = article(
        f"{WORD} alone",
        [block("text", f"<p>{WORD}</p>", "closed")],
        parent=shelf,
        slug="plan-b",
        sort_order=2,
        tags=["door"],
        summary=f"{WORD} door",
    )
    open_one = article("Locks", parent=shelf, slug="locks", sort_order=1, tags=["door"])
    link = f'<p><a linktype="page" id="{closed.pk}">here</a> <a linktype="page" id="{inside.pk}">there</a></p>'
    open_one.body = [block("text", link, "links")]
    open_one.related_articles.create(target=closed)
    open_one.related_articles.create(target=inside)
    open_one.save_revision().publish()
    article("Bolts", [block("text", link, "more")], parent=shelf, slug="bolts", sort_order=3, tags=["door"])
    for page in (closed_shelf, inside, closed):
        translated(page, title=f"{WORD} हिन्दी {page.slug}")
    supervisors = audience(tenant)
    restrict(closed_shelf, supervisors)
    # On the translation only: the rule is the family's.
    restrict(closed.get_translations().first(), supervisors)
    return tenant


def reader(name: str, tenant, second_tenant) -> Client:
    client = Client()
    if name == "other role":
        client.force_login(person(name, audience(tenant, "Guards")))
    elif name == "other tenant's member":
        client.force_login(person(name, audience(second_tenant)))
    elif name == "member":
        client.force_login(person(name, audience(tenant)))
    elif name == "superuser":
        client.force_login(person(name, superuser=True))
    return client


@pytest.mark.parametrize("name", READERS)
def test_what_lists_tell(portal, second_tenant, name):
    client = reader(name, portal, second_tenant)
    told = {
        (surface, language)
        for surface, address in SURFACES.items()
        for language in ("en", "hi", "ta")
        if WORD in client.get(address.format(language), follow=surface == "sign in").content.decode()
    }
    pages = ("home", "category", "article", "neighbour", "search", "not found")
    if name in ("member", "superuser"):
        # The top-level categories are in every page's header; the sign-in page sends people on to the home page.
        assert told == {(page, code) for page in (*pages, "sign in") for code in ("en", "hi", "ta")}
    else:
        assert told == set()


@pytest.mark.parametrize(
    ("name", "status"),
    [("anonymous", 302), ("other role", 403), ("other tenant's member", 403), ("member", 200), ("superuser", 200)],
)
@pytest.mark.parametrize("path", ["/en/plan-a/", "/hi/plan-a/", "/ta/plan-a/inside/", "/en/safety/plan-b/"])
def test_the_page_itself(portal, second_tenant, name, status, path):
    answer = reader(name, portal, second_tenant).get(path)
    assert answer.status_code == status
    assert (WORD in answer.content.decode()) is (status == 200)
    if status == 302:
        assert answer.headers["Location"] == f"/login/?next={path}"
    if status != 302:
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_restricted_draft_is_not_there_at_all(client: Client, portal):
    article(f"{WORD} draft", parent=category("Energy", slug="energy"), slug="draft", live=False)
    assert client.get("/en/energy/draft/").status_code == 404


@pytest.mark.parametrize("superuser", [False, True])
def test_another_tenants_pages_are_not_there(portal, second_tenant, superuser):
    client = Client(headers={"Host": "harbour.localhost"})
    if superuser:
        client.force_login(person("root", superuser=True))
    for path in ("/en/safety/", "/en/safety/locks/", "/en/plan-a/", "/hi/safety/plan-b/"):
        assert client.get(path).status_code == 404
    for address in SURFACES.values():
        html = client.get(address.format("en"), follow=True).content.decode()
        assert WORD not in html
        assert "Locks" not in html
    assert "Locks" not in client.get("/sitemap.xml").content.decode()


def test_members_are_told_whom_a_page_is_for(portal, second_tenant):
    client = reader("member", portal, second_tenant)
    assert client.get("/en/plan-a/inside/").context["audience"] == ["Supervisors"]
    assert client.get("/en/safety/plan-b/").context["audience"] == ["Supervisors"]
    assert client.get("/en/safety/locks/").context["audience"] == []


def test_signing_in_leads_back_to_the_page(client: Client, portal):
    person("asha", audience(portal))
    answer = client.post("/login/?next=/en/plan-a/inside/", {"username": "asha", "password": "pass"})
    assert answer.headers["Location"] == "/en/plan-a/inside/"
    assert client.get("/en/plan-a/inside/").status_code == 200
    client.post("/logout/")
    assert client.get("/en/plan-a/inside/").status_code == 302


def test_signing_in_never_leads_to_another_site(client: Client, portal):
    person("asha")
    answer = client.post("/login/?next=https://evil.example/", {"username": "asha", "password": "pass"})
    assert answer.headers["Location"] == "/"
