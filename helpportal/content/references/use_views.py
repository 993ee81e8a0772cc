"""Wagtail's "usage" screens of pages and fragments, for one tenant and with a fixed number of queries."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.pages.usage import UsageView as PageUsageView
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import UsageView as SnippetUsageView

from ..models import Fragment
from . import queries
from .queries import LinkingSource, WhatLinksHere


def _type_name(source: LinkingSource) -> str:
    return str(_("Reusable fragment") if source.is_fragment else _("Page"))


class LinkingSourcesMixin:
    """Lists sources of links: title, language, state, and in which of its blocks."""

    columns = [
        TitleColumn("title", label=_("Title"), get_url=lambda source: source.edit_url),
        Column("language", label=_("Language")),
        Column("type", label=_("Type"), accessor=_type_name),
        StatusTagColumn(
            "state",
            label=_("State"),
            accessor="state",
            primary=lambda source: source.live and not source.archived,
        ),
        Column("where", label=_("Where"), accessor=lambda source: ", ".join(source.where)),
    ]

    @cached_property
    def found(self) -> WhatLinksHere:
        raise NotImplementedError

    def get_queryset(self):
        return list(self.found.sources)

    def get_table(self, object_list, **kwargs):
        return BaseListingView.get_table(self, object_list)

    def get_breadcrumbs_items(self):
        *above, here = super().get_breadcrumbs_items()
        return [*above, {**here, "label": self.page_title}]

    def get_page_subtitle(self):
        hidden = self.found.hidden
        if not hidden:
            return super().get_page_subtitle()
        more = ngettext("and one page that you may not open", "and %(count)d pages that you may not open", hidden)
        return f"{super().get_page_subtitle()} ({more % {'count': hidden}})"


class WhatLinksHereView(LinkingSourcesMixin, PageUsageView):
    """The pages and fragments that link to a page."""

    page_title = _("What links here")

    @cached_property
    def found(self) -> WhatLinksHere:
        return queries.links_to(self.object, self.request.user)


class FragmentUseView(LinkingSourcesMixin, SnippetUsageView):
    """The pages that show a fragment."""

    page_title = _("Where it is shown")

    def get_object(self):
        instance = super().get_object()
        if not policy_registry.get_by_type(Fragment).user_has_permission_for_instance(
            self.request.user, "change", instance
        ):
            raise PermissionDenied
        return instance

    @cached_property
    def found(self) -> WhatLinksHere:
        return queries.shown_in(self.object, self.request.user)
