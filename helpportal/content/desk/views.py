"""The desk on the admin's home, and each of its lists in full."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.paginator import WagtailPaginator
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .queries import unread_notices
from .sections import BY_SLUG, SECTIONS, DeskSection

SHORT = 5
ROWS_A_PAGE = 50


class DeskPanel(Component):
    """What waits for the user, a few rows of each list."""

    name = "desk"
    template_name = "content/desk/panel.html"
    order = 200

    def get_context_data(self, parent_context):
        user = parent_context["request"].user
        lists = []
        for section in SECTIONS:
            found = section.find(user)
            rows = found[:SHORT]
            if rows:
                address = reverse("desk_section", args=[section.slug])
                lists.append({"section": section, "rows": rows, "total": found.total, "url": address})
        return {"lists": lists, "short": SHORT, "unread": unread_notices(user), "notices_url": reverse("notices")}


class DeskSectionView(WagtailAdminTemplateMixin, TemplateView):
    """One list of the desk in full, page by page."""

    template_name = "content/desk/section.html"
    page_subtitle = _("Your desk")

    @cached_property
    def section(self) -> DeskSection:
        found = BY_SLUG.get(self.kwargs["section"])
        if found is None:
            raise Http404
        return found

    def get_page_title(self):
        return self.section.title

    def get_header_icon(self):
        return self.section.icon

    def get_breadcrumbs_items(self):
        home = {"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}
        return [home, {"url": "", "label": self.section.title, "sublabel": self.page_subtitle}]

    def get_context_data(self, **kwargs):
        pages = WagtailPaginator(self.section.find(self.request.user), ROWS_A_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        return super().get_context_data(rows=list(page), page_obj=page, paginator=pages, **kwargs)
