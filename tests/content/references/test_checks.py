"""What could be better in an article: advice beside the editor, never a refusal."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helpportal.accounts.enums import Role
from helpportal.content.references.checks import findings
from tests.factories.articles import article, block, category, image, item, site_in
from tests.factories.people import staff
from tests.factories.readers import translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db
COMPLETE = {"summary": "How to open a gate.", "search_keywords": "door, barrier"}
LONG = "Open the gate and " + "then wait and " * 12 + "go."


def heading(level: str, text: str = "Part") -> dict:
    return block("heading", {"text": text, "level": level, "anchor": text.lower()}, f"{text} {level}")


def paragraph(html: str) -> dict:
    return block("text", html, html[:40])


def steps(*details: dict) -> dict:
    return block("steps", {"items": [item({"text": "<p>Press it.</p>", "details": list(details)}, "one")]}, "steps")


def figure(alt: str, decorative: bool = False) -> dict:
    shown = {"image": image().pk, "alt_text": alt, "decorative": decorative}
    return block("figure", {"image": shown, "caption": ""}, f"figure {alt}")


CASES = {
    "nothing": (lambda: [paragraph("<p>Short. Clear.</p>")], []),
    "levels in order": (lambda: [heading("2"), heading("3", "Sub"), heading("4", "Deep"), heading("2", "Next")], []),
    "a level is skipped": (lambda: [heading("2"), heading("4", "Deep")], ["A heading skips a level: “Deep”"]),
    "the first heading is too low": (lambda: [heading("3", "Sub")], ["A heading skips a level: “Sub”"]),
    "alt text": (lambda: [figure("A gate")], []),
    "no alt text": (lambda: [figure("")], ["An image has no alt text"]),
    "a decorative image": (lambda: [figure("", decorative=True)], []),
    "a vague link": (
        lambda: [paragraph('<p><a href="https://a.example/">Click here</a></p>')],
        ["A link does not say where it leads: “Click here”"],
    ),
    "a bare address": (
        lambda: [paragraph('<p><a href="https://a.example/x">https://a.example/x</a></p>')],
        ["A link shows its bare address: “https://a.example/x”"],
    ),
    "a link that says where it leads": (lambda: [paragraph('<p><a href="https://a.example/">Gate list</a></p>')], []),
    "a long sentence": (
        lambda: [paragraph(f"<p>Fine. {LONG}</p>")],
        [f"A sentence has {len(LONG.split())} words: “{LONG[:60].rstrip()}…”"],
    ),
    "items of a list are sentences of their own": (
        lambda: [paragraph("<ul>" + "<li>Look at the gate once more</li>" * 9 + "</ul>")],
        [],
    ),
    "steps and nothing after": (lambda: [steps()], ["Steps end without an outcome"]),
    "steps and a heading": (lambda: [steps(), heading("2")], ["Steps end without an outcome"]),
    "steps and what is seen then": (lambda: [steps(), paragraph("<p>The gate is open.</p>")], []),
    "a last step that tells more": (lambda: [steps(paragraph("<p>It opens.</p>"))], []),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_found(case):
    body, expected = CASES[case]
    page = article("Open a gate", body(), **COMPLETE)
    assert [finding.message for finding in findings(page)] == expected
    assert all(finding.advice for finding in findings(page))


def test_a_missing_summary_and_missing_keywords_are_found():
    assert [finding.message for finding in findings(article())] == [
        "The summary is missing",
        "Search keywords are missing",
    ]


def test_words_are_counted_in_english_and_vague_links_known_in_each_language():
    site_in("hi")
    link = '<p><a href="https://a.example/">यहाँ क्लिक करें</a></p>'
    page = translated(article("Gate", **COMPLETE), "hi", body=[paragraph(f"<p>{LONG}</p>"), paragraph(link)])
    assert [finding.message for finding in findings(page)] == ["A link does not say where it leads: “यहाँ क्लिक करें”"]


@pytest.fixture
def author() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.AUTHOR))
    return client


def test_the_editor_shows_the_findings_of_the_draft_with_a_way_to_the_block(author):
    page = article("Open a gate", parent=category(), **COMPLETE)
    checks = reverse("content_checks", args=[page.pk])
    assert "Nothing to improve" in author.get(checks).content.decode()
    page.body = [heading("4", "Deep")]
    page.save_revision()
    place = f'href="#block-{page.body[0].id}-section"'
    for address in (checks, reverse("wagtailadmin_pages:edit", args=[page.pk])):
        text = author.get(address).content.decode()
        assert "A heading skips a level" in text
        assert place in text
    assert checks in text


def test_the_checks_of_others_are_not_shown(author):
    other = make_tenant("zebra")
    assert author.get(reverse("content_checks", args=[other.article.pk])).status_code == 404
    site_in("hi")
    hindi = translated(article("Gate", **COMPLETE), "hi")
    assert author.get(reverse("content_checks", args=[hindi.pk])).status_code == 302
    assert Client().get(reverse("content_checks", args=[hindi.pk])).status_code == 302
