"""Gaps in a rendered text: what depends on its reader or on other rows is left open, and filled in for each reader.

While a `Gaps` collects, link handlers and template tags leave a marker where they would write such a thing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class PageLink:
    """The opening tag of a link to a page, to the section `fragment` if that is not empty."""

    page_id: int
    fragment: str


@dataclass(frozen=True)
class DocumentLink:
    """The opening tag of a link to a document."""

    document_id: int


@dataclass(frozen=True)
class Picture:
    """An image with the HTML on both sides of it; all of it is left out where the image is gone."""

    image_id: int
    alt_text: str
    is_decorative: bool
    sizes: str
    before: str
    after: str


@dataclass(frozen=True)
class File:
    """A document to download, under its own title where `title` is empty."""

    document_id: int
    title: str


@dataclass(frozen=True)
class FragmentHere:
    """A reusable fragment."""

    fragment_id: int


Gap = PageLink | DocumentLink | Picture | File | FragmentHere


class Gaps:
    """Collects the gaps of one text."""

    def __init__(self) -> None:
        # Nobody can write it into a text: it is made for this one rendering.
        self._word = secrets.token_hex(8)
        self._found: list[Gap] = []

    @property
    def middle(self) -> SafeString:
        """What stands for an image while the HTML around it is rendered."""
        return mark_safe(f"[{self._word}]")  # noqa: S308 - no markup in it

    def leave(self, gap: Gap) -> SafeString:
        """Return the marker to write in place of a gap."""
        self._found.append(gap)
        return mark_safe(f"[{self._word}:{len(self._found) - 1}]")  # noqa: S308 - no markup in it

    def parts(self, html: str) -> tuple[str | Gap, ...]:
        """Return the text in its order: HTML and gaps by turns."""
        pieces = re.split(rf"\[{self._word}:(\d+)\]", html)
        return tuple(
            self._found[int(piece)] if odd % 2 else piece for odd, piece in enumerate(pieces) if odd % 2 or piece
        )


_collecting: ContextVar[Gaps | None] = ContextVar("gaps", default=None)


def being_collected() -> Gaps | None:
    """Return what collects the gaps of the text that is being rendered, or None: then everything is written at once."""
    return _collecting.get()


@contextmanager
def collected_in(gaps: Gaps) -> Iterator[None]:
    """Leave gaps instead of writing what depends on the reader or on other rows."""
    token = _collecting.set(gaps)
    try:
        yield
    finally:
        _collecting.reset(token)
