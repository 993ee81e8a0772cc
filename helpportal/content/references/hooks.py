"""The admin's hooks of what refers to what."""

from __future__ import annotations

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .checks_view import content_checks
from .move_view import translations_to_move
from .report_view import BrokenLinksView

hooks.register("construct_translated_pages_to_cascade_actions", translations_to_move)


@hooks.register("register_admin_urls")
def register_screens():
    return [
        path("pages/<int:page_id>/checks/", content_checks, name="content_checks"),
        path("reports/broken-links/", BrokenLinksView.as_view(), name="broken_links"),
        path("reports/broken-links/results/", BrokenLinksView.as_view(results_only=True), name="broken_links_results"),
    ]


@hooks.register("register_reports_menu_item")
def register_broken_links_item():
    return MenuItem(_("Broken links"), reverse("broken_links"), name="broken-links", icon_name="link", order=900)
