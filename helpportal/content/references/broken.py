"""Which links of a tenant lead nowhere, worked out from the recorded links when somebody asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Func, JSONField, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry

from helpportal.accounts.queries import staff_pages

from ..enums import BrokenLinkKind, LinkState, LinkTarget
from ..models import ArticlePage, ExternalLink, Fragment, InternalLink, PortalDocument, PortalImage, Upkeep
from ..tenancy import SCOPES, staff_fragments
from .explaining import explain

MEDIA = {LinkTarget.DOCUMENT: PortalDocument, LinkTarget.IMAGE: PortalImage}


class HeadingAnchors(Func):
    """The anchors of an article's headings, read by the database."""

    template = """jsonb_path_query_array(%(expressions)s, '$[*] ? (@.type == "heading").value.anchor')"""
    output_field = JSONField()


@dataclass(frozen=True)
class BrokenLink:
    """One link that leads nowhere, and the page or fragment that it stands in."""

    kind: BrokenLinkKind
    source: str
    language: str
    edit_url: str
    text: str
    target: str
    finding: str
    since: datetime | None

    @property
    def kind_name(self) -> str:
        return str(self.kind.label)


@dataclass(frozen=True)
class _Source:
    title: str
    locale_id: int
    edit_url: str


@dataclass(frozen=True)
class _Target:
    title: str
    family: UUID
    locale_id: int
    live: bool
    changed: datetime | None


def broken_links(
    user, pages: QuerySet[Page], fragments: QuerySet[Fragment], kind: BrokenLinkKind | None = None
) -> list[BrokenLink]:
    """Return the broken links of these live pages and fragments, by source. A fixed number of queries.

    Both querysets are narrowed to the tenants whose staff the user is.
    """
    pages = pages.filter(pk__in=staff_pages(user).order_by().values("pk"), live=True)
    archived = Upkeep.objects.filter(translation_key=OuterRef("translation_key"), archived_at__isnull=False)
    pages = pages.filter(~Exists(archived)).order_by()
    fragments = fragments.filter(pk__in=staff_fragments(user).values("pk"), live=True).order_by()
    where = Q(page__in=pages.values("pk")) | Q(fragment__in=fragments.values("pk"))
    found: list[tuple[Any, BrokenLinkKind, str, str, datetime | None]] = []
    if kind is not BrokenLinkKind.EXTERNAL:
        found += _internal(user, InternalLink.objects.filter(where))
    if kind in (None, BrokenLinkKind.EXTERNAL):
        found += _external(ExternalLink.objects.filter(where))
    found = [one for one in found if kind is None or one[1] is kind]
    sources = _sources([one[0] for one in found])
    names = {locale.pk: locale.get_display_name() for locale in Locale.objects.all()}
    rows = [
        BrokenLink(kind, source.title, names[source.locale_id], source.edit_url, link.text, target, finding, since)
        for link, kind, target, finding, since in found
        if (source := sources.get((link.page_id, link.fragment_id)))
    ]
    return sorted(rows, key=lambda row: (row.source.casefold(), row.language, row.kind, row.target))


# --- Links inside the tenant --------------------------------------------------------------------


def _internal(user, links: QuerySet[InternalLink]) -> list[tuple]:
    return [*_to_pages(user, links.filter(kind=LinkTarget.PAGE)), *_to_media(user, links)]


def _to_pages(user, links: QuerySet[InternalLink]) -> list[tuple]:
    own = staff_pages(user).order_by()
    named = own.filter(pk=OuterRef(OuterRef("target_id"))).values("translation_key")
    works = own.filter(translation_key__in=named, live=True).filter(
        Q(locale_id=OuterRef("own_locale")) | Q(locale__language_code=settings.SOURCE_LOCALE)
    )
    archived = Upkeep.objects.filter(
        translation_key__in=own.filter(pk=OuterRef(OuterRef("target_id"))).values("translation_key"),
        archived_at__isnull=False,
    )
    suspects = list(
        links.annotate(own_locale=Coalesce("page__locale_id", "fragment__locale_id"))
        .annotate(works=Exists(works), archived=Exists(archived))
        .exclude(works=True, archived=False, anchor="")
    )
    if not suspects:
        return []
    targets = _targets(own, suspects)
    anchors = _anchors(own, suspects, targets)
    dates = _archive_dates(targets)
    gone = _deletions(PageLogEntry, "page_id", [link.target_id for link in suspects if link.target_id not in targets])
    taken_back = _log_dates(PageLogEntry.objects.filter(page_id__in=targets, action="wagtail.unpublish"), "page_id")
    found = []
    for link in suspects:
        target = targets.get(link.target_id)
        if target is None:
            since = gone.get(link.target_id)
            found.append((link, BrokenLinkKind.PAGE, gettext("Page %d") % link.target_id, gettext("Deleted"), since))
        elif link.archived:
            since = dates.get(target.family)
            found.append((link, BrokenLinkKind.ARCHIVED, target.title, gettext("Archived"), since))
        elif not link.works:
            since = taken_back.get(link.target_id)
            found.append((link, BrokenLinkKind.PAGE, target.title, gettext("Not published"), since))
        elif link.anchor and link.anchor not in anchors.get((target.family, link.own_locale), (link.anchor,)):
            name = f"{target.title} #{link.anchor}"
            found.append((link, BrokenLinkKind.SECTION, name, gettext("No such section"), target.changed))
    return found


