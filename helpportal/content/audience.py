"""Whom an article is for, as its readers are told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wagtail.models import PageViewRestriction

from helpportal.accounts.models import TenantGroup


def audience_of(families: Sequence[UUID]) -> list[str]:
    """Return the names of the groups that these families (a page's and those above it) are kept to, sorted."""
    restrictions = PageViewRestriction.objects.filter(
        page__translation_key__in=families, restriction_type=PageViewRestriction.GROUPS
    )
    groups = TenantGroup.objects.filter(group__pageviewrestriction__in=restrictions).distinct()
    return sorted(groups.values_list("label", flat=True))
