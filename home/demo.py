"""The demo: a help centre about the portal itself in every language it speaks, and a second one beside it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction
from wagtail.models import Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.people.forms import group_name
from helpportal.accounts.people.services import random_password
from helpportal.accounts.services import tenant_group
from helpportal.content.importing.errors import ImportUsageError
from helpportal.content.importing.pages import PUBLISH
from helpportal.content.importing.report import ImportReport
from helpportal.content.importing.service import import_tree
from helpportal.content.importing.session import ImportOptions, Progress
from helpportal.content.models import ImportedDocument, TenantSettings

from .models import HomePage
from .services import add_language, create_tenant, prepare_settings

READERS = ("Supervisors",)
LAYOUT = "{locale}"
TEXTS = "home.yaml"


def load_demo(manual: Path, progress: Progress | None = None) -> ImportReport:
    """Load the manual at `manual` into the default site; return the import's report.

    Documents of the folder beside it, `<manual>-earlier`, are loaded first in the place of theirs, so that the manual
    has an edit that readers are told of and translators have not taken over. Loading twice changes nothing, and what
    somebody changed since (the front page, the settings) stays. Raises ImportUsageError when there is no default site.
    """
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        raise ImportUsageError("There is no default site to load the demo into. Make one with create_tenant.")
    data = _read(manual)
    with transaction.atomic():
        _prepare_tenant(site, data["settings"], READERS)
        for code, _name in settings.LANGUAGES:
            _welcome(add_language(site, code), data["home"].get(code, {}))
    _load_earlier(manual, site, progress)
    return _import(manual, site, progress)


def load_second_tenant(folder: Path, progress: Progress | None = None) -> ImportReport | None:
    """Make the tenant that `folder` describes and load its articles; None where somebody else has its host name.

    Loading twice changes nothing, as for `load_demo`.
    """
    data = _read(folder)
    wanted = data["site"]
    taken = Site.objects.filter(hostname=wanted["hostname"]).first()
    if taken is not None and taken.site_name != wanted["name"]:
        return None
    with transaction.atomic():
        # The demo of the default site: both answer on whatever port the portal runs on.
        site = create_tenant(wanted["hostname"], wanted["name"], wanted["languages"])
        _prepare_tenant(site, data["settings"], wanted["groups"])
        for home in HomePage.objects.filter(translation_key=site.root_page.translation_key).select_related("locale"):
            _welcome(home, data["home"].get(home.locale.language_code, {}))
    return _import(folder, site, progress)


def make_demo_people(site: Site) -> list[tuple[str, str, str | None]]:
    """Make somebody for each role and readers' group of a tenant.

    Returns user name, role and password of each; the password, random and stored nowhere, is None for who was there
    before.
    """
    prefix = TenantSettings.for_site(site).name.split()[0].lower()
    people = []
    for group in TenantGroup.objects.filter(site=site).select_related("locale", "group").order_by("pk"):
        parts = [prefix, group.label if group.role == Role.READER else group.role]
        if group.locale is not None:
            parts.append(group.locale.language_code)
        username = "-".join(parts).lower().replace(" ", "-").replace("_", "-")
        password = None
        if not User.objects.filter(username=username).exists():
            password = random_password()
            person = User.objects.create_user(username, password=password, first_name=group_name(group))
            person.groups.add(group.group)
        people.append((username, group_name(group), password))
    return people


def _read(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / TEXTS).read_text(encoding="utf-8"))


def _load_earlier(manual: Path, site: Site, progress: Progress | None) -> None:
    earlier = manual.with_name(f"{manual.name}-earlier")
    source = earlier / settings.LANGUAGE_CODE
    paths = [str(path.relative_to(source)) for path in source.rglob("*.md")]
    if not paths or ImportedDocument.objects.filter(site=site, source=manual.name, path__in=paths).exists():
        return
    with tempfile.TemporaryDirectory() as name:
        tree = shutil.copytree(manual, Path(name) / manual.name)
        shutil.copytree(earlier, tree, dirs_exist_ok=True)
        _import(tree, site, progress)


def _import(folder: Path, site: Site, progress: Progress | None) -> ImportReport:
    return import_tree(ImportOptions(directory=str(folder), site=site, layout=LAYOUT, mode=PUBLISH), progress)


def _prepare_tenant(site: Site, texts: dict[str, str], readers: Iterable[str]) -> None:
    prepare_settings(site, texts["name"])
    tenant = TenantSettings.for_site(site)
    # What nobody has chosen yet: empty, or as it is at first.
    unchosen = {
        name: value
        for name, value in texts.items()
        if getattr(tenant, name) in ("", TenantSettings._meta.get_field(name).get_default()) and value
    }
    changed = {name: value for name, value in unchosen.items() if getattr(tenant, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(tenant, name, value)
        tenant.full_clean()
        tenant.save()
    for label in readers:
        tenant_group(site, Role.READER, label)


def _welcome(home: HomePage, texts: dict[str, Any]) -> None:
    """Write the front page's texts where it has none yet."""
    missing = {name: value for name, value in texts.items() if not getattr(home, name)}
    if not missing:
        return
    for name, value in missing.items():
        setattr(home, name, value)
    home.save_revision().publish()
