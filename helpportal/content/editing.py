"""The form that articles are edited with: beside the text, what an edit of a live article says of itself."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from .enums import Severity
from .page_form import HelpPageForm

EDIT = ("change_severity", "change_note", "ready_for_translation")
REVIEW = ("review_assignee", "review_due_on")

# The form takes away what does not apply to a page; a panel without fields is not shown.
PANELS = [
    MultiFieldPanel(
        [FieldPanel("change_severity"), FieldPanel("change_note"), FieldPanel("ready_for_translation")],
        heading=_("This edit"),
        help_text=_("The article is live. Readers, reviewers and translators are told what this edit is about."),
    ),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("review_assignee"), FieldPanel("review_due_on")])],
        heading=_("When you submit it"),
    ),
]


class ArticleForm(HelpPageForm):
    """Asks what the edit of a live article is about, and who reviews it by when once it is submitted."""

    review_assignee = forms.TypedChoiceField(
        label=_("Assignee"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Who reviews it."),
    )
    review_due_on = forms.DateField(
        label=_("Due date"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._prepare_edit()
        self._prepare_review()

    def _prepare_edit(self) -> None:
        page = self.instance
        if "change_severity" not in self.fields:
            return
        if not (page.pk and page.live):
            for name in EDIT:
                self.fields.pop(name, None)
            return
        self.fields["change_severity"].required = False
        if not page.has_unpublished_changes:
            # What the last publication said of its edit does not hold for the next one.
            self.initial.update(change_severity=Severity.NORMAL, change_note="", ready_for_translation=True)

    def _prepare_review(self) -> None:
        from .review.queries import due_day, first_review_of, reviewers_of, usual_reviewer

        page = self.instance
        self.review_task = first_review_of(page) if page.pk else None
        if self.review_task is None:
            for name in REVIEW:
                self.fields.pop(name, None)
            return
        people = [(one.pk, one.get_full_name() or one.get_username()) for one in reviewers_of(self.review_task)]
        self.fields["review_assignee"].choices = [("", _("Anybody of the group")), *people]
        usual = usual_reviewer(page, self.review_task)
        self.initial["review_assignee"] = usual.pk if usual else ""
        self.initial["review_due_on"] = due_day(self.review_task)

    def clean(self):
        cleaned = super().clean()
        if "change_severity" in self.fields and self.add_prefix("change_severity") not in self.data:
            # Sent by a program that does not know of it.
            cleaned.update(change_severity=Severity.NORMAL, change_note="", ready_for_translation=True)
        due_on = cleaned.get("review_due_on")
        if due_on is not None and "action-submit" in self.data:
            from .review.forms import validate_not_past

            try:
                validate_not_past(due_on)
            except forms.ValidationError as error:
                self.add_error("review_due_on", error)
        return cleaned

    def _post_clean(self):
        if "change_severity" in self.fields:
            self.cleaned_data["change_severity"] = self.cleaned_data.get("change_severity") or Severity.NORMAL
            self.instance.describes_edit = True
        super()._post_clean()

    def chosen_review(self):
        """Return who was chosen to review the text, and by when; None where the form does not ask."""
        from .review.queries import reviewers_of
        from .review.services import Assignment

        if self.review_task is None or "action-submit" not in self.data:
            return None
        chosen = self.cleaned_data.get("review_assignee")
        assignee = reviewers_of(self.review_task).filter(pk=chosen).first() if chosen else None
        return Assignment(assignee, self.cleaned_data.get("review_due_on"))
