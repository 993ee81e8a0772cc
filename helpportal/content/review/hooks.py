"""Review's part of the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from . import services


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action(
        services.READY, _("Mark as ready for translation"), _("Marked what is live as ready for translation")
    )
