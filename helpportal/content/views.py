"""What answers a reader's addresses."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpportal.core.page_store import mark_storable
from helpportal.core.viewer import Viewer, stand_in_of

from . import languages, rendering, tenants
from .routing import Closed, Elsewhere, Location, find
from .tenants import Tenant


@require_safe
def page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer a page's address.

    404 where nothing is, 403 where somebody signed in may not read it, and to the sign-in page where nobody is
    signed in yet.
    """
    tenant = _tenant(request)
    viewer = Viewer.for_request(request)
    # Who looks through the eyes of "everybody" is signed in nevertheless.
    signed_in = viewer.is_authenticated or stand_in_of(request) is not None
    if not signed_in:
        # The page belongs to every reader: a token in it sets a cookie now, and so keeps it out of the store. Whoever
        # is signed in keeps the cookie that came: the forms they have open elsewhere, in the admin say, hold to it.
        request.META.pop("CSRF_COOKIE", None)
    answer = find(tenant, viewer, get_language(), path)
    if isinstance(answer, Elsewhere):
        return HttpResponseRedirect(answer.path)
    if isinstance(answer, Closed):
        if signed_in:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
    if not isinstance(answer, Location):
        raise Http404
    response = rendering.render_location(request, answer)
    if signed_in:
        add_never_cache_headers(response)
    else:
        response.headers["Cache-Control"] = "no-cache"
        patch_vary_headers(response, ("Cookie",))
        mark_storable(request, response)
    return response


@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Send the reader to the home page in their language, and remember it."""
    tenant = _tenant(request)
    preferred = getattr(request.user, "language", "") if request.user.is_authenticated else ""
    language = languages.best_match(preferred, tenant.languages) or languages.negotiate(request, tenant)
    response = HttpResponseRedirect(f"/{language}/")
    languages.remember(response, language)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def switch_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember a language and go on to the same page in it; `next` is the path of that page."""
    tenant = _tenant(request)
    language = languages.best_match(code, tenant.languages)
    if language is None:
        raise Http404
    response = HttpResponseRedirect(_translated_path(request, tenant, language))
    languages.remember(response, language)
    add_never_cache_headers(response)
    return response


def _translated_path(request: HttpRequest, tenant: Tenant, language: str) -> str:
    target = request.GET.get("next", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return f"/{language}/"
    parts = urlsplit(target)
    prefix, _, path = parts.path.removeprefix("/").partition("/")
    if prefix not in tenant.homes:
        # An address without a language, such as the sign-in page: the cookie decides there.
        return target if prefix else f"/{language}/"
    query = f"?{parts.query}" if parts.query else ""
    viewer = Viewer.for_request(request)
    here = find(tenant, viewer, prefix, path)
    if isinstance(here, Location):
        translated = rendering.address_in(here, language)
        return (translated or f"/{language}/") + query
    return f"/{language}/{path}{query}"


@require_safe
def other_language(request: HttpRequest, tag: str, rest: str = "") -> HttpResponse:
    """Answer an address in a language that the tenant does not have: the same one in the nearest that it has."""
    tenant = _tenant(request)
    if tag in tenant.homes:
        # The tenant has this language: only the last slash can be missing.
        if rest.endswith("/"):
            raise Http404
        rest = f"{rest}/" if rest else ""
    language = languages.best_match(tag, tenant.languages) or languages.negotiate(request, tenant)
    query = request.META.get("QUERY_STRING", "")
    response = HttpResponseRedirect(f"/{language}/{quote(rest)}" + (f"?{query}" if query else ""))
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def _tenant(request: HttpRequest) -> Tenant:
    tenant = tenants.of_request(request)
    if tenant is None or not tenant.homes:
        raise Http404
    return tenant
