"""Runs a management command with the servers it needs: those of a running stack, or its own for as long as it runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
import redis
from django.conf import settings
from django.core.management import execute_from_command_line, get_commands
from django.db import OperationalError

from .embedded import Lease, StartError
from .environment import env

# Commands that never look into the database: nothing is started for them.
WITHOUT_SERVERS = {
    "check",
    "collectstatic",
    "compile_translations",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "startproject",
    "update_messages",
    "version",
}
# Commands that must work although a setting is bad: they are how one finds out.
WITH_BAD_SETTINGS = {"check", "help", "version"}


def execute(argv: list[str]) -> int:
    """Run the command line `argv` and return the exit status. What keeps it from running is one line."""
    name = argv[1] if len(argv) > 1 else "help"
    try:
        var_dir = settings.VAR_DIR
        if env.problems and name not in WITH_BAD_SETTINGS and not name.startswith("-"):
            return fail("\n".join(env.problems))
        if needs_servers(argv) and (settings.EMBEDDED_DATABASE or settings.EMBEDDED_REDIS):
            lease = Lease(var_dir, database=settings.EMBEDDED_DATABASE, redis=settings.EMBEDDED_REDIS)
            with terminated_cleanly(), lease:
                execute_from_command_line(argv)
        else:
            execute_from_command_line(argv)
    except StartError as error:
        return fail(str(error))
    except OperationalError as error:
        return explain(argv, error, f"The database does not answer: {' '.join(str(error).split())}")
    except redis.ConnectionError as error:
        return explain(argv, error, f"Redis does not answer: {error}")
    except KeyboardInterrupt:
        return 130
    return 0


def needs_servers(argv: list[str]) -> bool:
    """Whether the command may read or write the database or Redis."""
    name = argv[1] if len(argv) > 1 else "help"
    if name.startswith("-") or {"-h", "--help"} & set(argv[2:]):
        return False
    if name == "check":
        return any(argument.startswith("--database") for argument in argv[2:])
    if name in WITHOUT_SERVERS:
        return False
    django.setup()
    return name in get_commands()


@contextmanager
def terminated_cleanly() -> Iterator[None]:
    """Let SIGTERM end the command like any exception does, so that what it started is stopped."""

    def end(signum: int, _frame) -> None:
        raise SystemExit(128 + signum)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def explain(argv: list[str], error: Exception, message: str) -> int:
    if "--traceback" in argv:
        raise error
    return fail(message)


def fail(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201
    return 1
