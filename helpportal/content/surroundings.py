"""Everything around a page, in one query that is written once for each kind of reader and of page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from wagtail.models import Page

from helpportal.core import prepared
from helpportal.core.access import IsAmong, visible_to
from helpportal.core.prepared import AnyViewer, PreparedQuery, names, number, numbered, text, written_once
from helpportal.core.viewer import Viewer

from .models import ArticlePage
from .queries import NOT_LINKED, PageRow, best_of, children_of, columns, row_of
from .tenants import Tenant

NEIGHBOURS = 4
TAGGED = 8
IN_SHELF = ("articlepage__sort_order", "title", "pk")


@dataclass(frozen=True)
class Wanted:
    """What is wanted beside the page's own family: all of it in the reader's language or the source's.

    `families` are translation keys, and `linked` ids of pages that stand for their families. `shelf` and `place` are
    where an article stands: the tree paths of its category, and its own sort order, title and id; its neighbours
    there are wanted. Articles that share one of `tags` are, and the categories right below the tree paths `below`.
    """

    families: Sequence[UUID] = ()
    linked: Sequence[int] = ()
    shelf: Sequence[str] = ()
    place: tuple[int, str, int] | None = None
    tags: Sequence[str] = ()
    below: Sequence[str] = ()


@dataclass(frozen=True)
class _Shape:
    """What decides how the query is written."""

    viewer: AnyViewer
    locales: int
    shelf: int = 0
    below: int = 0
    has_tags: bool = False
    has_links: bool = False


def surroundings(
    tenant: Tenant, viewer: Viewer, language: str, own_key: UUID, wanted: Wanted = Wanted()
) -> list[PageRow]:
    """Read everything around a page that the viewer may see, in one query, in the order of lists.

    The caller sorts out what is what.
    """
    locales = tenant.locale_ids(language)
    order, title, pk = wanted.place or (0, "", 0)
    query = _query(
        _Shape(
            viewer=AnyViewer.like(viewer),
            locales=len(locales),
            shelf=len(wanted.shelf) if wanted.place else 0,
            below=len(wanted.below),
            has_tags=bool(wanted.tags),
            has_links=bool(wanted.linked),
        )
    )
    found = query.run(
        **AnyViewer.values_of(viewer),
        **numbered("locale", locales),
        **numbered("shelf", wanted.shelf),
        **numbered("below", wanted.below),
        own_key=own_key,
        families=list(wanted.families),
        linked=list(wanted.linked),
        tags=list(wanted.tags),
        own_order=order,
        own_title=title,
        own_pk=pk,
    )
    return [row_of(values) for values in found]


@written_once
def _query(shape: _Shape) -> PreparedQuery:
    locales = [number(name) for name in names("locale", shape.locales)]
    readable = Q()
    for locale in locales:
        readable |= Q(locale_id=locale)
    both = Page.objects.filter(readable).order_by()
    arms = [both.filter(IsAmong("translation_key", prepared.uuids("families"))).values("pk")]
    if shape.shelf:
        arms += [found.values("pk") for found in _neighbours(shape, locales)]
    if shape.below:
        below = children_of([text(name) for name in names("below", shape.below)])
        arms.append(Page.objects.filter(below, categorypage__isnull=False).order_by().values("pk"))
    if shape.has_tags:
        # First who has the tags: a plan that is made for any tags would begin with all pages of the language.
        tagged = ArticlePage.objects.filter(tags__overlap=prepared.texts("tags")).order_by().values("pk")
        pages = Page.objects.filter(IsAmong("pk", tagged), articlepage__isnull=False)
        arms.append(best_of(pages, locales, shape.viewer).order_by(*IN_SHELF)[:TAGGED].values("pk"))
    linked_as: Any = NOT_LINKED
    if shape.has_links:
        named = Page.objects.filter(IsAmong("pk", prepared.numbers("linked"))).order_by()
        arms.append(both.filter(IsAmong("translation_key", named.values("translation_key"))).values("pk"))
        linked_as = ArraySubquery(named.filter(translation_key=OuterRef("translation_key")).values("pk"))
    own = Page.objects.filter(translation_key=prepared.uuid("own_key")).order_by().values("pk")
    pages = visible_to(Page.objects.filter(IsAmong("pk", own.union(*arms, all=True))), shape.viewer)
    return PreparedQuery(columns(pages.order_by(*IN_SHELF), linked_as))


def _neighbours(shape: _Shape, locales: Sequence) -> list[QuerySet]:
    """Return the articles just before and just after one, in its shelf."""
    shelf = children_of([text(name) for name in names("shelf", shape.shelf)])
    articles = best_of(Page.objects.filter(shelf, articlepage__isnull=False), locales, shape.viewer)
    own = (number("own_order"), text("own_title"), number("own_pk"))
    after, before = Q(), Q()
    for position, name in enumerate(IN_SHELF):
        equal = dict(zip(IN_SHELF[:position], own[:position], strict=True))
        after |= Q(**equal, **{f"{name}__gt": own[position]})
        before |= Q(**equal, **{f"{name}__lt": own[position]})
    return [
        articles.filter(before).order_by(*(f"-{name}" for name in IN_SHELF))[:NEIGHBOURS],
        articles.filter(after).order_by(*IN_SHELF)[:NEIGHBOURS],
    ]
