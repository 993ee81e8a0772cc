"""What a document says of its upkeep: its review date, that it is archived, and what to read instead."""

from __future__ import annotations

import datetime

import pytest

from helpportal.content.models import Upkeep
from helpportal.content.upkeep.services import archive_article, restore_article
from tests.factories.readers import person

pytestmark = pytest.mark.django_db


def text(title: str, **head) -> str:
    lines = "".join(f"{key}: {value}\n" for key, value in head.items())
    return f"---\ntitle: {title}\n{lines}---\n\nOne sentence of text.\n"


def upkeep_of(page) -> tuple:
    row = Upkeep.objects.get(translation_key=page.translation_key)
    return row.archived_at is not None, row.successor_id


def test_an_archived_document_names_its_successor(sync, tree, article, client):
    # In the order of the files, the successor comes last.
    tree.write(
        {
            "a-old.md": text("Old", archived="true", successor="the-new-way"),
            "b-older.md": text("Older", archived="true", successor="c-new.md"),
            "c-new.md": text("New", id="the-new-way"),
        }
    )
    assert sync("--dry-run").totals["warnings"] == 0
    assert not Upkeep.objects.exists()
    assert sync("--publish").totals["created"] == 4
    new = article("c-new")
    assert upkeep_of(article("a-old")) == upkeep_of(article("b-older")) == (True, new.pk)
    assert "data-archived" in client.get("/en/guide/a-old/").content.decode()
    before = list(Upkeep.objects.order_by("pk").values())
    assert sync("--publish").changes == 0
    assert list(Upkeep.objects.order_by("pk").values()) == before
    tree.write({"a-old.md": text("Old", archived="true"), "b-older.md": text("Older", archived="false")})
    assert sync("--publish").totals["updated"] == 2
    assert upkeep_of(article("a-old")) == (True, None)
    assert upkeep_of(article("b-older")) == (False, None)


def test_what_the_desk_decided_stays_until_the_document_says_otherwise(sync, tree, article):
    boss = person("boss", superuser=True)
    tree.write({"one.md": text("One", archived="true"), "two.md": text("Two")})
    sync("--publish")
    restore_article(article("one"), boss)
    archive_article(article("two"), boss)
    assert sync("--publish").changes == 0
    tree.write({"two.md": text("Two, again")})
    sync("--publish")
    assert [upkeep_of(article(slug))[0] for slug in ("one", "two")] == [False, True]


@pytest.mark.parametrize(
    ("successor", "reported"),
    [
        ("nowhere.md", ("unresolved_links", "there is no such document")),
        ("old.md", ("warnings", "a document cannot be its own successor")),
        ("gone.md", ("warnings", "it is archived itself")),
        ("README.md", ("warnings", "it is no article")),
    ],
)
def test_a_successor_that_cannot_be_is_reported(sync, tree, article, successor, reported):
    tree.write(
        {
            "old.md": text("Old", archived="true", successor=successor),
            "gone.md": text("Gone", archived="true"),
            "README.md": text("Guide", type="category"),
        }
    )
    key, says = reported
    for _time in range(2):
        assert says in sync("--publish").messages(key)[0][2]
        assert upkeep_of(article("old")) == (True, None)


def test_only_archived_documents_have_a_successor(sync, tree):
    tree.write({"one.md": text("One", successor="two.md"), "two.md": text("Two")})
    assert "only an archived document has one" in sync("--publish").messages("warnings")[0][2]
    tree.write({"one.md": text("One", archived="perhaps")})
    assert "give true or false" in sync("--publish").messages("bad_files")[0][2]


def test_the_later_review_date_stands(sync, tree, article):
    for in_file, expected in (("2031-05-01", (2031, 5, 1)), ("2030-01-01", (2031, 5, 1)), ("2032-01-01", (2032, 1, 1))):
        tree.write({"one.md": text("One", review_by=in_file)})
        sync("--publish")
        row = Upkeep.objects.get(translation_key=article("one").translation_key)
        assert row.review_by == datetime.date(*expected)
