"""A draft's way through review, as the people at the desk take it."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import WorkflowState

from helpportal.content import publishing
from helpportal.content.models import ArticleChange, Notice
from helpportal.content.publishing import PublicationRefusedError
from helpportal.content.review.tasks import mail_notices
from tests.factories.people import staff

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
READ = "/en/safety/gate/"


def shown(client, path) -> str:
    return client.get(path).content.decode()


def told(user) -> list[tuple]:
    """What somebody is told, the oldest first."""
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", "comment"))


def test_what_readers_see_changes_with_the_approval_only(client, desk):
    answer = desk.edit(
        "asha",
        "action-submit",
        summary="New text.",
        change_severity="major",
        change_note="The gate has two locks.",
        review_assignee=desk.ravi.pk,
        review_due_on=str(TODAY + datetime.timedelta(days=3)),
    )
    assert answer.status_code == 302
    assert (desk.review.assignee, desk.review.due_on) == (desk.ravi, TODAY + datetime.timedelta(days=3))
    assert "Old text." in shown(client, READ)
    assert "Assigned to Ravi" in shown(desk.client("bala"), desk.edit_path)
    # Back to the author with a reason, and again to whoever returned it.
    desk.act("ravi", "reject", comment="Which lock is first?")
    assert told(desk.asha) == [("returned", "Which lock is first?")]
    assert "Returned by Ravi: Which lock is first?" in shown(desk.client("asha"), desk.edit_path)
    desk.edit("asha", "action-submit", summary="New text: the left lock first.")
    assert desk.review.assignee == desk.ravi
    desk.act("ravi", "approve")
    assert told(desk.asha)[1:] == [("approved", "")]
    assert "Old text." in shown(client, READ)
    # The publisher's step is the last: it publishes, and says so once.
    desk.act("bala", "approve")
    assert told(desk.asha)[2:] == [("published", "")]
    page = shown(client, READ)
    assert "New text: the left lock first." in page
    assert "The gate has two locks." in page
    change = ArticleChange.objects.get(page=desk.article)
    assert (change.severity, change.published_by) == ("major", desk.bala)
    # The next edit is asked anew.
    form = desk.form("bala")
    assert (form["change_severity"], form["change_note"], form.get("ready_for_translation")) == ("normal", "", "on")


def test_assigning_is_for_reviewers_and_among_them(desk):
    outsider = staff(desk.site, "translator", "hi", name="tara")
    desk.edit("asha", "action-submit", summary="New text.")
    # Nobody was chosen: the whole group is told, and a week is given.
    assert desk.review.assignee is None
    assert desk.review.due_on == TODAY + datetime.timedelta(days=7)
    assert told(desk.ravi) == told(desk.meena) == [("assigned", "")]
    assert told(desk.bala) == []
    dialogue = desk.dialogue("assign")
    form = shown(desk.client("ravi"), dialogue)
    assert "Meena" in form
    assert "Tara" not in form
    assert "Bala" not in form
    for wrong in (
        {"assignee": outsider.pk},
        {"assignee": desk.bala.pk},
        {"assignee": "x"},
        {"due_on": "2020-01-01"},
    ):
        desk.client("ravi").post(dialogue, wrong)
        assert desk.review.assignee is None
        assert desk.review.due_on == TODAY + datetime.timedelta(days=7)
    late = desk.client("ravi").post(dialogue, {"due_on": "2020-01-01"}, headers={"x-requested-with": "XMLHttpRequest"})
    assert "This day is over" in late.content.decode()
    assert desk.act("asha", "assign", assignee=desk.meena.pk).status_code == 302
    assert desk.review.assignee is None
    desk.act("ravi", "assign", assignee=desk.meena.pk, due_on=str(TODAY), comment="You know gates.")
    assert (desk.review.assignee, desk.review.due_on) == (desk.meena, TODAY)
    assert told(desk.meena)[1:] == [("assigned", "You know gates.")]
    assert len(told(desk.ravi)) == 1
    history = shown(desk.client("bala"), f"/admin/pages/{desk.article.pk}/history/")
    assert "Review assigned to Meena" in history
    assert "You know gates." in history


def test_a_submission_with_a_due_date_in_the_past_is_sent_back(desk):
    answer = desk.edit("asha", "action-submit", summary="New text.", review_due_on="2020-01-01")
    assert "This day is over" in answer.content.decode()
    assert desk.review is None


def test_the_editors_publish_button_asks_the_checks(desk, monkeypatch):
    def refuse(instance, revision):
        if revision.content["summary"] == "Refused text.":
            raise PublicationRefusedError("Not with this summary.")

    monkeypatch.setattr(publishing, "_checks", [*publishing._checks, refuse])
    answer = desk.client("bala").get(desk.edit("bala", "action-publish", summary="Refused text.").url)
    assert "Not with this summary." in answer.content.decode()
    assert desk.fresh().summary == "Old text."
    assert desk.fresh().get_latest_revision_as_object().summary == "Refused text."
    desk.edit("bala", "action-publish", summary="New text.")
    assert desk.fresh().summary == "New text."


def test_what_a_reviewer_edits_is_marked(desk):
    desk.edit("asha", "action-submit", summary="New text.")
    desk.edit("asha", summary="New text.")  # the author is locked out
    assert "New text." in desk.fresh().get_latest_revision_as_object().summary
    desk.edit("ravi", summary="Better text.")
    panel = shown(desk.client("bala"), desk.edit_path)
    assert "Edited by Ravi during review" in panel
    revision = desk.fresh().latest_revision
    compare = f"/revisions/compare/{revision.get_previous().pk}...{revision.pk}/"
    history = shown(desk.client("bala"), f"/admin/pages/{desk.article.pk}/history/")
    for text in (panel, history):
        assert compare in text
    assert history.count("Edited during review") == 1
    # An autosave writes the same revision again: it is marked once.
    desk.edit("ravi", summary="Better text, saved again.", overwrite_revision_id=str(revision.pk))
    assert shown(desk.client("bala"), f"/admin/pages/{desk.article.pk}/history/").count("Edited during review") == 1


@pytest.mark.parametrize("leave", ["delete", "deactivate", "group", "emptied", "group deleted"])
def test_a_review_outlives_its_reviewer(desk, leave):
    desk.edit("asha", "action-submit", summary="New text.", review_assignee=desk.ravi.pk)
    group = desk.ravi.groups.get()
    if leave == "delete":
        desk.ravi.delete()
    elif leave == "deactivate":
        desk.ravi.is_active = False
        desk.ravi.save()
    elif leave == "group":
        desk.ravi.groups.remove(group)
    elif leave == "emptied":
        group.user_set.clear()
    else:
        group.delete()
    review = desk.review
    assert review.assignee is None
    panel = shown(desk.client("asha"), desk.edit_path)
    if leave in {"emptied", "group deleted"}:
        assert "Nobody is in the group of this step" in panel
        desk.edit("asha", "action-cancel-workflow")
        assert desk.fresh().current_workflow_state is None
        assert desk.fresh().get_latest_revision_as_object().summary == "New text."
    else:
        assert "Anybody of the group can review it" in panel
        assert told(desk.meena) == [("assigned", "")]
        desk.act("meena", "approve")
        assert desk.review.task.name.endswith("publication")


def test_a_second_editor_does_not_overwrite_the_first(desk):
    """As the editor sends it: each save says which revision it was begun from."""
    first, second = desk.form("asha"), desk.form("bala")
    desk.client("asha").post(desk.edit_path, {**first, "summary": "Asha's text."})
    answer = desk.client("bala").post(
        desk.edit_path, {**second, "summary": "Bala's text."}, headers={"accept": "application/json"}
    )
    assert answer.json()["error_code"] == "invalid_revision"
    assert desk.fresh().get_latest_revision_as_object().summary == "Asha's text."
    # Saved knowingly, by the button, it becomes a revision of its own: the first is in the history.
    desk.client("bala").post(desk.edit_path, {**second, "summary": "Bala's text."})
    texts = [one.content["summary"] for one in desk.fresh().revisions.order_by("-pk")[:2]]
    assert texts == ["Bala's text.", "Asha's text."]


def test_wagtail_mails_nothing_that_a_notice_tells(desk):
    desk.edit("asha", "action-submit", summary="New text.", review_assignee=desk.ravi.pk)
    desk.act("ravi", "reject", comment="No.")
    assert mail.outbox == []
    mail_notices()
    assert [(one.to, one.subject) for one in mail.outbox] == [
        (["ravi@example.com"], "Asha asks you to review “Lock the gate”."),
        (["asha@example.com"], "Ravi returned “Lock the gate” to you."),
    ]
    assert WorkflowState.objects.get(object_id=str(desk.article.pk)).status == WorkflowState.STATUS_NEEDS_CHANGES
