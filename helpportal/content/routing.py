"""From an address to the page that a reader is shown there, in one look-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, QuerySet, Subquery, Value
from django.db.models import Q as Condition
from django.db.models.functions import JSONObject
from wagtail.models import Page

from helpportal.core.access import IsAmong, is_open_to, visible_to
from helpportal.core.prepared import AnyViewer, PreparedQuery, number, numbers, texts, written_once
from helpportal.core.viewer import Viewer

from .addresses import TOP_DEPTH
from .models import ArticleChange, HelpPage, RelatedArticle
from .tenants import Tenant
from .upkeep.queries import NOTHING_KNOWN, KnownUpkeep, known_upkeep, upkeep_column

# Deeper addresses than this exist in no tree; it bounds the work that a made-up one can cause.
DEEPEST = 30
CHANGES_TOLD = 5


@dataclass(frozen=True)
class Location:
    """A page and the way it is shown: to whom, and to a reader of which language.

    `known` are rows of the page and its ancestors, in the reader's tree and in the source's; what the reader may
    see of them is not decided yet. `chosen_related` are the families an editor chose. A draft (or preview) is shown
    to its editor and kept nowhere.
    """

    tenant: Tenant
    viewer: Viewer
    language: str
    page: HelpPage
    content_language: str
    known: tuple[Page, ...] = ()
    chosen_related: tuple[UUID, ...] = ()
    changes: tuple[dict, ...] = ()  # what readers are told of the last edits: `note`, `at`
    upkeep: KnownUpkeep = NOTHING_KNOWN
    is_draft: bool = False

    @property
    def ancestors(self) -> list[Page]:
        """The pages between the home page and this one in the page's own tree, from the top."""
        own = self.page.path
        return sorted(
            (row for row in self.known if own.startswith(row.path) and TOP_DEPTH < row.depth < self.page.depth),
            key=lambda row: row.depth,
        )

    @property
    def is_fallback(self) -> bool:
        """Whether the text is in another language than the reader's."""
        return self.content_language != self.language


@dataclass(frozen=True)
class Elsewhere:
    """The page has another address: `path`."""

    path: str


@dataclass(frozen=True)
class Closed:
    """There is a page, but not for this viewer."""


@dataclass(frozen=True)
class Missing:
    """There is no page."""


Answer = Location | Elsewhere | Closed | Missing


@dataclass(frozen=True)
class _Wanted:
    tenant: Tenant
    viewer: Viewer
    language: str
    segments: tuple[str, ...] = field(default=())

    def full_path(self, language: str) -> str:
        home = self.tenant.homes[language]
        return home.url_path + "".join(f"{segment}/" for segment in self.segments)


def page_kinds() -> tuple[tuple[type[HelpPage], str], ...]:
    """Return every concrete page type with the name by which a `Page` row reaches it."""
    return tuple((model, model._meta.pk.remote_field.related_name or model._meta.model_name) for model in concrete())


def concrete() -> list[type[HelpPage]]:
    return [model for model in HelpPage.__subclasses__() if not model._meta.abstract]


def specific(page: Page) -> HelpPage | None:
    """Return the page as its own type, from the columns that came with it, or None for a page of another kind."""
    for _model, accessor in page_kinds():
        try:
            found = getattr(page, accessor)
        except _model.DoesNotExist:
            continue
        return found
    return None


def find(tenant: Tenant, viewer: Viewer, language: str, path: str) -> Answer:
    """Return what stands at `path` (the address without its language, such as `start/first-steps/`).

    The reader's language comes first; a page that has no live translation the viewer may see is shown in the
    source language at the same address.
    """
    wanted = _Wanted(tenant, viewer, language, tuple(part for part in path.split("/") if part))
    if len(wanted.segments) > DEEPEST or "\0" in path or language not in tenant.homes:
        return Missing()
    rows = _candidates(wanted)
    answer = _choose(wanted, rows)
    if isinstance(answer, Missing) and wanted.segments and language != tenant.source:
        return _walk(wanted)
    return answer


def _candidates(wanted: _Wanted) -> list[Page]:
    """Rows of the page and its ancestors, in the reader's tree and in the source's, in one query."""
    tenant = wanted.tenant
    homes = list(dict.fromkeys(filter(None, (tenant.homes[wanted.language], tenant.source_home))))
    tails = ["".join(f"{part}/" for part in wanted.segments[:n]) for n in range(1, len(wanted.segments) + 1)]
    is_source = wanted.language == tenant.source
    query = _candidates_query(AnyViewer.like(wanted.viewer), bool(wanted.segments), is_source)
    return query.run(
        **AnyViewer.values_of(wanted.viewer),
        slugs=list(wanted.segments),
        places=[home.url_path + tail for home in homes for tail in tails],
        homes=[home.page_id for home in homes],
        locales=tenant.locale_ids(wanted.language),
        own_locale=tenant.homes[wanted.language].locale_id,
    )


