"""Starts processes, passes their output on, starts them again when they die, and ends every one of them."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from .services import Service

STOP_TIMEOUT = 10  # seconds that a process has to finish what it does
STEADY = 60  # seconds after which a process counts as sound
NEVER = float("inf")
LONGEST_PAUSE = 30  # seconds between two attempts to start a process that keeps dying


@dataclass
class Running:
    """A service's process, and how often it died lately."""

    service: Service
    process: subprocess.Popen | None = None
    started: float = 0.0
    deaths: int = 0
    start_again_at: float = NEVER
    rest: bytes = field(default=b"", repr=False)  # output after the last newline


class Supervisor:
    """Keeps services running. `turn` does all the work and is called again and again."""

    def __init__(self, services: list[Service], environment: dict[str, str], record: Path) -> None:
        self.running = {service.name: Running(service) for service in services}
        self.environment = environment
        self.record = record
        self.width = max(len(service.name) for service in services)
        self._selector = selectors.DefaultSelector()

    def start(self, *names: str) -> None:
        """Start the named services, or all that were not started yet."""
        for name in names or [name for name, entry in self.running.items() if entry.start_again_at == NEVER]:
            self._start(self.running[name])

    def turn(self, wait: float) -> None:
        """Pass output on for `wait` seconds, and start again what died."""
        until = time.monotonic() + wait
        while True:
            for key, _events in self._selector.select(max(0.0, until - time.monotonic())):
                output = os.read(key.fd, 65536)
                self._pass_on(key.data, output)
                if not output:
                    self._selector.unregister(key.fileobj)
            now = time.monotonic()
            for entry in self.running.values():
                if entry.process is not None and entry.process.poll() is not None:
                    self._bury(entry, entry.process, now)
                if entry.process is None and now >= entry.start_again_at:
                    self._start(entry)
            if now >= until:
                return

    def stop(self) -> None:
        """End every process, and whatever they started: first politely, after STOP_TIMEOUT for good."""
        alive = [entry.process for entry in self.running.values() if entry.process is not None]
        for process in alive:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT
        for process in alive:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # Also where the process itself has ended: its children may not have.
            _signal_group(process, signal.SIGKILL)
            process.wait()
        for process in alive:
            self._close(process)
        self.record.unlink(missing_ok=True)

    def say(self, name: str, line: str) -> None:
        print(f"{name:<{self.width}}  {line}", flush=True)  # noqa: T201

    def _start(self, entry: Running) -> None:
        # A session of its own: a Ctrl-C in the terminal reaches the supervisor alone, which ends them in order.
        process = subprocess.Popen(
            entry.service.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        entry.process, entry.started, entry.start_again_at = process, time.monotonic(), 0.0
        if process.stdout is not None:
            self._selector.register(process.stdout, selectors.EVENT_READ, entry)
        write_record(self.record, [item.process.pid for item in self.running.values() if item.process])

    def _bury(self, entry: Running, process: subprocess.Popen, now: float) -> None:
        if process.stdout is not None and not process.stdout.closed:
            self._pass_on(entry, process.stdout.read() or b"")
        self._close(process)
        _signal_group(process, signal.SIGKILL)
        entry.deaths = 1 if now - entry.started > STEADY else entry.deaths + 1
        pause = min(2.0 ** (entry.deaths - 1), LONGEST_PAUSE)
        entry.process, entry.start_again_at = None, now + pause
        self.say(entry.service.name, f"ended with status {process.returncode}; starts again in {pause:.0f} s")

    def _close(self, process: subprocess.Popen) -> None:
        if process.stdout is not None and not process.stdout.closed:
            with contextlib.suppress(KeyError):  # Gone already where the process closed it before its end.
                self._selector.unregister(process.stdout)
            process.stdout.close()

    def _pass_on(self, entry: Running, output: bytes) -> None:
        *lines, entry.rest = (entry.rest + output).split(b"\n")
        for line in lines:
            self.say(entry.service.name, line.decode(errors="replace"))


def write_record(path: Path, pids: list[int]) -> None:
    """Note which processes run, each with its time of birth: numbers are used again."""
    births = {}
    for pid in pids:
        try:
            births[pid] = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            continue
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(births))
    fresh.replace(path)


def end_orphans(path: Path) -> int:
    """End the processes that a killed supervisor left behind, as its record names them. Return how many."""
    try:
        births = json.loads(path.read_text())
    except (OSError, ValueError):
        return 0
    orphans = []
    for pid, birth in births.items():
        try:
            process = psutil.Process(int(pid))
            if abs(process.create_time() - birth) < 1:
                orphans += [process, *process.children(recursive=True)]
        except psutil.Error:
            continue
    for process in orphans:
        _quietly(process.terminate)
    _gone, alive = psutil.wait_procs(orphans, timeout=STOP_TIMEOUT)
    for process in alive:
        _quietly(process.kill)
    psutil.wait_procs(alive, timeout=STOP_TIMEOUT)
    path.unlink(missing_ok=True)
    return len(orphans)


def _quietly(act) -> None:
    with contextlib.suppress(psutil.Error):
        act()


def _signal_group(process: subprocess.Popen, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def complain(message: str) -> None:
    print(message, file=sys.stderr, flush=True)  # noqa: T201
