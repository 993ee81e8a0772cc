"""What every page of a tenant needs to know about the tenant: its languages, name, look and support contact.

Read once in a generation and then kept in memory.
"""

from __future__ import annotations

import hashlib
from copy import copy
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page, Site

from helpportal.core import generation
from helpportal.core.memory import BoundedStore
from helpportal.core.prepared import PreparedQuery, uuid, written_once

from .enums import OverdueRule
from .models import TenantSettings

LOGO_FILTER = "max-480x96"
LANGUAGE_NAMES = dict(settings.LANGUAGES)

_tenants: BoundedStore[Tenant | None] = BoundedStore(max_bytes=1024)


@dataclass(frozen=True)
class Home:
    """A tenant's home page in one language."""

    page_id: int
    locale_id: int
    language: str
    path: str
    url_path: str


@dataclass(frozen=True)
class Logo:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Support:
    email: str = ""
    phone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Tenant:
    """One tenant, as its readers meet it.

    `homes` has the live home pages by language, in the order of the settings; `source` is the language that
    everything is written in first.
    """

    site: Site
    name: str
    homes: dict[str, Home]
    source: str
    default_language: str
    logo: Logo | None
    colour: str
    dark_colour: str
    support: Support
    overdue_rule: str = OverdueRule.NOTHING
    overdue_days: int = 0

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.homes)

    @property
    def source_home(self) -> Home | None:
        return self.homes.get(self.source)

    @property
    def theme_css(self) -> str:
        return f":root{{--brand-light:{self.colour};--brand-dark:{self.dark_colour}}}\n"

    @property
    def theme_digest(self) -> str:
        return hashlib.sha256(self.theme_css.encode()).hexdigest()[:12]

    def language_of(self, locale_id: int) -> str | None:
        return next((home.language for home in self.homes.values() if home.locale_id == locale_id), None)

    def locale_ids(self, language: str) -> list[int]:
        """Return the locales that a reader of `language` is shown: theirs first, then the source."""
        wanted = [self.homes.get(language), self.source_home]
        return list(dict.fromkeys(home.locale_id for home in wanted if home))

    def address(self, url_path: str, language: str) -> str:
        """Return the path, for a reader of `language`, of the page whose place in the tree is `url_path`.

        The place may be in the tree of any of the tenant's languages.
        """
        for home in self.homes.values():
            if url_path.startswith(home.url_path):
                return f"/{language}/{quote(url_path[len(home.url_path) :])}"
        raise ValueError(f"{url_path} is not below a home page of {self.name}")


def of_request(request: HttpRequest) -> Tenant | None:
    """Return the tenant that a request's host belongs to, or None where no site answers for it."""
    if not hasattr(request, "_portal_tenant"):
        tenant = _load_cached(request)
        request._portal_tenant = tenant
        # Spares Wagtail its own look-up; a copy, because what hangs on a site is not shared between threads.
        request._wagtail_site = copy(tenant.site) if tenant else None
    return request._portal_tenant


def _load_cached(request: HttpRequest) -> Tenant | None:
    word = generation.of_request(request)
    if word is None:
        return _load(request)
    key = (word, request.get_host().lower(), request.get_port())
    found = _tenants.get(key)
    if found is None:
        found = _load(request)
        _tenants.put(key, found, size=1)
    return found


def _load(request: HttpRequest) -> Tenant | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    pages = _homes_query().run(family=site.root_page.translation_key)
    by_language = {page.locale.language_code: page for page in pages}
    homes = {
        code: Home(by_language[code].pk, by_language[code].locale_id, code, page_path, url_path)
        for code in LANGUAGE_NAMES
        if code in by_language
        for page_path, url_path in [(by_language[code].path, by_language[code].url_path)]
    }
    tenant = TenantSettings.for_site(site)
    default = tenant.default_language if tenant.default_language in homes else settings.SOURCE_LOCALE
    if default not in homes:
        default = next(iter(homes), settings.LANGUAGE_CODE)
    return Tenant(
        site=site,
        name=tenant.name or site.site_name or site.hostname,
        homes=homes,
        source=settings.SOURCE_LOCALE,
        default_language=default,
        logo=_logo(tenant),
        colour=tenant.colour,
        dark_colour=tenant.dark_colour,
        support=Support(tenant.support_email, tenant.support_phone, tenant.support_url),
        overdue_rule=tenant.overdue_rule,
        overdue_days=tenant.overdue_days,
    )


@written_once
def _homes_query() -> PreparedQuery:
    return PreparedQuery(Page.objects.filter(translation_key=uuid("family"), live=True).select_related("locale"))


def _logo(tenant: TenantSettings) -> Logo | None:
    if tenant.logo is None:
        return None
    try:
        rendition = tenant.logo.get_rendition(LOGO_FILTER)
    except (OSError, ValueError):
        # A file that is gone or broken costs the tenant its logo, not its portal.
        return None
    return Logo(rendition.url, rendition.width, rendition.height)
