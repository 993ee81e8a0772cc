"""An article's body and what stands around it, made once in a generation for readers with the same rights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from helpportal.core import generation
from helpportal.core.access import IsAmong
from helpportal.core.memory import BoundedStore
from helpportal.core.prepared import PreparedQuery, numbers, written_once

from .models import Fragment, PortalDocument, PortalImage, PortalRendition
from .prepared_bodies import Filling, Heading, PreparedBody, filled, prepared_body
from .queries import PageRow, prefer
from .routing import Location

BODIES_BYTES = 32 * 1024 * 1024

_bodies: BoundedStore[Body] = BoundedStore(BODIES_BYTES)


@dataclass(frozen=True)
class Body:
    """A rendered body with its table of contents, and the pages around its article as its reader may see them."""

    html: SafeString
    toc: tuple[Heading, ...]
    around: tuple[PageRow, ...]


@dataclass(frozen=True)
class Source:
    """What a body is made of: the article's own text, and that of the fragments that its readers get."""

    own: PreparedBody
    fragments: dict[int, PreparedBody]

    @property
    def all(self) -> list[PreparedBody]:
        return [self.own, *self.fragments.values()]

    @property
    def linked_pages(self) -> list[int]:
        return sorted({pk for body in self.all for pk in body.pages})


def kept_body(request: HttpRequest, location: Location) -> Body | None:
    """Return the body as it was rendered before for a reader with the same rights, or None."""
    key = _key(request, location)
    return _bodies.get(key) if key else None


def read_source(location: Location) -> Source:
    """Collect what a body is made of: one query where it has fragments, none otherwise."""
    language, is_draft = location.content_language, location.is_draft
    own = prepared_body(location.page.body, language, is_draft=is_draft)
    chosen = own.fragments
    fragments = _fragments(chosen, location) if chosen else {}
    return Source(
        own,
        {pk: prepared_body(fragment.body, language, is_draft=is_draft) for pk, fragment in fragments.items()},
    )


def render_body(request: HttpRequest, location: Location, source: Source, around: Sequence[PageRow]) -> Body:
    """Fill the body's gaps for its reader and keep it, with what was read of the pages around it.

    Among those is every linked page that this reader may open; a link to any other page loses its target and stays
    as text. Costs a query for its images, one for their renditions and one for its documents.
    """
    tenant, language = location.tenant, location.language
    addresses = {
        linked_id: tenant.address(row.url_path, language)
        for row in prefer((row for row in around if row.linked_as), tenant, language)
        for linked_id in row.linked_as
    }
    filling = Filling(
        addresses=addresses,
        documents=_documents(pk for body in source.all for pk in body.documents),
        images=_images(pk for body in source.all for pk in body.images),
        fragments=source.fragments,
    )
    html = filled(source.own, filling, location.content_language)
    body = Body(html, source.own.headings, tuple(around))
    key = _key(request, location)
    if key:
        _bodies.put(key, body, size=2 * len(html) + 1000 * len(around) + 500)
    return body


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


def _documents(ids: Iterable[int]) -> dict[int, PortalDocument]:
    wanted = sorted(set(ids))
    return {row.pk: row for row in _by_id(PortalDocument).run(ids=wanted)} if wanted else {}


def _images(ids: Iterable[int]) -> dict[int, PortalImage]:
    """Return images with the renditions they already have."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    images = {image.pk: image for image in _by_id(PortalImage).run(ids=wanted)}
    for image in images.values():
        image.prefetched_renditions = []
    for rendition in _by_id(PortalRendition, "image_id").run(ids=wanted):
        if image := images.get(rendition.image_id):
            rendition.image = image
            image.prefetched_renditions.append(rendition)
    return images


@written_once
def _by_id(model, column: str = "pk") -> PreparedQuery:
    rows: QuerySet = model._default_manager.filter(IsAmong(column, numbers("ids")))
    return PreparedQuery(rows)
