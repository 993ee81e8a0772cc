from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    name = "helpportal.accounts"
    label = "accounts"
    default = True  # of the two configurations here

    def ready(self) -> None:
        from helpportal.core.viewer import register_stand_in

        from .view_as.session import find_stand_in

        register_stand_in(find_stand_in)


class PortalUsersConfig(WagtailUsersAppConfig):
    """Wagtail's user management; the place where its viewsets are swapped for ours."""
