"""A second web process of the portal, as a real installation with several has."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT = 60  # seconds


class SecondProcess:
    """Serves the test's database and Redis from a process of its own, from `start` to `stop`."""

    def __init__(self, log: Path, redis_url: str = ""):
        """`redis_url` names another Redis than the test's."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._log = log
        self._redis_url = redis_url
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        database = connection.settings_dict
        # A socket's folder stands in HOST or, from an address with `?host=`, in OPTIONS.
        host = database["HOST"] or database["OPTIONS"].get("host", "")
        user = f"{database['USER']}:{quote(database['PASSWORD'] or '')}"
        query = urlencode({"host": host, **({"port": database["PORT"]} if database["PORT"] else {})})
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": f"postgresql://{user}@/{database['NAME']}?{query}",
            "REDIS_URL": self._redis_url or settings.REDIS_URL,
        }
        # Redis is the worker's already.
        environment.pop("PYTEST_XDIST_WORKER", None)
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(self.port)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*command, "--log-level", "warning", "--no-access-log"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_TIMEOUT)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None:
                    break
                # Nothing says when the port is open but the port.
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise RuntimeError(f"the second process did not start:\n{self._log.read_text()}")
