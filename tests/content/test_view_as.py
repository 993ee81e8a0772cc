"""Staff see the help centre as a group of readers sees it; and the editor says who sees a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.content.audience import rules_on
from helpportal.content.models import ArticlePage, CategoryPage
from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer
from home.services import create_tenant
from tests.factories.people import staff
from tests.factories.readers import audience, restrict

pytestmark = pytest.mark.django_db
BANNER = "You see the help centre as"


@dataclass
class HelpCentre:
    site: Site
    categories: dict[str, CategoryPage] = field(default_factory=dict)
    articles: dict[str, ArticlePage] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def address(self, page: Page) -> str:
        home = self.site.root_page
        return f"/en/{page.url_path.removeprefix(home.url_path)}"

    @property
    def pages(self) -> list[Page]:
        return [*self.categories.values(), *self.articles.values()]


def fill(site: Site) -> HelpCentre:
    """Make pages for each kind of audience: nobody's, own, inherited, both, of the signed in, and of two groups."""
    centre = HelpCentre(site)
    home = site.root_page.specific
    for slug in ("open", "guarded", "members"):
        centre.categories[slug] = home.add_child(instance=CategoryPage(title=slug.title(), slug=slug))
    for shelf, slug in (
        ("open", "rota"),
        ("open", "keys"),
        ("open", "rounds"),
        ("guarded", "alarms"),
        ("guarded", "master-key"),
        ("members", "canteen"),
    ):
        page = ArticlePage(title=slug.replace("-", " ").title(), slug=slug)
        centre.articles[slug] = centre.categories[shelf].add_child(instance=page)
    for label in ("Supervisors", "Guards", "Control room"):
        centre.groups[label] = audience(site, label)
    restrict(centre.categories["guarded"], centre.groups["Guards"], centre.groups["Supervisors"])
    restrict(centre.categories["members"])
    restrict(centre.articles["keys"], centre.groups["Guards"])
    restrict(centre.articles["rounds"], centre.groups["Guards"], centre.groups["Control room"])
    restrict(centre.articles["master-key"], centre.groups["Supervisors"], centre.groups["Control room"])
    return centre


@pytest.fixture(scope="module", autouse=True)
def made(shared_rows) -> Callable[[], HelpCentre]:
    return shared_rows(make_help_centre)


def make_help_centre() -> HelpCentre:
    site = create_tenant("own.example", "Own", ["en", "hi"])
    create_tenant("other.example", "Other", ["en"])
    staff(site, Role.PUBLISHER, name="asha")
    return fill(site)


@pytest.fixture
def centre(made, db) -> HelpCentre:
    return made()


@pytest.fixture
def asha(centre) -> Client:
    client = Client(headers={"host": "own.example"})
    client.force_login(User.objects.get(username="asha"))
    return client


def choose(client: Client, choice: object) -> None:
    assert client.post(reverse("view_as"), {"choice": choice, "next": "/en/"}).url == "/en/"


def row_of(group: Group) -> int:
    return TenantGroup.objects.get(group=group).pk


def opened(client: Client, centre: HelpCentre) -> set[str]:
    """Return the slugs of the pages that a browser can open; the others answer 403 or lead to the sign-in page."""
    found = set()
    for page in centre.pages:
        answer = client.get(centre.address(page))
        assert answer.status_code in (200, 302, 403)
        if answer.status_code == 200:
            found.add(page.slug)
    return found


def listed(client: Client, centre: HelpCentre) -> set[str]:
    """Return the slugs that the lists show: home page, categories and search."""
    text = "".join(
        client.get(address).content.decode()
        for address in ("/en/", *map(centre.address, centre.categories.values()), "/en/search/?q=key")
    )
    return {page.slug for page in centre.pages if f'href="{centre.address(page)}"' in text}


def viewers(centre: HelpCentre) -> dict[object, Viewer]:
    site = centre.site.pk
    member = {
        row_of(group): Viewer(site, user_id=1, group_ids=frozenset({group.pk})) for group in centre.groups.values()
    }
    return {"everybody": Viewer(site), "signed-in": Viewer(site, user_id=1), **member}


def test_each_choice_sees_exactly_what_the_access_rule_says(centre, asha):
    seen = {}
    for choice, viewer in viewers(centre).items():
        choose(asha, choice)
        kept = Page.objects.filter(pk__in=[page.pk for page in centre.pages])
        expected = set(visible_to(kept, viewer).values_list("slug", flat=True))
        assert opened(asha, centre) == expected, choice
        assert listed(asha, centre) == expected, choice
        seen[choice] = frozenset(expected)
    assert len(set(seen.values())) == len(seen)


def test_real_readers_see_the_same(centre, asha):
    choose(asha, row_of(centre.groups["Guards"]))
    guard = Client(headers={"host": "own.example"})
    person = User.objects.create_user("guard")
    person.groups.add(centre.groups["Guards"])
    guard.force_login(person)
    assert opened(guard, centre) == opened(asha, centre)
    choose(asha, "everybody")
    assert opened(Client(headers={"host": "own.example"}), centre) == opened(asha, centre)


