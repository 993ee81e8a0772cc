"""The accounts room's part of the admin."""

from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from .forms import TenantGroupForm
from .people import log
from .people import urls as people_urls
from .people.queries import managed_sites


@hooks.register("register_group_permission_panel", order=-1)
def register_tenant_panel():
    return TenantGroupForm


@hooks.register("register_admin_urls")
def register_people():
    return [path("people/", include(people_urls))]


class ManagersMenuItem(MenuItem):
    """Shown to who looks after a tenant's people."""

    def is_shown(self, request) -> bool:
        return managed_sites(request.user).exists()


@hooks.register("register_settings_menu_item")
def register_people_menu_item():
    return ManagersMenuItem(_("People"), reverse_lazy("people:index"), icon_name="user", order=100, name="people")


@hooks.register("register_settings_menu_item")
def register_groups_menu_item():
    return ManagersMenuItem(
        _("Readers' groups"), reverse_lazy("people:groups"), icon_name="group", order=110, name="reader-groups"
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    log.register(actions)
