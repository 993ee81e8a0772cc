"""Who sees a page, beside its editor: the audience's part of the admin."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from wagtail import hooks

from helpportal.accounts.queries import staff_pages

from .audience import rules_on


def page_audience(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer with the piece of the status panel that says who sees a page."""
    page = get_object_or_404(staff_pages(request.user), pk=page_id)
    return render(request, "content/admin/audience.html", {"page": page, "rules": rules_on(page)})


@hooks.register("register_admin_urls")
def register_audience_url():
    return [path("audience/<int:page_id>/", page_audience, name="page_audience")]


@hooks.register("insert_editor_js")
def insert_audience_script():
    return format_html('<script type="module" src="{}"></script>', static("js/admin/audience.js"))
