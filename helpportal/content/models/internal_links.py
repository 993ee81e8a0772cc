"""Links from pages and fragments to pages, documents and images of the same tenant, as readers meet them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from ..enums import LinkTarget
from .fragments import Fragment


class InternalLink(models.Model):
    """A place in a live page or fragment that names something by its id, which may be gone by now.

    Wagtail's index of references forgets what points at a deleted object; these rows remember it.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+")
    fragment = models.ForeignKey(Fragment, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=LinkTarget.choices)
    target_id = models.BigIntegerField(_("target"))
    anchor = models.CharField(_("anchor"), max_length=200, blank=True)
    text = models.CharField(_("text"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("internal link")
        verbose_name_plural = _("internal links")
        constraints = [
            models.UniqueConstraint(fields=["page", "kind", "target_id", "anchor"], name="internallink_once_per_page"),
            models.UniqueConstraint(
                fields=["fragment", "kind", "target_id", "anchor"], name="internallink_once_per_fragment"
            ),
            models.CheckConstraint(
                condition=models.Q(page__isnull=True) ^ models.Q(fragment__isnull=True),
                name="internallink_has_one_source",
            ),
        ]
        indexes = [models.Index(fields=["kind", "target_id"], name="internallink_target")]

    def __str__(self) -> str:
        return self.text or f"{self.kind} {self.target_id}"
