"""The page list: Wagtail's, with the portal's columns. Each column costs the same for any number of pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.models import Page

from ..audience import audiences_of
from .badges import badge_of
from .queries import HOME_DEPTH, upkeep_by_family

Prepare = Callable[[Sequence[Page]], None]


@dataclass(frozen=True)
class ListPart:
    """A column, and what reads its values for all pages of a list at once and leaves them on these."""

    prepare: Prepare | None = None
    column: BaseColumn | None = None


class ReviewColumn(BaseColumn):
    cell_template_name = "content/upkeep/review_cell.html"


def register_list_part(prepare: Prepare | None = None, column: BaseColumn | None = None) -> None:
    """Have something read for all pages of a list at once, and shown in a column of its own where it has one.

    Rooms above this one call it when the apps are ready.
    """
    _parts.append(ListPart(prepare, column))


def _read_languages(pages: Sequence[Page]) -> None:
    """Say for each page in how many of its tenant's languages its family is live."""
    home_paths = {page.path[: HOME_DEPTH * Page.steplen] for page in pages}
    of_families = Page.objects.filter(path__in=home_paths).order_by().values("translation_key")
    homes = Page.objects.filter(translation_key__in=of_families, live=True)
    tenant_of_path, locales_of_tenant = {}, defaultdict(set)
    for path, key, locale_id in homes.values_list("path", "translation_key", "locale_id"):
        tenant_of_path[path] = key
        locales_of_tenant[key].add(locale_id)
    done = defaultdict(set)
    # A placeholder in another language is no translation.
    live = Page.objects.filter(translation_key__in={page.translation_key for page in pages}, live=True, alias_of=None)
    for key, locale_id in live.values_list("translation_key", "locale_id"):
        done[key].add(locale_id)
    for page in pages:
        wanted = locales_of_tenant[tenant_of_path.get(page.path[: HOME_DEPTH * Page.steplen])]
        page.languages_done = _("%(done)d of %(all)d") % {
            "done": len(done[page.translation_key] & wanted),
            "all": len(wanted),
        }


def _read_audiences(pages: Sequence[Page]) -> None:
    found = audiences_of(pages)
    for page in pages:
        page.audience_text = ", ".join(found[page.pk]) or _("Everybody")


def _read_owners(pages: Sequence[Page]) -> None:
    owners = get_user_model().objects.in_bulk({page.owner_id for page in pages if page.owner_id})
    for page in pages:
        page.owner_text = get_user_display_name(owners[page.owner_id]) if page.owner_id in owners else ""


def _read_upkeep(pages: Sequence[Page]) -> None:
    found, today = upkeep_by_family(page.translation_key for page in pages), timezone.localdate()
    for page in pages:
        upkeep = found.get(page.translation_key)
        page.upkeep_badge = badge_of(upkeep, today)
        page.review_day = upkeep.review_by if upkeep and not upkeep.archived_at else None


_parts = [
    ListPart(_read_languages, Column("languages_done", label=gettext_lazy("Languages"))),
    ListPart(_read_audiences, Column("audience_text", label=gettext_lazy("Audience"))),
    ListPart(_read_owners, Column("owner_text", label=gettext_lazy("Owner"))),
    ListPart(_read_upkeep, ReviewColumn("review", label=gettext_lazy("Review by"))),
    ListPart(
        column=DateColumn("last_published_at", label=gettext_lazy("Last published"), sort_key="last_published_at")
    ),
]
# Ours say more; both can still be filtered by.
LEFT_OUT = {"type", "latest_revision_created_at"}


def with_our_columns(columns: Sequence[BaseColumn]) -> list[BaseColumn]:
    """Put the portal's columns between the title and the state of a list of pages."""
    kept = [column for column in columns if column.name not in LEFT_OUT]
    place = next((number for number, column in enumerate(kept) if column.name == "status"), len(kept))
    return [*kept[:place], *(one.column for one in _parts if one.column is not None), *kept[place:]]


class PortalColumns:
    """Wagtail's view of a list of pages, with the portal's columns."""

    @classproperty
    def base_columns(cls):
        # Asked for when the views are made: rooms above have registered theirs by then.
        return with_our_columns(super().base_columns)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        # The table holds the same rows: what is left on them here, its cells find there.
        pages = list(context["object_list"])
        if pages:
            for one in _parts:
                if one.prepare is not None:
                    one.prepare(pages)
        return context


class PageListView(PortalColumns, ExplorableIndexView):
    pass


class TypeListView(PortalColumns, ContentTypeUseView):
    pass
