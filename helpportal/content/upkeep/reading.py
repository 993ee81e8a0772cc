"""What readers are told of an article's upkeep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from ..enums import OverdueRule
from ..presentation import link_item
from ..queries import PageRow, prefer
from .dates import rule_cutoff

if TYPE_CHECKING:
    from ..routing import Location


def upkeep_context(location: Location, found: Sequence[PageRow]) -> dict[str, Any]:
    """Return what the template of an article is given; `found` are the pages around it that its reader may open."""
    known, tenant, language = location.upkeep, location.tenant, location.language
    successors = [row for row in prefer(found, tenant, language) if row.translation_key == known.successor]
    is_flagged = (
        not known.is_archived
        and known.review_by is not None
        and tenant.overdue_rule == OverdueRule.FLAG
        and known.review_by <= rule_cutoff(tenant.overdue_days, timezone.localdate())
    )
    published = location.page.last_published_at
    is_newer = known.confirmed_at is not None and (published is None or known.confirmed_at > published)
    return {
        "is_archived": known.is_archived,
        "successor": link_item(successors[0], tenant, language) if known.is_archived and successors else None,
        "overdue_since": known.review_by if is_flagged else None,
        # Publishing says more than finding correct: the later of the two is shown.
        "confirmed": known.confirmed_at if is_newer else None,
    }
