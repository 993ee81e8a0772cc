"""Anchors of headings by GitHub's rules, so that links which work there work here."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

HEADING_NAMES = ("h1", "h2", "h3", "h4", "h5", "h6")
# A heading inside one of these is no section of the article; a link to it leads to the section it stands in.
CONTAINERS = ("li", "blockquote", "table", "details", "dd", "div[data-callout]")
MAX_ANCHOR = 120


def github_slug(text: str) -> str:
    """Return the anchor that GitHub gives a heading: lower case, no punctuation, hyphens for spaces."""
    kept = []
    for character in text.strip().lower():
        if character in " \t\n":
            kept.append("-")
        # Variation selectors and joiners say nothing in an address.
        elif character in "-_" or (unicodedata.category(character)[0] in "LMN" and not _is_invisible(character)):
            kept.append(character)
    return "".join(kept)[:MAX_ANCHOR]


def _is_invisible(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\u200b" <= character <= "\u200d" or character == "\ufeff"


@dataclass
class Anchors:
    """Where the links into one document lead.

    `names` maps what may stand after `#` to the anchor of a section, or to "" for the top of the page. `sections`
    are the sections' anchors and levels in order.
    """

    names: dict[str, str] = field(default_factory=dict)
    sections: list[tuple[str, int]] = field(default_factory=list)
    by_element: dict[int, str] = field(default_factory=dict)

    def find(self, fragment: str) -> str | None:
        """Return the anchor for a link's fragment, "" for the top, None where nothing has that name."""
        wanted = unquote(fragment)
        for name in (wanted, wanted.lower(), _loosely(wanted)):
            if name in self.names:
                return self.names[name]
        loose = _loosely(wanted)
        for name, anchor in self.names.items():
            if _loosely(name) == loose:
                return anchor
        return None


def _loosely(name: str) -> str:
    return "".join(c for c in name.lower() if not _is_invisible(c)).strip("-")


def read_anchors(soup: BeautifulSoup, title: Tag | None) -> Anchors:
    """Give every heading of a document its anchor; `title` is the heading that becomes the page's title."""
    anchors = Anchors()
    taken: dict[str, int] = {}
    current = ""
    pending: list[str] = []
    for element in soup.find_all(True):
        explicit = element.get("id") or (element.get("name") if element.name == "a" else None)
        if isinstance(explicit, str) and explicit:
            pending.append(explicit)
        if element.name not in HEADING_NAMES:
            if (
                pending
                and element.name in ("p", "ul", "ol", "pre", "table", "blockquote")
                and element.get_text().strip()
            ):
                for name in pending:
                    anchors.names.setdefault(name, current)
                pending = []
            continue
        base = github_slug(element.get_text()) or "section"
        number = taken.get(base)
        slug = base
        while number is not None and slug in taken:
            number += 1
            slug = f"{base}-{number}"
        taken[base] = number or 0
        taken.setdefault(slug, 0)
        if element is title:
            anchors.names.setdefault(slug, "")
        elif element.find_parent(["li", "blockquote", "table", "details", "dd"]) or element.find_parent(
            attrs={"data-callout": True}
        ):
            anchors.names.setdefault(slug, current)
        else:
            current = slug
            anchors.names[slug] = slug
            anchors.by_element[id(element)] = slug
            anchors.sections.append((slug, min(max(int(element.name[1]), 2), 4)))
        for name in pending:
            anchors.names.setdefault(name, current)
        pending = []
    for name in pending:
        anchors.names.setdefault(name, current)
    return anchors


def in_source(translated: Anchors, source: Anchors, fragment: str) -> str | None:
    """Return the source document's anchor for a fragment used with its translation.

    Sections keep the source's anchors in every language: a translated anchor is looked up in the translation and
    carried over by the section's position.
    """
    own = translated.find(fragment)
    if not own:
        # "" is the top of the page; a name unknown to the translation may be the source's own.
        return own if own is not None else source.find(fragment)
    if own in source.names:
        return source.names[own]
    position = next((i for i, (anchor, _level) in enumerate(translated.sections) if anchor == own), None)
    if position is None:
        return None
    if len(translated.sections) == len(source.sections):
        return source.sections[position][0]
    matcher = difflib.SequenceMatcher(
        a=[level for _anchor, level in translated.sections],
        b=[level for _anchor, level in source.sections],
        autojunk=False,
    )
    for block in matcher.get_matching_blocks():
        if block.a <= position < block.a + block.size:
            return source.sections[block.b + position - block.a][0]
    return None
