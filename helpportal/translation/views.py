"""Some of wagtail-localize's admin views, made to fit: they stand at its addresses (wagtail_hooks.py)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from . import queries


class SubmitPageView(SubmitPageTranslationView):
    """Submits a page, and goes on to a page that its author may open: often they cannot edit the translation."""

    def get_default_success_url(self, translated_page=None):
        if translated_page and not translated_page.permissions_for_user(self.request.user).can_edit():
            translated_page = None
        return super().get_default_success_url(translated_page)


class UpdateEveryTranslationView(UpdateTranslationsView):
    """Brings the translations of a page up to date, and says which of them could not be published."""

    def get_form(self):
        form = super().get_form()
        form.fields["publish_translations"].help_text = _(
            "Publishes the languages in which every text is translated. The others stay as they are."
        )
        return form

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.cleaned_data["publish_translations"]:
            for translation in self.object.translations.filter(enabled=True).select_related("target_locale"):
                missing = queries.missing_parts(self.object, translation.target_locale)
                if missing:
                    messages.warning(
                        self.request,
                        _("Not published in %(language)s: %(reason)s")
                        % {"language": translation.target_locale.get_display_name(), "reason": missing.explain()},
                    )
        return response


def refuse_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer "convert to alias page": the portal has no use for live copies in the source language."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    messages.info(
        request,
        _("An article without a translation is shown in English. To take this translation away, unpublish it."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)
