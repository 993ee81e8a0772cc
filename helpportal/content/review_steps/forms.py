"""The steps of a review as a form: a row for each, and an empty one for another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from helpportal.accounts.models import TenantGroup
from helpportal.accounts.people.forms import OwnGroupsField

from ..models import ReviewTask
from ..models.review import DAYS_FOR_A_REVIEW, MOST_DAYS
from .services import Step

MOST_STEPS = 8


class StepForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    days = forms.IntegerField(
        label=_("Days for a review"),
        help_text=ReviewTask._meta.get_field("days").help_text,
        min_value=1,
        max_value=MOST_DAYS,
        initial=DAYS_FOR_A_REVIEW,
    )
    order = forms.IntegerField(label=_("Place"), min_value=1, max_value=99)
    # The task is told by its place in the list, never by the browser.
    remove = forms.BooleanField(label=_("Take this step away"), required=False)

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        groups = self.fields["deciders"] = OwnGroupsField(site)
        groups.queryset = TenantGroup.objects.staff().filter(site=site).select_related("locale").order_by("pk")
        groups.label, groups.help_text = _("Who decides"), ""
        groups.error_messages = {**groups.error_messages, "required": _("Choose who decides at this step.")}
        self.order_fields(["name", "deciders", "days", "order", "remove"])

    def full_clean(self) -> None:
        super().full_clean()
        # What goes need not be complete.
        if self.is_bound and getattr(self, "cleaned_data", {}).get("remove"):
            self._errors = forms.utils.ErrorDict()


class BaseStepFormSet(forms.BaseFormSet):
    """Keeps each row beside the task it began with."""

    def __init__(self, *args, steps: list[Step], **kwargs):
        self.steps = steps
        initial = [
            {"name": step.name, "deciders": step.groups, "days": step.days, "order": number}
            for number, step in enumerate(steps, start=1)
        ]
        super().__init__(*args, initial=initial, **kwargs)

    @property
    def version(self) -> str:
        """What the rows stand for: the browser sends it back, and rows that mean other tasks by then are not saved."""
        return " ".join(str(step.task.pk) for step in self.steps if step.task)

    def chosen(self) -> list[Step]:
        """Return the steps as they shall be, in their order."""
        rows: list[tuple[int, int, Step]] = []
        for number, form in enumerate(self.forms):
            data: dict[str, Any] = form.cleaned_data
            if not data or data.get("remove"):
                continue
            task = self.steps[number].task if number < len(self.steps) else None
            rows.append((data["order"], number, Step(data["name"], list(data["deciders"]), data["days"], task)))
        return [step for _order, _number, step in sorted(rows, key=lambda row: row[:2])]


StepFormSet = forms.formset_factory(StepForm, formset=BaseStepFormSet, extra=1, max_num=MOST_STEPS, validate_max=True)
