"""Links from articles to other sites, and what became of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Site

from ..enums import LinkState
from .fragments import Fragment


class ExternalAddress(models.Model):
    """An address of another site that a tenant's pages link to, and what its last check found."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    url = models.URLField(_("address"), max_length=2000)
    host = models.CharField(max_length=255, db_index=True)
    state = models.CharField(_("state"), max_length=12, choices=LinkState.choices, default=LinkState.UNCHECKED)
    finding = models.CharField(_("finding"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    check_after = models.DateTimeField(_("check after"), auto_now_add=True, db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("external address")
        verbose_name_plural = _("external addresses")
        constraints = [models.UniqueConstraint(fields=["site", "url"], name="externaladdress_once_per_site")]

    def __str__(self) -> str:
        return self.url


class ExternalLink(models.Model):
    """A place in a live page or fragment where an external address is linked."""

    address = models.ForeignKey(ExternalAddress, on_delete=models.CASCADE, related_name="links")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, null=True, related_name="+")
    fragment = models.ForeignKey(Fragment, on_delete=models.CASCADE, null=True, related_name="+")
    text = models.CharField(_("text"), max_length=200, blank=True)

    # A record of links is no link itself: Wagtail's index would show it as a use of the page.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("external link")
        verbose_name_plural = _("external links")
        constraints = [
            models.UniqueConstraint(fields=["address", "page"], name="externallink_once_per_page"),
            models.UniqueConstraint(fields=["address", "fragment"], name="externallink_once_per_fragment"),
            models.CheckConstraint(
                condition=models.Q(page__isnull=True) ^ models.Q(fragment__isnull=True),
                name="externallink_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return self.text or str(self.address_id)
