"""What templates are given: plain values, worked out before the template runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from helpportal import __version__
from helpportal.core import generation
from helpportal.core.memory import BoundedStore
from helpportal.core.viewer import Viewer, stand_in_of

from . import queries, tenants
from .queries import PageRow
from .tenants import LANGUAGE_NAMES, Logo, Support, Tenant

CATEGORY_LISTS_KEPT = 2000

_top_categories: BoundedStore[list[PageRow]] = BoundedStore(max_bytes=CATEGORY_LISTS_KEPT)


@dataclass(frozen=True)
class LinkItem:
    """A link to a page. `lang` is the language of the text where it is not the page's own, else empty."""

    title: str
    url: str
    lang: str = ""
    summary: str = ""
    icon: str = ""
    updated: datetime | None = None
    reading_minutes: int = 0
    article_count: int = 0


@dataclass(frozen=True)
class LanguageItem:
    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True)
class Alternate:
    """`code` is a language, or `x-default`; `url` is absolute."""

    code: str
    url: str


@dataclass(frozen=True)
class Portal:
    """What every page shows of its portal."""

    name: str
    language: str
    home_url: str = "/"
    search_url: str = ""
    theme_url: str = ""
    logo: Logo | None = None
    languages: tuple[LanguageItem, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    canonical_url: str = ""
    categories: tuple[LinkItem, ...] = ()
    support: Support = field(default_factory=Support)
    login_url: str = ""
    logout_url: str = ""
    admin_url: str | None = None
    user_name: str | None = None
    path: str = ""
    # Whose eyes one of the staff looks through, and where they choose whose.
    viewing_as: str = ""
    view_as_url: str = ""
    version: str = __version__


@dataclass(frozen=True)
class Standing:
    """Where the request stands among the languages: set by the view of a page, read by `portal_context`.

    `addresses` are the paths of the page's own translations by language; `languages` are those in which this
    address leads to something.
    """

    addresses: dict[str, str]
    languages: tuple[str, ...]


def link_item(row: PageRow, tenant: Tenant, language: str, *, article_count: int = 0) -> LinkItem:
    """Return the link to a page for a reader of `language`."""
    content_language = tenant.language_of(row.content_locale) or language
    return LinkItem(
        title=row.title,
        url=tenant.address(row.url_path, language),
        lang="" if content_language == language else content_language,
        summary=row.summary,
        icon=row.icon,
        updated=row.updated,
        reading_minutes=row.reading_minutes,
        article_count=article_count,
    )


def link_items(found: Iterable[PageRow], tenant: Tenant, language: str) -> list[LinkItem]:
    return [link_item(row, tenant, language) for row in found]


def top_categories(request: HttpRequest, tenant: Tenant, language: str) -> list[PageRow]:
    """Return the top-level categories the request's viewer may see, kept in memory for one generation."""
    viewer = Viewer.for_request(request)
    word = generation.of_request(request)
    if word is None:
        return queries.top_categories(tenant, viewer, language)
    key = (word, tenant.site.pk, language, viewer.is_authenticated, viewer.is_superuser, viewer.group_ids)
    found = _top_categories.get(key)
    if found is None:
        found = queries.top_categories(tenant, viewer, language)
        _top_categories.put(key, found, size=1)
    return found


def portal_context(request: HttpRequest) -> Portal:
    """Return what every page shows, for one request. The middleware has found tenant and language before."""
    tenant = tenants.of_request(request)
    language = get_language() or settings.LANGUAGE_CODE
    if tenant is None or language not in tenant.homes:
        return Portal(name=settings.WAGTAIL_SITE_NAME, language=language)
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    standing: Standing | None = getattr(request, "portal_standing", None)
    path = request.get_full_path()
    stand_in = stand_in_of(request)
    is_staff = signed_in and user.has_perm("wagtailadmin.access_admin")
    return Portal(
        name=tenant.name,
        language=language,
        home_url=f"/{language}/",
        search_url=f"/{language}/search/",
        theme_url=f"/theme/{tenant.theme_digest}.css",
        logo=tenant.logo,
        languages=_language_items(tenant, language, standing, path),
        alternates=_alternates(request, tenant, standing),
        canonical_url=_canonical(request, tenant, language, standing),
        categories=tuple(link_items(top_categories(request, tenant, language), tenant, language)),
        support=tenant.support,
        login_url=f"{reverse('login')}?next={quote(path)}",
        logout_url=reverse("logout"),
        admin_url=reverse("wagtailadmin_home") if is_staff and stand_in is None else None,
        user_name=(user.get_full_name() or user.get_username()) if signed_in else None,
        path=path,
        viewing_as=stand_in.name if stand_in else "",
        view_as_url=f"{reverse('view_as')}?next={quote(path)}" if is_staff else "",
    )


def portal_without_database(request: HttpRequest) -> Portal:
    """Return what can be said of the portal from memory alone: for the page that says that something failed."""
    language = get_language() or settings.LANGUAGE_CODE
    tenant: Tenant | None = getattr(request, "_portal_tenant", None)
    if tenant is None or language not in tenant.homes:
        return Portal(name=settings.WAGTAIL_SITE_NAME, language=language)
    return Portal(
        name=tenant.name,
        language=language,
        home_url=f"/{language}/",
        search_url=f"/{language}/search/",
        theme_url=f"/theme/{tenant.theme_digest}.css",
        logo=tenant.logo,
        support=tenant.support,
    )


def _language_items(tenant: Tenant, language: str, standing: Standing | None, path: str) -> tuple[LanguageItem, ...]:
    offered = tenant.languages if standing is None else standing.languages
    return tuple(
        LanguageItem(
            code=code,
            name=LANGUAGE_NAMES[code],
            url=f"/language/{code}/?next={quote(path)}",
            current=code == language,
        )
        for code in tenant.languages
        if code in offered or code == language
    )


def _alternates(request: HttpRequest, tenant: Tenant, standing: Standing | None) -> tuple[Alternate, ...]:
    if standing is None or not standing.addresses:
        return ()
    found = [
        Alternate(code, request.build_absolute_uri(standing.addresses[code]))
        for code in tenant.languages
        if code in standing.addresses
    ]
    default = standing.addresses.get(tenant.source) or next(iter(standing.addresses.values()))
    return (*found, Alternate("x-default", request.build_absolute_uri(default)))


def _canonical(request: HttpRequest, tenant: Tenant, language: str, standing: Standing | None) -> str:
    if standing is None or not standing.addresses:
        return ""
    # The English text under /hi/ is the same text as under /en/.
    path = standing.addresses.get(language) or standing.addresses.get(tenant.source)
    return request.build_absolute_uri(path) if path else ""
