from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision


class SourceTextRevision(models.Model):
    """Marks a revision of a translation that still holds text of the source language.

    wagtail-localize starts every translation as a copy of its source. Such a revision is for translators only.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("revision with source text")
        verbose_name_plural = _("revisions with source text")

    def __str__(self) -> str:
        return f"revision {self.revision_id}"
