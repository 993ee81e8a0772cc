"""Upkeep: what is true of an article in all its languages and all its revisions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site


class Upkeep(models.Model):
    """When a family of articles is read again, who last found it correct, and whether it is archived.

    None of this belongs to a revision: it holds for what is live now, and for every language. A family without a
    row has no review date and is not archived.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    translation_key = models.UUIDField(_("family"), unique=True)
    review_by = models.DateField(
        _("review by"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Somebody reads the article again by this day."),
    )
    confirmed_at = models.DateTimeField(_("found correct at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("found correct by"),
    )
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True)
    archived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("archived by"),
    )
    successor = models.ForeignKey(
        Page,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("successor"),
        help_text=_("The article that readers of the archived one are sent to."),
    )

    class Meta:
        verbose_name = _("upkeep of an article")
        verbose_name_plural = _("upkeep of articles")
        indexes = [
            models.Index(
                fields=["translation_key"], condition=Q(archived_at__isnull=False), name="upkeep_archived_families"
            ),
        ]

    def __str__(self) -> str:
        return str(self.translation_key)
