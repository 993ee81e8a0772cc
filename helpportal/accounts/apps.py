from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "helpportal.accounts"
    label = "accounts"


class PortalUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user management; the place where its viewsets are swapped for ours."""
