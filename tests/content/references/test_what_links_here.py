"""What links to a page is shown before the page is taken away: of the own tenant, with a fixed number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ReferenceIndex

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage, RelatedArticle
from helpportal.content.references.queries import links_to
from tests.factories.articles import article, block, category, fragment, site_in
from tests.factories.people import staff
from tests.factories.readers import translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db


def linking(page, words: str = "see there") -> list[dict]:
    """Return a body with one link to a page."""
    return [block("text", f'<p><a linktype="page" id="{page.pk}">{words}</a></p>', f"link {page.pk} {words}")]


def desk(role: Role = Role.TENANT_ADMINISTRATOR, language: str | None = None) -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), role, language))
    return client


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def target() -> ArticlePage:
    site_in("hi")
    return article("Open a gate", parent=category("Gates"))


@pytest.fixture
def sources(target) -> dict[str, str]:
    """Everything that links to the target, by its title."""
    shelf = category("Other things")
    related = article("Related one", parent=shelf)
    related.related_articles.add(RelatedArticle(target=target))
    related.save_revision().publish()
    text = article("Text one", linking(target), parent=shelf)
    article("Draft one", linking(target), parent=shelf, live=False)
    translated(text, "hi", title="हिंदी वाला", body=linking(target, "वहाँ"))
    fragment("Linking fragment", linking(target)[0]["value"])
    article("Unrelated one", parent=shelf)
    return {"Related one", "Text one", "Draft one", "हिंदी वाला", "Linking fragment"}


SCREENS = [
    "wagtailadmin_pages:delete",
    "wagtailadmin_pages:unpublish",
    "wagtailadmin_pages:usage",
]


@pytest.mark.parametrize("screen", SCREENS)
def test_every_screen_before_a_page_goes_lists_what_links_to_it(target, sources, screen):
    text = text_of(desk().get(reverse(screen, args=[target.pk])))
    assert {title for title in sources if title in text} == sources
    assert "Unrelated one" not in text


def test_the_screen_before_a_move_says_that_links_follow(target, sources):
    shelf = category("New home")
    text = text_of(desk().get(reverse("wagtailadmin_pages:move_confirm", args=[target.pk, shelf.pk])))
    assert {title for title in sources if title in text} == sources
    assert "go on working" in text


def test_the_screen_before_archiving_lists_what_links_to_the_article(target, sources):
    text = text_of(desk().get(reverse("upkeep_archive", args=[target.pk])))
    assert {title for title in sources if title in text} == sources
    assert "go on leading to the article" in text


def test_a_translation_leaves_its_links_to_the_english_article(target, sources):
    hindi = translated(target, "hi")
    text = text_of(desk().get(reverse("wagtailadmin_pages:unpublish", args=[hindi.pk])))
    assert "they lead to the English article" in text
    assert "lead nowhere" not in text
    assert "lead nowhere" in text_of(desk_again().get(reverse("wagtailadmin_pages:unpublish", args=[target.pk])))


def desk_again() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.PUBLISHER, name="second"))
    return client


def test_links_to_what_stands_below_a_category_count_and_those_among_it_do_not(target, sources):
    shelf = target.get_parent()
    article("Neighbour", linking(target), parent=shelf.specific)
    user = staff(site_in(), Role.PUBLISHER)
    assert {source.title for source in links_to(shelf, user).sources} == sources


def test_a_person_of_one_language_is_told_how_many_more_there_are(target, sources):
    found = links_to(target, staff(site_in("hi"), Role.TRANSLATOR, "hi"))
    assert {source.title for source in found.sources} == {"हिंदी वाला", "Linking fragment"}
    assert (found.hidden, len(found)) == (3, 5)


def test_sources_are_told_apart_by_language_and_state(target, sources):
    found = links_to(target, staff(site_in("hi"), Role.PUBLISHER))
    assert [name for name, _sources in found.languages] == ["English", "हिन्दी"]
    states = {source.title: source.state for source in found.sources}
    assert states["Draft one"] == "draft"
    assert states["Text one"] == "live"


def test_another_tenants_links_are_not_there(target):
    other = make_tenant("zebra")
    forged = ArticlePage.objects.get(pk=other.article.pk)
    forged.locked = False
    forged.body = linking(target)
    forged.save_revision().publish()
    assert ReferenceIndex.get_references_to(target).filter(object_id=str(forged.pk)).exists()
    assert len(links_to(target, staff(site_in(), Role.TENANT_ADMINISTRATOR))) == 0


@pytest.mark.parametrize("screen", [*SCREENS, "wagtailadmin_pages:edit", "upkeep_archive"])
def test_the_number_of_queries_does_not_grow_with_the_links(target, screen):
    client = desk(Role.PUBLISHER if screen.endswith("edit") else Role.TENANT_ADMINISTRATOR)
    address = reverse(screen, args=[target.pk])
    shelf = category("Many")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    article("First", linking(target), parent=shelf)
    fragment("One", linking(target)[0]["value"])
    client.get(address)
    one = cost()
    for number in range(3):
        article(f"More {number}", linking(target), parent=shelf)
        fragment(f"Other {number}", linking(target)[0]["value"])
    assert cost() == one
