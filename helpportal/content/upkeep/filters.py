"""What the page list and the report of review dates can be narrowed to."""

from __future__ import annotations

import datetime

import django_filters
from django import forms
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ModelMultipleChoiceField
from wagtail.models import Locale, Page, PageViewRestriction, WorkflowState

from helpportal.accounts.people.forms import group_name
from helpportal.core.access import FamilyStandsBelow

from ..enums import DueState
from ..models import Upkeep
from .dates import SOON_DAYS

WITHOUT_DATE = "none"


class PageState(models.TextChoices):
    LIVE = "live", _("Live")
    DRAFT = "draft", _("Draft")
    CHANGED = "changed", _("Live, with unpublished changes")
    IN_REVIEW = "in_review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")


class GroupField(ModelMultipleChoiceField):
    """Names groups as people know them."""

    def label_from_instance(self, obj: Group) -> str:
        of_tenant = getattr(obj, "tenant_group", None)
        return group_name(of_tenant) if of_tenant else obj.name


class GroupFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = GroupField


def audiences(request) -> QuerySet[Group]:
    """Return the groups that pages are kept to."""
    used = PageViewRestriction.groups.through.objects.values("group")
    groups = Group.objects.filter(pk__in=used).select_related("tenant_group__locale")
    return groups.order_by("tenant_group__label", "name")


class UpkeepFilters(django_filters.FilterSet):
    """The filters of the page list that Wagtail does not have."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=PageState.choices, method="by_state", widget=forms.RadioSelect, empty_label=_("Any")
    )
    archived = django_filters.ChoiceFilter(
        label=_("Archived"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        method="by_archive",
        widget=forms.RadioSelect,
        empty_label=_("Any"),
    )
    locale = django_filters.ModelMultipleChoiceFilter(
        label=_("Language"), queryset=Locale.objects.order_by("pk"), widget=forms.CheckboxSelectMultiple
    )
    audience = GroupFilter(
        label=_("Audience"), queryset=audiences, method="by_audience", widget=forms.CheckboxSelectMultiple
    )
    review = django_filters.ChoiceFilter(
        label=_("Review date"),
        choices=[
            (DueState.OVERDUE, DueState.OVERDUE.label),
            (DueState.SOON, DueState.SOON.label),
            (WITHOUT_DATE, _("Articles without a date")),
        ],
        method="by_review_date",
        widget=forms.RadioSelect,
        empty_label=_("Any"),
    )
    tag = django_filters.CharFilter(label=_("Tag"), method="by_tag")

    def by_state(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return keep(queryset, pages_in_state(value))

    def by_archive(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        archived = Q(translation_key__in=Upkeep.objects.filter(archived_at__isnull=False).values("translation_key"))
        return keep(queryset, Page.objects.filter(archived if value == "yes" else ~archived))

    def by_audience(self, queryset: QuerySet, _name: str, value: list[Group]) -> QuerySet:
        if not value:
            return queryset
        families = PageViewRestriction.objects.filter(groups__in=value).values("page__translation_key")
        tops = Page.objects.filter(translation_key__in=families).order_by().values("path")
        return keep(queryset, Page.objects.filter(FamilyStandsBelow(tops)))

    def by_review_date(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        articles = Page.objects.filter(articlepage__isnull=False)
        if value == WITHOUT_DATE:
            dated = Upkeep.objects.filter(review_by__isnull=False).values("translation_key")
            return keep(queryset, articles.exclude(translation_key__in=dated))
        return keep(queryset, articles.filter(translation_key__in=due_families(value, timezone.localdate())))

    def by_tag(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        return keep(queryset, Page.objects.filter(articlepage__tags__contains=[value]))


def keep(queryset: QuerySet, pages: QuerySet) -> QuerySet:
    """Keep the rows that are among `pages`, in a form that a search in the result understands too."""
    return queryset.filter(pk__in=pages.order_by().values("pk"))


def pages_in_state(state: str) -> QuerySet:
    """Return the pages that are in one of the states that Wagtail knows."""
    if state == PageState.IN_REVIEW:
        under_way = [WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]
        return Page.objects.filter(_workflow_states__status__in=under_way)
    if state == PageState.SCHEDULED:
        return Page.objects.annotate_approved_schedule().filter(_approved_schedule=True)
    if state == PageState.CHANGED:
        return Page.objects.filter(live=True, has_unpublished_changes=True)
    return Page.objects.filter(live=state == PageState.LIVE)


def due_families(state: str, today: datetime.date) -> QuerySet:
    """Return the keys of the families whose review is overdue or due soon; what is archived waits for nothing."""
    waiting = Upkeep.objects.filter(archived_at__isnull=True)
    if state == DueState.OVERDUE:
        waiting = waiting.filter(review_by__lt=today)
    else:
        waiting = waiting.filter(review_by__range=(today, today + datetime.timedelta(days=SOON_DAYS)))
    return waiting.values("translation_key")
