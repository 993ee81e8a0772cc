"""The servers that are measured: each a process of its own, on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
START_TIMEOUT = 60  # seconds


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """A process that answers HTTP on `url`; use it as a context manager."""

    def __init__(self, name: str, command: list[str], port: int, environment: dict[str, str] | None = None):
        self.name = name
        self.port = port
        self.url = f"http://localhost:{port}"
        self._command = command
        self._environment = environment or {}
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Server:
        # PostgreSQL notes whose connection it is.
        named = {"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "PGAPPNAME": self.name}
        environment = {**os.environ, **named, **self._environment}
        self._process = subprocess.Popen(self._command, cwd=ROOT, env=environment)
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return self
        self.__exit__()
        raise RuntimeError(f"{self.name} did not start")

    def __exit__(self, *_error) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_TIMEOUT)

    def cpu_seconds(self) -> tuple[float, float]:
        """Return the CPU time so far of this process, and of the PostgreSQL processes that work for it."""
        with connection.cursor() as cursor:
            cursor.execute("select pid from pg_stat_activity where application_name = %s", [self.name])
            backends = [pid for (pid,) in cursor.fetchall()]
        return _cpu_seconds(self._process.pid), sum(map(_cpu_seconds, backends))


def _cpu_seconds(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def uvicorn(name: str, application: str) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "error"]
    return Server(name, [*command, "--no-access-log"], port)


def nginx(folder: Path) -> Server | None:
    """Serve a folder with one nginx worker, as one process of the portal is measured; None where nginx is missing."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        return None
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log stderr error;\n"
        "events { worker_connections 1024; }\n"
        "http { access_log off; sendfile on; keepalive_requests 1000000; default_type text/html;\n"
        f"server {{ listen 127.0.0.1:{port}; root {folder / 'www'}; index index.html; }} }}\n"
    )
    return Server("nginx", [program, "-p", str(folder), "-c", str(configuration), "-e", "stderr"], port)
