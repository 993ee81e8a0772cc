from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from helpportal.content import tenants
from helpportal.content.presentation import link_items
from helpportal.core.viewer import Viewer

from .queries import LONGEST_QUERY, find_articles


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer a search (`q`) with the articles the reader may see."""
    tenant = tenants.of_request(request)
    language = get_language()
    if tenant is None or language not in tenant.homes:
        raise Http404
    query = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_QUERY]
    found = find_articles(query, tenant, Viewer.for_request(request), language)
    context = {
        "page_title": gettext("Search"),
        "query": query,
        "results": link_items(found.own, tenant, language),
        "fallback_results": link_items(found.fallback, tenant, language),
        "count": len(found.own) + len(found.fallback),
    }
    response = render(request, "search/results.html", context)
    add_never_cache_headers(response)
    return response
