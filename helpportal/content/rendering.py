"""From a page and its reader to what its template is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext
from wagtail.models import Page

from helpportal.core.viewer import Viewer

from . import queries, tenants
from .addresses import TOP_DEPTH
from .audience import audience_of
from .bodies import Body, kept_body, read_source, render_body
from .models import ArticlePage, CategoryPage, HelpPage
from .presentation import LinkItem, Standing, link_item, link_items, top_categories
from .queries import PageRow
from .routing import Location
from .surroundings import Wanted, surroundings
from .upkeep.reading import upkeep_context

HOME_LIST = 6
RELATED = 4


def render_page(request: HttpRequest, page: HelpPage) -> TemplateResponse:
    """Render one page for one request, in the page's own language: previews and drafts come this way.

    A reader's request goes through `render_location`, which has the page with everything around it.
    """
    tenant = tenants.of_request(request)
    if tenant is None:
        raise Http404
    language = tenant.language_of(page.locale_id) or get_language()
    above = [page.path[:end] for end in range((TOP_DEPTH + 1) * Page.steplen, len(page.path), Page.steplen)]
    known = Page.objects.filter(Q(path__in=above) | Q(translation_key=page.translation_key))
    chosen = [row.target.translation_key for row in page.related_articles.all()] if is_article(page) else []
    location = Location(
        tenant=tenant,
        viewer=Viewer.for_request(request),
        language=language,
        page=page,
        content_language=language,
        known=tuple(known),
        chosen_related=tuple(chosen),
        is_draft=True,
    )
    return render_location(request, location)


def render_location(request: HttpRequest, location: Location) -> TemplateResponse:
    """Render what the address of a request leads to."""
    page = location.page
    if is_article(page):
        context = _article_context(request, location)
    elif isinstance(page, CategoryPage):
        context = _category_context(request, location)
    else:
        context = _home_context(request, location)
    context |= {
        "page": page,
        "page_title": page.title,
        "summary": page.summary,
        "seo_title": page.seo_title or page.title,
        "search_description": page.search_description or page.summary,
        "content_language": location.content_language,
        "is_fallback": location.is_fallback,
    }
    return TemplateResponse(request, page.get_template(request), context)


def address_in(location: Location, language: str) -> str | None:
    """Return the path of a page's text for a reader of another language, or None where there is none."""
    tenant, viewer = location.tenant, location.viewer
    found = surroundings(tenant, viewer, language, location.page.translation_key)
    best = queries.prefer(found, tenant, language)
    return tenant.address(best[0].url_path, language) if best else None


def is_article(page: HelpPage) -> bool:
    return isinstance(page, ArticlePage)


def _home_context(request: HttpRequest, location: Location) -> dict[str, Any]:
    tenant, viewer, language = location.tenant, location.viewer, location.language
    translations = surroundings(tenant, viewer, language, location.page.translation_key)
    request.portal_standing = _standing(location, translations)
    top = top_categories(request, tenant, language)
    counts = queries.article_counts(tenant, viewer, language)
    places = queries.family_places([row.translation_key for row in top], tenant, language)
    return {
        "heading": getattr(location.page, "heading", "") or location.page.title,
        "categories": [
            link_item(
                row,
                tenant,
                language,
                article_count=sum(counts.get(place, 0) for place in places.get(row.translation_key, ())),
            )
            for row in top
        ],
        "popular": link_items(queries.popular_articles(tenant, viewer, language, HOME_LIST), tenant, language),
        "recent": link_items(queries.recent_articles(tenant, viewer, language, HOME_LIST), tenant, language),
    }


def _category_context(request: HttpRequest, location: Location) -> dict[str, Any]:
    tenant, viewer, language, page = location.tenant, location.viewer, location.language, location.page
    places = _places(location, page.translation_key)
    number = _page_number(request)
    articles, has_more = queries.articles_of(places, tenant, viewer, language, page_number=number)
    if number > 1 and not articles:
        raise Http404
    families = [row.translation_key for row in location.ancestors]
    found = surroundings(tenant, viewer, language, page.translation_key, Wanted(families=families, below=places))
    request.portal_standing = _standing(location, found)
    inside = [row for row in found if row.is_category and row.path[: -Page.steplen] in places]
    subcategories = sorted(queries.prefer(inside, tenant, language), key=lambda row: row.order)
    return {
        "breadcrumbs": _breadcrumbs(location, found),
        "icon": page.icon,
        "subcategories": link_items(subcategories, tenant, language),
        "articles": link_items(articles, tenant, language),
        "page_number": number,
        "previous_page_url": "" if number == 1 else f"?page={number - 1}",
        "next_page_url": f"?page={number + 1}" if has_more else "",
    }


