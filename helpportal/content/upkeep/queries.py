"""Reads of upkeep: which families are archived, and what a page's family has."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.dateparse import parse_date, parse_datetime
from wagtail.models import Page

from ..models import Upkeep

# Depth of a tenant's home pages, one for each of its languages.
HOME_DEPTH = 2


def is_archived() -> Exists:
    """Return the condition that a page's family is archived."""
    return Exists(Upkeep.objects.filter(translation_key=OuterRef("translation_key"), archived_at__isnull=False))


def without_archived(pages: QuerySet) -> QuerySet:
    """Keep the pages that lists, search and sitemaps may name."""
    return pages.filter(~is_archived())


@dataclass(frozen=True)
class KnownUpkeep:
    """What readers may be told of a family; `successor` is the family they are sent to."""

    is_archived: bool = False
    successor: UUID | None = None
    review_by: datetime.date | None = None
    confirmed_at: datetime.datetime | None = None


NOTHING_KNOWN = KnownUpkeep()


def upkeep_column() -> Subquery:
    """Return a column of a query for pages, for `known_upkeep` to read."""
    of_family = Upkeep.objects.filter(translation_key=OuterRef("translation_key"))
    facts = JSONObject(
        archived_at=F("archived_at"),
        successor=F("successor__translation_key"),
        review_by=F("review_by"),
        confirmed_at=F("confirmed_at"),
    )
    return Subquery(of_family.values(facts=facts)[:1])


def known_upkeep(facts: dict[str, Any] | None) -> KnownUpkeep:
    """Read what `upkeep_column` found."""
    if not facts:
        return NOTHING_KNOWN
    return KnownUpkeep(
        is_archived=facts["archived_at"] is not None,
        successor=UUID(facts["successor"]) if facts["successor"] else None,
        review_by=parse_date(facts["review_by"] or ""),
        confirmed_at=parse_datetime(facts["confirmed_at"] or ""),
    )


def upkeep_by_family(families: Iterable[UUID]) -> dict[UUID, Upkeep]:
    """Return the rows of these families, with the people in them, in one query."""
    found = Upkeep.objects.filter(translation_key__in=set(families)).select_related("confirmed_by", "archived_by")
    return {row.translation_key: row for row in found}


def source_page(page: Page) -> Page:
    """Return the page of a family that its upkeep is decided on: the source language's, where there is one."""
    source = (
        Page.objects.filter(translation_key=page.translation_key, locale__language_code=settings.SOURCE_LOCALE)
        .exclude(pk=page.pk)
        .first()
    )
    return source or page
