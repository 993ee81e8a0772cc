"""What the screens of people and of groups have in common: whose tenant they are about, and who may see them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from wagtail.admin.views.generic import IndexView
from wagtail.models import Site

from .queries import managed_sites


def site_to_manage(request: HttpRequest) -> Site:
    """Return the tenant that is looked after here: the one whose admin is open, else the user's first.

    Raises PermissionDenied for who looks after none.
    """
    sites = managed_sites(request.user)
    here = Site.find_for_request(request)
    site = (here and sites.filter(pk=here.pk).first()) or sites.order_by("pk").first()
    if site is None:
        raise PermissionDenied
    return site


class ManagedSiteMixin:
    """Lets in who looks after a tenant's people, and finds that tenant."""

    home_crumb = {"url": reverse_lazy("wagtailadmin_home"), "label": gettext_lazy("Home")}
    list_crumb: dict = {}

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.site = site_to_manage(request)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [self.home_crumb, *([self.list_crumb] if self.list_crumb else []), here]


class OwnIndexView(ManagedSiteMixin, IndexView):
    any_permission_required = None
    permission_policy = None
    paginate_by = 50

    def get_page_subtitle(self):
        return self.site.site_name or self.site.hostname
