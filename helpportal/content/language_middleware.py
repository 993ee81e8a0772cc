"""Finds the tenant and the language of every request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import languages, tenants


class TenantLanguageMiddleware:
    """Takes the place of Django's LocaleMiddleware: only a tenant's own languages have addresses.

    An address in one of them (`/hi/…`) is answered in it. Everything else is answered in the language of the page that
    the reader comes from and goes back to (`?next=/hi/…`, as signing in has it), else in the one that the reader chose
    before, else the browser's, else the tenant's default.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        tenant = tenants.of_request(request)
        language = languages.in_path(request.path_info, tenant)
        in_address = language is not None
        language = (
            language or languages.in_path(request.GET.get("next", ""), tenant) or languages.negotiate(request, tenant)
        )
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        if not in_address and not getattr(response, "same_for_everybody", False):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response
