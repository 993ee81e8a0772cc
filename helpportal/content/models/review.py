"""Review: who looks at a text by when, and what each publication changed."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, Site, TaskState

from ..enums import Severity

DAYS_FOR_A_REVIEW = 7
MOST_DAYS = 90
ASSIGN = "assign"


class ReviewTaskState(TaskState):
    """One round of a review task: Wagtail's state, with somebody who takes it on and a day by which it is done."""

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    due_on = models.DateField(_("due date"), null=True, blank=True)

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    def save(self, *args, **kwargs):
        if self._state.adding:
            from ..review.services import give_defaults

            give_defaults(self)
        super().save(*args, **kwargs)

    @property
    def is_overdue(self) -> bool:
        """Whether the review still runs after its due date."""
        running = self.status == TaskState.STATUS_IN_PROGRESS
        return running and self.due_on is not None and self.due_on < timezone.localdate()


class ReviewTask(AbstractGroupApprovalTask):
    """Approval by a group of the tenant, with an assignee and a due date."""

    task_state_class = ReviewTaskState
    admin_form_fields = [*AbstractGroupApprovalTask.admin_form_fields, "days"]

    days = models.PositiveSmallIntegerField(
        _("days for a review"),
        default=DAYS_FOR_A_REVIEW,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("A text is due so many days after it comes to this step, where nobody says otherwise."),
    )

    class Meta:
        verbose_name = _("review task")
        verbose_name_plural = _("review tasks")

    def get_actions(self, obj, user):
        actions = super().get_actions(obj, user)
        return [*actions, (ASSIGN, _("Assign"), True)] if actions else []

    def get_form_for_action(self, action):
        if action != ASSIGN:
            return super().get_form_for_action(action)
        from ..review.forms import AssignmentForm

        return AssignmentForm.for_task(self)

    @transaction.atomic
    def on_action(self, task_state, user, action_name, **kwargs):
        if action_name != ASSIGN:
            return super().on_action(task_state, user, action_name, **kwargs)
        from ..review.forms import assign_as_sent

        assign_as_sent(self, task_state, user, kwargs)
        return None

    @classmethod
    def get_description(cls):
        return _("Members of the chosen groups approve, with an assignee and a due date")


class ArticleChange(models.Model):
    """A publication of an article that was live before: how much it changed, and what readers are told of it."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="article_changes")
    # Each publication once, however often its signal is heard.
    revision = models.OneToOneField(Revision, on_delete=models.SET_NULL, null=True, related_name="article_change")
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.NORMAL)
    note = models.CharField(_("change note"), max_length=300, blank=True)
    ready_for_translation = models.BooleanField(_("ready for translation"), default=True)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("change of an article")
        verbose_name_plural = _("changes of articles")
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["page", "-published_at"], name="articlechange_of_page")]

    def __str__(self) -> str:
        return self.note or str(Severity(self.severity).label)
