"""Addresses that the portal itself needs: a page there would never be reached."""

from __future__ import annotations

from functools import lru_cache

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import gettext as _
from wagtail.models import Page

# Where every page is answered that has no route of its own: see urls.py.
PAGE_ROUTE = "wagtail_serve"
# Depth of a tenant's home pages.
TOP_DEPTH = 2


def is_reserved(slug: str, parent: Page | None) -> bool:
    """Return whether a page with this slug below `parent` would stand where the portal has a route of its own."""
    return parent is not None and parent.depth == TOP_DEPTH and is_own_route(slug)


def reserved_message(slug: str) -> str:
    """Return what to tell somebody who wants a reserved slug."""
    return _("The portal itself uses the address “%(slug)s”. Choose another slug.") % {"slug": slug}


@lru_cache(maxsize=1024)
def is_own_route(slug: str) -> bool:
    """Return whether an address of the portal begins with `slug` after its language, as `/en/search/` does."""
    return any(
        _takes(slug, entry.url_patterns)
        for entry in get_resolver().url_patterns
        if isinstance(entry, URLResolver) and isinstance(entry.pattern, LocalePrefixPattern)
    )


def _takes(slug: str, patterns: list[URLPattern | URLResolver]) -> bool:
    for entry in patterns:
        first, _slash, _rest = str(entry.pattern).lstrip("^").partition("/")
        if isinstance(entry, URLResolver) and not first:
            if _takes(slug, entry.url_patterns):
                return True
        elif getattr(entry, "name", None) != PAGE_ROUTE and (first == slug or entry.pattern.match(f"{slug}/")):
            return True
    return False
