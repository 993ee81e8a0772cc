"""Whom an article is for, as its readers are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext
from wagtail.models import Page, PageViewRestriction

from helpportal.accounts.models import TenantGroup
from helpportal.accounts.people.forms import group_name


def audience_of(families: Sequence[UUID]) -> list[str]:
    """Return the names of the groups that these families (a page's and those above it) are kept to, sorted."""
    restrictions = PageViewRestriction.objects.filter(
        page__translation_key__in=families, restriction_type=PageViewRestriction.GROUPS
    )
    groups = TenantGroup.objects.filter(group__pageviewrestriction__in=restrictions).distinct()
    return sorted(groups.values_list("label", flat=True))


@dataclass(frozen=True)
class Audience:
    """One rule on a page: who may read, and the page above that it comes from (None: its own)."""

    readers: tuple[str, ...]
    source: Page | None = None


def rules_on(page: Page) -> list[Audience]:
    """Return every rule that holds for a page, its own first, then upwards. A reader must pass all of them.

    As the access rule has it, the families of the page and of the pages above any of its translations count. Four
    queries, whatever the page.
    """
    family = Page.objects.filter(translation_key=page.translation_key).values_list("path", flat=True)
    places = {page.path, *family}
    above = {path[:end] for path in places for end in range(2 * Page.steplen, len(path), Page.steplen)}
    ancestors = list(Page.objects.filter(path__in=above).order_by("-depth"))
    order = [page.translation_key, *dict.fromkeys(row.translation_key for row in ancestors)]
    named: dict[UUID, Page] = {}
    for row in ancestors:
        # Of a family the page that stands above this very page, whose name the editor knows.
        if row.translation_key not in named or page.path.startswith(row.path):
            named[row.translation_key] = row
    groups = TenantGroup.objects.select_related("locale").order_by("label")
    restrictions = (
        PageViewRestriction.objects.filter(page__translation_key__in=order)
        .exclude(restriction_type=PageViewRestriction.NONE)
        .select_related("page")
        .prefetch_related(Prefetch("groups__tenant_group", queryset=groups))
    )
    readers: dict[UUID, list[str]] = {}
    for restriction in restrictions:
        names = readers.setdefault(restriction.page.translation_key, [])
        if restriction.restriction_type == PageViewRestriction.LOGIN:
            names.append(gettext("everybody who is signed in"))
        for group in restriction.groups.all():
            row = getattr(group, "tenant_group", None)
            names.append(group_name(row) if row else group.name)
    return [
        Audience(tuple(sorted(set(readers[key]))), None if key == page.translation_key else named[key])
        for key in order
        if key in readers
    ]
