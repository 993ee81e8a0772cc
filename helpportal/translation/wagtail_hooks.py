from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail_localize.wagtail_hooks import page_listing_more_buttons as localizes_buttons

from helpportal.content.upkeep.listing import register_list_part

from . import queries, views

BEFORE_LOCALIZE = -10
IN_LISTS = "register_page_listing_more_buttons"

# Its own buttons ask the database four times for each page of a list. Ours are the same and ask once for all.
hooks._hooks[IN_LISTS] = [hook for hook in hooks._hooks[IN_LISTS] if hook[0] is not localizes_buttons]


def _leave_offers(pages) -> None:
    offers = queries.translation_offers(pages)
    for page in pages:
        page.translation_offer = offers[page.pk]


register_list_part(_leave_offers)


@hooks.register(IN_LISTS)
def offer_translation(page, user, view_name=None, next_url=None):
    offer = getattr(page, "translation_offer", None)
    if offer is None:
        yield from localizes_buttons(page, user, view_name, next_url)
    elif user.has_perm("wagtail_localize.submit_translation"):
        if offer.is_incomplete:
            address = reverse("wagtail_localize:submit_page_translation", args=[page.alias_of_id or page.pk])
            yield Button(_("Translate this page"), address, priority=60, icon_name="wagtail-localize-language")
        if offer.source_id is not None:
            address = reverse("wagtail_localize:update_translations", args=[offer.source_id])
            address += f"?{urlencode({'next': next_url})}" if next_url else ""
            yield Button(_("Sync translated pages"), address, priority=60, icon_name="resubmit")


@hooks.register("register_admin_urls", order=BEFORE_LOCALIZE)
def stand_before_localize():
    return [
        path("localize/submit/page/<int:page_id>/", views.SubmitPageView.as_view()),
        path("localize/update/<int:translation_source_id>/", views.UpdateEveryTranslationView.as_view()),
        path("localize/page/<int:page_id>/convert_to_alias/", views.refuse_alias),
    ]


@hooks.register("construct_page_action_menu")
def hide_convert_to_alias(menu_items, request, context):
    menu_items[:] = [item for item in menu_items if item.name != "localize-convert-to-alias"]


def _refuse_unfinished(request: HttpRequest, instance) -> HttpResponse | None:
    if request.method != "POST" or request.POST.get("action") != "publish":
        return None
    translation = queries.enabled_translation(instance)
    missing = translation and queries.missing_parts(translation.source, translation.target_locale)
    if not missing:
        return None
    messages.error(request, missing.explain())
    return redirect(request.path)


@hooks.register("before_edit_page", order=BEFORE_LOCALIZE)
def refuse_unfinished_page(request, page):
    return _refuse_unfinished(request, page)


@hooks.register("before_edit_snippet", order=BEFORE_LOCALIZE)
def refuse_unfinished_snippet(request, instance):
    if not hasattr(instance, "translation_key"):
        return None
    return _refuse_unfinished(request, instance)
