"""Sending the mails of notices. What cannot be sent now waits in its row and is tried again later."""

from __future__ import annotations

import datetime
import smtplib
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Site

from helpportal.accounts.models import User

from ..models import Notice, NoticeChoice
from .notices import notices_of, sentence, staff_among

LONGEST_PAUSE = 360  # minutes
# Two days of trying, more or less.
TRIES = 14
A_RUN = 200

logger = structlog.get_logger(__name__)


def mail_notices() -> int:
    """Send the mails that wait; return how many were sent.

    Each is sent while its row is locked, and the row says at once that it is: two runs send none twice. When the
    mail server does not answer, the run ends: what is left waits for the next one.
    """
    sent = 0
    connection = get_connection()
    try:
        for _number in range(A_RUN):
            went = _mail_next(connection)
            if went is None:
                break
            sent += went
    except OSError as error:
        logger.warning("mail_server_away", error=str(error))
    finally:
        try:
            connection.close()
        except OSError:
            logger.info("mail_connection_lost")
    return sent


def _mail_next(connection) -> bool | None:
    """Mail the notice that waits longest; return whether it was sent, None when none waits.

    Raises OSError when the server is away, after the notice was put off.
    """
    away: OSError | None = None
    with transaction.atomic():
        waiting = Notice.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            mail_after__lte=timezone.now()
        )
        notice = (
            waiting.select_related("user", "page", "fragment", "actor", "site").order_by("mail_after", "pk").first()
        )
        if notice is None:
            return None
        notice.mail_after = None
        sent = False
        if _still_wanted(notice):
            try:
                message_for(notice, connection).send()
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
                _put_off(notice, error)
            except OSError as error:
                _put_off(notice, error)
                away = error
            else:
                notice.mailed_at = timezone.now()
                sent = True
        notice.save(update_fields=["mail_after", "mail_failures", "mailed_at"])
    if away is not None:
        raise away
    return sent


def _put_off(notice: Notice, error: Exception) -> None:
    notice.mail_failures += 1
    if notice.mail_failures >= TRIES:
        logger.error("notice_not_mailed", notice=notice.pk, error=str(error))
        return
    pause = min(2**notice.mail_failures, LONGEST_PAUSE)
    notice.mail_after = timezone.now() + datetime.timedelta(minutes=pause)


def _still_wanted(notice: Notice) -> bool:
    """Whether the person still works there, may still meet what it is about, and still wants mails of the kind."""
    if not notice.user.email or not staff_among(notice.site, [notice.user_id]).exists():
        return False
    if NoticeChoice.objects.filter(user=notice.user_id, kind=notice.kind, by_mail=False).exists():
        return False
    return notices_of(notice.user, only_in_admin=False).filter(pk=notice.pk).exists()


def message_for(notice: Notice, connection=None) -> EmailMessage:
    """Return the mail of a notice, in the language of whom it goes to."""
    with translation.override(language_of(notice.user)):
        context = {
            "notice": notice,
            "sentence": sentence(notice),
            "portal": notice.site.site_name or notice.site.hostname,
            "link": f"{admin_root(notice.site)}{reverse('notices')}?{urlencode({'open': notice.pk})}",
            "choices_link": f"{admin_root(notice.site)}{reverse('wagtailadmin_account')}",
        }
        subject = " ".join(render_to_string("email/notice_subject.txt", context).split())
        text = render_to_string("email/notice.txt", context)
    host = urlsplit(settings.PORTAL_URL).hostname
    return EmailMessage(
        subject,
        text,
        to=[notice.user.email],
        connection=connection,
        # A mail that was sent by a worker which died a moment later is sent again under the same id.
        headers={"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def language_of(user: User) -> str:
    """Return the language that somebody is written to in."""
    return user.language or settings.LANGUAGE_CODE


def admin_root(site: Site) -> str:
    """Return a tenant's address, as `https://host`, the way the portal is reached from outside."""
    portal = urlsplit(settings.PORTAL_URL)
    if site.is_default_site:
        return settings.PORTAL_URL
    return f"{portal.scheme}://{site.hostname}{f':{portal.port}' if portal.port else ''}"
