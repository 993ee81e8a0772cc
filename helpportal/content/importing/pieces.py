"""The pieces that a body is put together from.

A `Piece` is a block before it has an id: its kind and its raw value as StreamField stores it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .inline import Picture

MAX_CAPTION = 300


@dataclass
class Piece:
    """A block without id. `line` is where it begins in the file."""

    kind: str
    value: Any
    line: int | None = None


@dataclass
class Flow:
    """A sequence of pieces being written; text is collected until another block ends it."""

    pieces: list[Piece] = field(default_factory=list)
    _html: list[str] = field(default_factory=list)
    _line: int | None = None

    def text(self, html: str, line: int | None) -> None:
        if not self._html:
            self._line = line
        self._html.append(html)

    def add(self, kind: str, value: Any, line: int | None) -> None:
        if kind == "heading":
            # A rule above a heading only repeats what the heading says.
            while self._html and self._html[-1] == "<hr/>":
                self._html.pop()
        self.end_text()
        self.pieces.append(Piece(kind, value, line))

    def end_text(self) -> None:
        if self._html:
            self.pieces.append(Piece("text", "".join(self._html), self._line))
            self._html = []

    def done(self) -> list[Piece]:
        while self._html and self._html[-1] == "<hr/>":
            self._html.pop()
        self.end_text()
        return self.pieces


def in_item(html: str) -> str:
    """Return a text's HTML for a list item: paragraphs become lines, nested lists stay."""
    html = html.replace("</p><p>", "<br/>").replace("<hr/>", "")
    return html.replace("<p>", "").replace("</p>", "").replace("<blockquote>", "").replace("</blockquote>", "")


def as_details(pieces: list[Piece]) -> Iterator[Piece]:
    """Return pieces as the details of a step can hold them."""
    for piece in pieces:
        if piece.kind == "questions":
            html = "".join(f"<p><b>{item['question']}</b></p>{item['answer']}" for item in piece.value["items"])
            yield Piece("text", html, piece.line)
        elif piece.kind == "video":
            link = f'<p><a href="{piece.value["url"]}">{piece.value["title"]}</a></p>'
            yield Piece("text", link, piece.line)
        else:
            yield piece


def figure(picture: Picture, caption: str = "") -> dict[str, Any]:
    """Return the value of a figure block; an image without text alternative is decorative."""
    return {
        "image": {"image": picture.pk, "decorative": not picture.alt, "alt_text": picture.alt},
        "caption": (caption or picture.caption)[:MAX_CAPTION],
    }
