"""The lists of the desk, in their order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import queries
from .rows import DeskList


@dataclass(frozen=True)
class DeskSection:
    """One list: `slug` is its name in addresses, `find` reads it for a user."""

    slug: str
    title: str | Promise
    icon: str
    find: Callable[..., DeskList]


SECTIONS = (
    DeskSection("to-review", _("To review"), "tasks", queries.to_review),
    DeskSection("returned", _("Returned to you"), "rotate", queries.returned),
    DeskSection("comments", _("Open comments"), "comment", queries.comments),
    DeskSection("drafts", _("Your drafts"), "edit", queries.drafts),
    DeskSection("in-review", _("In review"), "time", queries.in_review),
    DeskSection("review-dates", _("Due to be read again"), "calendar", queries.review_dates),
    DeskSection("translations", _("Translations of your articles"), "globe", queries.translations),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
