"""The upkeep panel beside the editor. What is done there takes effect at once and is no part of the draft."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel

from ..models import ArticlePage
from .badges import PRESSING, badge_of
from .permissions import may_archive, may_review
from .queries import upkeep_by_family


class UpkeepSidePanel(BaseSidePanel):
    """Review date, who found the article correct, and whether it is archived."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Toggle upkeep")
        icon_name = "calendar-check"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context):
            badge = self.panel.badge
            return {**super().get_context_data(parent_context), "count": int(badge is not None)}

    name = "upkeep"
    title = _("Upkeep")
    template_name = "content/upkeep/side_panel.html"
    order = 150

    def __init__(self, object, request):  # noqa: A002 - Wagtail's name for it
        super().__init__(object, request)
        self.upkeep = upkeep_by_family([object.translation_key]).get(object.translation_key)
        self.badge = badge_of(self.upkeep, timezone.localdate())

    def get_context_data(self, parent_context):
        page, user = self.object, self.request.user
        back = urlencode({"next": reverse("wagtailadmin_pages:edit", args=[page.pk])})
        return {
            **super().get_context_data(parent_context),
            "upkeep": self.upkeep,
            "badge": self.badge,
            "is_overdue": self.badge is not None and self.badge.classname == PRESSING,
            "may_review": may_review(user, page),
            "may_archive": may_archive(user, page),
            "urls": {
                name: f"{reverse(f'upkeep_{name}', args=[page.pk])}?{back}"
                for name in ("archive", "restore", "confirm", "review_date")
            },
        }


class UpkeepPanelMixin:
    """Adds the upkeep panel to Wagtail's view that edits a page."""

    def get_side_panels(self):
        panels = super().get_side_panels()
        # Saving a draft redraws the other panels only: nothing of this one changes with it.
        if not isinstance(self.page, ArticlePage) or self.expects_json_response or self.hydrate_create_view:
            return panels
        return MediaContainer(sorted([*panels, UpkeepSidePanel(self.page, self.request)], key=lambda one: one.order))
