from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    Site,
    TranslatableMixin,
    Workflow,
    WorkflowMixin,
)
from wagtail_localize.fields import SynchronizedField, TranslatableField

from helpportal.accounts.queries import tenant_workflow

from ..blocks import FragmentBodyBlock
from ..publishing import CheckedPublishing
from ..references.panels import FragmentUsePanel


class Fragment(
    CheckedPublishing,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    models.Model,
):
    """A passage written once and shown in many articles."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="fragments", verbose_name=_("site"))
    title = models.CharField(
        _("title"), max_length=120, help_text=_("Only editors see it, when they choose a fragment.")
    )
    body = StreamField(FragmentBodyBlock(), verbose_name=_("body"))

    panels = [FieldPanel("title"), FieldPanel("body"), FragmentUsePanel()]
    translatable_fields = [
        TranslatableField("title"),
        TranslatableField("body"),
        SynchronizedField("site", overridable=False),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("fragment")
        verbose_name_plural = _("fragments")

    def __str__(self) -> str:
        return self.title

    def get_workflow(self) -> Workflow | None:
        """Return the workflow of the tenant's pages: Wagtail's own setting for snippets is one for all tenants."""
        return tenant_workflow(self.site) if self.site_id else None
