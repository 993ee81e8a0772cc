"""Reads of the accounts room: whose staff somebody is."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from wagtail.models import Page, Site, Workflow

from helpportal.core.access import StandsBelow

from .models import TenantGroup


def staff_sites(user) -> QuerySet[Site]:
    """Return the sites whose staff the user is: those of the user's tenant groups; all for superusers."""
    if not user.is_authenticated or not user.is_active:
        return Site.objects.none()
    if user.is_superuser:
        return Site.objects.all()
    return Site.objects.filter(pk__in=TenantGroup.objects.filter(group__user=user).staff().values("site"))


def staff_pages(user) -> QuerySet[Page]:
    """Return every page, of any state, that stands in a tenant whose staff the user is.

    For the admin only, where Wagtail's page permissions decide what may be done with them.
    """
    if user.is_superuser and user.is_active:
        return Page.objects.all()
    homes = Page.objects.filter(translation_key__in=staff_sites(user).values("root_page__translation_key"))
    return Page.objects.filter(Q(StandsBelow(homes.order_by().values("path"))))


def tenant_groups(sites: QuerySet[Site]) -> QuerySet[Group]:
    """Return the groups of these tenants, readers' and staff's."""
    return Group.objects.filter(tenant_group__site__in=sites)


def tenant_workflow(site: Site) -> Workflow | None:
    """Return the active workflow of a tenant's home pages, which its other content shares; None when it has none."""
    return (
        Workflow.objects.active()
        .filter(workflow_pages__page__translation_key=site.root_page.translation_key)
        .order_by("pk")
        .first()
    )
