"""The tenant of a group, as a panel of Wagtail's group form. Superusers only: others have no groups to edit."""

from __future__ import annotations

from django import forms
from django.contrib.auth.models import Group
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import TenantGroup


class TenantGroupForm(forms.ModelForm):
    """Sets, changes or (by leaving the site empty) removes the tenant of one group.

    Wagtail hands the group over as `instance` and asks for `as_admin_panel()` and `save()`.
    """

    icon = "site"
    template_name = "accounts/tenant_panel.html"

    class Meta:
        model = TenantGroup
        fields = ["site", "role", "label", "locale"]

    def __init__(self, *args, instance: Group | None = None, **kwargs):
        self.group = instance
        row = TenantGroup.objects.filter(group=instance).first() if instance and instance.pk else None
        kwargs.setdefault("prefix", "tenant_group")
        super().__init__(*args, instance=row or TenantGroup(), **kwargs)
        for name in ("site", "role", "label"):
            self.fields[name].required = False
        self.fields["site"].help_text = _("The tenant that this group belongs to. Empty: the group of no tenant.")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("site"):
            for name in ("role", "label"):
                if not cleaned.get(name):
                    self.add_error(name, _("A group of a tenant needs this."))
        return cleaned

    def _post_clean(self) -> None:
        # Without a site there is no row to check.
        if self.cleaned_data.get("site"):
            super()._post_clean()

    def as_admin_panel(self) -> str:
        return render_to_string(
            self.template_name, {"heading": gettext("Tenant"), "form": self, "panel_id": "tenant-group"}
        )

    def save(self, commit: bool = True) -> TenantGroup | None:
        """Store the panel's row for the group, or delete it when no site is chosen."""
        if self.cleaned_data.get("site"):
            self.instance.group = self.group
            return super().save(commit)
        TenantGroup.objects.filter(group=self.group).delete()
        return None
