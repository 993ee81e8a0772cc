"""What a list on the desk shows, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property


@dataclass(frozen=True)
class DeskRow:
    """One thing that waits: what it is, where it is done, and by when."""

    title: str
    url: str
    language: str = ""
    note: str = ""
    # What somebody wrote about it.
    comment: str = ""
    due: date | None = None
    is_overdue: bool = False
    is_mine: bool = False


class DeskList:
    """A list of rows that are read when they are shown: a number of queries that does not depend on how many.

    `make_rows` is given the objects of one slice of `found`.
    """

    def __init__(self, found: QuerySet, make_rows: Callable[[list[Any]], list[DeskRow]]):
        self.found = found
        self.make_rows = make_rows

    @cached_property
    def total(self) -> int:
        return self.found.count()

    def __len__(self) -> int:
        return self.total

    def __iter__(self) -> Iterator[DeskRow]:
        return iter(self[:])

    def __getitem__(self, wanted: slice) -> list[DeskRow]:
        return self.make_rows(list(self.found[wanted])) if self.total else []
