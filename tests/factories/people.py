"""People of a tenant."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User


def staff(site: Site, role: Role, language: str | None = None, name: str | None = None) -> User:
    """Make somebody with a role of a tenant, and a password (`secret`). Translators are of one language."""
    group = TenantGroup.objects.get(site=site, role=role, locale__language_code=language).group
    user = User.objects.create_user(name or f"{role}-{language or settings.LANGUAGE_CODE}", password="secret")
    user.groups.add(group)
    return user
