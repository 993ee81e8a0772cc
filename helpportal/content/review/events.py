"""Who is told of what happened in a workflow, and of what went live."""

from __future__ import annotations

from django.conf import settings
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from helpportal.accounts.models import User

from ..enums import NoticeKind
from ..models import Fragment
from ..publishing import publishing_user
from . import queries
from .notices import notify

PUBLICATIONS = ("wagtail.publish", "wagtail.publish.scheduled")


def tell_of_return(state: WorkflowState, user: User | None) -> None:
    """Tell whoever submitted a text that it came back, and why."""
    task_state = state.current_task_state
    if task_state is not None:
        _tell_submitter(NoticeKind.RETURNED, task_state.specific, user, f"returned:{task_state.pk}")


def tell_of_approval(task_state: TaskState, user: User | None) -> None:
    """Tell whoever submitted a text that one step approved it; of the last step, its publication tells."""
    state = WorkflowState.objects.get(pk=task_state.workflow_state_id)
    subject = state.content_object
    if state.status == WorkflowState.STATUS_APPROVED and subject.live and not subject.has_unpublished_changes:
        return
    _tell_submitter(NoticeKind.APPROVED, task_state, user, f"approved:{task_state.pk}")


def _tell_submitter(kind: NoticeKind, task_state: TaskState, user: User | None, key: str) -> None:
    state = task_state.workflow_state
    subject = queries.subject_of(task_state)
    if state.requested_by_id is None or not isinstance(subject, Page | Fragment):
        return
    site = queries.site_of(subject)
    if site is not None:
        comment = str(task_state.get_comment() or "")
        notify(kind, [state.requested_by_id], subject, site=site, key=key, actor=user, comment=comment)


def tell_of_publication(subject: Page | Fragment, revision: Revision) -> None:
    """Tell those whose text it is: who wrote the revision, who submitted it, and the owner of a source page."""
    actor = publishing_user() or get_active_log_context().user
    actor = actor if actor is not None and actor.is_authenticated else None
    people = {revision.user_id, _submitter(subject)}
    if isinstance(subject, Page) and subject.locale.language_code == settings.SOURCE_LOCALE:
        people.add(subject.owner_id)
    people -= {None, actor.pk if actor else None}
    site = queries.site_of(subject) if people else None
    if site is not None:
        notify(NoticeKind.PUBLISHED, people, subject, site=site, key=f"published:{revision.pk}", actor=actor)


def _submitter(subject: Page | Fragment) -> int | None:
    """Return who submitted the text to its latest workflow, unless it was published since."""
    state = WorkflowState.objects.for_instance(subject).order_by("-created_at").first()
    if state is None or state.status == WorkflowState.STATUS_CANCELLED:
        return None
    if isinstance(subject, Page):
        since = PageLogEntry.objects.filter(page=subject.pk, action__in=PUBLICATIONS, timestamp__gt=state.created_at)
        if since.exists():
            return None
    return state.requested_by_id
