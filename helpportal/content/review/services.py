"""What a publication changed, and when translators take it over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import PageLogEntry, Revision, Site

from ..enums import Severity
from ..models import ArticleChange, ArticlePage
from ..publishing import publishing_user
from ..signals import readied_for_translation

READY = "content.ready_for_translation"


def record_change(page: ArticlePage, revision: Revision) -> ArticleChange | None:
    """Write down what the publication of `revision` changed, once; None for an article's first publication."""
    if page.first_published_at is None or page.first_published_at == page.last_published_at:
        return None
    site = site_of(page)
    if site is None:
        return None
    change, _made = ArticleChange.objects.get_or_create(
        revision=revision,
        defaults={
            "site": site,
            "page_id": page.pk,
            "severity": page.change_severity or Severity.NORMAL,
            "note": _note_for_readers(page),
            "ready_for_translation": page.ready_for_translation,
            "published_at": page.last_published_at or timezone.now(),
            "published_by": _publisher_of(page, revision),
        },
    )
    return change


def site_of(page) -> Site | None:
    """Return the tenant that a page stands in, whichever of its languages it is in."""
    homes = page.get_ancestors(inclusive=True).order_by().values("translation_key")
    return Site.objects.filter(root_page__translation_key__in=homes).order_by("pk").first()


def _note_for_readers(page: ArticlePage) -> str:
    """Return the change note; a translation that is published again for the same edit says it once."""
    note = page.change_note
    if note and page.locale.language_code != settings.SOURCE_LOCALE:
        told = ArticleChange.objects.filter(page_id=page.pk).exclude(note="").values_list("note", flat=True).first()
        if told == note:
            return ""
    return note


def _publisher_of(page: ArticlePage, revision: Revision) -> Any:
    """Return who publishes: whoever is at work now, else whoever scheduled it; None for a program."""
    user = publishing_user() or get_active_log_context().user
    if user is not None:
        return user if user.is_authenticated else None
    scheduled = PageLogEntry.objects.filter(page=page.pk, revision=revision, action="wagtail.publish.schedule")
    entry = scheduled.select_related("user").order_by("-timestamp").first()
    return entry.user if entry else None


@transaction.atomic
def mark_ready_for_translation(page: ArticlePage, user) -> bool:
    """Let translators take over what is live; return False where they may already, or where nothing is live."""
    changed = ArticlePage.objects.filter(pk=page.pk, live=True, ready_for_translation=False).update(
        ready_for_translation=True
    )
    if not changed:
        return False
    live = ArticlePage.objects.get(pk=page.pk)
    ArticleChange.objects.filter(page_id=live.pk, revision_id=live.live_revision_id).update(ready_for_translation=True)
    log(instance=live, action=READY, user=user, revision=live.live_revision)
    readied_for_translation.send(sender=ArticlePage, page=live)
    return True
