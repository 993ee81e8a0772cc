from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision, Site


class ImportedDocument(models.Model):
    """What the importer last wrote to a page, and from which file: the memory that makes it idempotent."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="imported_document")
    source = models.CharField(
        _("source"), max_length=100, help_text=_("The tree the file belongs to: its category's slug.")
    )
    path = models.CharField(
        _("path"), max_length=500, help_text=_("The file's path inside its tree, in the source language.")
    )
    locale_code = models.CharField(_("language"), max_length=10)
    document_id = models.CharField(_("document id"), max_length=200, blank=True)
    content_hash = models.CharField(
        _("content hash"), max_length=64, blank=True, help_text=_("SHA-256 of the file's bytes.")
    )
    fingerprint = models.CharField(
        _("fingerprint"),
        max_length=64,
        blank=True,
        help_text=_("Digest of all that decides what the page looks like. Empty: the page waits for its content."),
    )
    answers = models.JSONField(_("answers"), default=dict, help_text=_("What each link and image was found to be."))
    findings = models.JSONField(_("findings"), default=dict, help_text=_("What the report says of the document."))
    revision = models.ForeignKey(Revision, on_delete=models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), auto_now=True)

    class Meta:
        verbose_name = _("imported document")
        verbose_name_plural = _("imported documents")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "source", "path", "locale_code"], name="importeddocument_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.path} ({self.locale_code})"
