"""Fragments in the admin: each tenant's staff see and choose their own."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from wagtail.models import Site
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    EditView,
    PreviewOnCreateView,
    SnippetViewSet,
    UnpublishView,
)

from helpportal.accounts.queries import staff_sites

from .models import Fragment
from .references.fragment_list import COLUMNS, FragmentIndexView
from .references.queries import with_use_count
from .references.use_views import FragmentUseView


def site_for_new_fragment(request) -> Site:
    """Return the tenant that a new fragment belongs to: the one whose admin is open, else the user's first.

    Raises PermissionDenied for a user who is nobody's staff.
    """
    sites = staff_sites(request.user)
    here = Site.find_for_request(request)
    site = (here and sites.filter(pk=here.pk).first()) or sites.order_by("pk").first()
    if site is None:
        raise PermissionDenied
    return site


class NewFragmentMixin:
    """Gives a new fragment its site before the form checks it."""

    def get_initial_form_instance(self):
        instance = super().get_initial_form_instance() or self.model()
        instance.site = site_for_new_fragment(self.request)
        return instance


class FragmentCreateView(NewFragmentMixin, CreateView):
    """Adds a fragment to the tenant whose admin is open."""


class OwnFragmentMixin:
    """Asks for the permission on this very fragment: Wagtail asks for the model's only."""

    def get_object(self, queryset=None):
        instance = super().get_object(queryset)
        policy = policy_registry.get_by_type(Fragment)
        if not policy.user_has_permission_for_instance(self.request.user, self.permission_required, instance):
            raise PermissionDenied
        return instance


class FragmentEditView(OwnFragmentMixin, EditView):
    pass


class FragmentDeleteView(OwnFragmentMixin, DeleteView):
    pass


class FragmentUnpublishView(OwnFragmentMixin, UnpublishView):
    pass


class FragmentPreviewOnCreateView(PreviewOnCreateView):
    def get_object(self):
        instance = super().get_object()
        instance.site = site_for_new_fragment(self.request)
        return instance


class OwnFragmentsMixin:
    """Offers the fragments of the tenants whose staff the user is."""

    def get_object_list(self):
        return super().get_object_list().filter(site__in=staff_sites(self.request.user))


class FragmentChooseView(OwnFragmentsMixin, ChooseView):
    pass


class FragmentChooseResultsView(OwnFragmentsMixin, ChooseResultsView):
    pass


class FragmentChooserViewSet(SnippetChooserViewSet):
    choose_view_class = FragmentChooseView
    choose_results_view_class = FragmentChooseResultsView


class FragmentViewSet(SnippetViewSet):
    model = Fragment
    icon = "snippet"
    menu_order = 250
    add_to_admin_menu = True
    copy_view_enabled = False  # a copy would be taken for a translation of the same fragment
    add_view_class = FragmentCreateView
    edit_view_class = FragmentEditView
    delete_view_class = FragmentDeleteView
    unpublish_view_class = FragmentUnpublishView
    preview_on_add_view_class = FragmentPreviewOnCreateView
    chooser_viewset_class = FragmentChooserViewSet
    usage_view_class = FragmentUseView
    index_view_class = FragmentIndexView
    list_display = COLUMNS
    list_filter = ["live"]
    search_fields = ["title"]

    def get_queryset(self, request):
        policy = policy_registry.get_by_type(Fragment)
        return with_use_count(
            policy.instances_user_has_any_permission_for(request.user, ["add", "change", "delete", "view"])
        )
