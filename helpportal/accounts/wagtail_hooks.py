"""The accounts room's part of the admin."""

from wagtail import hooks

from .forms import TenantGroupForm


@hooks.register("register_group_permission_panel", order=-1)
def register_tenant_panel():
    return TenantGroupForm
