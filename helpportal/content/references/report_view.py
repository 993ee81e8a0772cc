"""The report of broken links."""

from __future__ import annotations

import datetime

import django_filters
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.models import Locale, Page

from helpportal.accounts.queries import staff_pages
from helpportal.core.access import StandsBelow

from ..enums import BrokenLinkKind
from ..models import CategoryPage
from ..tenancy import staff_fragments
from .broken import BrokenLink, broken_links


def _categories(request: HttpRequest | None):
    if request is None:
        return CategoryPage.objects.none()
    own = staff_pages(request.user).order_by().values("pk")
    return CategoryPage.objects.filter(pk__in=own, locale=Locale.get_default()).order_by("path")


class CategoryField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, category: CategoryPage) -> str:
        # A category inside another one is set in under it.
        return f"{'– ' * (category.depth - 3)}{category.title}"


class CategoryFilter(django_filters.ModelChoiceFilter):
    field_class = CategoryField


class BrokenLinksFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("Leads to"), choices=BrokenLinkKind.choices, empty_label=_("Anything"), method="leave"
    )
    category = CategoryFilter(
        label=_("Category"), queryset=_categories, empty_label=_("All categories"), method="in_category"
    )
    locale = django_filters.ModelChoiceFilter(
        label=_("Language"), queryset=Locale.objects.all(), empty_label=_("All languages")
    )

    class Meta:
        model = Page
        fields = ["kind", "category", "locale"]

    def leave(self, pages, _name, _value):
        """Let the kind pass: it is one of the links, not of the pages that are filtered here."""
        return pages

    def in_category(self, pages, _name, category: CategoryPage):
        shelves = Page.objects.filter(translation_key=category.translation_key).order_by().values("path")
        return pages.filter(StandsBelow(shelves))


class BrokenLinksView(ReportView):
    """Links of live pages and fragments that lead nowhere, with what was found of them and since when."""

    page_title = _("Broken links")
    header_icon = "link"
    index_url_name = "broken_links"
    index_results_url_name = "broken_links_results"
    filterset_class = BrokenLinksFilterSet
    verbose_name_plural = _("broken links")
    table_classname = "listing broken-links"
    columns = [
        TitleColumn("source", label=_("Page"), get_url=lambda link: link.edit_url),
        Column("language", label=_("Language")),
        Column("text", label=_("Link text")),
        Column("target", label=_("Leads to")),
        Column("kind_name", label=_("Kind")),
        Column("finding", label=_("Finding")),
        DateColumn("since", label=_("Since")),
    ]
    list_export = ["source", "language", "text", "target", "kind_name", "finding", "since"]
    export_headings = {
        "source": _("Page"),
        "language": _("Language"),
        "text": _("Link text"),
        "target": _("Leads to"),
        "kind_name": _("Kind"),
        "finding": _("Finding"),
        "since": _("Since"),
    }

    def get_filename(self) -> str:
        return f"broken-links-{datetime.date.today():%Y-%m-%d}"

    @cached_property
    def chosen(self) -> dict:
        return self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}

    def get_filtered_queryset(self) -> list[BrokenLink]:
        pages = self.filter_queryset(staff_pages(self.request.user))
        fragments = staff_fragments(self.request.user)
        if self.chosen.get("locale"):
            fragments = fragments.filter(locale=self.chosen["locale"])
        if self.chosen.get("category"):
            fragments = fragments.none()
        kind = self.chosen.get("kind")
        return broken_links(self.request.user, pages, fragments, BrokenLinkKind(kind) if kind else None)
