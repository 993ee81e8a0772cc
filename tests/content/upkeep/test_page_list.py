"""The page list and the report of review dates: what they show, what they are narrowed to, and what they cost."""

from __future__ import annotations

import csv
import datetime
import io

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage, Upkeep
from tests.content.upkeep.conftest import Desk
from tests.factories.articles import category
from tests.factories.readers import audience, restrict, translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/review-dates/"


def rows(client: Client, address: str) -> list[str]:
    """Return the text of each row of a list."""
    response = client.get(address)
    assert response.status_code == 200
    table = BeautifulSoup(response.content, "html.parser").select("table.listing tbody tr")
    return [" ".join(row.get_text(" ").split()) for row in table]


def titles(client: Client, address: str) -> set[str]:
    response = client.get(address)
    assert response.status_code == 200
    return {page.title for page in response.context["object_list"]}


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_list_says_what_the_desk_needs_to_know(desk: Desk):
    publisher, author = desk.client(Role.PUBLISHER), desk.person(Role.AUTHOR)
    author.first_name = "Asha"
    author.save()
    restrict(desk.shelf, audience(desk.site, "Guards"))
    locks = desk.article("Locks")
    ArticlePage.objects.filter(pk=locks.pk).update(owner=author)
    translated(desk.shelf)
    translated(locks)
    upkeep = desk.due(locks, days=-1)
    desk.due(desk.article("Alarms"), days=3)
    desk.due(desk.article("Doors"), days=3, archived_at=timezone.now())
    found = {row.split()[0]: row for row in rows(publisher, reverse("wagtailadmin_explore", args=[desk.shelf.pk]))}
    for part in ("2 of 8", "Guards", "Asha", date_format(upkeep.review_by, "SHORT_DATE_FORMAT"), "Overdue"):
        assert part in found["Locks"]
    assert "1 of 8" in found["Alarms"]
    assert "Due soon" in found["Alarms"]
    assert "Archived" in found["Doors"]
    assert "Due soon" not in found["Doors"]


def test_the_list_and_the_report_cost_the_same_for_any_number_of_articles(desk: Desk):
    publisher = desk.client(Role.PUBLISHER)
    addresses = [
        reverse("wagtailadmin_explore", args=[desk.shelf.pk]),
        reverse("wagtailadmin_explore", args=[desk.shelf.pk]) + "?review=overdue",
        reverse("wagtailadmin_pages:type_use", args=["content", "articlepage"]),
        REPORT,
        REPORT + "?export=csv",
    ]

    def fill(numbers) -> None:
        for number in numbers:
            page = desk.article(f"Article {number}", owner=desk.person(Role.AUTHOR))
            restrict(page, audience(desk.site, f"Group {number}"))
            desk.due(page, days=-number - 1, confirmed_at=timezone.now(), confirmed_by=desk.person(Role.REVIEWER))

    counts = []
    for numbers in (range(1), range(1, 3), range(3, 12)):
        fill(numbers)
        for address in addresses:
            queries(publisher, address)
        counts.append([queries(publisher, address) for address in addresses])
    assert counts[0] == counts[1] == counts[2]


