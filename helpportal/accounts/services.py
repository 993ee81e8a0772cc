"""Groups of a tenant and what they may do."""

from __future__ import annotations

from django.contrib.auth.models import Group
from wagtail.models import Locale, Site

from .enums import Role
from .models import TenantGroup


def tenant_group(site: Site, role: Role, label: str, locale: Locale | None = None) -> Group:
    """Return the tenant's group of that name, made when it is not there yet.

    Django wants group names unique across tenants, so the site's name stands in front.
    """
    existing = TenantGroup.objects.filter(site=site, label=label).select_related("group").first()
    if existing:
        return existing.group
    group = Group.objects.create(name=f"{site.site_name or site.hostname} · {label}"[:150])
    TenantGroup.objects.create(group=group, site=site, role=role, label=label, locale=locale)
    return group
