"""Choosing notices among one's own settings in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.account import NotificationPreferencesForm
from wagtail.admin.views.account import (
    AccountView,
    BaseSettingsPanel,
    NotificationsSettingsPanel,
    notifications_tab,
)

from .forms import NoticeChoicesForm

# What notices tell: Wagtail mails none of it any more.
TOLD_BY_NOTICES = ("submitted_notifications", "approved_notifications", "rejected_notifications")


class NoticesPanel(BaseSettingsPanel):
    name = "notices"
    title = _("Notices")
    tab = notifications_tab
    order = 50
    form_class = NoticeChoicesForm
    template_name = "content/review/notice_choices.html"


class CommentsOnlyForm(NotificationPreferencesForm):
    """What is left of Wagtail's own mails: those about comments."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in TOLD_BY_NOTICES:
            self.fields.pop(name, None)


class CommentsPanel(NotificationsSettingsPanel):
    title = _("Comments")
    form_class = CommentsOnlyForm


class DeskAccountView(AccountView):
    """Wagtail's account settings, with notices in place of the mails that they replace."""

    def get_panels(self):
        panels = super().get_panels()
        return [
            CommentsPanel(panel.request, panel.user, panel.profile)
            if type(panel) is NotificationsSettingsPanel
            else panel
            for panel in panels
        ]
