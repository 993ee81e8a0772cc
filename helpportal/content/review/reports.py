"""The calendar of what is scheduled, and everybody's own notices: two lists of the admin."""

from __future__ import annotations

import django_filters
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.views.reports.base import ReportView
from wagtail.models import Page

from ..models import Notice
from . import notices, planning


def month_choices() -> list[tuple[str, str]]:
    return [(f"{day:%Y-%m}", date_format(day, "F Y")) for day in planning.months()]


class CalendarFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(
        label=_("What happens"), choices=[(planning.GO_LIVE, _("Goes live")), (planning.EXPIRY, _("Expires"))]
    )
    month = django_filters.ChoiceFilter(label=_("Month"), choices=month_choices)

    class Meta:
        model = Page
        fields: list[str] = []

    def filter_queryset(self, queryset):
        chosen = self.form.cleaned_data
        return planning.planned(self.request.user, kind=chosen["kind"] or "", month=chosen["month"] or "")


class DatesPaginator(WagtailPaginator):
    """Counts dates: the rows are of several models."""

    verbose_name = _("date")
    verbose_name_plural = _("dates")


class CalendarView(ReportView):
    """What goes live and what expires, by date."""

    page_title = _("Calendar")
    header_icon = "calendar"
    paginator_class = DatesPaginator
    model = Page
    any_permission_required = ["add", "change", "publish"]
    filterset_class = CalendarFilterSet
    index_url_name = "calendar"
    index_results_url_name = "calendar_results"
    results_template_name = "content/review/calendar_results.html"
    list_export: list[str] = []

    def get_queryset(self):
        return planning.planned(self.request.user)

    def decorate_paginated_queryset(self, object_list):
        return planning.with_subjects(list(object_list))


class NoticesView(ReportView):
    """What the user is told, the newest first. `?open=` marks one as read and goes on to what it is about."""

    page_title = _("Notices")
    header_icon = "mail"
    model = Notice
    index_url_name = "notices"
    index_results_url_name = "notices_results"
    results_template_name = "content/review/notices_results.html"
    list_export: list[str] = []

    def get(self, request, *args, **kwargs):
        asked = request.GET.get("open", "")
        if asked:
            return self.open(asked)
        return super().get(request, *args, **kwargs)

    def open(self, asked: str) -> HttpResponse:
        own = notices.notices_of(self.request.user, only_in_admin=False)
        notice = own.filter(pk=asked).first() if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
        if notice is None:
            messages.warning(self.request, gettext("What this notice was about is no longer there."))
            return redirect("notices")
        notices.mark_read(self.request.user, notice.pk)
        return redirect(address_of(notice))

    def get_queryset(self):
        return notices.notices_of(self.request.user)

    def decorate_paginated_queryset(self, object_list):
        found = list(object_list)
        for notice in found:
            notice.sentence = notices.sentence(notice)
        return found

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["unread"] = notices.unread_count(self.request.user)
        context["choices_url"] = reverse("wagtailadmin_account")
        return context


def address_of(notice: Notice) -> str:
    """Return where the admin shows what a notice is about."""
    if notice.page_id:
        return reverse("wagtailadmin_pages:edit", args=[notice.page_id])
    return reverse("wagtailsnippets_content_fragment:edit", args=[notice.fragment_id])


@require_POST
def mark_notices_read(request: HttpRequest) -> HttpResponse:
    """Mark the user's notice `notice` as read, or all of them."""
    asked = request.POST.get("notice", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 19):
        return redirect("notices")
    notices.mark_read(request.user, int(asked) if asked else None)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("notices")
    return redirect(back)
