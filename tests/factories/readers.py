"""What readers meet: translated and restricted pages, and people who may or may not read them."""

from __future__ import annotations

from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, PageViewRestriction, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import User
from helpportal.accounts.services import tenant_group


def translated(page: Page, code: str = "hi", *, live: bool = True, **fields) -> Page:
    """Make a page's translation, published unless told otherwise; untranslated parents are copied along."""
    copy = page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    for name, value in fields.items():
        setattr(copy, name, value)
    revision = copy.save_revision()
    if live:
        revision.publish()
    return type(page).objects.get(pk=copy.pk)


def audience(site: Site, label: str = "Supervisors") -> Group:
    """Return a tenant's group of readers."""
    return tenant_group(site, Role.READER, label)


def restrict(page: Page, *groups: Group) -> PageViewRestriction:
    """Keep a page, and what is below it, to these groups; without groups, to people who signed in."""
    kind = PageViewRestriction.GROUPS if groups else PageViewRestriction.LOGIN
    restriction = PageViewRestriction.objects.create(page=Page.objects.get(pk=page.pk), restriction_type=kind)
    restriction.groups.set(groups)
    return restriction


def person(name: str, *groups: Group, superuser: bool = False, **fields) -> User:
    """Make somebody who can sign in with the password "pass"."""
    make = User.objects.create_superuser if superuser else User.objects.create_user
    user = make(username=name, password="pass", **fields)
    user.groups.set(groups)
    return user
