"""The list of fragments: where each is used, with a fixed number of queries for any number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.admin.views.generic import IndexView as GenericIndexView
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, ListingButton
from wagtail.models import Locale
from wagtail.snippets.views.snippets import IndexView
from wagtail_localize.models import TranslationSource

from ..models import Fragment
from .queries import state_of


def use_of(fragment: Fragment) -> str:
    """Say in how many pages a fragment is shown; it carries the count of `with_use_count`."""
    count = fragment.use_count
    return ngettext("%(count)d page", "%(count)d pages", count) % {"count": count} if count else _("nowhere")


COLUMNS = [
    "__str__",
    Column("use_count", label=gettext_lazy("Used in"), accessor=use_of, sort_key="use_count"),
    StatusTagColumn(
        "live",
        label=gettext_lazy("State"),
        accessor=lambda fragment: state_of(fragment.live, fragment.has_unpublished_changes),
        sort_key="live",
        primary=lambda fragment: fragment.live,
    ),
    UpdatedAtColumn(),
]


class FragmentIndexView(IndexView):
    """Asks once what wagtail-localize's buttons would ask for each row."""

    def get_list_buttons(self, instance):
        usual = (Button.from_menu_item(item) for item in GenericIndexView.get_list_more_buttons(self, instance))
        shown = [button for button in (*usual, *self._translation_buttons(instance)) if button.show]
        if not shown:
            return []
        label = _("More options for '%(title)s'") % {"title": str(instance)}
        return [ButtonWithDropdown(buttons=shown, icon_name="dots-horizontal", attrs={"aria-label": label})]

    def _translation_buttons(self, instance: Fragment) -> Iterator[ListingButton]:
        if not self.request.user.has_perm("wagtail_localize.submit_translation"):
            return
        translated, source_id = self._translations.get(instance.translation_key, (set(), None))
        if self._languages - translated - {instance.locale_id}:
            address = reverse("wagtail_localize:submit_snippet_translation", args=["content", "fragment", instance.pk])
            yield ListingButton(_("Translate"), address, icon_name="wagtail-localize-language", priority=100)
        if source_id and translated - {instance.locale_id}:
            address = reverse("wagtail_localize:update_translations", args=[source_id])
            yield ListingButton(
                _("Bring translations up to date"),
                f"{address}?{urlencode({'next': self.request.path})}",
                icon_name="resubmit",
                priority=106,
            )

    @cached_property
    def _languages(self) -> set[int]:
        return set(Locale.objects.values_list("pk", flat=True))

    @cached_property
    def _translations(self) -> dict[UUID, tuple[set[int], int | None]]:
        """The languages of each listed family, and its record at wagtail-localize."""
        keys = [fragment.translation_key for fragment in self.object_list]
        sources = dict(TranslationSource.objects.filter(object_id__in=keys).values_list("object_id", "pk"))
        found: dict[UUID, tuple[set[int], int | None]] = {key: (set(), sources.get(key)) for key in keys}
        for key, locale_id in Fragment.objects.filter(translation_key__in=keys).values_list(
            "translation_key", "locale_id"
        ):
            found[key][0].add(locale_id)
        return found
