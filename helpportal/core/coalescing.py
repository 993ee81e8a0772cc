"""Background tasks that would do the same work again and again, run once.

Wagtail enqueues the indexing of an object on every save, and a bulk job saves one object several times in a row.
Inside `coalesced()` such tasks wait and each runs once at the end; outside, they run at once as always. A bulk job
that writes many rows of a model calls `index_together()` now and then, which costs less than each row by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models, transaction
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.utils import get_random_id
from modelcluster.models import get_all_child_relations
from modelsearch.backends import get_search_backends
from modelsearch.index import class_is_indexed
from wagtail.models import ReferenceIndex

# Both bring an index up to what is in the database when they run: how often they were asked for does not matter.
REFERENCES = "wagtail.tasks.update_reference_index_task"
SEARCH = "modelsearch.tasks.insert_or_update_object_task"
COALESCED = frozenset([REFERENCES, SEARCH])

Waiting = dict[tuple[str, str], tuple[Task, tuple[Any, ...], dict[str, Any]]]

_waiting: ContextVar[Waiting | None] = ContextVar("waiting_tasks", default=None)


class CoalescingBackend(ImmediateBackend):
    """Runs tasks in the process that enqueues them, as Wagtail expects; repeated ones once where asked to."""

    def enqueue(self, task: Task, args: Any, kwargs: Any) -> TaskResult:
        waiting = _waiting.get()
        if waiting is None or task.module_path not in COALESCED:
            return super().enqueue(task, args, kwargs)
        waiting[_key(task.module_path, args, kwargs)] = (task, args, kwargs)
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


def _key(name: str, args: Any, kwargs: Any) -> tuple[str, str]:
    return name, repr((tuple(args), kwargs))


@contextmanager
def coalesced(*, hand_over: bool = False) -> Iterator[None]:
    """Let indexing tasks wait until the end of the block, where each runs once.

    Blocks may stand in each other: what the inner one runs, the outer one need not run again. With `hand_over` the
    inner one runs nothing and leaves it to the outer one. After an exception nothing runs: the block's own work is
    taken to be rolled back.
    """
    outer = _waiting.get()
    waiting: Waiting = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if hand_over and outer is not None:
        outer.update(waiting)
        return
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


def index_together(model: type[models.Model], pks: Collection[int]) -> None:
    """Index these rows of one model now: they are read with one query, and search takes them in at once.

    What waits for them need not run again. All of them are indexed or none: then the database's error is raised.
    """
    waiting = _waiting.get() or {}
    for pk in pks:
        for task in COALESCED:
            waiting.pop(_key(task, (model._meta.app_label, model._meta.model_name, str(pk)), {}), None)
    relations = [relation.get_accessor_name() for relation in get_all_child_relations(model)]
    with transaction.atomic():
        rows = list(model._default_manager.filter(pk__in=pks).prefetch_related(*relations))
        if ReferenceIndex.is_indexed(model):
            for row in rows:
                ReferenceIndex.create_or_update_for_object(row)
        if class_is_indexed(model):
            for backend in get_search_backends(with_auto_update=True):
                backend.add_bulk(model, rows)
