"""Groups of a tenant, what they may do, and the way of a text from author to reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import translation
from wagtail.models import (
    AbstractGroupApprovalTask,
    Collection,
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
    group = Group.objects.create(name=group_name(site, label))
    TenantGroup.objects.create(group=group, site=site, role=role, label=label, locale=locale)
    return group


def group_name(site: Site, label: str) -> str:
    """Return the name of a tenant's group among all groups of the install."""
    # Django wants group names unique across tenants: the host stands in front.
    host = site.hostname if site.port in (80, 443) else f"{site.hostname}:{site.port}"
    name = f"{host} · {label}"
    return name if len(name) <= 150 else f"#{site.pk} · {label}"


@transaction.atomic
def grant_roles(
    site: Site, homes: Sequence[Page], collection: Collection, task_model: type[AbstractGroupApprovalTask]
) -> SyncReport:
    """Make a tenant's staff groups, give them the permissions of their roles, and set up the workflow.

    `homes` are the tenant's home pages, one a language; `task_model` is what the tasks of a new workflow are.
    It only ever adds: a permission that somebody gave by hand stays, a workflow that somebody chose for a home page
    stays. A preset permission that was taken away by hand
    comes back; to keep somebody from it, use another group.
    """
    report = SyncReport()
    tenant = _Tenant(site, collection, _permissions(), report)
    existing = {
        (row.role, row.locale_id): row.group
        for row in TenantGroup.objects.staff().filter(site=site).select_related("group")
    }

    def group_of(role: Role, locale: Locale | None = None) -> Group:
        key = (role, locale and locale.pk)
        if key not in existing:
            existing[key] = _make_staff_group(site, role, locale, report)
        return existing[key]

    for role, preset in PRESETS.items():
        if preset.reach is Reach.OWN:
            for home in homes:
                _grant(tenant, group_of(role, home.locale), preset, [home])
        else:
            reached = [
                home
                for home in homes
                if preset.reach is Reach.ALL or home.locale.language_code == settings.LANGUAGE_CODE
            ]
            _grant(tenant, group_of(role), preset, reached)
    tasks = {"Review": group_of(Role.REVIEWER), "Publication": group_of(Role.PUBLISHER)}
    _prepare_workflow(site, homes, task_model, tasks, report)
    return report


def _make_staff_group(site: Site, role: Role, locale: Locale | None, report: SyncReport) -> Group:
    with translation.override("en"):
        label = str(role.label) if locale is None else f"{role.label} ({locale.language_code})"
    taken = set(TenantGroup.objects.filter(site=site, label__startswith=label).values_list("label", flat=True))
    number = 2
    free = label
    while free in taken:
        free, number = f"{label} {number}", number + 1
    report.added.append(f"group {free}")
    return tenant_group(site, role, free, locale)


def _permissions() -> dict[str, Permission]:
    """Return every permission of the presets by `app_label.codename`. Raises LookupError when one does not exist."""
    wanted = {
        name
        for preset in PRESETS.values()
        for name in (*preset.pages, *preset.collection, *preset.site, *preset.everywhere)
    }
    codenames = {name.split(".", 1)[1] for name in wanted}
    found = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.filter(codename__in=codenames).select_related("content_type")
    }
    if missing := wanted - found.keys():
        raise LookupError(f"These permissions are not there: {', '.join(sorted(missing))}. Run `manage.py migrate`.")
    return found


@dataclass(frozen=True)
class _Tenant:
    site: Site
    collection: Collection
    permissions: dict[str, Permission]
    report: SyncReport


def _grant(tenant: _Tenant, group: Group, preset: Preset, homes: Sequence[Page]) -> None:
    """Add what the group lacks of its role's permissions. One query for each kind to look, one to add."""

    def wanted(names: Iterable[str]) -> list[Permission]:
        return [tenant.permissions[name] for name in names]

    pages = {
        (home.pk, one.pk): (GroupPagePermission(group=group, page_id=home.pk, permission=one), f"below /{home.slug}/")
        for home in homes
        for one in wanted(preset.pages)
    }
    _add_missing(tenant.report, group, pages, group.page_permissions.values_list("page_id", "permission_id"))
    collections = {
        (tenant.collection.pk, one.pk): (
            GroupCollectionPermission(group=group, collection=tenant.collection, permission=one),
            f"in collection {tenant.collection.name}",
        )
        for one in wanted(preset.collection)
    }
    held = group.collection_permissions.values_list("collection_id", "permission_id")
    _add_missing(tenant.report, group, collections, held)
    sites = {
        (tenant.site.pk, one.pk): (GroupSitePermission(group=group, site=tenant.site, permission=one), "of the site")
        for one in wanted(preset.site)
    }
    _add_missing(tenant.report, group, sites, group.site_permissions.values_list("site_id", "permission_id"))
    plain = {
        (one.pk,): (Group.permissions.through(group=group, permission=one), "everywhere it may go")
        for one in wanted(preset.everywhere)
    }
    _add_missing(tenant.report, group, plain, group.permissions.values_list("pk"))


def _add_missing(report: SyncReport, group: Group, wanted: dict[tuple, tuple[Model, str]], held: QuerySet) -> None:
    present = set(held) if wanted else set()
    missing = [row for key, row in wanted.items() if key not in present]
    if not missing:
        return
    rows = [row for row, _where in missing]
    type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True)
    report.added.extend(f"{group.name}: {row.permission.codename} {where}" for row, where in missing)


def _prepare_workflow(
    site: Site,
    homes: Sequence[Page],
    task_model: type[AbstractGroupApprovalTask],
    tasks: dict[str, Group],
    report: SyncReport,
) -> None:
    """Give the home pages that have no workflow the tenant's: `tasks` in their order, each with who approves it."""
    chosen = set(WorkflowPage.objects.filter(page__in=[home.pk for home in homes]).values_list("page_id", flat=True))
    without = [home for home in homes if home.pk not in chosen]
    if not without:
        return
    workflow = tenant_workflow(site)
    if workflow is None:
        name = site.site_name or site.hostname
        workflow = Workflow.objects.create(name=f"{name}: review and publication")
        for order, (task_name, group) in enumerate(tasks.items()):
            task = task_model.objects.create(name=f"{name}: {task_name.lower()}")
            task.groups.add(group)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=order)
        report.added.append(f"workflow {workflow.name}")
    for home in without:
        WorkflowPage.objects.create(page_id=home.pk, workflow=workflow)
        report.added.append(f"workflow {workflow.name} below /{home.slug}/")
