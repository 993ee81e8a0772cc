"""Review: who looks at a text by when, and what each publication changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Page, Revision, Site, TaskState

from ..enums import Severity


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


class ReviewTask(AbstractGroupApprovalTask):
    """Approval by a group of the tenant, with an assignee and a due date."""

    task_state_class = ReviewTaskState

    class Meta:
        verbose_name = _("review task")
        verbose_name_plural = _("review tasks")

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