def _article_context(request: HttpRequest, location: Location) -> dict[str, Any]:
    tenant, viewer, language, page = location.tenant, location.viewer, location.language, location.page
    ancestors = location.ancestors
    above = [row.translation_key for row in ancestors]
    shelf = _places(location, above[-1]) if above else []
    body = kept_body(request, location) or _read_and_render(request, location, shelf)
    found = body.around
    request.portal_standing = _standing(location, found)
    best = {row.id for row in queries.prefer(found, tenant, language)}
    siblings = [row for row in found if row.id in best and _is_listed(row) and row.path[: -Page.steplen] in shelf]
    previous, following = _previous_and_next(location, siblings)
    related = _related(location, found, siblings, {row.id for row in (previous, following) if row})
    return {
        "breadcrumbs": _breadcrumbs(location, found),
        "body": body.html,
        "toc": body.toc,
        "updated": page.last_published_at,
        "reading_minutes": page.reading_minutes,
        "difficulty": page.get_difficulty_display(),
        "product_versions": page.product_versions,
        "tags": page.tags,
        "changes": [(parse_datetime(change["at"]), change["note"]) for change in location.changes],
        # What anonymous readers see is for everybody.
        "audience": audience_of([page.translation_key, *above]) if viewer.is_authenticated else [],
        "previous": link_item(previous, tenant, language) if previous else None,
        "next": link_item(following, tenant, language) if following else None,
        "related": link_items(related, tenant, language),
        **upkeep_context(location, found),
    }


def _read_and_render(request: HttpRequest, location: Location, shelf: Sequence[str]) -> Body:
    """Read what stands around an article and render its body; `shelf` are the tree paths of its category."""
    tenant, viewer, language, page = location.tenant, location.viewer, location.language, location.page
    source = read_source(location)
    wanted = Wanted(
        families=_families_named(location),
        linked=source.linked_pages,
        shelf=shelf,
        place=(page.sort_order, page.title, page.pk) if page.pk else None,
        tags=() if location.chosen_related else page.tags,
    )
    around = surroundings(tenant, viewer, language, page.translation_key, wanted)
    return render_body(request, location, source, around)


def _families_named(location: Location) -> list[UUID]:
    successor = location.upkeep.successor
    named = [*(row.translation_key for row in location.ancestors), *location.chosen_related]
    return [*named, successor] if successor else named


def _places(location: Location, family: UUID) -> list[str]:
    """Return the tree paths of a known family in the reader's tree and the source's."""
    for row in location.known:
        if row.translation_key == family and hasattr(row, "family_places"):
            return row.family_places
    # A draft was not looked up by its address.
    return queries.family_places([family], location.tenant, location.language).get(family, [])


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:9]) <= 10_000:
        raise Http404
    return int(asked)


def _standing(location: Location, found: Sequence[PageRow]) -> Standing:
    """Say in which languages this page exists and in which its address leads somewhere."""
    tenant, page = location.tenant, location.page
    addresses = {}
    for row in found:
        language = tenant.language_of(row.locale_id)
        # A placeholder in another language is no translation.
        if row.translation_key == page.translation_key and language and row.content_locale == row.locale_id:
            addresses[language] = tenant.address(row.url_path, language)
    everywhere = tenant.source in addresses
    return Standing(addresses, tenant.languages if everywhere else tuple(addresses))


def _breadcrumbs(location: Location, found: Sequence[PageRow]) -> list[LinkItem]:
    tenant, language = location.tenant, location.language
    best = {row.translation_key: row for row in queries.prefer(found, tenant, language)}
    above = [best[row.translation_key] for row in location.ancestors if row.translation_key in best]
    return [LinkItem(title=gettext("Home"), url=f"/{language}/"), *link_items(above, tenant, language)]


def _is_listed(row: PageRow) -> bool:
    return row.is_article and not row.is_archived


def _previous_and_next(location: Location, siblings: list[PageRow]) -> tuple[PageRow | None, PageRow | None]:
    ids = [row.id for row in siblings]
    if location.page.pk not in ids:
        return None, None
    position = ids.index(location.page.pk)
    before, after = siblings[:position], siblings[position + 1 :]
    return (before[-1] if before else None), (after[0] if after else None)


def _related(
    location: Location, found: Sequence[PageRow], siblings: list[PageRow], shown_already: set[int]
) -> list[PageRow]:
    """Return the chosen articles in the editor's order, else those that share most tags, else neighbours."""
    tenant, language, page = location.tenant, location.language, location.page
    best = {row.translation_key: row for row in queries.prefer(found, tenant, language) if _is_listed(row)}
    best.pop(page.translation_key, None)
    if location.chosen_related:
        return [best[key] for key in dict.fromkeys(location.chosen_related) if key in best]
    tagged = [row for row in best.values() if row.tags.intersection(page.tags)]
    tagged.sort(key=lambda row: (-len(row.tags.intersection(page.tags)), *row.order))
    near = [
        best[row.translation_key] for row in siblings if row.translation_key in best and row.id not in shown_already
    ]
    return list(dict.fromkeys([*tagged, *near]))[:RELATED]
