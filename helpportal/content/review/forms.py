"""Forms of review: assigning, submitting, and choosing notices."""

from __future__ import annotations

import datetime

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import SwitchInput

from helpportal.accounts.models import User

from ..enums import NoticeKind
from ..models import NoticeChoice, ReviewTask, ReviewTaskState
from . import queries, services
from .services import Assignment


def day_input() -> forms.DateInput:
    """Return the browser's own date field: it also works in a dialogue that arrives later than the page."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def validate_not_past(day: datetime.date) -> None:
    if day < timezone.localdate():
        raise ValidationError(_t("This day is over: choose today or a later day."))


def name_of(user: User) -> str:
    return user.get_full_name() or user.get_username()


class AssigneeField(forms.TypedChoiceField):
    """Chooses among the reviewers of a task. Its value is an id: Wagtail sends it on as JSON."""

    def __init__(self, **kwargs):
        super().__init__(coerce=int, empty_value=None, required=False, **kwargs)

    def offer(self, task: ReviewTask) -> None:
        self.choices = [
            ("", _t("Anybody of the group")),
            *((user.pk, name_of(user)) for user in queries.reviewers_of(task)),
        ]


class AssignmentForm(forms.Form):
    """Who reviews a text, by when, and what they should know."""

    task: ReviewTask
    state: ReviewTaskState | None = None

    assignee = AssigneeField(label=_("Assignee"))
    due_on = forms.DateField(label=_("Due date"), required=False, widget=day_input())
    comment = forms.CharField(label=_("Comment"), required=False, widget=forms.Textarea({"rows": 2}))

    @classmethod
    def for_task(cls, task: ReviewTask, state: ReviewTaskState | None = None) -> type[AssignmentForm]:
        """Return the form for one task: Wagtail makes forms of actions without saying for what."""
        return type("TaskAssignmentForm", (cls,), {"task": task, "state": state})

    def __init__(self, *args, **kwargs):
        if self.state is not None:
            kwargs["initial"] = {"assignee": self.state.assignee_id, "due_on": self.state.due_on}
        super().__init__(*args, **kwargs)
        self.fields["assignee"].offer(self.task)

    def clean_due_on(self) -> datetime.date | None:
        day = self.cleaned_data["due_on"]
        # A date that is past already may stay when only the assignee changes.
        if day is not None and not (self.state is not None and self.state.due_on == day):
            validate_not_past(day)
        return day


def assign_as_sent(task: ReviewTask, state: ReviewTaskState, user: User, values: dict) -> None:
    """Assign a review as a form or, by way of the browser, a dialogue sent it. Raises PermissionDenied for nonsense."""
    form = AssignmentForm.for_task(task, state)(
        {name: "" if value is None else value for name, value in values.items()}
    )
    if not form.is_valid():
        raise PermissionDenied("; ".join(error for errors in form.errors.values() for error in errors))
    chosen = form.cleaned_data
    assignee = queries.reviewers_of(task).filter(pk=chosen["assignee"]).first() if chosen["assignee"] else None
    services.assign(state, user, Assignment(assignee, chosen["due_on"]), chosen["comment"])


class NoticeChoicesForm(forms.Form):
    """Where somebody wants to be told of each kind of thing."""

    def __init__(self, *args, instance: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = instance
        chosen = {choice.kind: choice for choice in NoticeChoice.objects.filter(user=instance)}
        for kind in NoticeKind:
            choice = chosen.get(kind.value)
            for place, label in (("in_admin", _("In the admin")), ("by_mail", _("By mail"))):
                self.fields[f"{kind.value}_{place}"] = forms.BooleanField(
                    label=label,
                    required=False,
                    initial=getattr(choice, place) if choice else True,
                    widget=SwitchInput(),
                )

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Each kind with its two fields."""
        return [(str(kind.label), self[f"{kind.value}_in_admin"], self[f"{kind.value}_by_mail"]) for kind in NoticeKind]

    def save(self) -> None:
        for kind in NoticeKind:
            values = {place: self.cleaned_data[f"{kind.value}_{place}"] for place in ("in_admin", "by_mail")}
            NoticeChoice.objects.update_or_create(user=self.user, kind=kind.value, defaults=values)
