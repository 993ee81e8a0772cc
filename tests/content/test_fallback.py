"""Which language a page is shown in, and at which address."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.articles import article, block, category
from tests.factories.readers import restrict, translated

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tenant):
    return category("Safety", slug="safety")


def text(words: str) -> list[dict]:
    return [block("text", f"<p>{words}</p>", words)]


def test_a_translation_is_shown_at_its_own_address(client: Client, shelf):
    page = article("Locks", text("Lock it"), parent=shelf, slug="locks")
    translated(page, title="ताले", body=text("ताला लगाओ"))
    answer = client.get("/hi/safety/locks/")
    assert answer.status_code == 200
    assert answer.context["page_title"] == "ताले"
    assert "ताला लगाओ" in answer.content.decode()
    assert answer.context["is_fallback"] is False
    assert answer.context["content_language"] == "hi"
    assert answer.headers["Content-Language"] == "hi"


@pytest.mark.parametrize("hindi", ["none", "draft", "unpublished"])
def test_without_a_live_translation_the_english_is_shown_and_marked(client: Client, shelf, hindi):
    page = article("Locks", text("Lock it"), parent=shelf, slug="locks")
    if hindi != "none":
        copy = translated(page, title="ताले", live=hindi == "unpublished")
        if hindi == "unpublished":
            copy.unpublish()
    answer = client.get("/hi/safety/locks/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["page_title"] == "Locks"
    assert answer.context["is_fallback"] is True
    assert answer.context["content_language"] == "en"
    assert '<html lang="hi">' in html
    assert 'lang="en"' in html
    assert "ताले" not in html


def test_an_english_address_of_a_translated_page_leads_to_the_translation(client: Client, shelf):
    page = article("Locks", parent=shelf, slug="locks")
    translated(page, title="ताले", slug="taale")
    assert client.get("/hi/safety/locks/").headers["Location"] == "/hi/safety/taale/"
    assert client.get("/en/safety/locks/").status_code == 200


def test_below_a_translated_slug_an_untranslated_page_is_found(client: Client, shelf):
    inner = category("Doors", parent=shelf, slug="doors")
    page = article("Locks", parent=inner, slug="locks")
    translated(shelf, title="सुरक्षा", slug="suraksha")
    assert client.get("/hi/suraksha/doors/locks/").headers["Location"] == "/hi/safety/doors/locks/"
    answer = client.get("/hi/safety/doors/locks/")
    assert answer.context["page"].pk == page.pk
    assert [crumb.url for crumb in answer.context["breadcrumbs"]] == ["/hi/", "/hi/suraksha/", "/hi/safety/doors/"]
    assert [crumb.lang for crumb in answer.context["breadcrumbs"]] == ["", "", "en"]


def test_a_page_that_only_the_translation_has_is_not_at_other_addresses(client: Client, shelf):
    page = article("Locks", parent=shelf, slug="locks")
    translated(page, title="ताले")
    page.unpublish()
    assert client.get("/hi/safety/locks/").status_code == 200
    assert client.get("/en/safety/locks/").status_code == 404
    assert client.get("/ta/safety/locks/").status_code == 404
    offered = [language.code for language in client.get("/hi/safety/locks/").context["portal"].languages]
    assert offered == ["hi"]


def test_a_page_in_a_category_that_is_no_longer_live_is_still_found(client: Client, shelf):
    article("Locks", parent=shelf, slug="locks")
    shelf.unpublish()
    assert client.get("/en/safety/locks/").status_code == 200


def test_a_placeholder_page_counts_as_the_text_it_stands_for(client: Client, shelf):
    page = article("Locks", text("Lock it"), parent=shelf, slug="locks")
    hindi_shelf = translated(shelf, title="सुरक्षा")
    page.create_alias(parent=hindi_shelf, update_locale=hindi_shelf.locale, reset_translation_key=False)
    answer = client.get("/hi/safety/locks/")
    assert answer.context["is_fallback"] is True
    assert answer.context["content_language"] == "en"
    assert [a.code for a in answer.context["portal"].alternates] == ["en", "x-default"]


def test_lists_show_each_family_once_in_the_best_language(client: Client, shelf):
    first = article("Alarms", parent=shelf, slug="alarms", sort_order=1)
    article("Bolts", parent=shelf, slug="bolts", sort_order=2)
    third = article("Chains", parent=shelf, slug="chains", sort_order=3)
    translated(first, title="अलार्म")
    translated(third, title="ज़ंजीर", live=False)
    listed = client.get("/hi/safety/").context["articles"]
    assert [(item.title, item.lang, item.url) for item in listed] == [
        ("अलार्म", "", "/hi/safety/alarms/"),
        ("Bolts", "en", "/hi/safety/bolts/"),
        ("Chains", "en", "/hi/safety/chains/"),
    ]
    assert [item.lang for item in client.get("/en/safety/").context["articles"]] == ["", "", ""]


def test_previous_next_and_related_follow_the_readers_language(client: Client, shelf):
    first = article("Alarms", parent=shelf, slug="alarms", sort_order=1)
    second = article("Bolts", parent=shelf, slug="bolts", sort_order=2)
    third = article("Chains", parent=shelf, slug="chains", sort_order=3)
    translated(first, title="अलार्म")
    second.related_articles.create(target=third)
    second.related_articles.create(target=first)
    second.save_revision().publish()
    context = client.get("/hi/safety/bolts/").context
    assert (context["previous"].title, context["previous"].lang) == ("अलार्म", "")
    assert (context["next"].title, context["next"].lang) == ("Chains", "en")
    assert [(item.title, item.lang) for item in context["related"]] == [("Chains", "en"), ("अलार्म", "")]


def test_without_chosen_ones_shared_tags_and_then_neighbours_are_related(client: Client, shelf):
    other = category("Energy", slug="energy")
    page = article("Locks", parent=shelf, slug="locks", tags=["door", "night"], sort_order=1)
    article("Bolts", parent=shelf, slug="bolts", sort_order=2)
    article("Alarms", parent=shelf, slug="alarms", sort_order=3)
    article("Lamps", parent=other, slug="lamps", tags=["night"])
    article("Gates", parent=other, slug="gates", tags=["door", "night"])
    related = client.get("/en/safety/locks/").context["related"]
    # Bolts stands next to the article already.
    assert [item.title for item in related] == ["Gates", "Lamps", "Alarms"]
    assert page.related_articles.count() == 0


def test_links_in_the_text_lead_to_the_readers_language(client: Client, shelf):
    target = article("Alarms", parent=shelf, slug="alarms")
    plain = article("Bolts", parent=shelf, slug="bolts")
    hidden = article("Secret", parent=shelf, slug="secret")
    draft = article("Draft", parent=shelf, slug="draft", live=False)
    restrict(hidden)
    translated(target, title="अलार्म", slug="alaarm")
    links = "".join(
        f'<a linktype="page" id="{page.pk}">to {page.title}</a> ' for page in (target, plain, hidden, draft)
    )
    article("Locks", [block("text", f"<p>{links}</p>", "links")], parent=shelf, slug="locks")
    html = client.get("/hi/safety/locks/").content.decode()
    assert '<a href="/hi/safety/alaarm/">to Alarms</a>' in html
    assert '<a href="/hi/safety/bolts/">to Bolts</a>' in html
    assert "<a>to Secret</a>" in html
    assert "<a>to Draft</a>" in html
    assert "/secret/" not in html


def test_alternates_name_the_translations_and_the_english_as_default(client: Client, shelf):
    page = article("Locks", parent=shelf, slug="locks")
    translated(page, "hi", title="ताले")
    translated(page, "ta", title="பூட்டு", live=False)
    for address in ("/en/safety/locks/", "/hi/safety/locks/", "/ta/safety/locks/"):
        portal = client.get(address).context["portal"]
        assert [(item.code, item.url) for item in portal.alternates] == [
            ("en", "http://testserver/en/safety/locks/"),
            ("hi", "http://testserver/hi/safety/locks/"),
            ("x-default", "http://testserver/en/safety/locks/"),
        ]
    assert client.get("/ta/safety/locks/").context["portal"].canonical_url == "http://testserver/en/safety/locks/"
    assert client.get("/hi/safety/locks/").context["portal"].canonical_url == "http://testserver/hi/safety/locks/"


def test_popular_articles_are_those_that_others_link_to(client: Client, shelf):
    few = article("Few", parent=shelf, slug="few", sort_order=5)
    many = article("Many", parent=shelf, slug="many", sort_order=9)
    for number, targets in enumerate([(many,), (many, few), (many,)]):
        links = "".join(f'<a linktype="page" id="{target.pk}">x</a>' for target in targets)
        article(f"Source {number}", [block("text", f"<p>{links}</p>", f"s{number}")], parent=shelf, slug=f"s-{number}")
    popular = [item.title for item in client.get("/en/").context["popular"]]
    assert popular[:2] == ["Many", "Few"]
    assert len(popular) == 5


def test_recent_articles_are_the_last_published(client: Client, shelf):
    first = article("First", parent=shelf, slug="first")
    article("Second", parent=shelf, slug="second")
    assert [item.title for item in client.get("/en/").context["recent"]] == ["Second", "First"]
    first.save_revision().publish()
    assert [item.title for item in client.get("/en/").context["recent"]] == ["First", "Second"]


def test_home_counts_the_articles_below_each_category_once_a_family(client: Client, shelf):
    inner = category("Doors", parent=shelf, slug="doors")
    category("Empty", slug="empty")
    page = article("Locks", parent=shelf, slug="locks")
    article("Bolts", parent=inner, slug="bolts")
    article("Draft", parent=inner, slug="draft", live=False)
    translated(page, title="ताले")
    for address in ("/en/", "/hi/"):
        counts = {item.url.split("/")[2]: item.article_count for item in client.get(address).context["categories"]}
        assert counts == {"safety": 2, "empty": 0}
