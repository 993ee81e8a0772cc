from django.apps import AppConfig


class HelpPortalConfig(AppConfig):
    """The umbrella app: it owns no model, only what every room shares (templates, commands)."""

    name = "helpportal"
    label = "helpportal"
    verbose_name = "Help Portal"
