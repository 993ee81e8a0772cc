"""Readers' groups in the admin, for the administrators of a tenant."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Site

from ..enums import Role
from ..models import TenantGroup
from . import services
from .forms import ReaderGroupForm
from .managing import ManagedSiteMixin, OwnIndexView
from .queries import pages_kept_to, reader_groups

GROUPS_CRUMB = {"url": reverse_lazy("people:groups"), "label": gettext_lazy("Readers' groups")}


class GroupsView(OwnIndexView):
    model = TenantGroup
    page_title = gettext_lazy("Readers' groups")
    header_icon = "group"
    index_url_name = "people:groups"
    index_results_url_name = "people:groups_results"
    add_url_name = "people:add_group"
    edit_url_name = "people:edit_group"
    delete_url_name = "people:delete_group"
    add_item_label = gettext_lazy("Add a group")
    search_fields = ["label"]
    default_ordering = "label"
    verbose_name_plural = gettext_lazy("groups")

    @cached_property
    def columns(self):
        title = self._get_title_column_class(TitleColumn)
        return [
            title("label", label=gettext_lazy("Name"), get_url=self.get_edit_url, sort_key="label"),
            Column("members", label=gettext_lazy("Members")),
            Column("restricted", label=gettext_lazy("Pages kept to it")),
        ]

    def get_base_queryset(self):
        return reader_groups(Site.objects.filter(pk=self.site.pk))


class GroupFormView(ManagedSiteMixin, WagtailAdminTemplateMixin, FormView):
    template_name = "accounts/people/group.html"
    form_class = ReaderGroupForm
    header_icon = "group"
    list_crumb = GROUPS_CRUMB

    @cached_property
    def group(self) -> TenantGroup:
        return TenantGroup(site=self.site, role=Role.READER)

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "instance": self.group}

    def get_context_data(self, **kwargs):
        return super().get_context_data(submit_button_label=_("Save"), **kwargs)


class AddGroupView(GroupFormView):
    page_title = gettext_lazy("Add a group")

    def form_valid(self, form) -> HttpResponse:
        row = services.add_reader_group(self.site, form.cleaned_data["label"], by=self.request.user)
        messages.success(self.request, _("The group “%(name)s” is added.") % {"name": row.label})
        return redirect("people:groups")


class OneGroupMixin:
    @cached_property
    def group(self) -> TenantGroup:
        own = TenantGroup.objects.filter(site=self.site, role=Role.READER).select_related("group", "site")
        return get_object_or_404(own, pk=self.kwargs["tenant_group_id"])


class EditGroupView(OneGroupMixin, GroupFormView):
    def get_page_title(self):
        return TenantGroup.objects.get(pk=self.group.pk).label

    def get_context_data(self, **kwargs):
        return super().get_context_data(group=self.group, pages=pages_kept_to(self.group), **kwargs)

    def form_valid(self, form) -> HttpResponse:
        stored = TenantGroup.objects.select_related("group", "site").get(pk=self.group.pk)
        services.rename_reader_group(stored, form.cleaned_data["label"], by=self.request.user)
        messages.success(self.request, _("The group is now called “%(name)s”.") % {"name": stored.label})
        return redirect("people:groups")


class DeleteGroupView(OneGroupMixin, ManagedSiteMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "accounts/people/delete_group.html"
    page_title = gettext_lazy("Delete a group")
    header_icon = "group"
    list_crumb = GROUPS_CRUMB

    def get_page_subtitle(self):
        return self.group.label

    def get_context_data(self, **kwargs):
        members = self.group.group.user_set.count()
        return super().get_context_data(group=self.group, pages=pages_kept_to(self.group), members=members, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            services.delete_reader_group(self.group, by=request.user)
        except services.GroupInUseError as error:
            messages.error(request, str(error))
            return self.get(request, *args, **kwargs)
        except TenantGroup.DoesNotExist as error:
            raise Http404 from error
        messages.success(request, _("The group “%(name)s” is deleted.") % {"name": self.group.label})
        return redirect("people:groups")
