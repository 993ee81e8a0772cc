"""How many queries a page costs, whatever stands on it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpportal.content.models import ArticlePage
from helpportal.core import generation
from helpportal.core.coalescing import coalesced, index_together
from tests.factories.articles import article, block, category, document, every_block, fragment, image
from tests.factories.readers import audience, person, restrict, translated

# What is kept in memory is kept only outside of transactions.
pytestmark = pytest.mark.django_db(transaction=True)
ARTICLE_QUERIES = 6


@pytest.fixture
def shelf(db):
    return category("Safety", slug="safety")


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = client.get(path)
    assert answer.status_code == 200
    return len(captured)


def fill(shelf, numbers: range) -> list[ArticlePage]:
    """Put bare live articles on a shelf."""
    # Indexed together: one by one takes several times as long.
    with coalesced():
        made = [
            shelf.add_child(instance=ArticlePage(title=f"Article {number}", slug=f"article-{number}"))
            for number in numbers
        ]
        index_together(ArticlePage, [page.pk for page in made])
    return made


def test_an_article_with_everything_in_it(client: Client, shelf):
    target = article("Alarms", parent=shelf, slug="alarms", tags=["door"])
    pictures = [image("One"), image("Two")]
    link = f'<p><a linktype="page" id="{target.pk}">alarm</a></p>'
    body = [
        *every_block(fragment("Note", link), pictures[0], document()),
        block(
            "figure", {"image": {"image": pictures[1].pk, "alt_text": "x", "decorative": False}, "caption": ""}, "f2"
        ),
        block("text", link, "more"),
    ]
    article("Locks", body, parent=shelf, slug="locks", tags=["door"])
    # The first reader's images are made, the tenant is known.
    client.get("/en/safety/locks/")
    generation.renew()
    for language in ("en", "hi"):
        client.get(f"/{language}/safety/alarms/")
    assert queries(client, "/en/safety/locks/") <= ARTICLE_QUERIES
    assert queries(client, "/en/safety/locks/") == 1
    assert queries(client, "/hi/safety/locks/") <= ARTICLE_QUERIES


def test_lists_cost_the_same_with_any_number_of_rows(client: Client, shelf):
    fill(shelf, range(1))

    def count() -> dict[str, list[int]]:
        counted = {}
        for language in ("en", "hi"):
            paths = ["safety/", "", "search/?q=article", "safety/article-0/"]
            generation.renew()
            client.get(f"/{language}/nothing/")
            counted[language] = [queries(client, f"/{language}/{path}") for path in paths]
        return counted | {"sitemap": [queries(client, "/sitemap.xml")]}

    one = count()
    inner = category("Doors", parent=shelf, slug="doors")
    category("Energy", slug="energy")
    fill(inner, range(1, 3))
    for page in fill(shelf, range(3, 5)):
        translated(page, title=f"और {page.pk}")
    three = count()
    fill(shelf, range(5, 200))
    two_hundred = count()
    assert one == three == two_hundred
    for language in ("en", "hi"):
        assert max(two_hundred[language][0], two_hundred[language][-1]) <= ARTICLE_QUERIES


def test_a_long_category_is_read_page_by_page(client: Client, shelf):
    fill(shelf, range(120))
    first = client.get("/en/safety/").context
    second = client.get("/en/safety/" + first["next_page_url"]).context
    third = client.get("/en/safety/" + second["next_page_url"]).context
    assert [len(context["articles"]) for context in (first, second, third)] == [50, 50, 20]
    titles = {item.title for context in (first, second, third) for item in context["articles"]}
    assert len(titles) == 120
    assert third["next_page_url"] == ""
    assert third["previous_page_url"] == "?page=2"
    for wrong in ("?page=4", "?page=0", "?page=-1", "?page=x", "?page=²", "?page=99999999999999999999"):
        assert client.get(f"/en/safety/{wrong}").status_code == 404


def test_somebody_signed_in_costs_little_more(client: Client, shelf):
    group = audience(shelf.get_site())
    target = article("Alarms", parent=shelf, slug="alarms")
    restrict(target, group)
    article("Locks", [block("text", "<p>x</p>", "x")], parent=shelf, slug="locks")
    client.force_login(person("asha", group))
    client.get("/en/safety/locks/")
    # Session, user, groups, permissions of both (for the link to the admin), and for whom the page is.
    assert queries(client, "/en/safety/locks/") == 1 + 6


def test_a_members_links_follow_the_groups_of_a_restriction(client: Client, shelf):
    group = audience(shelf.get_site())
    target = article("Alarms", parent=shelf, slug="alarms")
    restriction = restrict(target, group)
    link = f'<p><a linktype="page" id="{target.pk}">alarm</a></p>'
    article("Locks", [block("text", link, "link")], parent=shelf, slug="locks")
    client.force_login(person("asha", group))
    for groups, expected in (([group], 'href="/en/safety/alarms/">alarm'), ([], "<a>alarm</a>")):
        restriction.groups.set(groups)
        assert expected in client.get("/en/safety/locks/").content.decode()
