from celery import shared_task
from django.utils import timezone

from . import daily


@shared_task(name="content.look_after_review_dates")
def look_after_review_dates() -> None:
    """Tell owners what is due today, and apply the tenants' rules to what is overdue."""
    daily.look_after_review_dates(timezone.localdate())
