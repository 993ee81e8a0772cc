"""The processes of a running portal."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Service:
    """One long-running process; `about` is what its line says when it has started."""

    name: str
    command: tuple[str, ...]
    about: str


def services() -> list[Service]:
    return [
        Service("web", web_command(), f"pages, admin and API on port {settings.PORT}"),
        Service("worker", worker_command("worker", "default", threads=4), "queue default"),
        Service("index", worker_command("index", "index", threads=1), "queue index"),
        Service("chat", worker_command("chat", "chat", threads=16), "queue chat"),
        Service("beat", beat_command(), "the clock"),
    ]


def process_environment() -> dict[str, str]:
    """Return the environment of the portal's processes: this one's, with the source folders on the path."""
    source = [str(settings.BASE_DIR / "site"), str(settings.BASE_DIR)]
    path = [*source, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path),
        "PYTHONUNBUFFERED": "1",
        # Whoever starts the supervisor as root has chosen that for its workers.
        "C_FORCE_ROOT": "1",
        # Each thread would otherwise get its own heap from glibc, and they never shrink.
        "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2"),
    }


def web_command() -> tuple[str, ...]:
    return (
        sys.executable, "-m", "uvicorn", "config.asgi:application",
        "--host", settings.LISTEN_ADDRESS, "--port", str(settings.PORT),
        "--log-level", "warning", "--no-access-log", "--timeout-graceful-shutdown", "5",
    )  # fmt: skip


def worker_command(name: str, queues: str, *, threads: int) -> tuple[str, ...]:
    return (
        sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "worker",
        "--hostname", f"{name}@%h", "--queues", queues, "--pool", "threads", "--concurrency", str(threads),
        "--loglevel", "warning", "--without-gossip", "--without-mingle",
    )  # fmt: skip


def beat_command() -> tuple[str, ...]:
    return (
        sys.executable, "-m", "celery", "--app", "config.clock", "--quiet", "beat",
        "--loglevel", "warning", "--schedule", settings.CELERY_BEAT_SCHEDULE_FILENAME, "--pidfile", "",
    )  # fmt: skip
