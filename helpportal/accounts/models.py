from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Site

from .enums import Role


class User(AbstractUser):
    """A person who signs in: staff of a tenant, or a reader whose roles open restricted articles."""

    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("The portal opens in this language after signing in."),
    )


class TenantGroupQuerySet(models.QuerySet):
    def staff(self) -> TenantGroupQuerySet:
        """Groups that work in the admin: all but those that are only an audience."""
        return self.exclude(role=Role.READER)


class TenantGroup(models.Model):
    """Says which tenant a group belongs to and what it is for.

    Django's groups know no tenant; everything that lists groups to a tenant's own staff goes through here.
    """

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="tenant_group", verbose_name=_("group"))
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="tenant_groups", verbose_name=_("site"))
    role = models.CharField(_("role"), max_length=30, choices=Role.choices)
    label = models.CharField(
        _("name"),
        max_length=100,
        help_text=_("The name people see, for example “Supervisors”."),
    )
    locale = models.ForeignKey(
        Locale,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("language"),
        help_text=_("Translators only: the language this group may translate into."),
    )

    objects = TenantGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group of a tenant")
        verbose_name_plural = _("groups of tenants")
        constraints = [
            models.UniqueConstraint(fields=["site", "label"], name="tenantgroup_label_once_per_site"),
            models.UniqueConstraint(
                fields=["site", "role", "locale"],
                condition=~models.Q(role=Role.READER),
                nulls_distinct=False,
                name="tenantgroup_staff_role_once_per_site",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.TRANSLATOR, locale__isnull=False)
                | (~models.Q(role=Role.TRANSLATOR) & models.Q(locale__isnull=True)),
                name="tenantgroup_language_of_translators_only",
                violation_error_message=_("A group of translators has a language; no other group has one."),
            ),
        ]

    def __str__(self) -> str:
        return self.label
