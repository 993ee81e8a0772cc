"""Queries that are written once: every later run only brings other values.

For a query of many subqueries Django needs longer to write the SQL, and PostgreSQL to plan it, than both need to run
it. A `PreparedQuery` is an ordinary queryset whose changing values are `Parameter`s. Django compiles it once in a
process; PostgreSQL plans it once for each connection, unless the connections go through a pooler that hands each
transaction to another one (HELPPORTAL_DB_PREPARED_STATEMENTS).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connections
from django.db.backends.postgresql import base as postgresql
from django.db.models import BigIntegerField, Expression, Field, QuerySet, TextField, UUIDField

from .viewer import Viewer


@dataclass(frozen=True)
class Slot:
    """Where a parameter's value goes in a compiled query."""

    name: str


class Parameter(Expression):
    """A value that has a name while the query is written, and is given when it runs."""

    def __init__(self, name: str, output_field: Field):
        super().__init__(output_field=output_field)
        self.name = name

    def __repr__(self) -> str:
        return f"Parameter({self.name!r})"

    def as_sql(self, compiler, connection):
        # With its type: nothing may depend on the value that the first run happens to bring.
        return f"(%s::{self.output_field.db_type(connection)})", [Slot(self.name)]


def number(name: str) -> Parameter:
    return Parameter(name, BigIntegerField())


def numbers(name: str) -> Parameter:
    return Parameter(name, ArrayField(BigIntegerField()))


def text(name: str) -> Parameter:
    return Parameter(name, TextField())


def texts(name: str) -> Parameter:
    return Parameter(name, ArrayField(TextField()))


def uuid(name: str) -> Parameter:
    return Parameter(name, UUIDField())


def uuids(name: str) -> Parameter:
    return Parameter(name, ArrayField(UUIDField()))


def names(name: str, count: int) -> list[str]:
    """Return the names of `count` parameters that belong together: place_0, place_1."""
    return [f"{name}_{position}" for position in range(count)]


def numbered(name: str, values: Sequence) -> dict[str, Any]:
    """Return values by the names that `names` gave their parameters."""
    return dict(zip(names(name, len(values)), values, strict=True))


@dataclass(frozen=True)
class AnyViewer:
    """Stands for every viewer of one kind while a query is written; `values_of` gives the one who reads."""

    is_authenticated: bool
    is_superuser: bool

    @property
    def site_id(self) -> Parameter:
        return number("viewer_site")

    @property
    def group_ids(self) -> Parameter:
        return numbers("viewer_groups")

    @classmethod
    def like(cls, viewer: Viewer) -> AnyViewer:
        return cls(viewer.is_authenticated, viewer.is_superuser)

    @staticmethod
    def values_of(viewer: Viewer) -> dict[str, Any]:
        return {"viewer_site": viewer.site_id, "viewer_groups": sorted(viewer.group_ids)}


class PreparedQuery:
    """A queryset with parameters, of model instances or of `values_list`. Shared by all threads."""

    def __init__(self, queryset: QuerySet):
        self._queryset = queryset
        self._lock = Lock()
        self._compiled: tuple[Any, str, tuple] | None = None

    def run(self, **values: Any) -> list:
        """Run the query with a value for each of its parameters; values that it has no parameter for are ignored."""
        compiler, sql, params = self._compile()
        db = self._queryset.db
        compiler = copy(compiler)
        compiler.connection = connections[db]
        bound = [_in_one_type(values[param.name]) if isinstance(param, Slot) else param for param in params]
        with _preparing_cursor(compiler.connection) as cursor:
            cursor.execute(sql, bound)
            found = cursor.fetchall()
        compiler.execute_sql = lambda *_args, **_options: [found]
        rows: Any = self._queryset._iterable_class
        return list(rows(_Answered(self._queryset, compiler)))

    def _compile(self) -> tuple[Any, str, tuple]:
        if self._compiled is None:
            with self._lock:
                if self._compiled is None:
                    # Django notes in the query what it compiled: the next compiler gets a fresh one.
                    compiler = self._queryset.query.clone().get_compiler(using=self._queryset.db)
                    sql, params = compiler.as_sql()
                    self._compiled = (compiler, sql, tuple(params))
        return self._compiled


def _in_one_type(value: Any) -> Any:
    """Write numbers and keys as text, which the parameter's cast reads.

    The driver would announce a small number as another type than a large one, and PostgreSQL would plan the query for
    each combination of them.
    """
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, int | UUID) for item in value):
        return f"{{{','.join(map(str, value))}}}"
    return value


class _Answered:
    """What Django's iterables ask of a queryset, for one whose rows are there already."""

    _known_related_objects: dict = {}

    def __init__(self, queryset: QuerySet, compiler):
        self.db = queryset.db
        self.model = queryset.model
        self.query = copy(compiler.query)
        self.query.get_compiler = lambda *_args, **_options: compiler


class _PreparingCursor(postgresql.ServerBindingCursor):
    def execute(self, query, params=None):
        return super().execute(query, params, prepare=True)  # type: ignore[misc]


@contextmanager
def _preparing_cursor(connection):
    """Open a cursor whose statement PostgreSQL keeps the plan of, where the settings allow that."""
    # What `connection.cursor()` does, with a cursor of another kind.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    # A log of queries shows the values too, as only an ordinary cursor has them in its SQL.
    if connection.connection.prepare_threshold is None or connection.queries_logged:
        opened = connection.cursor()
    else:
        preparing: Any = _PreparingCursor
        opened = connection._prepare_cursor(preparing(connection.connection))
    with opened as cursor:
        yield cursor


def written_once(write):
    """Decorate a function that writes a `PreparedQuery`: called once for each combination of its arguments."""
    return lru_cache(maxsize=256)(write)
