"""Finding the links of a body in its stored form, without turning any of it into objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from ..enums import LinkTarget
from ..rich_text import valid_fragment
from .streams import texts

TEXT_LENGTH = 200  # characters of a link's text that are kept
URL_LENGTH = 2000
# The names under which blocks keep an id; an image block keeps its image under the same name once more inside.
CHOSEN = {"image": LinkTarget.IMAGE, "document": LinkTarget.DOCUMENT}
EXTERNAL = re.compile(r"https?://", re.IGNORECASE)
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class TextLink:
    """A link in rich text: its stored attributes, and the words that readers see."""

    attributes: dict[str, str]
    text: str


@dataclass(frozen=True)
class NamedTarget:
    """Something of the tenant that a body names by its id."""

    kind: LinkTarget
    target_id: int
    anchor: str
    text: str


class _LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[TextLink] = []
        self._open: dict[str, str] | None = None
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._finish()
            self._open = {name: value or "" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._finish()

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._finish()

    def _finish(self) -> None:
        if self._open is not None:
            self.links.append(TextLink(self._open, SPACES.sub(" ", "".join(self._words)).strip()))
        self._open, self._words = None, []


def links_in_text(html: str) -> list[TextLink]:
    """Return the links of one piece of stored rich text, in order."""
    if "<a" not in html:
        return []
    reader = _LinkReader()
    reader.feed(html)
    reader.close()
    return reader.links


def external_links(raw: Any) -> dict[str, str]:
    """Return the addresses of other sites that a stream links to, each with the words of its first link."""
    found: dict[str, str] = {}
    for text in texts(raw):
        for link in links_in_text(text):
            url = link.attributes.get("href", "").strip()
            if EXTERNAL.match(url) and len(url) <= URL_LENGTH:
                found.setdefault(url.partition("#")[0], link.text[:TEXT_LENGTH])
    return found


def named_targets(raw: Any) -> list[NamedTarget]:
    """Return what a stream names of its own tenant, each once, with the words of its first link."""
    found: dict[tuple, NamedTarget] = {}
    for target in (*_in_links(raw), *_chosen(raw)):
        found.setdefault((target.kind, target.target_id, target.anchor), target)
    return list(found.values())


def _in_links(raw: Any) -> Iterator[NamedTarget]:
    for text in texts(raw):
        for link in links_in_text(text):
            kind, identifier = link.attributes.get("linktype", ""), link.attributes.get("id", "")
            if kind in (LinkTarget.PAGE, LinkTarget.DOCUMENT) and identifier.isdecimal() and len(identifier) < 19:
                anchor = valid_fragment(link.attributes.get("fragment")) if kind == LinkTarget.PAGE else ""
                yield NamedTarget(LinkTarget(kind), int(identifier), anchor, link.text[:TEXT_LENGTH])


def _chosen(raw: Any) -> Iterator[NamedTarget]:
    if isinstance(raw, dict):
        for name, value in raw.items():
            if name in CHOSEN and isinstance(value, int):
                words = raw.get("title") or raw.get("alt_text") or raw.get("caption") or ""
                yield NamedTarget(CHOSEN[name], value, "", str(words)[:TEXT_LENGTH])
            else:
                yield from _chosen(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _chosen(value)
