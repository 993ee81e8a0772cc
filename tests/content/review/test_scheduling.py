"""What the clock publishes and takes back, and the calendar that shows it before."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpportal.content.models import ArticlePage, Notice
from helpportal.content.tasks import publish_scheduled
from helpportal.translation.services import mark_source_text
from tests.factories.articles import article, fragment
from tests.factories.readers import translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db


def at(**offset) -> datetime.datetime:
    return timezone.now().replace(second=0, microsecond=0) + datetime.timedelta(**offset)


def schedule(page, when, user=None, **fields):
    """Schedule a page's latest text, as the editor does."""
    page = type(page).objects.get(pk=page.pk)
    page.go_live_at = when
    for name, value in fields.items():
        setattr(page, name, value)
    revision = page.save_revision(user=user)
    revision.publish()
    return revision


def let_pass(revision) -> None:
    """Let the time of a scheduled revision come."""
    past = timezone.now() - datetime.timedelta(minutes=1)
    content = {**revision.content, "go_live_at": past.isoformat()}
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)


def test_one_that_may_not_be_published_does_not_keep_the_others(desk):
    hindi = translated(desk.article, title="गेट")
    refused = schedule(hindi, at(hours=1), desk.asha, title="Gate")
    mark_source_text(refused)
    good = schedule(article("Open the gate", parent=desk.category), at(hours=2), desk.asha, title="Open both gates")
    expiring = article("Old gate", parent=desk.category)
    ArticlePage.objects.filter(pk=expiring.pk).update(expire_at=at(minutes=-5))
    for revision in (refused, good):
        let_pass(revision)
    for _time in range(2):
        publish_scheduled()
    assert ArticlePage.objects.get(title="Open both gates").live
    assert not ArticlePage.objects.get(pk=expiring.pk).live
    hindi.refresh_from_db()
    refused.refresh_from_db()
    assert (hindi.title, hindi.live, hindi.has_unpublished_changes) == ("गेट", True, True)
    assert refused.approved_go_live_at is None
    notice = Notice.objects.get(user=desk.asha, kind="returned")
    assert "not translated yet" in notice.comment
    assert notice.page_id == hindi.pk
    history = desk.client("bala").get(f"/admin/pages/{hindi.pk}/history/").content.decode()
    assert "Scheduled publication refused" in history


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"go_live_at": "2020-01-01 10:00", "action-publish": "1"}, ""),
        ({"expire_at": "2020-01-01 10:00"}, "Expiry date/time must be in the future"),
        (
            {"go_live_at": "2030-02-01 10:00", "expire_at": "2030-01-01 10:00"},
            "Go live date/time must be before expiry date/time",
        ),
    ],
)
def test_a_schedule_that_cannot_be_meant_is_explained(desk, fields, message):
    answer = desk.edit("bala", summary="New text.", **fields)
    if message:
        assert message in answer.content.decode()
        assert desk.fresh().latest_revision_id == desk.article.latest_revision_id
    else:
        # A time that is past already means now.
        assert desk.fresh().summary == "New text."
        assert not desk.fresh().revisions.filter(approved_go_live_at__isnull=False).exists()


def test_the_calendar_lists_what_is_planned_at_the_same_cost(desk):
    client = desk.client("bala")

    def look(**chosen) -> str:
        return client.get("/admin/reports/calendar/", chosen).content.decode()

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            look()
        return len(captured)

    assert "Nothing is scheduled here" in look()
    schedule(desk.article, at(days=1), desk.asha, title="Lock both gates", expire_at=at(days=50))
    schedule(fragment("Storm note"), at(days=2))
    assert "Lock both gates" in look()
    one = cost()
    for number in range(2):
        page = article(f"Gate {number}", parent=desk.category)
        ArticlePage.objects.filter(pk=page.pk).update(expire_at=at(days=40))
    schedule(fragment("Rain note"), at(days=3))
    assert cost() == one
    foreign = make_tenant("zebra")
    schedule(foreign.article, at(days=1))
    shown = look()
    assert shown.index("Lock both gates") < shown.index("Storm note") < shown.index("Gate 0")
    assert "zebra" not in shown
    assert "6 dates" in shown
    assert "Gate 0" not in look(kind="go_live")
    assert "Storm note" not in look(kind="expiry")
    month = timezone.localtime(at(days=40))
    assert "Gate 0" in look(month=f"{month:%Y-%m}", kind="expiry")
    assert "Gate 0" not in look(month=f"{timezone.localdate():%Y-%m}", kind="expiry")
    assert "Nothing is scheduled here" not in look(month="x")
    anonymous = client.__class__().get("/admin/reports/calendar/")
    assert anonymous.status_code == 302
