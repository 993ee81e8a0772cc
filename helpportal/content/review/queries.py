"""Reads of review: who may review, what was edited meanwhile, what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, Site, Task, TaskState, WorkflowState

from helpportal.accounts.models import TenantGroup, User

from ..models import Fragment, ReviewTask, ReviewTaskState
from ..models.review import DAYS_FOR_A_REVIEW


def site_of(subject: Page | Fragment) -> Site | None:
    """Return the tenant of a page (in whichever of its languages) or a fragment."""
    if isinstance(subject, Fragment):
        return subject.site
    homes = subject.get_ancestors(inclusive=True).order_by().values("translation_key")
    return Site.objects.filter(root_page__translation_key__in=homes).order_by("pk").first()


def subject_of(state: TaskState) -> Page | Fragment:
    """Return the page or fragment that a review is about."""
    subject = state.workflow_state.content_object
    return subject.specific if isinstance(subject, Page) else subject


def reviewers_of(task: AbstractGroupApprovalTask) -> QuerySet[User]:
    """Return the active people in a task's groups, by name; groups that belong to no tenant's staff do not count."""
    groups = task.groups.order_by().values("pk")
    member = TenantGroup.objects.staff().filter(group__in=groups, group__user=OuterRef("pk"))
    return (
        get_user_model().objects.filter(Exists(member), is_active=True).order_by("first_name", "last_name", "username")
    )


def reviewer_of_last_round(state: ReviewTaskState) -> User | None:
    """Return who returned this text from the same task before, if still a reviewer."""
    rounds = ReviewTaskState.objects.filter(workflow_state_id=state.workflow_state_id, task_id=state.task_id)
    last = rounds.order_by("-started_at", "-pk").values_list("finished_by", "assignee").first()
    if last is None:
        return None
    task = state.task.specific
    if not isinstance(task, AbstractGroupApprovalTask):
        return None
    finished_by, assignee = last
    return reviewers_of(task).filter(pk=finished_by or assignee).first()


def due_day(task: Task) -> date:
    """Return the day by which a review that comes to a task today is done, where nobody says otherwise."""
    specific = task.specific
    days = specific.days if isinstance(specific, ReviewTask) else DAYS_FOR_A_REVIEW
    return timezone.localdate() + timedelta(days=days)


def first_review_of(page: Page) -> ReviewTask | None:
    """Return the task that a page comes to when it is submitted now, where that is one with an assignee."""
    current = page.current_workflow_state
    if current is not None and current.status == WorkflowState.STATUS_NEEDS_CHANGES and current.current_task_state:
        task = current.current_task_state.task
    elif current is not None:
        return None
    else:
        workflow = page.get_workflow()
        task = workflow.tasks.filter(active=True).first() if workflow else None
    specific = task.specific if task else None
    return specific if isinstance(specific, ReviewTask) else None


def usual_reviewer(page: Page, task: ReviewTask) -> User | None:
    """Return who reviewed this page in the task last, if still a reviewer."""
    done = ReviewTaskState.objects.for_instance(page).filter(task=task, finished_by__isnull=False)
    last = done.order_by("-finished_at").values_list("finished_by", flat=True).first()
    return reviewers_of(task).filter(pk=last).first() if last else None


@dataclass(frozen=True)
class EditInReview:
    """A revision that somebody other than the submitter made of a text under review."""

    revision_id: int
    before_id: int | None
    user: User | None
    at: datetime


def edits_in_review(state: WorkflowState) -> list[EditInReview]:
    """Return the edits of others since a text was submitted, the newest first. Two queries."""
    revisions = Revision.objects.filter(
        base_content_type_id=state.base_content_type_id, object_id=state.object_id
    ).order_by("-created_at", "-pk")
    since = list(revisions.filter(created_at__gt=state.created_at).select_related("user").defer("content"))
    before = revisions.filter(created_at__lte=state.created_at).values_list("pk", flat=True).first()
    earlier = [*(one.pk for one in since[1:]), before]
    return [
        EditInReview(one.pk, previous, one.user, one.created_at)
        for one, previous in zip(since, earlier, strict=False)
        if one.user_id is not None and one.user_id != state.requested_by_id
    ]


def revision_before(revision: Revision) -> int | None:
    """Return the revision that stood before another of the same object."""
    older = Revision.objects.filter(
        Q(created_at__lt=revision.created_at) | Q(created_at=revision.created_at, pk__lt=revision.pk),
        base_content_type_id=revision.base_content_type_id,
        object_id=revision.object_id,
    )
    return older.order_by("-created_at", "-pk").values_list("pk", flat=True).first()
