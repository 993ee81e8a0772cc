"""Notices: what somebody at the desk is told, in the admin and by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from ..enums import NoticeKind
from .fragments import Fragment


class Notice(models.Model):
    """One thing that one person is told of. `key` makes it unique, however often it is told.

    It is about a page or a fragment. `mail_after` says when its mail is tried (again); it is empty once the mail is
    on its way, or where none is wanted.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    key = models.CharField(max_length=200)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+")
    fragment = models.ForeignKey(Fragment, on_delete=models.CASCADE, null=True, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    comment = models.TextField(_("comment"), blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    in_admin = models.BooleanField(default=True)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, blank=True)
    mail_after = models.DateTimeField(null=True, blank=True)
    mail_failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notice_of_user"),
            models.Index(
                fields=["mail_after"], condition=models.Q(mail_after__isnull=False), name="notice_to_be_mailed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.page_id}"


class NoticeChoice(models.Model):
    """Somebody's choice of where to be told of one kind of thing. Without a row: in both places."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    in_admin = models.BooleanField(_("in the admin"), default=True)
    by_mail = models.BooleanField(_("by mail"), default=True)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="noticechoice_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
