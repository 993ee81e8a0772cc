"""Filters of the admin's listings and reports that offer only what the user's own tenants have."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.admin.views.pages.listing import GenericPageFilterSet
from wagtail.admin.views.reports.audit_logging import SiteHistoryReportFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet
from wagtail.admin.views.reports.workflows import WorkflowReportFilterSet, WorkflowTasksReportFilterSet
from wagtail.documents.views.documents import DocumentsFilterSet
from wagtail.images.views.images import ImagesFilterSet
from wagtail.log_actions import registry as log_action_registry
from wagtail.models import Locale, Site, Task, Workflow

from helpportal.accounts.queries import staff_pages, staff_sites, tenant_groups

from .models import CategoryPage
from .tenancy import own_log_entries, staff_tags
from .upkeep.filters import UpkeepFilters

POPULAR_TAGS = 10

User = get_user_model()


def colleagues(user) -> QuerySet:
    """Return the people of the tenants whose staff the user is, and the superusers, who work in all of them."""
    return User.objects.filter(
        Q(pk__in=User.objects.filter(groups__tenant_group__site__in=staff_sites(user)).values("pk"))
        | Q(is_superuser=True)
    )


def staff_workflows(user) -> QuerySet[Workflow]:
    """Return the workflows of those tenants' pages."""
    return Workflow.objects.filter(workflow_pages__page__in=staff_pages(user).values("pk")).distinct()


# What a filter may offer, by the model of its choices.
CHOICES = {
    CategoryPage: lambda user: CategoryPage.objects.filter(pk__in=staff_pages(user).order_by().values("pk")),
    User: colleagues,
    Group: lambda user: tenant_groups(staff_sites(user)),
    Locale: lambda user: Locale.objects.filter(pk__in=staff_pages(user).order_by().values("locale")),
    Site: staff_sites,
    Workflow: staff_workflows,
    Task: lambda user: Task.objects.filter(workflow_tasks__workflow__in=staff_workflows(user)).distinct(),
}


class OwnChoicesMixin:
    """Narrows the people, sites, workflows and tasks that the filters of a filter set offer."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        user = self.request.user
        if user.is_superuser:
            return
        for one in self.filters.values():
            # A filter has its choices in one of two places, depending on when its filter set made them.
            queryset = getattr(one, "queryset", None)
            if queryset is None:
                queryset = one.extra.get("queryset")
            if callable(queryset):
                queryset = queryset(self.request)
            if queryset is None or queryset.model not in CHOICES:
                continue
            own = CHOICES[queryset.model](user)
            one.queryset = one.extra["queryset"] = queryset.filter(pk__in=own.order_by().values("pk"))


class OwnGenericPageFilterSet(OwnChoicesMixin, UpkeepFilters, GenericPageFilterSet):
    class Meta(GenericPageFilterSet.Meta):
        pass


class OwnLockedPagesFilterSet(OwnChoicesMixin, LockedPagesReportFilterSet):
    class Meta(LockedPagesReportFilterSet.Meta):
        pass


class OwnWorkflowFilterSet(OwnChoicesMixin, WorkflowReportFilterSet):
    class Meta(WorkflowReportFilterSet.Meta):
        pass


class OwnWorkflowTasksFilterSet(OwnChoicesMixin, WorkflowTasksReportFilterSet):
    class Meta(WorkflowTasksReportFilterSet.Meta):
        pass


class OwnSiteHistoryFilterSet(OwnChoicesMixin, SiteHistoryReportFilterSet):
    """Offers what occurs in the entries that the user may see."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["object_type"].extra["queryset"] = ContentType.objects.filter(
            pk__in=set().union(*(entries.get_content_type_ids() for entries in self._own_entries()))
        ).order_by("model")

    def _own_entries(self) -> list[QuerySet]:
        models = log_action_registry.get_log_entry_models()
        return [own_log_entries(self.request.user, model) for model in models]

    def get_action_choices(self):
        used = set().union(*(entries.get_actions() for entries in self._own_entries()))
        return [choice for choice in log_action_registry.get_choices() if choice[0] in used]

    def get_user_choices(self):
        ids = set().union(*(entries.get_user_ids() for entries in self._own_entries()))
        return User.objects.filter(pk__in=ids).order_by(User.USERNAME_FIELD)

    class Meta(SiteHistoryReportFilterSet.Meta):
        pass


class OwnTagsMixin:
    """Offers the tags of the user's own images or documents."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "tag" in self.filters and not self.request.user.is_superuser:
            names = list(staff_tags(self.request.user, self._meta.model).values_list("name", flat=True)[:POPULAR_TAGS])
            if names:
                self.filters["tag"].extra["choices"] = [(name, name) for name in names]
            else:
                del self.filters["tag"]


class OwnImagesFilterSet(OwnTagsMixin, ImagesFilterSet):
    class Meta(ImagesFilterSet.Meta):
        pass


class OwnDocumentsFilterSet(OwnTagsMixin, DocumentsFilterSet):
    class Meta(DocumentsFilterSet.Meta):
        pass
