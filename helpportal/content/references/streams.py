"""Walking a stream in its stored form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def texts(raw: Any) -> Iterator[str]:
    """Walk a stream's stored form to every text in it."""
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        for value in raw.values():
            yield from texts(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from texts(value)


def stored(stream) -> list[dict[str, Any]]:
    """Return the stored form of a stream, without turning any of it into objects."""
    return list(stream.raw_data)
