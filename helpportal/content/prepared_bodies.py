"""Bodies of articles and fragments as HTML, prepared as far as they depend on nothing but their own text.

A prepared body is the same for every reader, for as long as the text is the same. So it is kept under a digest of the
text and the language of its words, whatever else is published meanwhile. Its gaps are filled with what was read for
one reader: nothing of that is kept here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import StreamBlock, StreamValue

from helpportal.core.memory import BoundedStore

from .gaps import DocumentLink, File, FragmentHere, Gap, Gaps, PageLink, Picture, collected_in
from .links import WITHOUT_TARGET
from .models import PortalDocument, PortalImage
from .models.preloading import Preloaded, preloaded
from .pictures import img_tag

KEPT_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents; `level` is 2, 3 or 4."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PreparedBody:
    """A stream's HTML with gaps, and the headings in it."""

    parts: tuple[str | Gap, ...]
    headings: tuple[Heading, ...]

    @property
    def gaps(self) -> Iterator[Gap]:
        return (part for part in self.parts if not isinstance(part, str))

    @property
    def pages(self) -> set[int]:
        return {gap.page_id for gap in self.gaps if isinstance(gap, PageLink)}

    @property
    def documents(self) -> set[int]:
        return {gap.document_id for gap in self.gaps if isinstance(gap, DocumentLink | File)}

    @property
    def images(self) -> set[int]:
        return {gap.image_id for gap in self.gaps if isinstance(gap, Picture)}

    @property
    def fragments(self) -> list[int]:
        return [gap.fragment_id for gap in self.gaps if isinstance(gap, FragmentHere)]


@dataclass(frozen=True)
class Filling:
    """What goes into gaps, each by the id that the gap names; what is missing leaves its gap empty.

    `addresses` are those of the pages that the reader may open.
    """

    addresses: dict[int, str] = field(default_factory=dict)
    documents: dict[int, PortalDocument] = field(default_factory=dict)
    images: dict[int, PortalImage] = field(default_factory=dict)
    fragments: dict[int, PreparedBody] = field(default_factory=dict)


# Without an end: what the text alone decides is never out of date. A new version of a template is a new process.
kept: BoundedStore[PreparedBody] = BoundedStore(KEPT_BYTES, max_age=math.inf)


def prepared_body(stream: StreamValue, language: str, *, is_draft: bool = False) -> PreparedBody:
    """Return a body with its words of the interface in `language`; a draft's is always made anew."""
    raw = list(stream.raw_data)
    if is_draft or settings.DEBUG:
        return _prepare(stream.stream_block, raw, language)
    stored = json.dumps(raw)
    if "<embed" in stored:
        # The editor offers no media inside rich text; what came in some other way shows rows that no gap names.
        return _prepare(stream.stream_block, raw, language)
    key = (type(stream.stream_block), language, hashlib.blake2b(stored.encode(), digest_size=20).digest())
    body = kept.get(key)
    if body is None:
        body = _prepare(stream.stream_block, raw, language)
        kept.put(key, body, size=_size(body))
    return body


def filled(body: PreparedBody, filling: Filling, language: str) -> SafeString:
    """Return a body's HTML for the reader whose filling it is; `language` is the body's."""
    with translation.override(language):
        return mark_safe("".join(_fill(body.parts, filling)))  # noqa: S308 - made by templates and escaped


def _prepare(stream_block: StreamBlock, raw: list[dict[str, Any]], language: str) -> PreparedBody:
    gaps = Gaps()
    # Blocks look up their images and documents; these stand for them until the gaps are filled.
    at_hand = {
        model: Preloaded(ids, {pk: model(pk=pk) for pk in ids})
        for model, name in ((PortalImage, "image"), (PortalDocument, "document"))
        for ids in [frozenset(_values_of(name, raw))]
    }
    stream = StreamValue(stream_block, raw, is_lazy=True)
    token = preloaded.set(at_hand)
    try:
        # Words of the interface inside a block stand in the language of the text around them.
        with collected_in(gaps), translation.override(language):
            html = "".join(_render(stream, number, child, gaps) for number, child in enumerate(raw))
    finally:
        preloaded.reset(token)
    return PreparedBody(gaps.parts(html), tuple(_headings(raw)))


def _render(stream: StreamValue, number: int, child: dict[str, Any], gaps: Gaps) -> str:
    if child["type"] == "fragment":
        return gaps.leave(FragmentHere(child["value"])) if child["value"] else ""
    # Without a request and without a page: a block that asked for them would show one reader's to all.
    return stream[number].render()


def _headings(raw: Iterable[dict[str, Any]]) -> Iterator[Heading]:
    for child in raw:
        value = child["value"]
        if child["type"] == "heading" and value.get("text"):
            yield Heading(int(value.get("level") or 2), value["text"], value.get("anchor") or "")


def _values_of(name: str, raw: Any) -> Iterator[int]:
    """Walk a stream's stored form to the ids that blocks have under a name."""
    if isinstance(raw, dict):
        for key, value in raw.items():
            if key == name and isinstance(value, int):
                yield value
            else:
                yield from _values_of(name, value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _values_of(name, value)


def _size(body: PreparedBody) -> int:
    # Python keeps text of Indian scripts in two bytes a letter.
    return 500 + sum(2 * len(part) if isinstance(part, str) else 400 for part in body.parts)


def _fill(parts: Iterable[str | Gap], filling: Filling) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, PageLink):
            yield _opening_tag(filling.addresses.get(part.page_id), part.fragment)
        elif isinstance(part, DocumentLink):
            document = filling.documents.get(part.document_id)
            yield _opening_tag(document.url if document else None)
        elif isinstance(part, Picture):
            if image := filling.images.get(part.image_id):
                tag = img_tag(image, part.sizes, part.alt_text, is_decorative=part.is_decorative)
                yield f"{part.before}{tag}{part.after}"
        elif isinstance(part, File):
            if document := filling.documents.get(part.document_id):
                yield render_to_string("content/file.html", {"document": document, "title": part.title})
        elif fragment := filling.fragments.get(part.fragment_id):
            yield from _fill(fragment.parts, filling)


def _opening_tag(address: str | None, fragment: str = "") -> str:
    # A link to what the reader may not open keeps its words and loses its target.
    if not address:
        return WITHOUT_TARGET
    return f'<a href="{escape(f"{address}#{fragment}" if fragment else address)}">'
