"""Lists of pages, as one reader may see them.

Every list has one entry for each family: the reader's own language where that page is live and open to the
reader, else the source language.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Substr
from wagtail.models import Page

from helpportal.core.access import IsAmong, visible_to
from helpportal.core.viewer import Viewer

from .popularity import ranked_families
from .tenants import Tenant

STEP = Page.steplen
# Depth of a tenant's top-level categories: root, home page, category.
TOP_LEVEL = 3
ARTICLES_A_PAGE = 50
NEIGHBOURS = 4
TAGGED = 8

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
    linked_as: tuple[int, ...] = ()

    @property
    def content_locale(self) -> int:
        return self.original_locale or self.locale_id

    @property
    def order(self) -> tuple:
        return (self.sort_order, self.title.casefold(), self.id)


def rows(pages: QuerySet, linked_as=NOT_LINKED) -> list[PageRow]:
    """Run the query and return its rows, in its order."""
    selected = pages.values_list(*ROW_COLUMNS, *ROW_EXPRESSIONS, linked_as)
    return [
        PageRow(
            *values[:8],
            is_article=values[8] is not None,
            is_category=values[9] is not None,
            icon=values[10] or "",
            reading_minutes=values[11] or 0,
            updated=values[12],
            tags=frozenset(values[13] or ()),
            summary=values[14] or "",
            sort_order=values[15] or 0,
            linked_as=tuple(values[16] or ()),
        )
        for values in selected
    ]


def best_in(pages: QuerySet, tenant: Tenant, viewer: Viewer, language: str) -> QuerySet:
    """Keep one page of each family: the reader's language when that is visible, else the source language."""
    locales = tenant.locale_ids(language)
    pages = visible_to(pages, viewer)
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


def children_of(places: Sequence[str]) -> Q:
    """Pages directly below the pages at these tree paths."""
    condition = Q(pk__in=[])
    for path in places:
        condition |= Q(path__startswith=path, depth=len(path) // STEP + 1)
    return condition


def home_places(tenant: Tenant, language: str) -> list[str]:
    """Return the tree paths of the home pages that a reader of `language` is shown pages of."""
    homes = (tenant.homes.get(language), tenant.source_home)
    return list(dict.fromkeys(home.path for home in homes if home))


def top_categories(tenant: Tenant, viewer: Viewer, language: str) -> list[PageRow]:
    """Return the tenant's top-level categories, in order."""
    below = Page.objects.filter(children_of(home_places(tenant, language)), categorypage__isnull=False)
    return sorted(rows(best_in(below, tenant, viewer, language)), key=lambda row: row.order)


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


def neighbours(page: Page, places: Sequence[str], tenant: Tenant, viewer: Viewer, language: str) -> list[QuerySet]:
    """Return two querysets: the articles just before and just after one, in the shelf at these tree paths."""
    order = ("articlepage__sort_order", "title", "pk")
    shelf = best_in(Page.objects.filter(children_of(places), articlepage__isnull=False), tenant, viewer, language)
    own = (page.sort_order, page.title, page.pk)
    after, before = Q(), Q()
    for number, name in enumerate(order):
        equal = dict(zip(order[:number], own[:number], strict=True))
        after |= Q(**equal, **{f"{name}__gt": own[number]})
        before |= Q(**equal, **{f"{name}__lt": own[number]})
    return [
        shelf.filter(before).order_by(*(f"-{name}" for name in order))[:NEIGHBOURS],
        shelf.filter(after).order_by(*order)[:NEIGHBOURS],
    ]


def surroundings(
    tenant: Tenant,
    viewer: Viewer,
    language: str,
    *,
    own_key: UUID,
    other_keys: Sequence[UUID] = (),
    others: Sequence[QuerySet] = (),
    linked_ids: Sequence[int] = (),
) -> list[PageRow]:
    """Read everything around a page in one query, in the order of lists.

    Wanted are: the page's own family in every language, the families `other_keys`, the pages of the querysets
    `others`, and the families of `linked_ids`; of the last three, those in the reader's language or the source's.
    The caller sorts out what is what.
    """
    both = Page.objects.filter(locale_id__in=tenant.locale_ids(language)).order_by()
    arms = [queryset.values("pk") for queryset in others]
    if other_keys:
        arms.append(both.filter(translation_key__in=other_keys).values("pk"))
    linked_as = NOT_LINKED
    if linked_ids:
        named = Page.objects.filter(pk__in=linked_ids).order_by()
        arms.append(both.filter(translation_key__in=named.values("translation_key")).values("pk"))
        linked_as = ArraySubquery(named.filter(translation_key=OuterRef("translation_key")).values("pk"))
    wanted = Page.objects.filter(translation_key=own_key).order_by().values("pk").union(*arms, all=True)
    pages = visible_to(Page.objects.filter(IsAmong("pk", wanted)), viewer)
    return rows(pages.order_by("articlepage__sort_order", "title", "pk"), linked_as=linked_as)


def subcategories(places: Sequence[str]) -> QuerySet:
    """Return the categories directly below these tree paths; `surroundings` decides which the reader may see."""
    return Page.objects.filter(children_of(places), categorypage__isnull=False).order_by()


def family_places(families: Sequence[UUID], tenant: Tenant, language: str) -> dict[UUID, list[str]]:
    """Return the tree paths of each family's pages in the reader's language and the source's."""
    found = Page.objects.filter(translation_key__in=families, locale_id__in=tenant.locale_ids(language))
    places: dict[UUID, list[str]] = {}
    for key, path in found.values_list("translation_key", "path"):
        places.setdefault(key, []).append(path)
    return places


def sharing_tags(tags: Sequence[str], tenant: Tenant, viewer: Viewer, language: str) -> QuerySet:
    """Return the articles that have one of these tags."""
    articles = Page.objects.filter(articlepage__tags__overlap=list(tags))
    return best_in(articles, tenant, viewer, language).order_by("articlepage__sort_order", "title", "pk")[:TAGGED]
