"""What review hears: publications, the steps of a workflow, and people who leave."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.admin import signal_handlers
from wagtail.models import Page, TaskState, WorkflowState
from wagtail.signals import page_published, published, task_approved, task_submitted, workflow_rejected

from helpportal.core.queueing import enqueue_on_commit

from ..models import ArticlePage, Fragment
from ..signals import notices_written
from . import events, services, tasks


def connect() -> None:
    """Connect everything, and keep Wagtail from mailing what notices tell. Called once, when the apps are ready."""
    page_published.connect(record_publication, sender=ArticlePage)
    published.connect(tell_of_publication)
    task_submitted.connect(tell_of_submission)
    task_approved.connect(tell_of_approval)
    workflow_rejected.connect(tell_of_return)
    notices_written.connect(mail_on_commit)
    user = get_user_model()
    post_save.connect(release_of_inactive, sender=user)
    pre_delete.connect(release_of_deleted, sender=user)
    post_delete.connect(release_of_deleted_group, sender=Group)
    m2m_changed.connect(release_of_former_members, sender=user.groups.through)
    for notifier in (
        signal_handlers.task_submission_email_notifier,
        signal_handlers.workflow_submission_email_notifier,
        signal_handlers.workflow_approval_email_notifier,
        signal_handlers.workflow_rejection_email_notifier,
    ):
        notifier.valid_classes = ()


def record_publication(instance, revision, **_signal) -> None:
    services.record_change(instance, revision)


def tell_of_publication(instance, revision, **_signal) -> None:
    if isinstance(instance, Page | Fragment) and instance.live:
        events.tell_of_publication(instance, revision)


def tell_of_submission(instance: TaskState, user=None, **_signal) -> None:
    if isinstance(instance.workflow_state.content_object, Page | Fragment):
        services.tell_reviewers(instance, user, key=f"assigned:{instance.pk}")


def tell_of_approval(instance: TaskState, user=None, **_signal) -> None:
    events.tell_of_approval(instance, user)


def tell_of_return(instance: WorkflowState, user=None, **_signal) -> None:
    events.tell_of_return(instance, user)


def mail_on_commit(**_signal) -> None:
    enqueue_on_commit(tasks.mail_notices)


def release_of_inactive(instance, created=False, **_signal) -> None:
    if not created and not instance.is_active:
        services.release_reviews(instance.pk)


def release_of_deleted(instance, **_signal) -> None:
    # Before the row goes: the reviews that were this person's are told apart from those that were nobody's.
    get_user_model().objects.filter(pk=instance.pk).update(is_active=False)
    services.release_reviews(instance.pk)


def release_of_former_members(instance, action, reverse, pk_set, **_signal) -> None:
    if action not in {"post_remove", "post_clear"}:
        return
    if reverse and pk_set is None:
        # A group that is emptied does not name who was in it.
        services.release_reviews()
    for user_id in (pk_set or ()) if reverse else (instance.pk,):
        services.release_reviews(user_id)


def release_of_deleted_group(**_signal) -> None:
    services.release_reviews()
