"""What a tenant's portal gives to browsers and search engines beside its pages."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpportal.core.page_store import mark_storable
from helpportal.core.viewer import Viewer

from . import sitemaps, tenants

A_YEAR = 365 * 24 * 3600  # seconds


@require_safe
def theme(request: HttpRequest, digest: str) -> HttpResponse:
    """Answer the tenant's brand colours as a stylesheet. Other colours have another address."""
    tenant = tenants.of_request(request)
    if tenant is None:
        raise Http404
    response = HttpResponse(tenant.theme_css, content_type="text/css; charset=utf-8")
    current = digest == tenant.theme_digest
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if current else "no-cache"
    mark_storable(request, response)
    return response


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone, and where the sitemap is."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /language/",
        "Disallow: /login/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
        "",
    ]
    response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
    mark_storable(request, response)
    return response


@require_safe
def sitemap(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """List the pages that everybody may read, each with its translations.

    A portal with more families than fit into one file answers with an index of numbered files.
    """
    tenant = tenants.of_request(request)
    if tenant is None or not tenant.homes:
        raise Http404
    viewer = Viewer.anonymous(tenant.site)
    if number is None and (files := sitemaps.file_count(tenant, viewer)) > 1:
        text = sitemaps.index(request.build_absolute_uri("/"), files)
    else:
        text = sitemaps.urlset(tenant, viewer, request.build_absolute_uri("/"), number or 1)
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    mark_storable(request, response)
    return response
