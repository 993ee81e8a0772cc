"""A real Celery worker, in a process of its own, on the test's database and Redis."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config.celery import app

TIMEOUT = 60  # seconds
LOOK_AGAIN = 0.05  # seconds


class CeleryWorker:
    """Runs tasks from `start` to `stop`; `wait_until_idle` returns when all that was enqueued is done."""

    def __init__(self, queues: str = "default,index") -> None:
        self.queues = queues.split(",")
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": os.pathsep.join([str(settings.BASE_DIR), str(settings.BASE_DIR / "site")]),
            "DATABASE_URL": database_url(connection.settings_dict),
            "REDIS_URL": settings.REDIS_URL,
        }
        # The addresses above are this test worker's own already.
        environment.pop("PYTEST_XDIST_WORKER", None)
        options = ["--pool", "solo", "--loglevel", "info", "--queues", ",".join(self.queues)]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config.celery", "worker", *options, *quiet],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        self._wait(self._answers, "start")

    def wait_until_idle(self) -> None:
        """Wait until every task that was enqueued has been run to its end (tasks are acknowledged last)."""
        with app.connection_for_read() as broker:
            client = broker.default_channel.client

            def pending() -> bool:
                return bool(client.hlen("unacked")) or any(client.llen(queue) for queue in self.queues)

            # The worker has one thread: an answer proves that what it took from a queue before is done.
            self._wait(lambda: not pending() and self._answers() and not pending(), "finish its tasks")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(TIMEOUT)
        self._output.close()

    def output(self) -> str:
        """What the worker has printed so far."""
        self._output.seek(0)
        return self._output.read().decode(errors="replace")

    def _answers(self) -> bool:
        return bool(app.control.ping(timeout=1, limit=1))

    def _wait(self, condition, what: str) -> None:
        deadline = time.monotonic() + TIMEOUT
        pause = threading.Event()
        while not condition():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the Celery worker did not {what}:\n{self.output()}")
            pause.wait(LOOK_AGAIN)


def database_url(values: dict) -> str:
    """Write Django's settings of one database as an address."""
    user = quote(values["USER"] or "", safe="")
    password = f":{quote(values['PASSWORD'], safe='')}" if values["PASSWORD"] else ""
    host, port = values["HOST"] or values["OPTIONS"].get("host", ""), values["PORT"]
    if host.startswith("/"):
        return f"postgresql://{user}{password}@/{values['NAME']}?host={quote(host, safe='')}"
    return f"postgresql://{user}{password}@{host}{f':{port}' if port else ''}/{values['NAME']}"
