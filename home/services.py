"""Making tenants: a site, its home pages, its settings, its staff's groups."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Collection, Locale, Page, Site

from helpportal.accounts.services import SyncReport, grant_roles
from helpportal.content.models import ReviewTask, TenantSettings

from .models import HomePage

HOSTNAME = re.compile(r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$")


class TenantError(ValueError):
    """A tenant cannot be made as asked; the message says why and what to do."""


@transaction.atomic
def create_tenant(hostname: str, name: str, languages: Iterable[str], *, port: int = 80, default: bool = False) -> Site:
    """Make a tenant: its site, a live home page in each language, settings, a collection, groups and a workflow.

    `languages` are language codes; the source language is always among them. Running it again for the same host
    and port adds what is missing and changes nothing else. `default` makes it the site that answers for unknown
    hosts. Raises TenantError for a host name, port or language that cannot be, or a second default site.
    """
    hostname, name, codes = hostname.strip().lower(), name.strip(), list(dict.fromkeys(languages))
    _check(hostname, name, codes, port)
    site = Site.objects.filter(hostname=hostname, port=port).first()
    if site is None:
        other = Site.objects.filter(is_default_site=True).first() if default else None
        if other is not None:
            raise TenantError(
                _("%(host)s is the default site already: make this one without, or change that one first.")
                % {"host": other.hostname}
            )
        home = _add_source_home(hostname, name, port)
        site = Site.objects.create(
            hostname=hostname, port=port, site_name=name, root_page=home, is_default_site=default
        )
    for code in codes:
        _add_home(site, code)
    prepare_settings(site, name)
    sync_roles(site)
    return site


def _check(hostname: str, name: str, codes: list[str], port: int) -> None:
    if not HOSTNAME.match(hostname):
        raise TenantError(
            _(
                "%(host)r is no host name: write it without scheme, path and port, for example help.example.com. "
                "Letters of other scripts go in their xn-- form."
            )
            % {"host": hostname}
        )
    if not name:
        raise TenantError(_("A tenant needs a name."))
    if len(name) > TenantSettings._meta.get_field("name").max_length:
        raise TenantError(_("The name is too long: at most 80 letters."))
    if not 1 <= port <= 65535:
        raise TenantError(_("%(port)s is no port: it is a number from 1 to 65535.") % {"port": port})
    known = dict(settings.LANGUAGES)
    for code in codes:
        if code not in known:
            raise TenantError(
                _("%(code)r is not a language of this install. It has: %(known)s.")
                % {"code": code, "known": ", ".join(known)}
            )


def _add_source_home(hostname: str, name: str, port: int) -> HomePage:
    source = _locale(settings.LANGUAGE_CODE)
    base = slugify(hostname.replace(".", "-"))[:200] + (f"-{port}" if port != 80 else "")
    slug, number = f"{base}-{source.language_code}", 2
    while Page.objects.filter(depth=2, slug=slug).exists():
        slug, number = f"{base}-{number}-{source.language_code}", number + 1
    home = HomePage(title=name, slug=slug, locale=source)
    Page.get_first_root_node().add_child(instance=home)
    home.save_revision().publish()
    return home


def _locale(code: str) -> Locale:
    locale, _made = Locale.objects.get_or_create(language_code=code)
    return locale


@transaction.atomic
def add_language(site: Site, code: str) -> HomePage:
    """Give a tenant a live home page in one more language and a group of translators for it; return the page."""
    home = _add_home(site, code)
    sync_roles(site)
    return home


def _add_home(site: Site, code: str) -> HomePage:
    locale = _locale(code)
    home = site.root_page.specific
    translated = HomePage.objects.filter(translation_key=home.translation_key, locale=locale).first()
    if translated is None:
        translated = home.copy_for_translation(locale)
        translated.slug = f"{home.slug.removesuffix('-' + settings.LANGUAGE_CODE)}-{code}"
        translated.save_revision().publish()
        translated.refresh_from_db()
    return translated


def prepare_settings(site: Site, name: str) -> TenantSettings:
    """Return the tenant's settings, with a name and a collection."""
    tenant = TenantSettings.for_site(site)
    if tenant.name and tenant.collection is not None:
        return tenant
    tenant.name = tenant.name or name
    if tenant.collection is None:
        tenant.collection = Collection.get_first_root_node().add_child(name=f"{name} ({site.hostname})")
    tenant.save()
    return tenant


@transaction.atomic
def sync_roles(site: Site) -> SyncReport:
    """Give a tenant the groups, permissions and workflow of the staff roles; return what was added.

    Only adds, never takes away: see `accounts.services.grant_roles`.
    """
    tenant = prepare_settings(site, site.site_name or site.hostname)
    homes = HomePage.objects.filter(translation_key=site.root_page.translation_key).select_related("locale")
    return grant_roles(site, list(homes.order_by("path")), tenant.collection, ReviewTask)
