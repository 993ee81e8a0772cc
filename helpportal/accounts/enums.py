from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a group of a tenant is for. Staff roles work in the admin; a reader role is an audience."""

    AUTHOR = "author", _("Author")
    REVIEWER = "reviewer", _("Reviewer")
    PUBLISHER = "publisher", _("Publisher")
    TRANSLATOR = "translator", _("Translator")
    TENANT_ADMINISTRATOR = "tenant_administrator", _("Tenant administrator")
    READER = "reader", _("Reader")
