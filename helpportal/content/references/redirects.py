"""Old addresses lead to new ones, in the reader's language and inside the tenant.

Wagtail writes a redirect for the page that moved or changed its slug, and for what stands below it, in the language
of each page. Two things it cannot know: an article without a translation is read at addresses of every language, and
where a page may lead is decided for each reader by the access rule.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from wagtail.contrib.redirects.middleware import RedirectMiddleware, get_redirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from helpportal.core.access import StandsBelow, tree_of_site, visible_to
from helpportal.core.viewer import Viewer

from .. import tenants
from ..languages import in_path
from ..tenants import Tenant


class TenantRedirectMiddleware(RedirectMiddleware):
    """Answers an address at which nothing stands any more, before it becomes "not found"."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404:
            return response
        tenant = tenants.of_request(request)
        redirect = _find(request, tenant) if tenant else None
        if redirect is None:
            return response
        if redirect.redirect_page_id is None:
            return super().process_response(request, response)
        language = in_path(request.path, tenant) or get_language()
        viewer = Viewer.for_request(request)
        address = new_address(tenant, viewer, language, redirect.redirect_page)
        if address == request.path:
            return response
        if address is None:
            # What the page is called now is for its audience only.
            closed = not viewer.is_authenticated and _is_read_here(tenant, language, redirect.redirect_page)
            return redirect_to_login(request.get_full_path()) if closed else response
        kind = HttpResponsePermanentRedirect if redirect.is_permanent else HttpResponseRedirect
        answer = kind(address)
        # A page that is put at the old address later must win: browsers keep a permanent redirect for ever.
        add_never_cache_headers(answer)
        return answer


def new_address(tenant: Tenant, viewer: Viewer, language: str, page: Page) -> str | None:
    """Return where a viewer reads a page's family in a language now, or None where there is nothing for them."""
    locales = tenant.locale_ids(language)
    places = dict(visible_to(_family(tenant, language, page), viewer).values_list("locale_id", "url_path"))
    best = next((places[locale] for locale in locales if locale in places), None)
    return tenant.address(best, language) if best else None


def _family(tenant: Tenant, language: str, page: Page) -> QuerySet[Page]:
    return Page.objects.filter(
        translation_key=page.translation_key, locale_id__in=tenant.locale_ids(language)
    ).order_by()


def _is_read_here(tenant: Tenant, language: str, page: Page) -> bool:
    in_site = StandsBelow(tree_of_site(tenant.site.pk))
    return _family(tenant, language, page).filter(in_site, live=True).exists()


def _find(request: HttpRequest, tenant: Tenant) -> Redirect | None:
    """Return the redirect for a request's address, or for the same address in the source language."""
    full = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    path = urlsplit(full).path
    candidates = [full, path]
    language = in_path(request.path, tenant)
    if language and language != tenant.source:
        candidates.append(f"/{tenant.source}{path.removeprefix(f'/{language}')}")
    for candidate in dict.fromkeys(candidates):
        if redirect := get_redirect(request, candidate):
            return redirect
    return None
