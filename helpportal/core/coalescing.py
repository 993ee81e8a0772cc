"""Background tasks that would do the same work again and again, run once.

Wagtail enqueues the indexing of an object on every save, and a bulk job saves one object several times in a row.
Inside `coalesced()` such tasks wait and each runs once at the end; outside, they run at once as always.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id

# Both bring an index up to what is in the database when they run: how often they were asked for does not matter.
COALESCED = frozenset(["wagtail.tasks.update_reference_index_task", "modelsearch.tasks.insert_or_update_object_task"])

Waiting = dict[tuple[str, str], tuple[Task, tuple[Any, ...], dict[str, Any]]]

_waiting: ContextVar[Waiting | None] = ContextVar("waiting_tasks", default=None)


class CoalescingBackend(ImmediateBackend):
    """Runs tasks in the process that enqueues them, as Wagtail expects; repeated ones once where asked to."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        waiting = _waiting.get()
        if waiting is None or task.module_path not in COALESCED:
            return super().enqueue(task, args, kwargs)
        waiting[(task.module_path, repr((args, kwargs)))] = (task, args, kwargs)
        return TaskResult(
            task=task,
            id=get_random_id(),
            status=TaskResultStatus.READY,
            enqueued_at=None,
            started_at=None,
            last_attempted_at=None,
            finished_at=None,
            args=args,
            kwargs=kwargs,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )


@contextmanager
def coalesced() -> Iterator[None]:
    """Let indexing tasks wait until the end of the block, where each runs once.

    Blocks may stand in each other: what the inner one runs, the outer one need not run again. After an exception
    nothing runs: the block's own work is taken to be rolled back.
    """
    outer = _waiting.get()
    waiting: Waiting = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    for key, (task, args, kwargs) in waiting.items():
        if outer is not None:
            outer.pop(key, None)
        with _at_once():
            task.enqueue(*args, **kwargs)


@contextmanager
def _at_once() -> Iterator[None]:
    token = _waiting.set(None)
    try:
        yield
    finally:
        _waiting.reset(token)
