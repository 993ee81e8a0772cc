"""Lists of pages, as one reader may see them.

Every list has one entry for each family: the reader's own language where that page is live and open to the
reader, else the source language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Count, Exists, Expression, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from wagtail.models import Page

from helpportal.core.access import IsAmong, visible_to
from helpportal.core.prepared import AnyViewer, Parameter, PreparedQuery, names, number, numbered, text, written_once
from helpportal.core.viewer import Viewer

from .models import CategoryPage
from .popularity import ranked_families
from .tenants import Tenant
from .upkeep.queries import is_archived, without_archived

STEP = Page.steplen
# Depth of a tenant's top-level categories: root, home page, category.
TOP_LEVEL = 3
ARTICLES_A_PAGE = 50

ROW_COLUMNS = (
    "id",
    "path",
    "depth",
    "title",
    "url_path",
    "locale_id",
    "translation_key",
    "alias_of__locale_id",
    "articlepage__pk",
    "categorypage__pk",
    "categorypage__icon",
    "articlepage__reading_minutes",
    "last_published_at",
    "articlepage__tags",
)
ROW_EXPRESSIONS = (
    Coalesce("articlepage__summary", "categorypage__summary"),
    Coalesce("articlepage__sort_order", "categorypage__sort_order"),
    is_archived(),
)
NOT_LINKED = Value(None, output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class PageRow:
    """What lists show of a page. `original_locale` is set for a locale's placeholder (an alias)."""

    id: int
    path: str
    depth: int
    title: str
    url_path: str
    locale_id: int
    translation_key: UUID
    original_locale: int | None
    is_article: bool
    is_category: bool
    summary: str
    icon: str
    sort_order: int
    reading_minutes: int
    updated: datetime | None
    tags: frozenset[str]
    is_archived: bool
    linked_as: tuple[int, ...] = ()

    @property
    def content_locale(self) -> int:
        return self.original_locale or self.locale_id

    @property
    def order(self) -> tuple:
        return (self.sort_order, self.title.casefold(), self.id)


def columns(pages: QuerySet, linked_as=NOT_LINKED) -> QuerySet:
    """Have the query return what `row_of` makes rows of."""
    return pages.values_list(*ROW_COLUMNS, *ROW_EXPRESSIONS, linked_as)


def row_of(values: Sequence) -> PageRow:
    return PageRow(
        *values[:8],
        is_article=values[8] is not None,
        is_category=values[9] is not None,
        icon=values[10] or "",
        reading_minutes=values[11] or 0,
        updated=values[12],
        tags=frozenset(values[13] or ()),
        summary=values[14] or "",
        sort_order=values[15] or 0,
        is_archived=values[16],
        linked_as=tuple(values[17] or ()),
    )


def rows(pages: QuerySet) -> list[PageRow]:
    """Run the query and return its rows, in its order."""
    return [row_of(values) for values in columns(pages)]


def best_in(pages: QuerySet, tenant: Tenant, viewer: Viewer, language: str) -> QuerySet:
    """Keep one page of each family: the reader's language when that is visible, else the source language.

    Archived families are left out: they are read at their address only.
    """
    return best_of(pages, tenant.locale_ids(language), viewer)


def best_of(pages: QuerySet, locales: Sequence[int | Parameter], viewer: Viewer | AnyViewer) -> QuerySet:
    """Do what `best_in` says for a reader of the first of these locales; the last is the source's."""
    pages = without_archived(visible_to(pages, viewer))
    if len(locales) == 1:
        return pages.filter(locale_id=locales[0])
    own, source = locales
    translated = visible_to(
        Page.objects.filter(locale_id=own, translation_key=OuterRef("translation_key")).order_by(), viewer
    )
    return pages.filter(Q(locale_id=own) | (Q(locale_id=source) & ~Exists(translated)))


def prefer(candidates: Iterable[PageRow], tenant: Tenant, language: str) -> list[PageRow]:
    """Keep one row of each family, the reader's language first. For rows that are visible already."""
    rank = {locale_id: number for number, locale_id in enumerate(tenant.locale_ids(language))}
    best: dict[UUID, PageRow] = {}
    for row in candidates:
        if row.locale_id not in rank:
            continue
        known = best.get(row.translation_key)
        if known is None or rank[row.locale_id] < rank[known.locale_id]:
            best[row.translation_key] = row
    return list(best.values())


