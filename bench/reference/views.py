"""An article page as one writes it in Wagtail without a thought of speed: the reference for `make bench`.

Wagtail's own routing, `.specific`, tree methods, `get_translations` and rich text; the same look, the same lists and
the same rule for who may read. Correct, and what most sites have.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page, Site

from helpportal.content.models import ArticlePage, CategoryPage
from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer


def page(request: HttpRequest, path: str = "", language: str = "en", **_kwargs) -> HttpResponse:
    """Route with Wagtail, then gather what the template shows, one thing after the other."""
    site = Site.find_for_request(request)
    viewer = Viewer.for_request(request)
    route = site.root_page.localized.specific.route(request, [part for part in path.split("/") if part])
    found = route[0].specific
    if not visible_to(Page.objects.filter(pk=found.pk), viewer).exists():
        raise Http404
    ancestors = visible_to(found.get_ancestors().filter(depth__gt=2), viewer).specific()
    siblings = list(visible_to(found.get_siblings(), viewer).type(ArticlePage).specific())
    position = next(number for number, sibling in enumerate(siblings) if sibling.pk == found.pk)
    related = [row.target.specific for row in found.related_articles.all()]
    tagged = visible_to(ArticlePage.objects.filter(tags__overlap=found.tags), viewer).exclude(pk=found.pk)[:4]
    context = {
        "page": found,
        "ancestors": ancestors,
        "previous": siblings[position - 1] if position else None,
        "next": siblings[position + 1] if position + 1 < len(siblings) else None,
        "related": related or tagged,
        "categories": visible_to(site.root_page.get_children(), viewer).type(CategoryPage).specific(),
        "translations": visible_to(found.get_translations(inclusive=True), viewer).select_related("locale"),
        "headings": [block.value for block in found.body if block.block_type == "heading"],
        "site": site,
    }
    return render(request, "bench/reference_article.html", context)
