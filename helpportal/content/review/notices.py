"""Telling people at the desk what concerns them, in the admin and by mail, each as they chose."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.queries import staff_pages, staff_sites

from ..enums import NoticeKind
from ..models import Fragment, Notice, NoticeChoice
from ..signals import notices_written


def notify(
    kind: NoticeKind | str,
    user_ids: Iterable[int],
    page: Page | Fragment,
    *,
    site: Site,
    key: str,
    actor: User | None = None,
    comment: str = "",
    due_on: datetime.date | None = None,
) -> int:
    """Tell these people once of something about a page or fragment; return how many are told by this call.

    Left out are whoever did it, who is no longer staff of the tenant, and who wants to hear nothing of the kind. The
    same `key` reaches nobody twice. Mails wait in the rows until `content.mail_notices` has sent them, so a mail
    server or a broker that is away loses none. Costs four queries for any number of people.
    """
    wanted = set(user_ids) - {actor.pk if actor else None}
    if not wanted:
        return 0
    choices = {
        choice.user_id: (choice.in_admin, choice.by_mail)
        for choice in NoticeChoice.objects.filter(user_id__in=wanted, kind=kind)
    }
    now = timezone.now()
    rows = []
    for user in staff_among(site, wanted):
        in_admin, by_mail = choices.get(user.pk, (True, True))
        by_mail = by_mail and bool(user.email)
        if in_admin or by_mail:
            rows.append(
                Notice(
                    site=site,
                    user=user,
                    kind=kind,
                    key=key[:200],
                    page_id=page.pk if isinstance(page, Page) else None,
                    fragment=page if isinstance(page, Fragment) else None,
                    actor=actor,
                    comment=comment,
                    due_on=due_on,
                    in_admin=in_admin,
                    mail_after=now if by_mail else None,
                )
            )
    known = set(Notice.objects.filter(user__in=wanted, key=key[:200]).values_list("user_id", flat=True))
    new = [row for row in rows if row.user_id not in known]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    if any(row.mail_after for row in new):
        notices_written.send(sender=Notice)
    return len(new)


def staff_among(site: Site, user_ids: Iterable[int]) -> QuerySet[User]:
    """Return who of these people works in a tenant's admin."""
    staff = TenantGroup.objects.staff().filter(site=site, group__user=OuterRef("pk"))
    return get_user_model().objects.filter(pk__in=user_ids, is_active=True).filter(Q(is_superuser=True) | Exists(staff))


def notices_of(user: User, *, only_in_admin: bool = True) -> QuerySet[Notice]:
    """Return what a user is told, the newest first: only of what the user may still meet in the admin."""
    own = Notice.objects.filter(user=user, site__in=staff_sites(user).values("pk"))
    if only_in_admin:
        own = own.filter(in_admin=True)
    return own.filter(Q(page__isnull=True) | Q(page__in=staff_pages(user).order_by().values("pk"))).select_related(
        "page", "fragment", "actor", "site"
    )


def unread_count(user: User) -> int:
    """Return how many notices a user has not read."""
    return notices_of(user).filter(read_at=None).count()


def mark_read(user: User, notice_id: int | None = None) -> int:
    """Mark one notice of a user as read, or all of them; return how many were unread."""
    unread = Notice.objects.filter(user=user, read_at=None)
    if notice_id is not None:
        unread = unread.filter(pk=notice_id)
    return unread.update(read_at=timezone.now())


def sentence(notice: Notice) -> str:
    """Say in one sentence, in the language that is active, what a notice tells."""
    names = {"title": title_of(notice), "name": _name(notice.actor) if notice.actor else ""}
    kind = NoticeKind(notice.kind)
    if kind is NoticeKind.ASSIGNED:
        text = _("%(name)s asks you to review “%(title)s”.") if notice.actor else _("“%(title)s” waits for a review.")
    elif kind is NoticeKind.RETURNED:
        text = _("%(name)s returned “%(title)s” to you.") if notice.actor else _("“%(title)s” is returned to you.")
    elif kind is NoticeKind.APPROVED:
        text = _("%(name)s approved “%(title)s”.") if notice.actor else _("“%(title)s” is approved.")
    elif kind is NoticeKind.PUBLISHED:
        text = _("%(name)s published “%(title)s”.") if notice.actor else _("“%(title)s” is published.")
    else:
        text = _("“%(title)s” is due for review.")
    return text % names


def title_of(notice: Notice) -> str:
    """Return the title, as editors know it, of what a notice is about."""
    if notice.page is not None:
        return notice.page.get_admin_display_title()
    return str(notice.fragment) if notice.fragment else ""


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()
