"""The report of articles that are due to be read again."""

from __future__ import annotations

import django_filters
from django import forms
from django.conf import settings
from django.db.models import DateField, DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import MultipleUserFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn, UserColumn
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Locale, Page

from helpportal.accounts.queries import staff_pages
from helpportal.core.access import StandsBelow

from ..admin_filters import OwnChoicesMixin, colleagues
from ..enums import DueState
from ..models import CategoryPage, Upkeep
from .badges import badge_of
from .filters import due_families
from .listing import ReviewColumn


class OneLanguageFilter(django_filters.ModelChoiceFilter):
    """Keeps the pages of a language; without one, a page for each family, in the source language where it has one."""

    def filter(self, queryset: QuerySet, value: Locale | None) -> QuerySet:
        if value is not None:
            return queryset.filter(locale=value)
        sources = Page.objects.filter(locale__language_code=settings.SOURCE_LOCALE)
        in_source = sources.filter(translation_key=OuterRef("translation_key"))
        return queryset.filter(Q(locale__language_code=settings.SOURCE_LOCALE) | ~Exists(in_source))


class ReviewDatesFilterSet(OwnChoicesMixin, WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(one.value, one.label) for one in (DueState.OVERDUE, DueState.SOON)],
        method="by_state",
        widget=forms.RadioSelect,
        empty_label=_("Any"),
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"),
        queryset=lambda _request: CategoryPage.objects.filter(
            locale__language_code=settings.SOURCE_LOCALE, alias_of=None
        ).order_by("path"),
        method="by_category",
    )
    locale = OneLanguageFilter(label=_("Language"), queryset=Locale.objects.order_by("pk"))
    owner = MultipleUserFilter(
        label=_("Owner"),
        queryset=lambda request: (
            colleagues(request.user)
            .filter(pk__in=Page.objects.filter(articlepage__isnull=False).order_by().values("owner"))
            .order_by("username")
        ),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def by_state(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return queryset.filter(translation_key__in=due_families(value, timezone.localdate()))

    def by_category(self, queryset: QuerySet, _name: str, value: CategoryPage) -> QuerySet:
        shelves = Page.objects.filter(translation_key=value.translation_key).order_by().values("path")
        return queryset.filter(StandsBelow(shelves))


class ReviewDatesView(PageReportView):
    """Articles that are overdue or due soon, the longest overdue first."""

    results_template_name = "wagtailadmin/reports/base_report_results.html"
    page_title = _("Review dates")
    header_icon = "calendar-check"
    index_url_name = "upkeep_report"
    index_results_url_name = "upkeep_report_results"
    filterset_class = ReviewDatesFilterSet
    any_permission_required = ["add", "change", "publish", "lock"]
    verbose_name = _("article")
    verbose_name_plural = _("articles")
    columns = [
        TitleColumn("title", label=_("Title"), accessor="get_admin_display_title", url_name="wagtailadmin_pages:edit"),
        Column("category_title", label=_("Category")),
        Column("locale", label=_("Language"), accessor="locale.get_display_name"),
        UserColumn("owner", label=_("Owner")),
        ReviewColumn("review", label=_("Review by")),
        DateColumn("confirmed_at", label=_("Found correct")),
    ]
    list_export = ["title", "category_title", "locale", "owner", "review_by", "due_text", "confirmed_at"]
    export_headings = {
        "title": _("Title"),
        "category_title": _("Category"),
        "locale": _("Language"),
        "owner": _("Owner"),
        "review_by": _("Review by"),
        "due_text": _("State"),
        "confirmed_at": _("Found correct"),
    }

    def get_filename(self):
        return f"review-dates-{timezone.localdate():%Y-%m-%d}"

    def get_base_queryset(self):
        today = timezone.localdate()
        due = Q(translation_key__in=due_families(DueState.OVERDUE, today))
        due |= Q(translation_key__in=due_families(DueState.SOON, today))
        upkeep = Upkeep.objects.filter(translation_key=OuterRef("translation_key"))
        above = Page.objects.filter(path=OuterRef("shelf"))
        own = staff_pages(self.request.user).order_by().values("pk")
        articles = Page.objects.filter(due, pk__in=own, articlepage__isnull=False, live=True, alias_of=None)
        return (
            articles.select_related("owner__wagtail_userprofile", "locale")
            .annotate(
                shelf=Substr("path", 1, Length("path") - Page.steplen),
                review_by=Subquery(upkeep.values("review_by")[:1], output_field=DateField()),
                confirmed_at=Subquery(upkeep.values("confirmed_at")[:1], output_field=DateTimeField()),
            )
            .annotate(category_title=Subquery(above.values("title")[:1]))
            .order_by("review_by", "title", "pk")
        )

    def get_filtered_queryset(self):
        # Wagtail's own filters twice.
        return self.get_queryset()

    def decorate_paginated_queryset(self, object_list):
        today = timezone.localdate()
        for page in object_list:
            badge = badge_of(Upkeep(review_by=page.review_by), today)
            page.upkeep_badge, page.review_day = badge, page.review_by
            page.due_text = badge.text if badge else ""
        return object_list
