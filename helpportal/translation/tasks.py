from celery import shared_task
from django.db import OperationalError

from . import queries, services


@shared_task(name="translation.refresh_source", autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def refresh_source(translation_key: str, locale_id: int) -> None:
    """Bring one translation source up to its published page or fragment."""
    services.refresh_source(translation_key, locale_id)


@shared_task(name="translation.refresh_sources_behind")
def refresh_sources_behind() -> None:
    """Repair what was published while no broker or worker was there to hear of it."""
    for source in queries.sources_behind():
        services.refresh_source(source.object_id, source.locale_id)
