"""What is published and taken back by the clock. One that cannot be published does not keep the others."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Page, Revision

from ..enums import NoticeKind
from ..models import Fragment
from . import queries
from .notices import notify

REFUSED = "content.schedule_refused"

logger = structlog.get_logger(__name__)


@dataclass
class ClockReport:
    """What a run did, as counts."""

    published: int = 0
    expired: int = 0
    refused: int = 0
    failed: int = 0


def publish_due() -> ClockReport:
    """Take back what has expired, then publish what is due. Running it twice changes nothing.

    What may not be published goes back to being a draft, with a notice to its people that says why. What fails for
    another reason is logged and tried again by the next run.
    """
    report = ClockReport()
    for model in scheduled_models():
        for pk in model.objects.filter(live=True, expire_at__lt=timezone.now()).values_list("pk", flat=True):
            report.expired += _expire(model, pk, report)
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).order_by("approved_go_live_at", "pk")
    for pk in list(due.values_list("pk", flat=True)):
        _publish(pk, report)
    return report


def scheduled_models() -> list[type[DraftStateMixin]]:
    """Return every model whose rows may be scheduled; all pages are one."""
    others = [
        model for model in apps.get_models() if issubclass(model, DraftStateMixin) and not issubclass(model, Page)
    ]
    return [Page, *others]


def _expire(model: type[DraftStateMixin], pk: int, report: ClockReport) -> bool:
    try:
        with transaction.atomic():
            row = model.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, live=True).first()
            if row is None:
                return False
            row.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    except Exception:
        report.failed += 1
        logger.exception("expiry_failed", model=model._meta.label, pk=pk)
        return False
    return True


def _publish(pk: int, report: ClockReport) -> None:
    try:
        with transaction.atomic():
            due = Revision.objects.select_for_update(skip_locked=True, of=("self",))
            revision = due.filter(pk=pk, approved_go_live_at__isnull=False).first()
            if revision is None:
                return
            revision.publish(log_action="wagtail.publish.scheduled")
        report.published += 1
    except ValidationError as error:
        report.refused += 1
        _give_back(pk, " ".join(error.messages))
    except Exception:
        report.failed += 1
        logger.exception("scheduled_publication_failed", revision=pk)


@transaction.atomic
def _give_back(pk: int, reason: str) -> None:
    """Take a revision off the schedule, and tell its people why."""
    revision = Revision.objects.select_for_update(of=("self",)).get(pk=pk)
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    subject = revision.content_object
    if isinstance(subject, Page):
        subject = subject.specific
    logger.warning("scheduled_publication_refused", revision=pk, reason=reason)
    log(instance=subject, action=REFUSED, revision=revision, data={"reason": reason})
    site = queries.site_of(subject) if isinstance(subject, Page | Fragment) else None
    if site is not None:
        people = {revision.user_id, getattr(subject, "owner_id", None)} - {None}
        notify(NoticeKind.RETURNED, people, subject, site=site, key=f"refused:{pk}", comment=reason)