class IsChildOf(Expression):
    """True for the pages directly below the page at a tree path."""

    output_field = BooleanField()

    def __init__(self, place: str | Parameter):
        super().__init__()
        self.path, self.depth = F("path"), F("depth")
        self.place = Value(place) if isinstance(place, str) else place

    def get_source_expressions(self):
        return [self.path, self.depth, self.place]

    def set_source_expressions(self, exprs):
        self.path, self.depth, self.place = exprs

    def as_sql(self, compiler, connection):
        path, path_params = compiler.compile(self.path)
        depth, depth_params = compiler.compile(self.depth)
        place, place_params = compiler.compile(self.place)
        # A range of the index that Django keeps for LIKE: it serves a place that is known only when the query runs.
        sql = f"({path} ~>=~ {place} AND {path} ~<~ ({place} || '~') AND {depth} = length({place}) / {STEP} + 1)"
        return sql, (*path_params, *place_params, *path_params, *place_params, *depth_params, *place_params)


def children_of(places: Sequence[str | Parameter]) -> Q:
    """Pages directly below the pages at these tree paths."""
    condition = Q(pk__in=[])
    for place in places:
        condition |= Q(IsChildOf(place))
    return condition


def home_places(tenant: Tenant, language: str) -> list[str]:
    """Return the tree paths of the home pages that a reader of `language` is shown pages of."""
    homes = (tenant.homes.get(language), tenant.source_home)
    return list(dict.fromkeys(home.path for home in homes if home))


def top_categories(tenant: Tenant, viewer: Viewer, language: str) -> list[PageRow]:
    """Return the tenant's top-level categories, in order."""
    places, locales = home_places(tenant, language), tenant.locale_ids(language)
    query = _top_categories_query(AnyViewer.like(viewer), len(places), len(locales))
    found = query.run(**AnyViewer.values_of(viewer), **numbered("place", places), **numbered("locale", locales))
    return sorted(map(row_of, found), key=lambda row: row.order)


@written_once
def _top_categories_query(viewer: AnyViewer, places: int, locales: int) -> PreparedQuery:
    children = children_of([text(name) for name in names("place", places)])
    # First the categories, of which there are few: a plan that is made for any tenant would begin with all pages.
    among_categories = IsAmong("pk", CategoryPage.objects.order_by().values("pk"))
    below = Page.objects.filter(among_categories, children, categorypage__isnull=False)
    return PreparedQuery(columns(best_of(below, [number(name) for name in names("locale", locales)], viewer)))


def article_counts(tenant: Tenant, viewer: Viewer, language: str) -> dict[str, int]:
    """Return how many articles stand below each top-level category, by the path of the category in its tree."""
    inside = Q(pk__in=[])
    for path in home_places(tenant, language):
        inside |= Q(path__startswith=path)
    articles = best_in(Page.objects.filter(inside, articlepage__isnull=False), tenant, viewer, language).order_by()
    counted = articles.annotate(top=Substr("path", 1, TOP_LEVEL * STEP)).values("top").annotate(articles=Count("pk"))
    return {row["top"]: row["articles"] for row in counted}


def recent_articles(tenant: Tenant, viewer: Viewer, language: str, limit: int) -> list[PageRow]:
    """Return the articles published last, newest first."""
    articles = best_in(Page.objects.filter(articlepage__isnull=False), tenant, viewer, language)
    return rows(articles.order_by(F("last_published_at").desc(nulls_last=True), "-pk")[:limit])


def popular_articles(tenant: Tenant, viewer: Viewer, language: str, limit: int) -> list[PageRow]:
    """Return the articles that readers need most: first the ranked ones, then by the editors' order."""
    everything = best_in(Page.objects.filter(articlepage__isnull=False), tenant, viewer, language)
    families = ranked_families(tenant)
    rank = {family: number for number, family in enumerate(families)}
    ranked = rows(everything.filter(translation_key__in=families)) if families else []
    ranked.sort(key=lambda row: rank[row.translation_key])
    if len(ranked) < limit:
        others = everything.exclude(translation_key__in=families) if families else everything
        ranked += rows(others.order_by("articlepage__sort_order", "title", "pk")[: limit - len(ranked)])
    return ranked[:limit]


def articles_of(
    places: Sequence[str], tenant: Tenant, viewer: Viewer, language: str, *, page_number: int
) -> tuple[list[PageRow], bool]:
    """Return one page (from 1) of the articles directly below these tree paths, and whether more follow."""
    articles = best_in(
        Page.objects.filter(children_of(places), articlepage__isnull=False), tenant, viewer, language
    ).order_by("articlepage__sort_order", "title", "pk")
    start = (page_number - 1) * ARTICLES_A_PAGE
    found = rows(articles[start : start + ARTICLES_A_PAGE + 1])
    return found[:ARTICLES_A_PAGE], len(found) > ARTICLES_A_PAGE


def family_places(families: Sequence[UUID], tenant: Tenant, language: str) -> dict[UUID, list[str]]:
    """Return the tree paths of each family's pages in the reader's language and the source's."""
    found = Page.objects.filter(translation_key__in=families, locale_id__in=tenant.locale_ids(language))
    places: dict[UUID, list[str]] = {}
    for key, path in found.values_list("translation_key", "path"):
        places.setdefault(key, []).append(path)
    return places
