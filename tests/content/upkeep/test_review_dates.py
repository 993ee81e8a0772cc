"""Review dates: found correct, due, overdue, and what the tenant's rule makes of it."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from helpportal.accounts.enums import Role
from helpportal.content.enums import NoticeKind
from helpportal.content.models import ArticlePage, Notice, Upkeep
from helpportal.content.upkeep import tasks
from helpportal.content.upkeep.dates import due_state, months_later, rule_cutoff
from helpportal.core import generation
from tests.content.upkeep.conftest import Desk, said
from tests.factories.readers import person, translated

pytestmark = pytest.mark.django_db
DAY = datetime.date(2027, 1, 31)


def upkeep_of(page) -> Upkeep:
    return Upkeep.objects.get(translation_key=page.translation_key)


@pytest.mark.parametrize(("days", "state"), [(-1, "overdue"), (0, "soon"), (14, "soon"), (15, "later")])
def test_how_near_a_date_is(days, state):
    assert due_state(DAY + datetime.timedelta(days=days), DAY) == state
    assert due_state(None, DAY) is None


@pytest.mark.parametrize(
    ("months", "expected"), [(1, (2027, 2, 28)), (12, (2028, 1, 31)), (13, (2028, 2, 29)), (11, (2027, 12, 31))]
)
def test_months_later(months, expected):
    assert months_later(DAY, months) == datetime.date(*expected)


def test_the_rule_never_concerns_an_article_on_its_day():
    assert [rule_cutoff(days, DAY) for days in (0, 1, 30)] == [
        datetime.date(2027, 1, 30),
        datetime.date(2027, 1, 30),
        datetime.date(2027, 1, 1),
    ]


def test_still_correct_says_who_and_when_and_sets_the_next_date(client: Client, desk: Desk):
    desk.settings(review_months=6)
    page = desk.article("Locks", slug="locks")
    desk.due(page, days=-3)
    reviewer = desk.client(Role.REVIEWER)
    drafts = page.revisions.count()
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "Overdue" in reviewer.get(editor).content.decode()
    response = reviewer.post(reverse("upkeep_confirm", args=[page.pk]))
    assert (response.status_code, response["Location"]) == (302, editor)
    upkeep = upkeep_of(page)
    assert upkeep.confirmed_by == desk.person(Role.REVIEWER)
    assert upkeep.review_by == months_later(timezone.localdate(), 6)
    assert PageLogEntry.objects.get(page=page, action="content.confirm").user == desk.person(Role.REVIEWER)
    assert page.revisions.count() == drafts
    text = reviewer.get(editor).content.decode()
    assert "Overdue" not in text
    assert "Found correct on" in text
    # Later than its publication: its readers are told.
    assert "Found correct on" in client.get("/en/safety/locks/").content.decode()


def test_a_date_is_set_and_taken_away(desk: Desk):
    page = desk.article("Locks")
    author, address = desk.client(Role.AUTHOR), reverse("upkeep_review_date", args=[page.pk])
    response = author.post(address, {"review_by": "2020-01-01"})
    assert "Choose a later one." in response.content.decode()
    assert "Enter a valid date." in author.post(address, {"review_by": "soon"}).content.decode()
    author.post(address, {"review_by": "2031-05-01"})
    assert upkeep_of(page).review_by == datetime.date(2031, 5, 1)
    author.post(address, {"review_by": ""})
    assert upkeep_of(page).review_by is None
    Upkeep.objects.update(archived_at=timezone.now())
    assert "It is archived. Bring it back first." in author.post(address, {"review_by": "2031-05-01"}).content.decode()
    assert "It is archived. Bring it back first." in said(author.post(reverse("upkeep_confirm", args=[page.pk])))[-1]


@pytest.mark.parametrize(
    ("role", "language", "may"),
    [
        (Role.AUTHOR, None, True),
        (Role.REVIEWER, None, True),
        (Role.PUBLISHER, None, True),
        (Role.TRANSLATOR, "hi", False),
    ],
)
def test_whoever_edits_the_source_finds_it_correct(desk: Desk, role, language, may):
    page = desk.article("Locks")
    translated(desk.shelf)
    hindi = translated(page)
    client = desk.client(role, language)
    for number, one in enumerate((page, hindi)):
        client.post(reverse("upkeep_review_date", args=[one.pk]), {"review_by": f"2031-05-0{number + 1}"})
        client.post(reverse("upkeep_confirm", args=[one.pk]))
    assert Upkeep.objects.filter(confirmed_at__isnull=False).count() == may
    assert PageLogEntry.objects.filter(action="content.set_review_date").count() == 2 * may


def test_readers_are_told_that_an_article_is_overdue_where_the_tenant_wants_it(client: Client, desk: Desk):
    page = desk.article("Locks", slug="locks")
    upkeep = desk.due(page, days=-10)
    for rule, days, told in (("nothing", 0, False), ("flag", 11, False), ("flag", 10, True), ("flag", 0, True)):
        desk.settings(overdue_rule=rule, overdue_days=days)
        assert ("data-overdue" in client.get("/en/safety/locks/").content.decode()) == told
    upkeep.review_by = timezone.localdate()
    upkeep.save()
    assert "data-overdue" not in client.get("/en/safety/locks/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_pages_in_memory_are_renewed_on_the_day_the_notice_begins(desk: Desk):
    page, other = desk.article("Locks"), desk.article("Alarms")
    desk.settings(overdue_rule="flag", overdue_days=5)
    upkeep, _later = desk.due(page, days=-6), desk.due(other, days=30)
    before = generation.current()
    tasks.look_after_review_dates()
    assert generation.current() == before
    upkeep.review_by += datetime.timedelta(days=1)
    upkeep.save()
    before = generation.current()
    tasks.look_after_review_dates()
    assert generation.current() != before


def test_the_rule_archives_what_nobody_read_again(desk: Desk, second_tenant):
    pages = {days: desk.article(f"Article {days}") for days in (-40, -30, -29, 5)}
    for days, page in pages.items():
        desk.due(page, days=days)
    draft = desk.article("Draft", live=False)
    desk.due(draft, days=-40)
    desk.settings(overdue_rule="archive", overdue_days=30)
    for _time in range(2):
        tasks.look_after_review_dates()
    archived = set(Upkeep.objects.filter(archived_at__isnull=False).values_list("translation_key", flat=True))
    assert archived == {pages[-40].translation_key, pages[-30].translation_key}
    entries = PageLogEntry.objects.filter(action="content.archive")
    assert {(entry.page_id, entry.user, entry.data["by_rule"]) for entry in entries} == {
        (pages[-40].pk, None, True),
        (pages[-30].pk, None, True),
    }
    assert entries.count() == 2


def test_owners_are_told_once_of_each_date(desk: Desk):
    author = desk.person(Role.AUTHOR)
    due, later, unowned, draft = (desk.article(f"Article {n}", live=n != 4) for n in range(1, 5))
    ArticlePage.objects.exclude(pk=unowned.pk).update(owner=author)
    desk.article("Never dated")
    upkeep = desk.due(due, days=0)
    for page, days in ((later, 1), (unowned, -1), (draft, -1)):
        desk.due(page, days=days)
    for _time in range(2):
        tasks.look_after_review_dates()
    told = Notice.objects.get()
    assert (told.user, told.kind, told.page_id) == (author, NoticeKind.REVIEW_DUE, due.pk)
    assert (told.due_on, told.site) == (upkeep.review_by, desk.site)
    upkeep.review_by -= datetime.timedelta(days=1)
    upkeep.save()
    tasks.look_after_review_dates()
    assert Notice.objects.filter(user=author, page=due.pk).count() == 2


def test_the_clock_costs_no_more_for_what_it_said_already(desk: Desk, django_assert_num_queries):
    boss = person("boss", superuser=True)
    for number in range(3):
        page = desk.article(f"Article {number}")
        ArticlePage.objects.filter(pk=page.pk).update(owner=boss)
        desk.due(page, days=-1)
    tasks.look_after_review_dates()
    assert Notice.objects.count() == 3
    # Rules, a batch of due rows, its notices, its articles, and that there is no further batch.
    with django_assert_num_queries(5):
        tasks.look_after_review_dates()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it(celery_worker_process, desk: Desk):
    page = desk.article("Locks")
    desk.due(page, days=-2)
    desk.settings(overdue_rule="archive", overdue_days=1)
    tasks.look_after_review_dates.delay()
    celery_worker_process.wait_until_idle()
    assert upkeep_of(page).archived_at is not None
