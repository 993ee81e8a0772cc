"""Transactions for bulk work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Run a block as one transaction in which nothing is undone by itself: an error anywhere undoes all of it.

    `atomic()` blocks inside of it set no savepoints. Wagtail nests several of them around each page that it writes,
    and each costs two trips to the database. Code that catches a database error inside and goes on cannot be used
    here: Django then refuses every further query of the block.
    """
    features = connection.features
    with transaction.atomic():
        before = features.uses_savepoints
        features.uses_savepoints = False
        try:
            yield
        finally:
            features.uses_savepoints = before
