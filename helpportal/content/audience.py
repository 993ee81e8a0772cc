"""Whom an article is for: as its readers are told, and as it is set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
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


def keep_to(page: Page, groups: Sequence[Group], user: Any) -> None:
    """Keep a page, in all its languages, to these groups; without groups it is open to everybody.

    What a category above it is kept to stays true.
    """
    restriction = PageViewRestriction.objects.filter(page=page).first()
    if not groups:
        if restriction is not None:
            restriction.delete(user=user)
        return
    if restriction is None:
        restriction = PageViewRestriction(page_id=page.pk, restriction_type=PageViewRestriction.GROUPS)
        restriction.save(user=user)
    elif restriction.restriction_type != PageViewRestriction.GROUPS:
        restriction.restriction_type, restriction.password = PageViewRestriction.GROUPS, ""
        restriction.save(user=user)
    if set(restriction.groups.values_list("pk", flat=True)) != {group.pk for group in groups}:
        restriction.groups.set(groups)


def audiences_of(pages: Sequence[Page]) -> dict[int, list[str]]:
    """Return for each page's id whom it is kept to, by itself or by a page above it; nobody means everybody.

    Three queries for any number of pages.
    """
    own_and_above = {page.pk: [page.path[:end] for end in _ends(page.path)] for page in pages}
    wanted = {path for paths in own_and_above.values() for path in paths}
    families = dict(Page.objects.filter(path__in=wanted).values_list("path", "translation_key"))
    restrictions = PageViewRestriction.objects.filter(page__translation_key__in=set(families.values())).order_by()
    groups = TenantGroup.objects.filter(group__pageviewrestriction__in=restrictions).select_related("locale")
    names = {row.group_id: group_name(row) for row in groups}
    kept_to: dict[UUID, set[str]] = defaultdict(set)
    for key, kind, group, name in restrictions.values_list(
        "page__translation_key", "restriction_type", "groups", "groups__name"
    ):
        if kind == PageViewRestriction.LOGIN:
            kept_to[key].add(gettext("Everybody who is signed in"))
        elif name:
            kept_to[key].add(names.get(group, name))
    return {
        pk: sorted({label for path in paths if path in families for label in kept_to[families[path]]})
        for pk, paths in own_and_above.items()
    }


def _ends(path: str) -> range:
    return range(Page.steplen, len(path) + 1, Page.steplen)
