"""Handing work to the workers without making the request depend on them."""

from __future__ import annotations

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

# For a kept connection that died: the next one is new.
ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0}

logger = structlog.get_logger(__name__)


def enqueue_on_commit(task: Task, *args) -> None:
    """Enqueue a task when the running transaction commits. Arguments are ids and other plain values.

    A broker that cannot be reached is logged and nothing else: whoever calls this has a task, run on a schedule,
    that finds and repairs what was missed.
    """

    def enqueue() -> None:
        try:
            task.apply_async(args, retry=True, retry_policy=ONE_MORE_TRY)
        except OperationalError as error:
            logger.warning("task_not_enqueued", task=task.name, args=args, error=str(error))

    transaction.on_commit(enqueue)
