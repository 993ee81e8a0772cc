from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import checking, recording

# How long a broker or the workers may have been away.
LOOK_BACK = timedelta(days=3)


@shared_task(name="content.record_article_links")
def record_article_links(page_id: int) -> None:
    """Record what a published article links to."""
    recording.record_article(page_id)


@shared_task(name="content.record_fragment_links")
def record_fragment_links(fragment_id: int) -> None:
    """Record what a published fragment links to."""
    recording.record_fragment(fragment_id)


@shared_task(name="content.record_all_links")
def record_all_links() -> None:
    """Repair what was published while no broker or worker was there to hear of it."""
    recording.record_everything(since=timezone.now() - LOOK_BACK)


@shared_task(name="content.check_external_links")
def check_external_links() -> None:
    """Check some of the external addresses that are due: never more than a short batch at a time."""
    checking.check_due()
