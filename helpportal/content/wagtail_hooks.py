"""The content room's part of the admin."""

from __future__ import annotations

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from .models import Fragment
from .permissions import FragmentPermissionPolicy
from .viewsets import FragmentViewSet

register_permission_policy(Fragment, FragmentPermissionPolicy(Fragment))
register_snippet(FragmentViewSet)
