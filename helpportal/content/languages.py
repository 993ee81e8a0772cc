"""Which of a tenant's languages a request is answered in."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from .tenants import Tenant

# Languages of India with three letters that Django has no translation for: their readers' browsers name them too.
THREE_LETTERS = frozenset({"awa", "bho", "brx", "doi", "gom", "kok", "mai", "mni", "raj", "sat", "tcy"}) | {
    code for code in LANG_INFO if len(code) == 3
}
# The first part of an address that is meant as a language: `fr`, `hi-IN`, `en_GB`, `mai`.
LANGUAGE_TAG = rf"(?:[A-Za-z]{{2}}|{'|'.join(sorted(THREE_LETTERS))})(?:[-_][A-Za-z0-9]{{1,8}})*"


def best_match(asked: str, available: Iterable[str]) -> str | None:
    """Return the available language for a tag: the same, else its base (`hi` for `hi-IN`), else None."""
    by_name = {code.lower(): code for code in available}
    asked = asked.lower().replace("_", "-")
    return by_name.get(asked) or by_name.get(asked.partition("-")[0])


def accepted(request: HttpRequest, available: Iterable[str]) -> str | None:
    """Return the available language that the browser likes best, or None."""
    available = tuple(available)
    for asked, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        match = best_match(asked, available)
        if match:
            return match
    return None


def remembered(request: HttpRequest, available: Iterable[str]) -> str | None:
    """Return the available language that the reader chose before, or None."""
    return best_match(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""), available)


def in_path(path: str, tenant: Tenant | None) -> str | None:
    """Return the tenant's language that a path begins with (`/hi/…`), or None."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if tenant and first in tenant.homes else None


def negotiate(request: HttpRequest, tenant: Tenant | None) -> str:
    """Return the language for an address that names none."""
    available = tenant.languages if tenant else tuple(dict(settings.LANGUAGES))
    default = tenant.default_language if tenant else settings.LANGUAGE_CODE
    return remembered(request, available) or accepted(request, available) or default


def remember(response, language: str) -> None:
    """Have the browser keep the reader's choice."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
