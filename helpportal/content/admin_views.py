"""Views of the admin that Wagtail makes for one tenant, narrowed to the tenants whose staff the user is."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest, JsonResponse
from wagtail.admin.forms.pages import PageViewRestrictionForm
from wagtail.admin.views.chooser import ExternalLinkView
from wagtail.admin.views.page_privacy import SetPrivacyView
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.locked_pages import LockedPagesView
from wagtail.admin.views.reports.workflows import WorkflowTasksView, WorkflowView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views.documents import IndexView as DocumentsView
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views.chooser import ImageChooserViewSet, ImageChooseView
from wagtail.images.views.images import IndexView as ImagesView
from wagtail.models import ModelLogEntry, Page, Site
from wagtail_localize.views.report import TranslationsReportView

from helpportal.accounts.queries import staff_sites, tenant_groups

from .admin_filters import (
    POPULAR_TAGS,
    OwnDocumentsFilterSet,
    OwnGenericPageFilterSet,
    OwnImagesFilterSet,
    OwnLockedPagesFilterSet,
    OwnSiteHistoryFilterSet,
    OwnWorkflowFilterSet,
    OwnWorkflowTasksFilterSet,
)
from .models import Fragment, PortalDocument, PortalImage
from .references.create_view import TemplatedCreateView
from .references.move_view import MoveFamilyView
from .references.use_views import WhatLinksHereView
from .review.views import CollectReviewActionDataView, ReviewActionView, ReviewedEditView
from .tenancy import SCOPES, own_log_entries, staff_fragments, staff_tags, staff_translation_sources
from .upkeep.listing import PageListView, TypeListView
from .upkeep.panels import UpkeepPanelMixin

TAG_LIMIT = 10


# --- Images, documents and their tags -----------------------------------------------------------


def autocomplete_tags(request: HttpRequest, app_name: str = "", model_name: str = "") -> JsonResponse:
    """Answer with names of tags that begin with `term`: those on images and documents of the user's tenants."""
    term = request.GET.get("term", "")
    tags = staff_tags(request.user, PortalImage, PortalDocument).filter(name__istartswith=term).order_by("name")
    return JsonResponse(list(tags.values_list("name", flat=True)[:TAG_LIMIT]) if term else [], safe=False)


class TenantImagesView(ImagesView):
    filterset_class = OwnImagesFilterSet


class TenantDocumentsView(DocumentsView):
    filterset_class = OwnDocumentsFilterSet


class TenantImageChooseView(ImageChooseView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["popular_tags"] = staff_tags(self.request.user, PortalImage)[:POPULAR_TAGS]
        return context


class TenantImageChooserViewSet(ImageChooserViewSet):
    choose_view_class = TenantImageChooseView


image_chooser = TenantImageChooserViewSet("wagtailimages_chooser", model=PortalImage, url_prefix="images/chooser")


# --- Pages --------------------------------------------------------------------------------------


def groups_of_page(page: Page) -> QuerySet[Group]:
    """Return the groups that may be a page's audience: those of its own tenant."""
    sites = Site.objects.filter(
        root_page__translation_key__in=page.get_ancestors(inclusive=True).order_by().values("translation_key")
    )
    return tenant_groups(sites).select_related("tenant_group").order_by("tenant_group__label")


class OwnGroupsRestrictionForm(PageViewRestrictionForm):
    """Offers the groups of the page's own tenant, under the names that people know."""

    def offer_groups_of(self, page: Page) -> None:
        groups = self.fields["groups"]
        groups.queryset = groups_of_page(page)
        groups.label_from_instance = lambda group: group.tenant_group.label


class TenantPrivacyView(SetPrivacyView):
    form_class = OwnGroupsRestrictionForm

    def get_form(self, form_class=None):
        form = super().get_form(form_class)
        form.offer_groups_of(self.page)
        return form


class PortalEditView(UpkeepPanelMixin, ReviewedEditView):
    """Wagtail's editor of pages, with the portal's panels."""


class TenantPageViewSet(PageViewSet):
    """Wagtail's views of pages, with listings that filter by the user's own people and sites."""

    model = Page
    filterset_class = OwnGenericPageFilterSet
    index_view_class = PageListView
    content_type_use_view_class = TypeListView
    edit_view_class = PortalEditView
    set_privacy_view_class = TenantPrivacyView
    add_view_class = TemplatedCreateView
    usage_view_class = WhatLinksHereView
    move_confirm_view_class = MoveFamilyView
    workflow_action_view_class = ReviewActionView
    collect_workflow_action_data_view_class = CollectReviewActionDataView


class TenantExternalLinkView(ExternalLinkView):
    """Makes a page link of an address of the user's own tenants; any other stays the address that it is."""

    def post(self, request):
        if not request.user.is_superuser:
            own = set(staff_sites(request.user).values_list("pk", flat=True))
            # Where Wagtail looks first.
            request._wagtail_cached_site_root_paths = [one for one in Site.get_site_root_paths() if one.site_id in own]
        return super().post(request)


# --- Reports ------------------------------------------------------------------------------------


class TenantLockedPagesView(LockedPagesView):
    filterset_class = OwnLockedPagesFilterSet


class OwnFragmentsReportMixin:
    """Drops other tenants' fragments from a report on workflows: Wagtail asks for the model's permission only."""

    fragment_lookup = ""

    def get_queryset(self):
        kind = ContentType.objects.get_for_model(Fragment)
        own = staff_fragments(self.request.user).order_by().annotate(key=Cast("pk", CharField())).values("key")
        of_others = Q(**{f"{self.fragment_lookup}content_type": kind}) & ~Q(
            **{f"{self.fragment_lookup}object_id__in": own}
        )
        return super().get_queryset().exclude(of_others)


class TenantWorkflowView(OwnFragmentsReportMixin, WorkflowView):
    filterset_class = OwnWorkflowFilterSet


class TenantWorkflowTasksView(OwnFragmentsReportMixin, WorkflowTasksView):
    filterset_class = OwnWorkflowTasksFilterSet
    fragment_lookup = "workflow_state__"


class TenantLogEntriesView(LogEntriesView):
    """What was done in the user's own tenants: to pages, fragments, people, groups and settings."""

    filterset_class = OwnSiteHistoryFilterSet

    def filter_queryset(self, queryset):
        if queryset.model is ModelLogEntry and not self.request.user.is_superuser:
            number = self.log_models.index(ModelLogEntry)
            queryset = (
                own_log_entries(self.request.user, ModelLogEntry)
                .values("pk", "timestamp")
                .annotate(log_model_index=Value(number, output_field=IntegerField()))
            )
        return super().filter_queryset(queryset)


class TenantTranslationsReportView(TranslationsReportView):
    def get_queryset(self):
        return super().get_queryset().filter(source__in=staff_translation_sources(self.request.user))


# --- The admin's own API ------------------------------------------------------------------------


class TenantImagesAPIViewSet(ImagesAdminAPIViewSet):
    def get_queryset(self):
        return super().get_queryset().filter(pk__in=SCOPES[PortalImage](self.request.user).values("pk"))


class TenantDocumentsAPIViewSet(DocumentsAdminAPIViewSet):
    def get_queryset(self):
        return super().get_queryset().filter(pk__in=SCOPES[PortalDocument](self.request.user).values("pk"))
