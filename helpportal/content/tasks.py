from celery import shared_task
from django.core.management import call_command

from .references import tasks as references_tasks  # noqa: F401 - Celery finds the room's tasks here
from .review import tasks as review_tasks  # noqa: F401 - Celery finds the room's tasks here
from .upkeep import tasks as upkeep_tasks  # noqa: F401 - as above


@shared_task(name="content.publish_scheduled")
def publish_scheduled() -> None:
    """Publish what is due and take back what has expired. Running it twice changes nothing."""
    call_command("publish_scheduled", verbosity=0)
