"""The report of broken links: what leads nowhere, with page, text, finding and since when; of the own tenant only."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpportal.accounts.enums import Role
from helpportal.content.enums import LinkState
from helpportal.content.models import ArticlePage, ExternalAddress, ExternalLink, InternalLink, Upkeep
from helpportal.content.references import checking, recording
from tests.factories.articles import article, block, category, document, fragment, image, site_in
from tests.factories.people import staff
from tests.factories.readers import translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/broken-links/"


def page_link(page, words: str, section: str = "") -> str:
    fragment_of = f' fragment="{section}"' if section else ""
    return f'<a linktype="page" id="{page.pk}"{fragment_of}>{words}</a>'


def text(*links: str) -> list[dict]:
    return [block("text", f"<p>{', '.join(links)}</p>", "".join(links))]


@pytest.fixture
def reporter() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.REVIEWER))
    return client


def rows(client: Client, **filters) -> list[dict[str, str]]:
    recording.record_everything()
    response = client.get(REPORT, {**filters, "export": "csv"})
    assert response.status_code == 200
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def findings(client: Client, **filters) -> set[tuple[str, str]]:
    return {(row["Link text"], row["Finding"]) for row in rows(client, **filters)}


def archive(page) -> None:
    Upkeep.objects.create(site=site_in(), translation_key=page.translation_key, archived_at=timezone.now())


@pytest.fixture
def shelf():
    site_in("hi")
    return category("Gates", slug="gates")


def broken_of_every_kind(shelf, name: str = "") -> ArticlePage:
    """Publish an article with one link of every kind that breaks, and then break them; and some that work."""
    heading = {"text": "Costs", "level": "2", "anchor": "costs"}
    steady = article(f"Steady{name}", [block("heading", heading, "costs")], parent=shelf)
    deleted, withdrawn, archived = (article(f"{what}{name}", parent=shelf) for what in ("Gone", "Hidden", "Old"))
    file, picture = document(f"List{name}"), image(f"View{name}")
    figure = {"image": {"image": picture.pk, "alt_text": "to a picture", "decorative": False}, "caption": ""}
    source = article(
        f"Source{name}",
        [
            *text(
                page_link(deleted, "to a deleted page"),
                page_link(withdrawn, "to a withdrawn page"),
                page_link(archived, "to an archived page"),
                page_link(steady, "to a section", "costs"),
                page_link(steady, "to no section", "prices"),
                page_link(steady, "to a page"),
                f'<a linktype="document" id="{file.pk}">to a document</a>',
                f'<a href="https://broken{name}.example/a">to a broken site</a>',
                f'<a href="https://works{name}.example/a">to a working site</a>',
            ),
            block("figure", figure, "figure"),
        ],
        parent=shelf,
    )
    recording.record_article(source.pk)
    client = Client()
    client.force_login(staff(site_in(), Role.TENANT_ADMINISTRATOR, name=f"breaker{name}"))
    for address in (
        reverse("wagtailadmin_pages:delete", args=[deleted.pk]),
        reverse("wagtailadmin_pages:unpublish", args=[withdrawn.pk]),
        reverse("wagtaildocs:delete", args=[file.pk]),
    ):
        assert client.post(address).status_code == 302
    picture.delete()
    archive(archived)
    for host, state in ((f"broken{name}.example", LinkState.BROKEN), (f"works{name}.example", LinkState.WORKS)):
        day = timezone.make_aware(datetime.datetime(2026, 3, 1, 12))
        ExternalAddress.objects.filter(host=host).update(state=state, finding="404", failing_since=day)
    return source


EVERY_FINDING = {
    ("to a deleted page", "Deleted"),
    ("to a withdrawn page", "Not published"),
    ("to an archived page", "Archived"),
    ("to no section", "No such section"),
    ("to a document", "Deleted"),
    ("to a picture", "Deleted"),
    ("to a broken site", "The site says: no such page (404)"),
}


def test_every_kind_of_broken_link_is_found_and_no_other(reporter, shelf):
    source = broken_of_every_kind(shelf)
    found = rows(reporter)
    assert {(row["Link text"], row["Finding"]) for row in found} == EVERY_FINDING
    assert {row["Page"] for row in found} == {"Source"}
    since = {row["Link text"]: row["Since"] for row in found}
    today = str(timezone.now().date())
    assert since["to a broken site"].startswith("2026-03-01")
    for words in ("to a deleted page", "to a withdrawn page", "to an archived page", "to a document"):
        assert since[words].startswith(today), words
    screen = reporter.get(REPORT).content.decode()
    assert reverse("wagtailadmin_pages:edit", args=[source.pk]) in screen
    assert "https://broken.example/a" in screen


def test_the_report_is_narrowed_by_kind_category_and_language(reporter, shelf):
    source = broken_of_every_kind(shelf)
    other = category("Doors", slug="doors")
    article("Elsewhere", text(page_link(source, "to nothing here", "nowhere")), parent=other)
    hindi = translated(source, "hi", title="स्रोत")
    assert findings(reporter, kind="section") == {
        ("to no section", "No such section"),
        ("to nothing here", "No such section"),
    }
    assert {row["Page"] for row in rows(reporter, category=other.pk)} == {"Elsewhere"}
    # A category stands for all of its languages.
    assert {row["Page"] for row in rows(reporter, category=shelf.pk)} == {"Source", "स्रोत"}
    assert {row["Page"] for row in rows(reporter, locale=hindi.locale_id)} == {"स्रोत"}


def test_a_link_that_is_mended_is_no_longer_there(reporter, shelf):
    source = broken_of_every_kind(shelf)
    source.body = text(page_link(shelf, "to a category"))
    source.save_revision().publish()
    assert rows(reporter) == []
    assert not ExternalAddress.objects.exists()


def test_readers_of_a_translation_are_sent_to_the_english_article(reporter, shelf):
    target = article("Target", parent=shelf)
    hindi_target = translated(target, "hi")
    source = translated(article("Source", parent=shelf), "hi", body=text(page_link(hindi_target, "वहाँ")))
    hindi_target.unpublish()
    assert rows(reporter) == []
    target.refresh_from_db()
    target.unpublish()
    assert findings(reporter) == {("वहाँ", "Not published")}
    archive(source)
    assert rows(reporter) == []


def test_links_in_fragments_are_found_where_they_are_mended(reporter, shelf):
    target = article("Target", parent=shelf)
    shown = fragment("Note", f"<p>{page_link(target, 'from a fragment')}</p>")
    target.unpublish()
    found = rows(reporter)
    assert [(row["Page"], row["Link text"]) for row in found] == [("Fragment: Note", "from a fragment")]
    shown.unpublish()
    assert rows(reporter) == []
    assert not InternalLink.objects.exists()


def test_nothing_of_another_tenant_is_reported_or_given_away(reporter, shelf):
    other = make_tenant("zebra")
    article("Forger", text(page_link(other.article, "across")), parent=shelf)
    theirs = ArticlePage.objects.get(pk=other.article.pk)
    theirs.locked, theirs.body = False, text('<a href="https://zebra-shop.example/">zebra shop</a>')
    theirs.save_revision().publish()
    recording.record_everything()
    ExternalAddress.objects.update(state=LinkState.BROKEN)
    assert findings(reporter) == {("across", "Deleted")}
    assert "zebra" not in reporter.get(REPORT).content.decode()
    boss = Client(headers={"host": "zebra.localhost"})
    boss.force_login(other.users["author"])
    assert findings(boss) == {("zebra shop", "")}


def test_the_number_of_queries_does_not_grow_with_the_findings(reporter, shelf):
    def cost() -> int:
        recording.record_everything()
        with CaptureQueriesContext(connection) as captured:
            assert reporter.get(REPORT).status_code == 200
        return len(captured)

    broken_of_every_kind(shelf)
    cost()
    one = cost()
    for name in ("2", "3"):
        broken_of_every_kind(shelf, name)
    assert cost() == one


def test_an_address_is_kept_while_something_links_to_it(shelf):
    link = '<a href="https://example.com/shared#part">shared</a>'
    first, second = (article(name, text(link), parent=shelf) for name in ("First", "Second"))
    recording.record_everything()
    assert ExternalAddress.objects.get().url == "https://example.com/shared"
    assert ExternalLink.objects.count() == 2
    first.unpublish()
    recording.record_article(first.pk)
    assert ExternalLink.objects.get().page_id == second.pk
    # Recording again what has not changed writes nothing.
    before = list(InternalLink.objects.values()) + list(ExternalLink.objects.values())
    recording.record_everything()
    assert list(InternalLink.objects.values()) + list(ExternalLink.objects.values()) == before
    second.delete()
    assert checking.check_due() == 0
    recording.record_everything()
    assert not ExternalAddress.objects.exists()
