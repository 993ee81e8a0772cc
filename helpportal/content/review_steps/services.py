"""Changing the steps of a tenant's workflow. It stays Wagtail's workflow with Wagtail's tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.models import AbstractGroupApprovalTask, Page, Site, Task, Workflow, WorkflowTask

from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.people.log import record
from helpportal.accounts.queries import tenant_workflow

from ..models import ReviewTask
from ..models.review import DAYS_FOR_A_REVIEW

STEPS_CHANGED = "content.review_steps.changed"


class StepsError(ValueError):
    """The steps cannot be as asked; the message says why and what to do."""


@dataclass(frozen=True)
class Step:
    """One step as it shall be; `task` is None for a new one."""

    name: str
    groups: Sequence[TenantGroup]
    days: int = DAYS_FOR_A_REVIEW
    task: Task | None = None


def own_workflow(site: Site) -> Workflow:
    """Return the tenant's workflow. Raises StepsError when it has none, or when it is not the tenant's alone."""
    workflow = tenant_workflow(site)
    if workflow is None:
        raise StepsError(_("This help centre has no workflow. Whoever runs the install can make one: sync_roles."))
    elsewhere = workflow.workflow_pages.exclude(page__in=_pages_of(site))
    if elsewhere.exists() or workflow.workflow_content_types.exists():
        raise StepsError(_("This workflow is used elsewhere too: only whoever runs the install may change it."))
    return workflow


def _pages_of(site: Site) -> QuerySet[Page]:
    homes = Page.objects.filter(translation_key=site.root_page.translation_key)
    below = Page.objects.none()
    for home in homes:
        below |= home.get_descendants(inclusive=True)
    return below.order_by().values("pk")


def steps_of(workflow: Workflow) -> list[Step]:
    """Return the steps as they are, with the groups that the tenant knows."""
    steps = []
    for row in workflow.workflow_tasks.select_related("task").order_by("sort_order", "pk"):
        task = row.task.specific
        groups: list[TenantGroup] = []
        if isinstance(task, AbstractGroupApprovalTask):
            known = TenantGroup.objects.filter(group__in=task.groups.order_by().values("pk"))
            groups = list(known.select_related("locale"))
        steps.append(Step(task.name, groups, getattr(task, "days", DAYS_FOR_A_REVIEW), task))
    return steps


@transaction.atomic
def change_steps(site: Site, steps: Sequence[Step], *, by: User) -> None:
    """Make these the steps of the tenant's review, in this order.

    A text that waits at a step that goes is decided there and then goes on. Raises StepsError when there is no step,
    or a step or group is not the tenant's.
    """
    workflow = Workflow.objects.select_for_update().get(pk=own_workflow(site).pk)
    if not steps:
        raise StepsError(_("A review needs at least one step."))
    held = {row.task_id: row for row in workflow.workflow_tasks.all()}
    kept = set()
    for order, step in enumerate(steps):
        if any(group.site_id != site.pk for group in step.groups):
            raise StepsError(_("This group belongs to another help centre."))
        if step.task is None:
            task = ReviewTask.objects.create(name=step.name, days=step.days)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        else:
            if step.task.pk not in held:
                raise StepsError(_("This step is not of this help centre's review."))
            task = step.task.specific
            WorkflowTask.objects.filter(pk=held[task.pk].pk).update(sort_order=order)
            task.name = step.name
            if isinstance(task, ReviewTask):
                task.days = step.days
            task.save()
        kept.add(task.pk)
        if isinstance(task, AbstractGroupApprovalTask):
            # Groups that the tenant does not know were put there by whoever runs the install, and stay.
            foreign = task.groups.exclude(tenant_group__site=site).values_list("pk", flat=True)
            task.groups.set([*foreign, *(group.group_id for group in step.groups)])
    WorkflowTask.objects.filter(workflow=workflow).exclude(task__in=kept).delete()
    record(workflow, STEPS_CHANGED, site=site, by=by, names=[step.name for step in steps])
