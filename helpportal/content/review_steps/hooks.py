"""The part of the admin that is about the steps of a review."""

from __future__ import annotations

from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from helpportal.accounts.people.log import register_action
from helpportal.accounts.wagtail_hooks import ManagersMenuItem

from .services import STEPS_CHANGED
from .views import ReviewStepsView


@hooks.register("register_admin_urls")
def register_review_steps_url():
    return [path("review-steps/", ReviewStepsView.as_view(), name="review_steps")]


@hooks.register("register_settings_menu_item")
def register_review_steps_menu_item():
    return ManagersMenuItem(
        _("Review steps"), reverse_lazy("review_steps"), icon_name="tasks", order=120, name="review-steps"
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    register_action(actions, STEPS_CHANGED, _("Change review steps"), _("Review steps: {names}"))
