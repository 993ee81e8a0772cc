"""Changing what is true of an article in all its languages."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Site

from ..models import ArticlePage, TenantSettings, Upkeep
from ..review.queries import site_of
from .dates import months_later
from .permissions import may_archive, may_review

ARCHIVED, RESTORED = "content.archive", "content.restore"
CONFIRMED, DATE_SET, OWNER_SET = "content.confirm", "content.set_review_date", "content.set_owner"


class UpkeepRefusedError(ValidationError):
    """What was asked for cannot be done with this article; the message says why."""


def upkeep_of(page: Page, site: Site) -> Upkeep:
    """Return the row of a page's family, not saved yet where it has none."""
    return Upkeep.objects.filter(translation_key=page.translation_key).first() or Upkeep(
        site=site, translation_key=page.translation_key
    )


def import_upkeep(
    page: Page,
    site: Site,
    user: Any,
    *,
    review_by: datetime.date | None,
    archived: bool | None,
    successor: Page | None = None,
) -> None:
    """Take over what an imported document says of its upkeep; None is nothing said.

    The later review date stands where the portal has one already.
    """
    if review_by is None and archived is None:
        return
    upkeep = upkeep_of(page, site)
    before = (upkeep.review_by, upkeep.archived_at, upkeep.successor_id)
    if review_by is not None and (upkeep.review_by is None or upkeep.review_by < review_by):
        upkeep.review_by = review_by
    if archived is not None:
        if not archived:
            upkeep.archived_at = upkeep.archived_by = None
        elif upkeep.archived_at is None:
            upkeep.archived_at, upkeep.archived_by = timezone.now(), user
        upkeep.successor = successor if archived else None
    if before == (upkeep.review_by, upkeep.archived_at, upkeep.successor_id):
        return
    upkeep.save()
    if (upkeep.archived_at is None) != (before[1] is None):
        log(instance=page, action=ARCHIVED if archived else RESTORED, user=user)


# --- The archive --------------------------------------------------------------------------------


@transaction.atomic
def archive_article(page: Page, user: Any, successor: Page | None = None) -> Upkeep:
    """Archive an article in all its languages; its readers are sent to `successor`, an article of the same tenant.

    Raises UpkeepRefusedError, and PermissionDenied.
    """
    _check_may_archive(page, user)
    site, upkeep = _locked_for_archive(page)
    if upkeep.archived_at is not None:
        raise UpkeepRefusedError(_("It is archived already."))
    if not Page.objects.filter(translation_key=page.translation_key, live=True).exists():
        raise UpkeepRefusedError(_("It is not published, so there is nothing to archive."))
    if successor is not None:
        _check_successor(page, site, successor)
    upkeep.archived_at, upkeep.archived_by, upkeep.successor = timezone.now(), user, successor
    upkeep.save()
    data = {"successor": {"id": successor.pk, "title": successor.title}} if successor else {}
    log(instance=page, action=ARCHIVED, user=user, data=data)
    return upkeep


@transaction.atomic
def archive_overdue(page: Page, cutoff: datetime.date) -> bool:
    """Archive an article by its tenant's rule, if its review date is still no later than `cutoff`."""
    _site, upkeep = _locked_for_archive(page)
    if upkeep.archived_at is not None or upkeep.review_by is None or upkeep.review_by > cutoff:
        return False
    upkeep.archived_at, upkeep.archived_by, upkeep.successor = timezone.now(), None, None
    upkeep.save()
    log(instance=page, action=ARCHIVED, data={"by_rule": True})
    return True


@transaction.atomic
def restore_article(page: Page, user: Any) -> Upkeep:
    """Take an article, in all its languages, back out of the archive.

    Raises UpkeepRefusedError, and PermissionDenied.
    """
    _check_may_archive(page, user)
    upkeep = _locked(page, _site_of(page))
    if upkeep.archived_at is None:
        raise UpkeepRefusedError(_("It is not archived."))
    upkeep.archived_at = upkeep.archived_by = upkeep.successor = None
    upkeep.save()
    log(instance=page, action=RESTORED, user=user)
    return upkeep


