"""The content room's part of the admin."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    UnpublishBulkAction,
)
from wagtail.models import Page
from wagtail.permissions import register_permission_policy
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction as DeleteSnippetsBulkAction
from wagtail.snippets.models import register_snippet

from helpportal.accounts.queries import staff_pages

from . import audience_admin, links, rich_text  # noqa: F401 - the first registers what is its own
from .addresses import is_reserved, reserved_message
from .admin_views import TenantDocumentsAPIViewSet, TenantImagesAPIViewSet, TenantPageViewSet
from .desk import hooks as desk_hooks  # noqa: F401 - registers the desk's own
from .fence import BEYOND_STAFF
from .models import Fragment
from .permissions import FragmentPermissionPolicy
from .publishing import check_publication
from .references import hooks as references_hooks  # noqa: F401 - registers its own
from .review import hooks as review_hooks  # noqa: F401 - registers review's own
from .review_steps import hooks as review_steps_hooks  # noqa: F401 - registers its own
from .upkeep import hooks as upkeep_hooks  # noqa: F401 - registers upkeep's own
from .upkeep.bulk import OwnRowsMixin
from .viewsets import FragmentViewSet

LATE = 1000  # after Wagtail's own, to take its place

register_permission_policy(Fragment, FragmentPermissionPolicy(Fragment))
register_snippet(FragmentViewSet)


@hooks.register("register_rich_text_features", order=LATE)
def register_rich_text_features(features):
    rich_text.register_features(features)
    links.register_handlers(features)


@hooks.register("register_admin_viewset", order=LATE)
def register_page_viewset():
    return TenantPageViewSet()


@hooks.register("before_publish_page")
def check_before_publishing(request, page):
    check_publication(page, page.latest_revision)


@hooks.register("construct_admin_api", order=LATE)
def scope_admin_api(router):
    router.register_endpoint("images", TenantImagesAPIViewSet)
    router.register_endpoint("documents", TenantDocumentsAPIViewSet)


@hooks.register("construct_page_chooser_queryset")
def choose_among_own_pages(pages, request):
    return pages.filter(pk__in=staff_pages(request.user).order_by().values("pk"))


@hooks.register("construct_explorer_page_queryset")
def explore_own_pages(parent_page, pages, request):
    return pages.filter(pk__in=staff_pages(request.user).order_by().values("pk"))


@hooks.register("construct_reports_menu")
def hide_reports_of_the_install(request, menu_items):
    if not request.user.is_superuser:
        closed = {reverse(name) for name in BEYOND_STAFF if name.startswith("wagtailadmin_reports:")}
        menu_items[:] = [item for item in menu_items if item.url not in closed]


@hooks.register("before_move_page")
def refuse_move_to_reserved_address(request, page, destination):
    if is_reserved(page.slug, destination):
        messages.error(request, reserved_message(page.slug))
        return redirect("wagtailadmin_pages:move", page.pk)
    return None


@hooks.register("before_copy_page")
def refuse_copy_to_reserved_address(request, page):
    slug = request.POST.get("new_slug", "")
    parent = Page.objects.filter(pk=request.POST.get("new_parent_page") or None).first() or page.get_parent()
    if is_reserved(slug, parent):
        messages.error(request, reserved_message(slug))
        return redirect("wagtailadmin_pages:copy", page.pk)
    return None


for action in (DeleteBulkAction, MoveBulkAction, UnpublishBulkAction, DeleteSnippetsBulkAction):
    hooks.register("register_bulk_action", type(f"Own{action.__name__}", (OwnRowsMixin, action), {}), order=LATE)
