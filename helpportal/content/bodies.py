"""An article's body and what stands around it, made once in a generation for readers with the same rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.blocks import BoundBlock
from wagtail.images.models import AbstractImage

from helpportal.core import generation
from helpportal.core.memory import BoundedStore

from . import links
from .models import ArticlePage, Fragment, PortalDocument, PortalImage, PortalRendition
from .models.preloading import Preloaded, preloaded
from .queries import PageRow, prefer
from .routing import Location

BODIES_BYTES = 48 * 1024 * 1024

_bodies: BoundedStore[Body] = BoundedStore(BODIES_BYTES)


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents; `level` is 2, 3 or 4."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Body:
    """A rendered body with its table of contents, and the pages around its article as its reader may see them."""

    html: SafeString
    toc: tuple[Heading, ...]
    around: tuple[PageRow, ...]


@dataclass(frozen=True)
class Source:
    """An article's body with what stands outside of it: the fragments that readers of its language get."""

    page: ArticlePage
    fragments: dict[int, Fragment]
    linked_pages: tuple[int, ...]
    linked_documents: tuple[int, ...]
    images: frozenset[int]
    documents: frozenset[int]


def kept_body(request: HttpRequest, location: Location) -> Body | None:
    """Return the body as it was rendered before for a reader with the same rights, or None."""
    key = _key(request, location)
    return _bodies.get(key) if key else None


def read_source(location: Location) -> Source:
    """Collect what a body needs beside its own text: one query where it has fragments, none otherwise."""
    page = location.page
    raw = stored(page.body)
    chosen = [child["value"] for child in raw if child["type"] == "fragment" and child["value"]]
    fragments = _fragments(chosen, location) if chosen else {}
    texts = [raw, *(stored(fragment.body) for fragment in fragments.values())]
    return Source(
        page=page,
        fragments=fragments,
        linked_pages=tuple(links.linked_ids(texts, "page")),
        linked_documents=tuple(links.linked_ids(texts, "document")),
        images=frozenset(_values_of("image", texts)),
        documents=frozenset(_values_of("document", texts)),
    )


def render_body(request: HttpRequest, location: Location, source: Source, around: Sequence[PageRow]) -> Body:
    """Render the body in the reader's language and keep it, with what was read of the pages around it.

    Among those is every linked page that this reader may open; a link to any other page loses its target and stays
    as text. Costs a query for its images, one for their renditions and one for its documents.
    """
    tenant, language = location.tenant, location.language
    addresses = {
        linked_id: tenant.address(row.url_path, language)
        for row in prefer((row for row in around if row.linked_as), tenant, language)
        for linked_id in row.linked_as
    }
    documents = _preload(PortalDocument, source.documents.union(source.linked_documents))
    at_hand = preloaded.set({PortalImage: _preload(PortalImage, source.images), PortalDocument: documents})
    targets = links.targets.set(links.Targets(addresses, {pk: row.url for pk, row in documents.found.items()}))
    try:
        children = _children(source)
        _prime_images(child.value for child in children)
        # Words of the interface inside a block stand in the language of the text around them.
        with translation.override(location.content_language):
            html = mark_safe("".join(_render_child(child, request, location, source) for child in children))  # noqa: S308 - rendered by templates
    finally:
        links.targets.reset(targets)
        preloaded.reset(at_hand)
    body = Body(html, tuple(_headings(children)), tuple(around))
    key = _key(request, location)
    if key:
        _bodies.put(key, body, size=2 * len(html) + 1000 * len(around) + 500)
    return body


def forget_bodies(*, for_good: bool = False) -> None:
    """Forget every body that is kept; `for_good` keeps none from now on either (for measuring what rendering costs)."""
    _bodies.clear()
    if for_good:
        _bodies.max_bytes = 0


def stored(stream) -> list[dict[str, Any]]:
    """Return the stored form of a stream, without turning any of it into objects."""
    return list(stream.raw_data)


def _key(request: HttpRequest, location: Location) -> tuple | None:
    word = generation.of_request(request)
    if word is None or location.is_draft:
        return None
    viewer = location.viewer
    rights = (viewer.is_authenticated, viewer.is_superuser, viewer.group_ids)
    page = location.page
    return (word, location.tenant.site.pk, location.language, page.pk, page.live_revision_id, rights)


def _fragments(chosen: list[int], location: Location) -> dict[int, Fragment]:
    """Return the live fragment for each chosen id: its translation into the text's language, else itself."""
    home = location.tenant.homes.get(location.content_language)
    families = Fragment.objects.filter(pk__in=chosen).values("translation_key")
    found = list(Fragment.objects.filter(translation_key__in=families, site_id=location.tenant.site.pk))
    by_id = {fragment.pk: fragment for fragment in found}
    translated = {
        fragment.translation_key: fragment
        for fragment in found
        if fragment.live and home and fragment.locale_id == home.locale_id
    }
    best = {}
    for pk in chosen:
        named = by_id.get(pk)
        fragment = translated.get(named.translation_key, named) if named else None
        if fragment is not None and fragment.live:
            best[pk] = fragment
    return best


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


def _preload(model: type[models.Model], ids: frozenset[int]) -> Preloaded:
    return Preloaded(ids, model.objects.in_bulk(ids) if ids else {})


def _children(source: Source) -> list[BoundBlock]:
    """Return the body's blocks, each fragment as the one that its readers get; what is not live is left out."""
    children = []
    for number, child in enumerate(source.page.body.raw_data):
        if child["type"] != "fragment":
            children.append(source.page.body[number])
        elif fragment := source.fragments.get(child["value"]):
            children.append(FragmentChild(source.page.body.stream_block.child_blocks["fragment"], fragment))
    return children


class FragmentChild(BoundBlock):
    """A fragment where it is shown."""

    block_type = "fragment"


def _render_child(child: BoundBlock, request: HttpRequest, location: Location, source: Source) -> str:
    return child.render(
        {
            "request": request,
            "page": source.page,
            "language": location.language,
            "content_language": location.content_language,
        }
    )


def _headings(children: Iterable[BoundBlock]) -> Iterator[Heading]:
    for child in children:
        if child.block_type == "heading" and child.value.get("text"):
            yield Heading(int(child.value.get("level") or 2), child.value["text"], child.value.get("anchor") or "")


def _prime_images(values: Iterable[Any]) -> None:
    """Give every image in these blocks' values the renditions it already has: one query for all of them."""
    images = [image for value in values for image in _images_in(value)]
    if not images:
        return
    known: dict[int, list[PortalRendition]] = {}
    for rendition in PortalRendition.objects.filter(image_id__in={image.pk for image in images}):
        known.setdefault(rendition.image_id, []).append(rendition)
    for image in images:
        image.prefetched_renditions = []
        for rendition in known.get(image.pk, ()):
            # Each use of an image has its own text alternative, which a rendition takes from its image.
            own = copy(rendition)
            own.image = image
            image.prefetched_renditions.append(own)


def _images_in(value: Any) -> Iterator[AbstractImage]:
    """Walk a block's value down to its images."""
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, Fragment):
        yield from _images_in(value.body)
    elif hasattr(value, "stream_block") or hasattr(value, "list_block"):
        for child in value:
            yield from _images_in(getattr(child, "value", child))
    elif isinstance(value, dict):
        for child in value.values():
            yield from _images_in(child)
