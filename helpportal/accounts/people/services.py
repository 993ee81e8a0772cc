"""Looking after a tenant's people and groups. Every change is written to Wagtail's log.

Nothing here reaches a superuser or a group of another tenant, whatever it is given.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from ..enums import Role
from ..models import TenantGroup, User
from ..services import group_name
from . import log
from .queries import belongs_elsewhere, other_administrators, pages_kept_to, people_of

DETAILS = ("first_name", "last_name", "email", "language")
# Read aloud or copied from paper: no letters that look like others.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105
PASSWORD_LENGTH = 14


class PeopleError(ValueError):
    """Something cannot be done as asked; the message says why and what to do."""


class GroupInUseError(PeopleError):
    """A group cannot go while it is the audience of `pages`."""

    def __init__(self, message: str, pages: list[Page]):
        super().__init__(message)
        self.pages = pages


@transaction.atomic
def add_person(
    site: Site, username: str, details: dict[str, str], groups: Collection[TenantGroup], *, by: User
) -> User:
    """Make an account with groups of this tenant. Nobody can sign in with it before it has a password."""
    person = User(username=username, **{name: details.get(name, "") for name in DETAILS})
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    person.save()
    log.record(person, log.PERSON_ADDED, site=site, by=by)
    _set_groups(site, person, groups, by)
    return person


@transaction.atomic
def change_person(site: Site, person: User, details: dict[str, str], *, by: User) -> bool:
    """Change somebody's name, e-mail address and language; return whether anything was different.

    Raises PeopleError for an account that belongs elsewhere too: who can change its e-mail address can have its
    password, and with it what it may do there.
    """
    person = _locked(site, person)
    changed = [name for name in DETAILS if name in details and getattr(person, name) != details[name]]
    if not changed:
        return False
    _refuse_shared(site, person)
    for name in changed:
        setattr(person, name, details[name])
    person.full_clean(exclude=["password"])
    person.save(update_fields=changed)
    log.record(person, log.PERSON_CHANGED, site=site, by=by)
    return True


@transaction.atomic
def set_groups(site: Site, person: User, groups: Collection[TenantGroup], *, by: User) -> None:
    """Have somebody in exactly these groups of the tenant; groups of other tenants stay as they are.

    Raises PeopleError when the tenant would be without an administrator.
    """
    _set_groups(site, _locked(site, person), groups, by)


def _set_groups(site: Site, person: User, groups: Collection[TenantGroup], by: User) -> None:
    if any(row.site_id != site.pk for row in groups):
        raise PeopleError(_("This group belongs to another help centre."))
    held = {row.pk: row for row in TenantGroup.objects.filter(site=site, group__user=person)}
    wanted = {row.pk: row for row in groups}
    given = [row for pk, row in wanted.items() if pk not in held]
    taken = [row for pk, row in held.items() if pk not in wanted]
    if any(row.role == Role.TENANT_ADMINISTRATOR for row in taken):
        _keep_an_administrator(site, person)
    person.groups.add(*(row.group_id for row in given))
    person.groups.remove(*(row.group_id for row in taken))
    for rows, action in ((given, log.ROLES_GIVEN), (taken, log.ROLES_TAKEN)):
        if rows:
            log.record(person, action, site=site, by=by, names=[row.label for row in rows])


@transaction.atomic
def deactivate(site: Site, person: User, *, by: User) -> None:
    """Keep somebody out of this tenant.

    An account of this tenant alone can no longer sign in, and keeps its groups for the day it comes back. One that
    belongs elsewhere too loses this tenant's groups and nothing else. Raises PeopleError for the last administrator.
    """
    person = _locked(site, person)
    if person.groups.filter(tenant_group__site=site, tenant_group__role=Role.TENANT_ADMINISTRATOR).exists():
        _keep_an_administrator(site, person)
    if belongs_elsewhere(person, site):
        _set_groups(site, person, (), by)
    else:
        person.is_active = False
        person.save(update_fields=["is_active"])
    log.record(person, log.DEACTIVATED, site=site, by=by)


@transaction.atomic
def reactivate(site: Site, person: User, *, by: User) -> None:
    """Let an account of this tenant sign in again. Raises PeopleError for one that belongs elsewhere too."""
    person = _locked(site, person)
    _refuse_shared(site, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    log.record(person, log.REACTIVATED, site=site, by=by)


@transaction.atomic
def set_first_password(site: Site, person: User, *, by: User) -> str:
    """Give somebody a new random password and return it: it can be shown once and is stored nowhere."""
    person = _locked(site, person)
    _refuse_shared(site, person)
    password = random_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    log.record(person, log.PASSWORD_SET, site=site, by=by)
    return password


def note_link_sent(site: Site, person: User, *, by: User) -> None:
    """Write down that somebody was sent a link to set a password."""
    log.record(person, log.LINK_SENT, site=site, by=by)


def random_password() -> str:
    """Return a password of letters and digits that can be told apart."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _number in range(PASSWORD_LENGTH))


@transaction.atomic
def add_reader_group(site: Site, label: str, *, by: User) -> TenantGroup:
    """Make a readers' group."""
    group = Group.objects.create(name=group_name(site, label))
    row = TenantGroup.objects.create(group=group, site=site, role=Role.READER, label=label)
    log.record(row, log.GROUP_ADDED, site=site, by=by)
    return row


@transaction.atomic
def rename_reader_group(row: TenantGroup, label: str, *, by: User) -> None:
    """Give a readers' group another name. Who is in it and what it opens stays."""
    before = row.label
    if before == label:
        return
    row.label = label
    row.save(update_fields=["label"])
    row.group.name = group_name(row.site, label)
    row.group.save(update_fields=["name"])
    log.record(row, log.GROUP_RENAMED, site=row.site, by=by, names=[before])


@transaction.atomic
def delete_reader_group(row: TenantGroup, *, by: User) -> None:
    """Delete a readers' group. Raises GroupInUseError while pages are kept to it.

    Without the group these pages would be open to nobody: an audience is never widened by deleting a group.
    """
    row = TenantGroup.objects.select_for_update().get(pk=row.pk, role=Role.READER)
    pages = pages_kept_to(row)
    if pages:
        raise GroupInUseError(
            _("“%(name)s” is the audience of these pages. Choose another audience for them first.")
            % {"name": row.label},
            pages,
        )
    log.record(row, log.GROUP_DELETED, site=row.site, by=by, deleted=True)
    row.group.delete()


def _locked(site: Site, person: User) -> User:
    """Return the person's row as it is now, held until the transaction ends. Raises PeopleError for who is not here."""
    found = people_of(Site.objects.filter(pk=site.pk)).select_for_update().filter(pk=person.pk).first()
    if found is None:
        raise PeopleError(_("This person does not belong to this help centre."))
    return found


def _refuse_shared(site: Site, person: User) -> None:
    if belongs_elsewhere(person, site):
        raise PeopleError(
            _("This account is not of this help centre alone: its details and password are not yours to change.")
        )


def _keep_an_administrator(site: Site, person: User) -> None:
    # Two administrators who remove each other at the same moment wait for each other here.
    list(TenantGroup.objects.select_for_update().filter(site=site, role=Role.TENANT_ADMINISTRATOR))
    if not other_administrators(site, person).exists():
        raise PeopleError(
            _("%(name)s is the only administrator of this help centre. Give somebody else the role first.")
            % {"name": person.get_full_name() or person.get_username()}
        )
