"""Review's part of the admin."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter

from . import notices, reports, scheduling, services
from .account import NoticesPanel


@hooks.register("register_admin_urls")
def register_addresses():
    calendar, listing = reports.CalendarView, reports.NoticesView
    return [
        path("reports/calendar/", calendar.as_view(), name="calendar"),
        path("reports/calendar/results/", calendar.as_view(results_only=True), name="calendar_results"),
        path("notices/", listing.as_view(), name="notices"),
        path("notices/results/", listing.as_view(results_only=True), name="notices_results"),
        path("notices/read/", reports.mark_notices_read, name="notices_read"),
    ]


@hooks.register("register_reports_menu_item")
def register_calendar_menu_item():
    return MenuItem(_("Calendar"), reverse("calendar"), name="calendar", icon_name="calendar", order=300)


class NoticesMenuItem(MenuItem):
    """Says how many notices are unread."""

    def is_shown(self, request):
        return request.user.is_authenticated

    def render_component(self, request):
        component = super().render_component(request)
        unread = notices.unread_count(request.user)
        if unread:
            component.label = ngettext("Notices (%(count)d unread)", "Notices (%(count)d unread)", unread) % {
                "count": unread
            }
        return component


@hooks.register("register_admin_menu_item")
def register_notices_menu_item():
    return NoticesMenuItem(_("Notices"), reverse("notices"), name="notices", icon_name="mail", order=50)


@hooks.register("register_account_settings_panel")
def register_notices_panel(request, user, profile):
    return NoticesPanel(request, user, profile)


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action(
        services.READY, _("Mark as ready for translation"), _("Marked what is live as ready for translation")
    )

    @actions.register_action(services.ASSIGNED)
    class AssignFormatter(LogFormatter):
        label = _("Assign a review")

        def format_message(self, log_entry):
            if log_entry.data.get("assignee"):
                return gettext("Review assigned to %(name)s") % {"name": log_entry.data["assignee"]}
            return gettext("Review left to anybody of the group")

        def format_comment(self, log_entry):
            return log_entry.data.get("comment", "")

    @actions.register_action(services.EDITED)
    class EditedFormatter(LogFormatter):
        label = _("Edit during review")

        def format_message(self, log_entry):
            before, page_id = log_entry.data.get("before"), getattr(log_entry, "page_id", None)
            if before is None or page_id is None or log_entry.revision_id is None:
                return gettext("Edited during review")
            address = reverse("wagtailadmin_pages:revisions_compare", args=[page_id, before, log_entry.revision_id])
            return format_html('{} <a href="{}">{}</a>', gettext("Edited during review"), address, gettext("Compare"))

    @actions.register_action(scheduling.REFUSED)
    class RefusedFormatter(LogFormatter):
        label = _("Refuse a scheduled publication")

        def format_message(self, log_entry):
            return gettext("Scheduled publication refused: %(reason)s") % {"reason": log_entry.data.get("reason", "")}
