"""Who may do what with the upkeep of an article."""

from __future__ import annotations

from typing import Any

from wagtail.models import Page

from .queries import source_page


def may_archive(user: Any, page: Page) -> bool:
    """Whoever may publish a page may archive its article, and bring it back."""
    return page.permissions_for_user(user).can_publish()


def may_review(user: Any, page: Page) -> bool:
    """Whoever may edit the article in the source language may find it correct and set its review date.

    The others, such as translators of one language, cannot speak for what it says.
    """
    return source_page(page).permissions_for_user(user).can_edit()
