"""Groups of a tenant, what they may do, and the way of a text from author to reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from .enums import Role
from .models import TenantGroup
from .queries import tenant_workflow
from .roles import PRESETS, Preset, Reach


@dataclass
class SyncReport:
    """What a run of `grant_roles` added, as sentences for people. Empty when all was there already."""

    added: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added)


def tenant_group(site: Site, role: Role, label: str, locale: Locale | None = None) -> Group:
    """Return the tenant's group of that name, made when it is not there yet.

    `locale` belongs to translators only: the language they may translate into.
    """
    existing = TenantGroup.objects.filter(site=site, label=label).select_related("group").first()
    if existing:
        return existing.group
    group = Group.objects.create(name=_group_name(site, label))
    TenantGroup.objects.create(group=group, site=site, role=role, label=label, locale=locale)
    return group


def _group_name(site: Site, label: str) -> str:
    # Django wants group names unique across tenants: the host stands in front.
    host = site.hostname if site.port in (80, 443) else f"{site.hostname}:{site.port}"
    name = f"{host} · {label}"
    return name if len(name) <= 150 else f"#{site.pk} · {label}"


@transaction.atomic
def grant_roles(site: Site, homes: Sequence[Page], collection: Collection) -> SyncReport:
    """Make a tenant's staff groups, give them the permissions of their roles, and set up the workflow.

    `homes` are the tenant's home pages, one a language. It only ever adds: a permission that somebody gave by hand
    stays, a workflow that somebody chose for a home page stays. A preset permission that was taken away by hand
    comes back; to keep somebody from it, use another group.
    """
    report = SyncReport()
    groups: dict[Role, Group] = {}
    for role, preset in PRESETS.items():
        if preset.reach is Reach.OWN:
            for home in homes:
                group = _staff_group(site, role, home.locale, report)
                _grant(group, preset, site=site, homes=[home], collection=collection, report=report)
        else:
            group = groups[role] = _staff_group(site, role, None, report)
            reached = [
                home
                for home in homes
                if preset.reach is Reach.ALL or home.locale.language_code == settings.LANGUAGE_CODE
            ]
            _grant(group, preset, site=site, homes=reached, collection=collection, report=report)
    _prepare_workflow(site, homes, groups[Role.REVIEWER], groups[Role.PUBLISHER], report)
    return report


def _staff_group(site: Site, role: Role, locale: Locale | None, report: SyncReport) -> Group:
    existing = TenantGroup.objects.filter(site=site, role=role, locale=locale).select_related("group").first()
    if existing:
        return existing.group
    with translation.override("en"):
        label = str(role.label) if locale is None else f"{role.label} ({locale.language_code})"
    taken = set(TenantGroup.objects.filter(site=site, label__startswith=label).values_list("label", flat=True))
    number = 2
    free = label
    while free in taken:
        free, number = f"{label} {number}", number + 1
    report.added.append(f"group {free}")
    return tenant_group(site, role, free, locale)


def _permissions(names: Iterable[str]) -> list[Permission]:
    """Return permissions by `app_label.codename`. Raises LookupError for one that does not exist."""
    wanted = {tuple(name.split(".", 1)) for name in names}
    condition = Q(pk__in=[])
    for app_label, codename in wanted:
        condition |= Q(content_type__app_label=app_label, codename=codename)
    found = list(Permission.objects.filter(condition).select_related("content_type").order_by("codename"))
    missing = wanted - {(one.content_type.app_label, one.codename) for one in found}
    if missing:
        names = ", ".join(sorted(".".join(one) for one in missing))
        raise LookupError(f"These permissions are not there: {names}. Run `manage.py migrate` first.")
    return found


def _grant(
    group: Group, preset: Preset, *, site: Site, homes: Sequence[Page], collection: Collection, report: SyncReport
) -> None:
    for home in homes:
        for permission in _permissions(preset.pages):
            _row, made = GroupPagePermission.objects.get_or_create(group=group, page_id=home.pk, permission=permission)
            if made:
                report.added.append(f"{group.name}: {permission.codename} below /{home.slug}/")
    for permission in _permissions(preset.collection):
        _row, made = GroupCollectionPermission.objects.get_or_create(
            group=group, collection=collection, permission=permission
        )
        if made:
            report.added.append(f"{group.name}: {permission.codename} in collection {collection.name}")
    for permission in _permissions(preset.site):
        _row, made = GroupSitePermission.objects.get_or_create(group=group, site=site, permission=permission)
        if made:
            report.added.append(f"{group.name}: {permission.codename} of the site")
    held = set(group.permissions.values_list("pk", flat=True))
    for permission in _permissions(preset.everywhere):
        if permission.pk not in held:
            group.permissions.add(permission)
            report.added.append(f"{group.name}: {permission.codename}")


def _prepare_workflow(
    site: Site, homes: Sequence[Page], reviewers: Group, publishers: Group, report: SyncReport
) -> None:
    """Give the home pages that have no workflow the tenant's: a review, then the decision to publish."""
    chosen = set(WorkflowPage.objects.filter(page__in=[home.pk for home in homes]).values_list("page_id", flat=True))
    without = [home for home in homes if home.pk not in chosen]
    if not without:
        return
    workflow = tenant_workflow(site)
    if workflow is None:
        name = site.site_name or site.hostname
        workflow = Workflow.objects.create(name=f"{name}: review and publication")
        for order, (task_name, group) in enumerate([("Review", reviewers), ("Publication", publishers)]):
            task = GroupApprovalTask.objects.create(name=f"{name}: {task_name.lower()}")
            task.groups.add(group)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        report.added.append(f"workflow {workflow.name}")
    for home in without:
        WorkflowPage.objects.create(page_id=home.pk, workflow=workflow)
        report.added.append(f"workflow {workflow.name} below /{home.slug}/")
