"""Making tenants."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Collection, Locale, Page, Site

from helpportal.content.models import TenantSettings

from .models import HomePage


@transaction.atomic
def create_tenant(hostname: str, name: str, languages: Iterable[str], *, port: int = 80, default: bool = False) -> Site:
    """Make a tenant: its site, a live home page in each language, settings and a collection.

    `languages` are language codes; the source language is always among them. Running it again for the same host
    adds what is missing and changes nothing else.
    """
    site = Site.objects.filter(hostname=hostname, port=port).first()
    source = Locale.objects.get(language_code=settings.LANGUAGE_CODE)
    if site is None:
        root = Page.get_first_root_node()
        home = HomePage(title=name, slug=f"{slugify(hostname)}-{port}-{source.language_code}", locale=source)
        root.add_child(instance=home)
        home.save_revision().publish()
        site = Site.objects.create(
            hostname=hostname, port=port, site_name=name, root_page=home, is_default_site=default
        )
    for code in languages:
        add_language(site, code)
    prepare_settings(site, name)
    return site


def add_language(site: Site, code: str) -> HomePage:
    """Give a tenant a live home page in one more language, and return it."""
    locale = Locale.objects.get(language_code=code)
    home = site.root_page.specific
    translated = HomePage.objects.filter(translation_key=home.translation_key, locale=locale).first()
    if translated is None:
        translated = home.copy_for_translation(locale)
        translated.slug = f"{home.slug.removesuffix('-' + settings.LANGUAGE_CODE)}-{code}"
        translated.save_revision().publish()
    return translated


def prepare_settings(site: Site, name: str) -> TenantSettings:
    """Return the tenant's settings, with a name and a collection."""
    tenant = TenantSettings.for_site(site)
    tenant.name = tenant.name or name
    if tenant.collection is None:
        tenant.collection = Collection.get_first_root_node().add_child(name=f"{name} ({site.hostname})")
    tenant.save()
    return tenant
