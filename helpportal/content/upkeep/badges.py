"""How an article's upkeep looks in the admin: one badge, the same in the list, the editor and the report."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ..enums import DueState
from ..models import Upkeep
from .dates import due_state

# Wagtail's own looks of a status.
PLAIN, NOTABLE, PRESSING = "w-status--label", "w-status--primary", "w-status--overdue"


@dataclass(frozen=True)
class Badge:
    """A short text and how it looks."""

    text: str
    classname: str


def badge_of(upkeep: Upkeep | None, today: datetime.date) -> Badge | None:
    """Return what stands out about a family's upkeep; None for one that waits for nothing."""
    if upkeep is None:
        return None
    if upkeep.archived_at is not None:
        return Badge(_("Archived"), PLAIN)
    match due_state(upkeep.review_by, today):
        case DueState.OVERDUE:
            return Badge(_("Overdue"), PRESSING)
        case DueState.SOON:
            return Badge(_("Due soon"), NOTABLE)
    return None