def _check_may_archive(page: Page, user: Any) -> None:
    if not may_archive(user, page):
        raise PermissionDenied
    lock = page.get_lock()
    if lock and lock.for_user(user):
        raise UpkeepRefusedError(_("It is locked."))


def _check_successor(page: Page, site: Site, successor: Page) -> None:
    if successor.translation_key == page.translation_key:
        raise UpkeepRefusedError(_("An article cannot be its own successor."))
    if not issubclass(successor.specific_class or Page, ArticlePage) or _site_of(successor) != site:
        raise UpkeepRefusedError(_("Choose an article of the same help centre."))
    # An article that is not archived has no successor: so there can be no circle.
    if Upkeep.objects.filter(translation_key=successor.translation_key, archived_at__isnull=False).exists():
        raise UpkeepRefusedError(_("“%(title)s” is archived itself.") % {"title": successor.title})


# --- Review dates -------------------------------------------------------------------------------


@transaction.atomic
def confirm_still_correct(page: Page, user: Any, today: datetime.date | None = None) -> Upkeep:
    """Record that somebody found an article correct, and set its next review date by the tenant's settings.

    Raises UpkeepRefusedError, and PermissionDenied.
    """
    _check_may_review(page, user)
    site = _site_of(page)
    upkeep = _locked(page, site)
    _refuse_archived(upkeep)
    months = TenantSettings.for_site(site).review_months
    upkeep.confirmed_at, upkeep.confirmed_by = timezone.now(), user
    upkeep.review_by = months_later(today or timezone.localdate(), months)
    upkeep.save()
    log(instance=page, action=CONFIRMED, user=user, data={"review_by": upkeep.review_by.isoformat()})
    return upkeep


@transaction.atomic
def set_review_date(page: Page, user: Any, day: datetime.date | None, today: datetime.date | None = None) -> Upkeep:
    """Set the day by which an article is read again; None takes it away.

    Raises UpkeepRefusedError, and PermissionDenied.
    """
    _check_may_review(page, user)
    upkeep = _locked(page, _site_of(page))
    _refuse_archived(upkeep)
    if day is not None and day < (today or timezone.localdate()):
        raise UpkeepRefusedError(_("The review date has passed already. Choose a later one."))
    if upkeep.review_by != day:
        upkeep.review_by = day
        upkeep.save()
        log(instance=page, action=DATE_SET, user=user, data={"review_by": day and day.isoformat()})
    return upkeep


def set_owner(page: Page, user: Any, owner: Any) -> None:
    """Make somebody the owner of a page: the one who is told when its review is due. Raises PermissionDenied."""
    if not page.permissions_for_user(user).can_edit():
        raise PermissionDenied
    if page.owner_id == owner.pk:
        return
    Page.objects.filter(pk=page.pk).update(owner=owner)
    page.owner = owner
    log(instance=page, action=OWNER_SET, user=user, data={"owner": owner.get_username()})


def _check_may_review(page: Page, user: Any) -> None:
    if not may_review(user, page):
        raise PermissionDenied


def _refuse_archived(upkeep: Upkeep) -> None:
    if upkeep.archived_at is not None:
        raise UpkeepRefusedError(_("It is archived. Bring it back first."))


def _locked_for_archive(page: Page) -> tuple[Site, Upkeep]:
    """Lock the tenant before its article, one archiving after the other.

    Two articles that become each other's successor at once would be a circle.
    """
    site = _site_of(page)
    Site.objects.select_for_update(no_key=True).get(pk=site.pk)
    return site, _locked(page, site)


def _locked(page: Page, site: Site) -> Upkeep:
    upkeep, _made = Upkeep.objects.select_for_update().get_or_create(
        translation_key=page.translation_key, defaults={"site": site}
    )
    return upkeep


def _site_of(page: Page) -> Site:
    site = site_of(page)
    if site is None:
        raise UpkeepRefusedError(_("It stands in no help centre."))
    return site