@written_once
def _candidates_query(viewer: AnyViewer, has_segments: bool, is_source: bool) -> PreparedQuery:
    if has_segments:
        # url_path has no index, the slug has one.
        pages = Page.objects.filter(IsAmong("slug", texts("slugs")), IsAmong("url_path", texts("places")))
    else:
        pages = Page.objects.filter(IsAmong("pk", numbers("homes")))
    chosen = RelatedArticle.objects.filter(page_id=OuterRef("pk")).order_by("sort_order", "pk")
    family = Page.objects.filter(
        IsAmong("locale_id", numbers("locales")), translation_key=OuterRef("translation_key")
    ).order_by()
    pages = pages.select_related(*(accessor for _model, accessor in page_kinds())).annotate(
        is_open=_as_boolean(is_open_to(viewer)),
        chosen_related=ArraySubquery(chosen.values("target__translation_key")),
        changes=ArraySubquery(noted_changes()),
        upkeep=upkeep_column(),
        original_locale=Subquery(Page.objects.filter(pk=OuterRef("alias_of_id")).values("locale_id")[:1]),
        family_places=ArraySubquery(family.values("path")),
    )
    if not is_source:
        translations = Page.objects.filter(translation_key=OuterRef("translation_key"), locale_id=number("own_locale"))
        pages = pages.annotate(translated_place=Subquery(visible_to(translations, viewer).values("url_path")[:1]))
    return PreparedQuery(pages)


def noted_changes() -> QuerySet:
    """The last edits of a page that readers are told of, as a part of a query on pages."""
    noted = ArticleChange.objects.filter(page_id=OuterRef("pk")).exclude(note="")
    told = JSONObject(note="note", at="published_at")
    return noted.order_by("-published_at", "-pk").values(told=told)[:CHANGES_TOLD]


def _as_boolean(condition):
    if not condition:
        return Value(True, output_field=BooleanField())
    return ExpressionWrapper(Condition(condition), output_field=BooleanField())


def _choose(wanted: _Wanted, rows: list[Page]) -> Answer:
    by_place = {row.url_path: row for row in rows}
    closed = False
    for language in dict.fromkeys((wanted.language, wanted.tenant.source)):
        if language not in wanted.tenant.homes:
            continue
        row = by_place.get(wanted.full_path(language))
        if row is None or not row.live:
            continue
        if not row.is_open:
            closed = True
            continue
        if language != wanted.language and row.translated_place:
            return Elsewhere(wanted.tenant.address(row.translated_place, wanted.language))
        page = specific(row)
        if page is None:
            continue
        home = wanted.tenant.homes[language]
        return Location(
            tenant=wanted.tenant,
            viewer=wanted.viewer,
            language=wanted.language,
            page=page,
            chosen_related=tuple(row.chosen_related),
            changes=tuple(row.changes),
            upkeep=known_upkeep(row.upkeep),
            # A locale's placeholder page (an alias) has the text of the page it stands for.
            content_language=wanted.tenant.language_of(row.original_locale or row.locale_id) or home.language,
            known=tuple(rows),
        )
    return Closed() if closed else Missing()


def _walk(wanted: _Wanted) -> Answer:
    """Find a page whose address mixes languages: a translated slug above one that has no translation.

    Costs two queries a level, and stops at the first level where nothing has that slug.
    """
    tenant = wanted.tenant
    locales = tenant.locale_ids(wanted.language)
    parents = [tenant.homes[wanted.language].path, tenant.homes[tenant.source].path] if tenant.source_home else []
    keys: set = set()
    for level_number, segment in enumerate(wanted.segments, start=1):
        if not parents:
            return Missing()
        below = Condition()
        for parent in parents:
            below |= Condition(path__startswith=parent, depth=len(parent) // Page.steplen + 1)
        level = Page.objects.filter(below, slug=segment)
        if level_number == len(wanted.segments):
            level = level.filter(live=True)
        keys = set(level.values_list("translation_key", flat=True))
        if not keys:
            return Missing()
        parents = list(
            Page.objects.filter(translation_key__in=keys, locale_id__in=locales).values_list("path", flat=True)
        )
    family = visible_to(Page.objects.filter(translation_key__in=keys, locale_id__in=locales), wanted.viewer)
    places = dict(family.values_list("locale_id", "url_path"))
    for locale_id in locales:
        if locale_id in places:
            return Elsewhere(tenant.address(places[locale_id], wanted.language))
    return Closed()
