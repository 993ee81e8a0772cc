"""`/healthz` (the process answers) and `/readyz` (all that a request needs is there)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse

from helpportal.core.redis import redis_client

from .heartbeat import unserved_queues


class HealthMiddleware:
    """Answers the two addresses before hosts, TLS or sessions are looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": healthz, "/readyz": readyz}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        if answer is None or request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        response = answer(request)
        response["Cache-Control"] = "no-store"
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200: this process takes requests."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part works, else 503; the body names each part with "ok" or what is wrong with it."""
    parts = {name: look() for name, look in PARTS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if ready else "failing", "parts": parts}, status=200 if ready else 503)


def database_state() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "not reachable"
    return "ok"


def migrations_state() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "not reachable"
    missing = expected_migrations().difference(applied)
    return f"{len(missing)} not applied" if missing else "ok"


def redis_state() -> str:
    try:
        redis_client().ping()
    except redis.RedisError:
        return "not reachable"
    return "ok"


def workers_state() -> str:
    try:
        unserved = unserved_queues([queue.name for queue in settings.CELERY_TASK_QUEUES])
    except redis.RedisError:
        return "not reachable"
    return f"no worker for {', '.join(unserved)}" if unserved else "ok"


@lru_cache(maxsize=1)
def expected_migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this code has (a replaced one stands for what replaces it)."""
    return frozenset(MigrationLoader(None).graph.nodes)


PARTS: dict[str, Callable[[], str]] = {
    "database": database_state,
    "migrations": migrations_state,
    "redis": redis_state,
    "workers": workers_state,
}