def _targets(own: QuerySet[Page], links: Iterable[InternalLink]) -> dict[int, _Target]:
    columns = ("pk", "title", "translation_key", "locale_id", "live", "last_published_at")
    rows = own.filter(pk__in={link.target_id for link in links}).values_list(*columns)
    return {pk: _Target(*values) for pk, *values in rows}


def _anchors(own: QuerySet[Page], links: Iterable[InternalLink], targets: dict[int, _Target]) -> dict[tuple, list]:
    """Return the anchors that readers of a language meet in a family: those of its page there, else of the source."""
    wanted = [
        (targets[link.target_id].family, link.own_locale) for link in links if link.anchor and link.target_id in targets
    ]
    if not wanted:
        return {}
    rows = (
        ArticlePage.objects.filter(pk__in=own.values("pk"), translation_key__in={family for family, _locale in wanted})
        .filter(live=True)
        .annotate(anchors=HeadingAnchors(F("body")))
        .values_list("translation_key", "locale_id", "locale__language_code", "anchors")
    )
    by_locale, of_source = {}, {}
    for family, locale_id, code, anchors in rows:
        by_locale[family, locale_id] = anchors
        if code == settings.SOURCE_LOCALE:
            of_source[family] = anchors
    # A page without headings of its own kind, a category say, has no section to name.
    return {key: by_locale.get(key, of_source.get(key[0], [])) for key in wanted}


def _to_media(user, links: QuerySet[InternalLink]) -> list[tuple]:
    found = []
    for kind, model in MEDIA.items():
        there = SCOPES[model](user).filter(pk=OuterRef("target_id"))
        missing = list(links.filter(kind=kind).filter(~Exists(there)))
        if not missing:
            continue
        content_type = ContentType.objects.get_for_model(model)
        keys = [str(link.target_id) for link in missing]
        log = ModelLogEntry.objects.filter(content_type=content_type, object_id__in=keys, action="wagtail.delete")
        dates = _log_dates(log, "object_id")
        name = str(model._meta.verbose_name)
        found += [
            (
                link,
                BrokenLinkKind(kind.value),
                f"{name.capitalize()} {link.target_id}",
                gettext("Deleted"),
                dates.get(str(link.target_id)),
            )
            for link in missing
        ]
    return found


def _archive_dates(targets: dict[int, _Target]) -> dict[UUID, datetime]:
    families = {target.family for target in targets.values()}
    rows = Upkeep.objects.filter(translation_key__in=families, archived_at__isnull=False)
    return dict(rows.values_list("translation_key", "archived_at"))


def _deletions(model, name: str, ids: list[int]) -> dict[int, datetime]:
    return _log_dates(model.objects.filter(**{f"{name}__in": ids}, action="wagtail.delete"), name)


def _log_dates(entries: QuerySet, name: str) -> dict:
    return dict(entries.order_by().values(name).annotate(last=Max("timestamp")).values_list(name, "last"))


# --- Links to other sites -----------------------------------------------------------------------


def _external(links: QuerySet[ExternalLink]) -> list[tuple]:
    failing = links.filter(address__state=LinkState.BROKEN).select_related("address")
    return [
        (
            link,
            BrokenLinkKind.EXTERNAL,
            link.address.url,
            explain(link.address.finding),
            link.address.failing_since,
        )
        for link in failing
    ]


# --- Where they stand ---------------------------------------------------------------------------


def _sources(links: list) -> dict[tuple[int | None, int | None], _Source]:
    page_ids = {link.page_id for link in links if link.page_id}
    fragment_ids = {link.fragment_id for link in links if link.fragment_id}
    found: dict[tuple[int | None, int | None], _Source] = {}
    for pk, title, locale_id in Page.objects.filter(pk__in=page_ids).values_list("pk", "title", "locale_id"):
        found[pk, None] = _Source(title, locale_id, reverse("wagtailadmin_pages:edit", args=[pk]))
    for pk, title, locale_id in Fragment.objects.filter(pk__in=fragment_ids).values_list("pk", "title", "locale_id"):
        address = reverse("wagtailsnippets_content_fragment:edit", args=[pk])
        found[None, pk] = _Source(gettext("Fragment: %s") % title, locale_id, address)
    return found
