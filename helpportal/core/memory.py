"""A store in this process's memory that never grows beyond its bytes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

# Seconds. What is kept under a generation normally goes with it. A writer that is killed after its COMMIT and before
# it could start a new generation leaves old values behind for this long at most.
LONGEST_KEPT = 60.0

Value = TypeVar("Value")


class BoundedStore(Generic[Value]):
    """Keeps values for up to `max_age` seconds and until the sum of their sizes passes `max_bytes`.

    The longest unused go first. Thread-safe.
    """

    def __init__(self, max_bytes: int, max_age: float = LONGEST_KEPT):
        self.max_bytes = max_bytes
        self.max_age = max_age
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int, float]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def keys(self) -> list[Hashable]:
        """Return the keys, the longest unused first."""
        with self._lock:
            return list(self._entries)

    def get(self, key: Hashable) -> Value | None:
        """Return what is kept under `key`, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if time.monotonic() - entry[2] > self.max_age:
                self._remove(key)
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep `value`, which takes `size` bytes; one larger than the whole store is not kept."""
        with self._lock:
            self._remove(key)
            if size > self.max_bytes:
                return
            self._entries[key] = (value, size, time.monotonic())
            self.size += size
            while self.size > self.max_bytes:
                self._remove(next(iter(self._entries)))

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.size = 0

    def _remove(self, key: Hashable) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.size -= entry[1]