def test_the_list_is_narrowed(desk: Desk):
    publisher = desk.client(Role.PUBLISHER)
    guards = audience(desk.site, "Guards")
    translated(desk.shelf, title="सुरक्षा")
    inner = category("Inner", parent=desk.shelf)
    pages = {
        "Plain": desk.article("Plain"),
        "Overdue": desk.article("Overdue", tags=["door", "key"]),
        "Soon": desk.article("Soon"),
        "Archived": desk.article("Archived"),
        "Draft": desk.article("Draft", live=False),
        "Changed": desk.article("Changed"),
        "Scheduled": desk.article("Scheduled", live=False),
        "Submitted": desk.article("Submitted", live=False),
    }
    restrict(pages["Plain"], guards)
    desk.due(pages["Overdue"], days=-1)
    desk.due(pages["Soon"], days=1)
    desk.due(pages["Archived"], days=-1, archived_at=timezone.now())
    pages["Changed"].save_revision()
    scheduled = pages["Scheduled"]
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=1)
    scheduled.save_revision().publish()
    pages["Submitted"].get_workflow().start(pages["Submitted"], desk.person(Role.AUTHOR))
    live = {"Plain", "Overdue", "Soon", "Archived", "Changed", "Inner"}
    hindi = translated(pages["Plain"], title="सादा")
    expected = {
        "state=live": live,
        "state=draft": {"Draft", "Scheduled", "Submitted"},
        "state=changed": {"Changed"},
        "state=scheduled": {"Scheduled"},
        "state=in_review": {"Submitted"},
        "archived=yes": {"Archived"},
        "review=overdue": {"Overdue"},
        "review=soon": {"Soon"},
        "review=none": {"Plain", "Draft", "Changed", "Scheduled", "Submitted"},
        "tag=key": {"Overdue"},
        "tag=ke": set(),
        f"audience={guards.pk}": {"Plain"},
        f"locale={hindi.locale_id}": set(),
        f"locale={hindi.locale_id}&search_all=1": {"सादा", "सुरक्षा"},
        "review=overdue&q=overdue": {"Overdue"},
        f"audience={guards.pk}&state=live&q=plain": {"Plain"},
    }
    list_address = reverse("wagtailadmin_explore", args=[desk.shelf.pk])
    found = {question: titles(publisher, f"{list_address}?{question}") for question in expected}
    found[f"locale={hindi.locale_id}&search_all=1"] -= {"Welcome to the help centre"} | {desk.site.root_page.title}
    assert found == expected
    assert inner.title in titles(publisher, f"{list_address}?archived=no")


def test_filters_offer_only_the_tenants_own(desk: Desk):
    make_tenant("zebra")
    text = desk.client(Role.PUBLISHER).get(reverse("wagtailadmin_explore", args=[desk.shelf.pk])).content.decode()
    assert "zebra" not in text


def test_the_report_names_what_is_due(desk: Desk):
    publisher, author = desk.client(Role.PUBLISHER), desk.person(Role.AUTHOR)
    zebra = make_tenant("zebra")
    Upkeep.objects.create(
        site=zebra.site, translation_key=zebra.article.translation_key, review_by=timezone.localdate()
    )
    energy = category("Energy")
    pages = {days: desk.article(f"In {days} days", owner=author if days < 0 else None) for days in (-20, -1, 0, 14, 15)}
    for days, page in pages.items():
        desk.due(page, days=days)
    desk.due(desk.article("Archived"), days=-3, archived_at=timezone.now())
    desk.due(desk.article("Draft", live=False), days=-3)
    pages[0].move(energy, pos="last-child")
    translated(desk.shelf, title="सुरक्षा")
    hindi = translated(pages[-1], title="हिंदी")
    assert [row.split(" days")[0] for row in rows(publisher, REPORT)] == ["In -20", "In -1", "In 0", "In 14"]
    expected = {
        "state=overdue": {"In -20 days", "In -1 days"},
        "state=soon": {"In 0 days", "In 14 days"},
        f"category={energy.pk}": {"In 0 days"},
        f"category={desk.shelf.pk}&state=soon": {"In 14 days"},
        f"locale={hindi.locale_id}": {"हिंदी"},
        f"category={desk.shelf.pk}&locale={hindi.locale_id}": {"हिंदी"},
        f"owner={author.pk}": {"In -20 days", "In -1 days"},
    }
    assert {question: titles(publisher, f"{REPORT}?{question}") for question in expected} == expected
    exported = publisher.get(f"{REPORT}?export=csv&state=overdue")
    table = list(csv.reader(io.StringIO(b"".join(exported.streaming_content).decode())))
    assert table[0] == ["Title", "Category", "Language", "Owner", "Review by", "State", "Found correct"]
    assert table[1][:3] == ["In -20 days", "Safety", "English"]
    assert table[1][5] == "Overdue"
    assert len(table) == 3
