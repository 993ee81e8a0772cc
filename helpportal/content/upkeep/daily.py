"""What the turn of a day does to articles that wait to be read again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from wagtail.models import Page

from helpportal.core.generation import renew_on_commit

from ..enums import NoticeKind, OverdueRule
from ..models import Notice, TenantSettings, Upkeep
from ..review.notices import notify
from .dates import rule_cutoff
from .services import archive_overdue

BATCH = 100


def look_after_review_dates(today: datetime.date) -> None:
    """Apply each tenant's rule to its overdue articles, and tell owners what is due.

    Each article by itself: stopped at any point and run again, it does the rest, and nothing twice.
    """
    _apply_rules(today)
    _tell_owners(today)


def _apply_rules(today: datetime.date) -> None:
    for tenant in TenantSettings.objects.exclude(overdue_rule=OverdueRule.NOTHING):
        cutoff = rule_cutoff(tenant.overdue_days, today)
        overdue = Upkeep.objects.filter(site_id=tenant.site_id, archived_at__isnull=True, review_by__lte=cutoff)
        if tenant.overdue_rule == OverdueRule.ARCHIVE:
            for batch in _batches(overdue):
                articles = _articles_to_read([upkeep.translation_key for upkeep in batch])
                for article in articles.values():
                    archive_overdue(article, cutoff)
        elif overdue.filter(review_by=cutoff).exists():
            # The notice to readers begins today: pages that are kept do not have it yet.
            renew_on_commit()


def _tell_owners(today: datetime.date) -> None:
    """Tell the owner of each article that is due, once for each date."""
    due = Upkeep.objects.filter(archived_at__isnull=True, review_by__lte=today).select_related("site")
    for batch in _batches(due):
        keys = {upkeep.pk: f"review_due:{upkeep.translation_key}:{upkeep.review_by}" for upkeep in batch}
        told = set(Notice.objects.filter(key__in=keys.values()).values_list("key", "user_id"))
        articles = _articles_to_read([upkeep.translation_key for upkeep in batch])
        for upkeep in batch:
            article, key = articles.get(upkeep.translation_key), keys[upkeep.pk]
            if article is None or article.owner_id is None or (key, article.owner_id) in told:
                continue
            kind = NoticeKind.REVIEW_DUE
            notify(kind, [article.owner_id], article, site=upkeep.site, key=key, due_on=upkeep.review_by)


def _articles_to_read(families: Sequence[UUID]) -> dict[UUID, Page]:
    """Return the live article of each family: the source language's, where there is one."""
    live = Page.objects.filter(translation_key__in=families, live=True, alias_of=None).select_related("locale")
    found: dict[UUID, Page] = {}
    for page in live.order_by("pk"):
        if page.translation_key not in found or page.locale.language_code == settings.SOURCE_LOCALE:
            found[page.translation_key] = page
    return found


def _batches(rows: QuerySet[Upkeep]) -> Iterator[list[Upkeep]]:
    """Walk through rows that may leave the selection while they are worked on."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
