"""The sitemap of one tenant: what search engines are told of its pages."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from django.db.models import Min
from wagtail.models import Page

from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer

from .tenants import Tenant
from .upkeep.queries import without_archived

# A file may have 50,000 addresses; a family has up to one for each language.
FAMILIES_A_FILE = 5000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def _families(tenant: Tenant, viewer: Viewer):
    locales = [home.locale_id for home in tenant.homes.values()]
    # A placeholder (an alias) repeats a page that is listed under its own language.
    return without_archived(visible_to(Page.objects.filter(locale_id__in=locales, alias_of__isnull=True), viewer))


def file_count(tenant: Tenant, viewer: Viewer) -> int:
    """Return how many files the sitemap takes, at least one."""
    families = _families(tenant, viewer).order_by().values("translation_key").distinct().count()
    return max(1, -(-families // FAMILIES_A_FILE))


def index(base: str, files: int) -> str:
    """Return the index of a sitemap of several files; `base` is the portal's address with its last slash."""
    addresses = [f"{base}sitemap-{number}.xml" for number in range(1, files + 1)]
    entries = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>\n" for address in addresses)
    return f'{HEAD}<sitemapindex xmlns="{SITEMAP}">\n{entries}</sitemapindex>\n'


def urlset(tenant: Tenant, viewer: Viewer, base: str, number: int) -> str | None:
    """Return one file of the sitemap (from 1), or None where there is no such file."""
    pages = _families(tenant, viewer).order_by()
    start = (number - 1) * FAMILIES_A_FILE
    # In the order in which the families were made, so that a new one does not move the others between files.
    keys = pages.values("translation_key").annotate(first=Min("pk")).order_by("first")
    chosen = [row["translation_key"] for row in keys[start : start + FAMILIES_A_FILE]]
    if number > 1 and not chosen:
        return None
    families: dict = {key: {} for key in chosen}
    rows = pages.filter(translation_key__in=chosen).values_list(
        "translation_key", "locale_id", "url_path", "last_published_at"
    )
    for key, locale_id, url_path, updated in rows:
        language = tenant.language_of(locale_id)
        if language:
            families[key][language] = (base.rstrip("/") + tenant.address(url_path, language), updated)
    entries = "".join(_entries(tenant, members) for members in families.values())
    return f'{HEAD}<urlset xmlns="{SITEMAP}" xmlns:xhtml="{XHTML}">\n{entries}</urlset>\n'


def _entries(tenant: Tenant, members: dict) -> str:
    links = "".join(_alternate(code, members[code][0]) for code in tenant.languages if code in members)
    default = members.get(tenant.source)
    if default:
        links += _alternate("x-default", default[0])
    entries = []
    for code in tenant.languages:
        if code in members:
            address, updated = members[code]
            modified = f"<lastmod>{updated.isoformat()}</lastmod>" if updated else ""
            entries.append(f"<url><loc>{escape(address)}</loc>{modified}{links}</url>\n")
    return "".join(entries)


def _alternate(code: str, address: str) -> str:
    return f'<xhtml:link rel="alternate" hreflang={quoteattr(code)} href={quoteattr(address)}/>'
