"""Running the portal's own commands as a person would: in a process of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
from django.conf import settings

TIMEOUT = 120  # seconds
SETTINGS_OF_THE_PORTAL = ("HELPPORTAL_", "DATABASE_URL", "REDIS_URL", "PORT", "DJANGO_", "PYTEST_")


def environment(**variables: str) -> dict[str, str]:
    """Return this process's environment without any of the portal's settings but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS_OF_THE_PORTAL)}
    path = os.pathsep.join([str(settings.BASE_DIR / "site"), str(settings.BASE_DIR)])
    return {**kept, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **variables}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run `manage.py` with these arguments and settings to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def run_portal(**variables: str) -> subprocess.CompletedProcess:
    """Run the supervisor where it is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "-m", "config.run"],
        cwd=settings.BASE_DIR,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Stack:
    """A portal under its supervisor, in a folder and on a port of its own."""

    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        self.output: list[str] = []
        self._changed = threading.Condition()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def variables(self) -> dict[str, str]:
        return {"HELPPORTAL_VAR_DIR": str(self.var_dir), "PORT": str(self.port)}

    def start(self) -> float:
        """Start it, wait until it says where the portal is, and return how many seconds that took."""
        self.output = []
        began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.run"],
            cwd=settings.BASE_DIR,
            env=environment(**self.variables()),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        self.wait_for_line("Ctrl-C stops everything")
        return time.monotonic() - began

    def wait_for_line(self, part: str) -> str:
        """Return the first line of output with `part` in it, waiting for it if need be."""
        with self._changed:
            found = self._changed.wait_for(
                lambda: self._line(part) or (self.process.poll() is not None and "ended"), timeout=TIMEOUT
            )
        line = self._line(part)
        assert line, f"no line with {part!r} ({found}) in:\n" + "".join(self.output)
        return line

    def end(self, number: int) -> int:
        """Send the supervisor a signal, wait for its end and return its status."""
        self.process.send_signal(number)
        return self.process.wait(TIMEOUT)

    def processes(self) -> list[psutil.Process]:
        """Return every process that belongs to this portal, whoever its parent is."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        var_dir = str(self.var_dir)
        try:
            return (
                process.environ().get("HELPPORTAL_VAR_DIR") == var_dir
                or any(var_dir in word for word in process.cmdline())
                or process.cwd().startswith(var_dir)
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _line(self, part: str) -> str:
        return next((line for line in self.output if part in line), "")

    def _read(self, process: subprocess.Popen) -> None:
        for line in process.stdout:
            with self._changed:
                self.output.append(line)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()
