"""Upkeep's part of the admin."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogFormatter
from wagtail.models import Page
from wagtail.permissions import policy_registry

from ..models import ArticlePage
from . import services, views
from .bulk_actions import ACTIONS
from .permissions import may_archive
from .queries import upkeep_by_family
from .reports import ReviewDatesView

LATE = 1000  # after Wagtail's own, to take the place of its "Publish"

for action in ACTIONS:
    hooks.register("register_bulk_action", action, order=LATE)


@hooks.register("register_admin_urls")
def register_addresses():
    return [
        path("upkeep/<int:page_id>/archive/", views.ArchiveView.as_view(), name="upkeep_archive"),
        path("upkeep/<int:page_id>/restore/", views.RestoreView.as_view(), name="upkeep_restore"),
        path("upkeep/<int:page_id>/confirm/", views.ConfirmView.as_view(), name="upkeep_confirm"),
        path("upkeep/<int:page_id>/review-date/", views.ReviewDateView.as_view(), name="upkeep_review_date"),
        path("reports/review-dates/", ReviewDatesView.as_view(), name="upkeep_report"),
        path("reports/review-dates/results/", ReviewDatesView.as_view(results_only=True), name="upkeep_report_results"),
    ]


@hooks.register("register_page_header_buttons")
def offer_archive(page, user, view_name, next_url=None):
    if not isinstance(page, ArticlePage) or not may_archive(user, page):
        return
    upkeep = upkeep_by_family([page.translation_key]).get(page.translation_key)
    if upkeep is not None and upkeep.archived_at is not None:
        yield Button(_("Bring back"), reverse("upkeep_restore", args=[page.pk]), icon_name="rotate", priority=62)
    elif page.live:
        yield Button(_("Archive"), reverse("upkeep_archive", args=[page.pk]), icon_name="folder-inverse", priority=62)


class ReportMenuItem(MenuItem):
    def is_shown(self, request):
        policy = policy_registry.get_by_type(Page)
        return policy.user_has_any_permission(request.user, ["add", "change", "publish", "lock"])


@hooks.register("register_reports_menu_item")
def register_report():
    return ReportMenuItem(
        _("Review dates"), reverse("upkeep_report"), name="review-dates", icon_name="calendar-check", order=750
    )


@hooks.register("register_log_actions")
def register_actions(actions):
    class ArchiveFormatter(LogFormatter):
        label = _("Archive")

        def format_message(self, log_entry):
            successor = log_entry.data.get("successor")
            if successor:
                return _("Archived, with the successor “%(title)s”") % {"title": successor["title"]}
            if log_entry.data.get("by_rule"):
                return _("Archived by the rule for overdue articles")
            return _("Archived")

    class ReviewDateFormatter(LogFormatter):
        label = _("Set the review date")

        def format_message(self, log_entry):
            day = log_entry.data.get("review_by")
            return _("Set the review date to %(date)s") % {"date": day} if day else _("Took the review date away")

    class OwnerFormatter(LogFormatter):
        label = _("Set the owner")

        def format_message(self, log_entry):
            return _("Made %(name)s the owner") % {"name": log_entry.data.get("owner", "")}

    actions.register_action(services.ARCHIVED)(ArchiveFormatter)
    actions.register_action(services.RESTORED, _("Bring back"), _("Brought back from the archive"))
    actions.register_action(services.CONFIRMED, _("Still correct"), _("Found still correct"))
    actions.register_action(services.DATE_SET)(ReviewDateFormatter)
    actions.register_action(services.OWNER_SET)(OwnerFormatter)
