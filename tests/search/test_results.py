"""The search box: what is found, in which language, and how it is asked."""

from __future__ import annotations

import pytest
from django.test import Client

from helpportal.search.queries import LONGEST_QUERY
from tests.factories.articles import article, category
from tests.factories.readers import translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tenant):
    return category("Safety", slug="safety")


def found(client: Client, language: str, query: str) -> tuple[list[str], list[str]]:
    context = client.get(f"/{language}/search/", {"q": query}).context
    return [item.title for item in context["results"]], [item.title for item in context["fallback_results"]]


def test_every_word_must_be_somewhere(client: Client, shelf):
    article("Close a work order", parent=shelf, slug="close", summary="When the job is done")
    article("Open a work order", parent=shelf, slug="open", tags=["planning"], search_keywords="create, begin")
    assert found(client, "en", "work order") == (["Close a work order", "Open a work order"], [])
    assert found(client, "en", "ORDER, job!") == (["Close a work order"], [])
    assert found(client, "en", "begin planning") == (["Open a work order"], [])
    assert found(client, "en", "order nowhere") == ([], [])
    for nothing in ("", "   ", "?!", "\0", "%", "_"):
        assert found(client, "en", nothing) == ([], [])


def test_titles_come_first(client: Client, shelf):
    article("A shelf", parent=shelf, slug="a", summary="All about locks")
    article("Locks", parent=shelf, slug="locks")
    assert found(client, "en", "locks")[0] == ["Locks", "A shelf"]


def test_english_hits_are_apart_where_there_is_no_translation(client: Client, shelf):
    page = article("Locks", parent=shelf, slug="locks", search_keywords="door")
    article("Bolts", parent=shelf, slug="bolts", search_keywords="door")
    translated(page, title="ताले", search_keywords="दरवाज़ा door")
    assert found(client, "hi", "door") == (["ताले"], ["Bolts"])
    assert found(client, "hi", "ताले") == (["ताले"], [])
    context = client.get("/hi/search/", {"q": "door"}).context
    assert context["count"] == 2
    assert context["fallback_results"][0].lang == "en"
    assert context["fallback_results"][0].url == "/hi/safety/bolts/"


def test_what_was_asked_is_shown_again_and_harmless(client: Client, shelf):
    answer = client.get("/en/search/", {"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()
    assert answer.context["query"] == "<script>alert(1)</script>"
    assert len(client.get("/en/search/", {"q": "x" * 5000}).context["query"]) == LONGEST_QUERY