def test_the_banner_says_it_until_it_ends(centre, asha):
    assert BANNER not in asha.get("/en/").content.decode()
    choose(asha, row_of(centre.groups["Guards"]))
    for address in ("/en/", "/en/open/rota/", "/en/search/?q=x", "/en/nothing/", "/en/members/canteen/"):
        answer = asha.get(address)
        page = answer.content.decode()
        assert BANNER in page
        assert "<strong>Guards</strong>" in page
        assert "Edit the help" not in page
        assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]
        assert not hasattr(answer, "same_for_everybody")
    closed = asha.get("/en/guarded/master-key/")
    assert closed.status_code == 403
    assert "whose view you have chosen" in closed.content.decode()
    # The admin is as ever.
    assert asha.get(reverse("wagtailadmin_pages:edit", args=[centre.articles["master-key"].pk])).status_code == 200
    assert asha.post(reverse("end_view_as"), {"next": "/en/open/"}).url == "/en/open/"
    assert BANNER not in asha.get("/en/").content.decode()


def test_everybodys_view_is_kept_by_no_store(centre, asha):
    choose(asha, "everybody")
    answer = asha.get("/en/open/rota/")
    assert BANNER in answer.content.decode()
    assert not hasattr(answer, "same_for_everybody")
    assert "no-store" in answer.headers["Cache-Control"]
    # A page that asks others to sign in leads nobody round in a circle who is signed in.
    assert asha.get("/en/members/canteen/").status_code == 403


def test_signing_out_ends_it(centre, asha):
    choose(asha, "everybody")
    asha.post(reverse("logout"))
    asha.force_login(User.objects.get(username="asha"))
    assert BANNER not in asha.get("/en/").content.decode()


def test_only_staff_of_this_tenant_may(centre, asha):
    reader = Client(headers={"host": "own.example"})
    assert reader.get(reverse("view_as")).status_code == 302
    person = User.objects.create_user("reader")
    person.groups.add(centre.groups["Guards"])
    reader.force_login(person)
    assert reader.get(reverse("view_as")).status_code == 403
    assert reader.post(reverse("view_as"), {"choice": "everybody"}).status_code == 403
    # On another tenant's portal it is neither offered nor in force.
    choose(asha, row_of(centre.groups["Guards"]))
    assert asha.get(reverse("view_as"), headers={"host": "other.example"}).status_code == 403
    assert BANNER not in asha.get("/en/", headers={"host": "other.example"}).content.decode()
    # And a session that was told more by hand gets no further.
    foreign = audience(Site.objects.get(hostname="other.example"), "Crew")
    offered = asha.get(reverse("view_as")).content.decode()
    assert "Crew" not in offered
    refused = asha.post(reverse("view_as"), {"choice": row_of(foreign)})
    assert refused.status_code == 200
    assert 'role="alert"' in refused.content.decode()


def test_it_ends_with_the_role_and_with_the_group(centre, asha):
    group = audience(centre.site, "Night shift")
    choose(asha, row_of(group))
    group.delete()
    assert BANNER not in asha.get("/en/").content.decode()
    choose(asha, "everybody")
    User.objects.get(username="asha").groups.clear()
    assert BANNER not in asha.get("/en/").content.decode()


def test_nothing_is_sent_in_somebody_elses_name(centre, asha):
    choose(asha, "everybody")
    assert asha.post("/en/open/rota/").status_code == 403
    assert asha.post(reverse("logout")).status_code == 302


# --- Beside the editor --------------------------------------------------------------------------


def panel(client: Client, page: Page) -> str:
    text = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    piece = text.partition("data-audience=")[2].partition("</div>")[0]
    assert piece
    return " ".join(piece.split())


def test_the_editor_says_who_sees_a_page_and_from_where_that_comes(centre, asha):
    assert "Seen by: everybody" in panel(asha, centre.articles["rota"])
    assert "Seen by: Guards </p>" in panel(asha, centre.articles["keys"])
    inherited = panel(asha, centre.articles["alarms"])
    assert "Seen by: Guards, Supervisors" in inherited
    assert "from “Guarded”" in inherited
    both = panel(asha, centre.articles["master-key"])
    assert both.index("Seen by: Control room, Supervisors") < both.index("Seen by: Guards, Supervisors")
    assert "named in each of these lines" in both
    assert "everybody who is signed in" in panel(asha, centre.articles["canteen"])


def test_a_changed_audience_is_said_anew_and_a_translation_says_the_same(centre, asha):
    article = centre.articles["keys"]
    address = reverse("page_audience", args=[article.pk])
    assert "Seen by: Guards" in asha.get(address).content.decode()
    article.view_restrictions.get().groups.set([])
    assert "Seen by: nobody" in asha.get(address).content.decode()
    hindi = centre.articles["alarms"].copy_for_translation(Locale.objects.get(language_code="hi"), copy_parents=True)
    (rule,) = rules_on(hindi)
    assert rule.readers == ("Guards", "Supervisors")
    assert rule.source.locale_id == hindi.locale_id


def test_it_costs_the_same_however_deep_a_page_stands(centre, django_assert_num_queries):
    for slug in ("rota", "keys", "alarms", "master-key"):
        with django_assert_num_queries(4 if slug == "rota" else 5, exact=False):
            rules_on(centre.articles[slug])
