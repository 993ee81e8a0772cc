"""Who still needs the embedded services.

Every process that uses them holds a shared lock on one file; the system drops it when the process ends, however it
ends. Whoever can turn its own into an exclusive lock is the last, and stops the services.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from . import postgres, redis
from .addresses import make_var_dir


class Lease:
    """The right to use the embedded services of a `var/`: they run while somebody has one.

    Use it as a context manager, or call `acquire` and `release`. Which of the two services are wanted is the caller's
    choice; the throwaway kind is for tests.
    """

    def __init__(self, var_dir: Path, *, database: bool = True, redis: bool = True, throwaway: bool = False) -> None:
        self.var_dir = var_dir
        self.database = database
        self.redis = redis
        self.throwaway = throwaway
        self._users: int | None = None

    def acquire(self) -> Self:
        """Start what is wanted and does not run yet. Raises StartError; then nothing is held."""
        make_var_dir(self.var_dir)
        with self._alone():
            self._users = self._open("users.lock")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                if self.database:
                    postgres.start(self.var_dir, throwaway=self.throwaway)
                if self.redis:
                    redis.start(self.var_dir, throwaway=self.throwaway)
            except BaseException:
                self._give_up()
                raise
        return self

    def revive(self) -> list[str]:
        """Start again what is wanted and has ended meanwhile; return its names. Raises StartError."""
        revived = []
        with self._alone():
            if self.database and not postgres.is_running(self.var_dir):
                postgres.start(self.var_dir, throwaway=self.throwaway)
                revived.append("PostgreSQL")
            if self.redis and not redis.is_running(self.var_dir):
                redis.start(self.var_dir, throwaway=self.throwaway)
                revived.append("Redis")
        return revived

    def release(self) -> None:
        """Give the lease back; the last one stops the services. Does nothing when it is not held."""
        if self._users is not None:
            with self._alone():
                self._give_up()

    def __enter__(self) -> Self:
        return self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _give_up(self) -> None:
        if self._users is None:
            return
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            redis.stop(self.var_dir)
            postgres.stop(self.var_dir)
        except BlockingIOError:
            pass  # Somebody else still needs them.
        finally:
            os.close(self._users)
            self._users = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else starts or stops anything meanwhile."""
        descriptor = self._open("services.lock")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _open(self, name: str) -> int:
        return os.open(self.var_dir / name, os.O_RDWR | os.O_CREAT, 0o600)
