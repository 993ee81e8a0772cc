"""What a review date means on a given day."""

from __future__ import annotations

import calendar
import datetime

from ..enums import DueState

SOON_DAYS = 14


def due_state(review_by: datetime.date | None, today: datetime.date) -> DueState | None:
    """Say how near a review date is; None without one. On the day itself an article is not overdue yet."""
    if review_by is None:
        return None
    if review_by < today:
        return DueState.OVERDUE
    return DueState.SOON if review_by <= today + datetime.timedelta(days=SOON_DAYS) else DueState.LATER


def rule_cutoff(overdue_days: int, today: datetime.date) -> datetime.date:
    """Return the latest review date that the tenant's rule for overdue articles concerns today.

    The rule takes effect `overdue_days` after the date, and never on the date itself.
    """
    return today - datetime.timedelta(days=max(overdue_days, 1))


def months_later(day: datetime.date, months: int) -> datetime.date:
    """Return the same day so many months later, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
