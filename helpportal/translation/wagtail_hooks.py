from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from wagtail import hooks

from . import queries, views

BEFORE_LOCALIZE = -10


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
