"""Changing what is true of an article in all its languages."""

from __future__ import annotations

import datetime

from wagtail.models import Page, Site

from ..models import Upkeep


def upkeep_of(page: Page, site: Site) -> Upkeep:
    """Return the row of a page's family, not saved yet where it has none."""
    return Upkeep.objects.filter(translation_key=page.translation_key).first() or Upkeep(
        site=site, translation_key=page.translation_key
    )


def import_review_date(page: Page, site: Site, day: datetime.date | None) -> None:
    """Take over the review date of an imported document; the later one stands where the portal has one already."""
    if day is None:
        return
    upkeep = upkeep_of(page, site)
    if upkeep.review_by is None or upkeep.review_by < day:
        upkeep.review_by = day
        upkeep.save()
