"""What refers to what, for templates of the admin."""

from __future__ import annotations

from django import template
from wagtail.models import Page

from ..models import ArticlePage, Fragment
from ..references import checks, queries
from ..references.checks import Finding
from ..references.queries import WhatLinksHere

register = template.Library()


@register.simple_tag(takes_context=True)
def what_links_here(context, page) -> WhatLinksHere | None:
    """Return what links to a saved page, as the request's user may see it; None for anything else."""
    if not isinstance(page, Page) or not page.pk:
        return None
    return queries.links_to(page, context["request"].user)


@register.simple_tag(takes_context=True)
def shown_in(context, fragment) -> WhatLinksHere | None:
    """Return the pages that show a saved fragment, as the request's user may see them; None for anything else."""
    if not isinstance(fragment, Fragment) or not fragment.pk:
        return None
    return queries.shown_in(fragment, context["request"].user)


@register.simple_tag
def content_findings(article: ArticlePage) -> list[Finding]:
    """Return what could be better in an article."""
    return checks.findings(article)


@register.filter
def is_article(page) -> bool:
    """Whether a page is an article, which the content checks are for."""
    return isinstance(page, ArticlePage)
