"""Runs the portal until it is told to stop. The exit status is 0 after Ctrl-C or SIGTERM, and 1 when it cannot run."""

from __future__ import annotations

import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from config.embedded import Lease, StartError
from config.embedded.addresses import make_var_dir
from config.environment import env

from .services import process_environment, services
from .supervisor import STOP_TIMEOUT, Supervisor, complain, end_orphans, write_record

START_TIMEOUT = 120  # seconds until the web process must answer
SERVERS_CHECK = 5  # seconds between two looks at the embedded servers


class Stopped(BaseException):
    """Somebody asked for the end: Ctrl-C, SIGTERM or a closed terminal."""


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, ask_to_stop)
        with ExitStack() as stack:
            run(stack)
    except Stopped:
        print("Stopped.", flush=True)  # noqa: T201
        return 0
    except StartError as error:
        complain(str(error))
        return 1
    return 0


def run(stack: ExitStack) -> None:
    """Start everything and keep it going. Returns never: it ends with Stopped or StartError."""
    var_dir = settings.VAR_DIR
    if env.problems:
        raise StartError("\n".join(env.problems))
    make_var_dir(var_dir)
    stack.enter_context(only_one(var_dir))
    record = var_dir / "processes.json"
    orphans = end_orphans(record)
    if orphans:
        complain(f"The last run was killed: {orphans} processes of it were still there and have been ended.")
    refuse_busy_port()
    lease = None
    if settings.EMBEDDED_DATABASE or settings.EMBEDDED_REDIS:
        lease = Lease(var_dir, database=settings.EMBEDDED_DATABASE, redis=settings.EMBEDDED_REDIS)
        stack.enter_context(lease)
    first_user = prepare(var_dir, record)
    supervisor = Supervisor(services(), process_environment(), record)
    stack.callback(supervisor.stop)
    # The first page before all else: the workers' own start would double the wait for it.
    supervisor.start("web")
    wait_for_web(supervisor)
    supervisor.start()
    states = wait_for_workers(supervisor)
    announce(supervisor, first_user, states)
    next_check = time.monotonic() + SERVERS_CHECK
    while True:
        supervisor.turn(1.0)
        if lease is not None and time.monotonic() > next_check:
            for name in lease.revive():
                supervisor.say(name, "had ended and was started again")
            next_check = time.monotonic() + SERVERS_CHECK


def ask_to_stop(_number: int, _frame) -> None:
    # Once is enough: what follows is the orderly end, and impatience must not leave half of it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Stopped


@contextmanager
def only_one(var_dir: Path) -> Iterator[None]:
    """Hold the right to run the portal of this `var/`. Raises StartError when another supervisor has it."""
    descriptor = os.open(var_dir / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 200).decode(errors="replace").strip()
            raise StartError(f"The portal runs already from {var_dir}: {owner}. Stop that one first.") from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()}, {local_url()}".encode())
        yield
    finally:
        os.close(descriptor)


def refuse_busy_port() -> None:
    try:
        family = socket.AF_INET6 if ":" in settings.LISTEN_ADDRESS else socket.AF_INET
        socket.create_server((settings.LISTEN_ADDRESS, settings.PORT), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                f"Port {settings.PORT} is in use by another program. Choose another one: PORT=9000 make run"
            ) from error
        where = f"{settings.LISTEN_ADDRESS} port {settings.PORT}"
        raise StartError(f"The portal cannot listen on {where}: {error.strerror}.") from error


def prepare(var_dir: Path, record: Path) -> dict:
    """Run `manage.py prepare`, and return the first administrator's `user` and `password` (None when not made now)."""
    report = var_dir / "prepared.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "prepare", "--report", str(report)]
    process = subprocess.Popen(command, env=process_environment(), start_new_session=True, stdin=subprocess.DEVNULL)
    write_record(record, [process.pid])
    try:
        status = process.wait()
    except Stopped:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
        raise
    if status:
        raise StartError("The portal cannot start: see the message above.")
    try:
        return json.loads(report.read_text())
    finally:
        report.unlink(missing_ok=True)


def wait_for_web(supervisor: Supervisor) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while ask("/healthz") is None:
        supervisor.turn(0.1)
        if supervisor.running["web"].deaths:
            raise StartError("The web process does not start: see its message above.")
        if time.monotonic() > deadline:
            raise StartError(f"The web process does not answer after {START_TIMEOUT} seconds.")


def wait_for_workers(supervisor: Supervisor) -> dict:
    """Wait until `/readyz` is content, or a while; return its parts."""
    deadline = time.monotonic() + START_TIMEOUT / 4
    while True:
        status, body = ask("/readyz") or (0, {})
        if status == http.client.OK or time.monotonic() > deadline:
            return body.get("parts", {})
        supervisor.turn(0.2)


def ask(path: str) -> tuple[int, dict] | None:
    """Ask the web process; None when it does not answer yet."""
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.LISTEN_ADDRESS, settings.LISTEN_ADDRESS)  # noqa: S104
    connection = http.client.HTTPConnection(address, settings.PORT, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def announce(supervisor: Supervisor, first_user: dict, states: dict) -> None:
    """Print one line for each service, then where the portal is and how to get in."""
    var_dir = settings.VAR_DIR
    database = f"embedded, data in {var_dir / 'postgres'}" if settings.EMBEDDED_DATABASE else "as DATABASE_URL says"
    queue = f"embedded, data in {var_dir / 'redis'}" if settings.EMBEDDED_REDIS else "as REDIS_URL says"
    supervisor.width = max(supervisor.width, len("PostgreSQL"))
    supervisor.say("PostgreSQL", database)
    supervisor.say("Redis", queue)
    for name, entry in supervisor.running.items():
        supervisor.say(name, entry.service.about)
    failing = {part: state for part, state in states.items() if state != "ok"}
    for part, state in failing.items():
        complain(f"Not ready yet: {part}: {state}")
    lines = ["", f"Portal  {local_url()}/", f"Admin   {local_url()}/admin/"]
    if first_user["password"]:
        lines.append(f"        user {first_user['user']}, password {first_user['password']} (shown only now)")
    lines += ["        forgot the password? make password", "Ctrl-C stops everything.", ""]
    print("\n".join(lines), flush=True)  # noqa: T201


def local_url() -> str:
    return f"http://localhost:{settings.PORT}"


if __name__ == "__main__":
    sys.exit(main())
