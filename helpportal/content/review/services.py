"""Who reviews a text by when, what a publication changed, and when translators take it over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import AbstractGroupApprovalTask, Page, PageLogEntry, Revision, TaskState, WorkflowState

from helpportal.accounts.models import User

from ..enums import NoticeKind, Severity
from ..models import ArticleChange, ArticlePage, ReviewTaskState
from ..publishing import publishing_user
from ..signals import readied_for_translation
from . import queries
from .notices import notify

READY = "content.ready_for_translation"
ASSIGNED = "content.assign_review"
EDITED = "content.edit_in_review"

# What whoever submits a text chose for its review: Wagtail makes the review itself, and hands nothing on.
_chosen: ContextVar[Assignment | None] = ContextVar("chosen_review", default=None)


@dataclass(frozen=True)
class Assignment:
    """Who reviews and by when; nobody means anybody of the task's groups."""

    assignee: User | None = None
    due_on: datetime.date | None = None


@contextmanager
def review_chosen(assignment: Assignment | None) -> Iterator[None]:
    """Give the reviews that begin in this block the assignee and due date that their submitter chose."""
    token = _chosen.set(assignment)
    try:
        yield
    finally:
        _chosen.reset(token)


def give_defaults(state: ReviewTaskState) -> None:
    """Give a review that begins its assignee and due date: the chosen ones.

    Else it is for whoever returned it, in the days that its task gives.
    """
    chosen = _chosen.get() or Assignment()
    if state.assignee_id is None:
        state.assignee = chosen.assignee or queries.reviewer_of_last_round(state)
    if state.due_on is None:
        state.due_on = chosen.due_on or queries.due_day(state.task)


@transaction.atomic
def assign(state: ReviewTaskState, user: User, assignment: Assignment, comment: str = "") -> None:
    """Give a running review to somebody, or to everybody in its groups, and tell them.

    Raises PermissionDenied when the review is over, or when the person is none of its reviewers.
    """
    locked = ReviewTaskState.objects.select_for_update(of=("self",)).get(pk=state.pk)
    if locked.status != TaskState.STATUS_IN_PROGRESS:
        raise PermissionDenied(_("This review is over: there is nothing to assign."))
    task = locked.task.specific
    reviewers = queries.reviewers_of(task)
    assignee = assignment.assignee
    if assignee is not None and not reviewers.filter(pk=assignee.pk).exists():
        raise PermissionDenied(_("This person is no reviewer here."))
    locked.assignee, locked.due_on = assignee, assignment.due_on
    locked.save(update_fields=["assignee", "due_on"])
    subject = queries.subject_of(locked)
    entry = log(
        instance=subject,
        action=ASSIGNED,
        user=user,
        revision=locked.revision,
        data={
            "assignee": assignee.get_full_name() or assignee.get_username() if assignee else "",
            "due_on": assignment.due_on.isoformat() if assignment.due_on else "",
            "comment": comment,
        },
    )
    tell_reviewers(locked, user, key=f"assigned:{locked.pk}:{entry.pk if entry else ''}", comment=comment)


def tell_reviewers(state: TaskState, actor: User | None, *, key: str, comment: str = "") -> int:
    """Tell the assignee of a review, else everybody in its groups, that it waits; return how many were told."""
    subject = queries.subject_of(state)
    site = queries.site_of(subject)
    task = state.task.specific
    if site is None or not isinstance(task, AbstractGroupApprovalTask):
        return 0
    assignee = getattr(state, "assignee_id", None)
    users = [assignee] if assignee else list(queries.reviewers_of(task).values_list("pk", flat=True))
    due_on = getattr(state, "due_on", None)
    return notify(NoticeKind.ASSIGNED, users, subject, site=site, key=key, actor=actor, comment=comment, due_on=due_on)


def mark_edit_in_review(page: Page, user: User, state: WorkflowState) -> bool:
    """Mark the latest revision in a page's history when somebody edits the text that another person submitted."""
    revision = page.latest_revision
    if revision is None or user.pk == state.requested_by_id or revision.user_id != user.pk:
        return False
    if PageLogEntry.objects.filter(page=page.pk, action=EDITED, revision=revision).exists():
        return False  # autosave writes the same revision again and again
    log(instance=page.specific, action=EDITED, user=user, revision=revision, data=_before(revision))
    return True


def _before(revision: Revision) -> dict[str, Any]:
    return {"before": queries.revision_before(revision)}


@transaction.atomic
def release_reviews(user_id: int | None = None) -> int:
    """Leave the running reviews of people who may not review any more to their groups, and tell those.

    Looks at the reviews of one person, or at all that have an assignee; returns how many were released.
    """
    running = ReviewTaskState.objects.select_for_update(of=("self",)).filter(
        status=TaskState.STATUS_IN_PROGRESS, assignee__isnull=False
    )
    released = 0
    for state in running if user_id is None else running.filter(assignee_id=user_id):
        before = state.assignee_id
        if queries.reviewers_of(state.task.specific).filter(pk=before).exists():
            continue
        state.assignee = None
        state.save(update_fields=["assignee"])
        tell_reviewers(state, None, key=f"released:{state.pk}:{before}")
        released += 1
    return released


def record_change(page: ArticlePage, revision: Revision) -> ArticleChange | None:
    """Write down what the publication of `revision` changed, once; None for an article's first publication."""
    if not page.live or page.first_published_at is None or page.first_published_at == page.last_published_at:
        return None
    site = queries.site_of(page)
    if site is None:
        return None
    change, _made = ArticleChange.objects.get_or_create(
        revision=revision,
        defaults={
            "site": site,
            "page_id": page.pk,
            "severity": page.change_severity or Severity.NORMAL,
            "note": _note_for_readers(page),
            "ready_for_translation": page.ready_for_translation,
            "published_at": page.last_published_at or timezone.now(),
            "published_by": _publisher_of(page, revision),
        },
    )
    return change


def _note_for_readers(page: ArticlePage) -> str:
    """Return the change note; a translation that is published again for the same edit says it once."""
    note = page.change_note
    if note and page.locale.language_code != settings.SOURCE_LOCALE:
        told = ArticleChange.objects.filter(page_id=page.pk).exclude(note="").values_list("note", flat=True).first()
        if told == note:
            return ""
    return note


def _publisher_of(page: ArticlePage, revision: Revision) -> Any:
    """Return who publishes: whoever is at work now, else whoever scheduled it; None for a program."""
    user = publishing_user() or get_active_log_context().user
    if user is not None:
        return user if user.is_authenticated else None
    scheduled = PageLogEntry.objects.filter(page=page.pk, revision=revision, action="wagtail.publish.schedule")
    entry = scheduled.select_related("user").order_by("-timestamp").first()
    return entry.user if entry else None


@transaction.atomic
def mark_ready_for_translation(page: ArticlePage, user) -> bool:
    """Let translators take over what is live; return False where they may already, or where nothing is live."""
    changed = ArticlePage.objects.filter(pk=page.pk, live=True, ready_for_translation=False).update(
        ready_for_translation=True
    )
    if not changed:
        return False
    live = ArticlePage.objects.get(pk=page.pk)
    ArticleChange.objects.filter(page_id=live.pk, revision_id=live.live_revision_id).update(ready_for_translation=True)
    log(instance=live, action=READY, user=user, revision=live.live_revision)
    readied_for_translation.send(sender=ArticlePage, page=live)
    return True
