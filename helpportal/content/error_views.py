"""The pages that stand in for one that cannot be shown, in the reader's language and the portal's look."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext

from .presentation import Portal, portal_context, portal_without_database


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return _answer(request, "404.html", 404, gettext("Page not found"), portal_context(request))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return _answer(request, "403.html", 403, gettext("This page is not for you"), portal_context(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database or Redis, which may be what failed."""
    return _answer(request, "500.html", 500, gettext("Something went wrong"), portal_without_database(request))


def _answer(request: HttpRequest, template: str, status: int, title: str, portal: Portal) -> HttpResponse:
    text = loader.get_template(template).render({"page_title": title, "portal": portal})
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
