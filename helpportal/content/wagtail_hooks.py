"""The content room's part of the admin."""

from __future__ import annotations

from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from . import rich_text
from .models import Fragment
from .permissions import FragmentPermissionPolicy
from .viewsets import FragmentViewSet

AFTER_WAGTAIL = 500

register_permission_policy(Fragment, FragmentPermissionPolicy(Fragment))
register_snippet(FragmentViewSet)


@hooks.register("register_rich_text_features", order=AFTER_WAGTAIL)
def register_rich_text_features(features):
    rich_text.register_features(features)
