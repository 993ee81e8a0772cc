"""The demo: a help centre about the portal itself, in every language it speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from wagtail.models import Site

from helpportal.accounts.enums import Role
from helpportal.accounts.services import tenant_group
from helpportal.content.importing.errors import ImportUsageError
from helpportal.content.importing.pages import PUBLISH
from helpportal.content.importing.report import ImportReport
from helpportal.content.importing.service import import_tree
from helpportal.content.importing.session import ImportOptions, Progress
from helpportal.content.models import TenantSettings

from .models import HomePage
from .services import add_language, prepare_settings

READERS = "Supervisors"
LAYOUT = "{locale}"
TEXTS = "home.yaml"


def load_demo(manual: Path, progress: Progress | None = None) -> ImportReport:
    """Load the manual at `manual` into the default site; return the import's report.

    Loading twice changes nothing, and what somebody changed since (the front page, the settings) stays. Raises
    ImportUsageError when there is no default site.
    """
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        raise ImportUsageError("There is no default site to load the demo into. Make one with create_tenant.")
    data = yaml.safe_load((manual / TEXTS).read_text(encoding="utf-8"))
    with transaction.atomic():
        _prepare_tenant(site, data["settings"])
        for code, _name in settings.LANGUAGES:
            _welcome(add_language(site, code), data["home"].get(code, {}))
    return import_tree(ImportOptions(directory=str(manual), site=site, layout=LAYOUT, mode=PUBLISH), progress)


def _prepare_tenant(site: Site, texts: dict[str, str]) -> None:
    prepare_settings(site, texts["name"])
    tenant = TenantSettings.for_site(site)
    missing = {name: value for name, value in texts.items() if not getattr(tenant, name)}
    if missing:
        for name, value in missing.items():
            setattr(tenant, name, value)
        tenant.full_clean()
        tenant.save()
    tenant_group(site, Role.READER, READERS)


def _welcome(home: HomePage, texts: dict[str, Any]) -> None:
    """Write the front page's texts where it has none yet."""
    missing = {name: value for name, value in texts.items() if not getattr(home, name)}
    if not missing:
        return
    for name, value in missing.items():
        setattr(home, name, value)
    home.save_revision().publish()
