"""The desk's part of the admin."""

from __future__ import annotations

from django.urls import path
from wagtail import hooks
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel

from .views import DeskPanel, DeskSectionView

# The desk says what these say. They ask for every task of every tenant, one by one.
REPLACED = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)


@hooks.register("construct_homepage_panels")
def put_desk_on_home(request, panels):
    panels[:] = [panel for panel in panels if not isinstance(panel, REPLACED)]
    panels.append(DeskPanel())


@hooks.register("register_admin_urls")
def register_desk_url():
    return [path("desk/<slug:section>/", DeskSectionView.as_view(), name="desk_section")]
