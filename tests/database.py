"""The database of a test worker: a copy of one that is made once, and its first rows put back after a commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.sql import SQL, Identifier

TEMPLATE_PREFIX = "helpportal_template_"
# Who makes the template or copies it holds this advisory lock of the server's database "postgres".
TEMPLATE_LOCK = 729_401_556
# What a fresh database depends on.
SOURCES = ("home", "helpportal", "site", "tests/conftest.py", "tests/database.py")

# --- A copy for each worker ---------------------------------------------------------------------


@contextmanager
def own_copy(fill: Callable[[], None], *, renew: bool = False) -> Iterator[None]:
    """Let Django use a database of this worker's own, migrated and filled by `fill`, and drop it at the end.

    Migrating and filling takes many seconds and copying part of one: the server keeps what was made, under a name
    that says from which sources, and the next worker or run with the same sources copies it. `renew` makes it anew.
    """
    name = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
    template = TEMPLATE_PREFIX + fingerprint()
    with _server() as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
        if renew or not _exists(server, template):
            _make_template(server, template, fill)
        server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    _use(name)
    yield
    connection.close()
    with _server() as server:
        # By force: the portal's threads may still be connected.
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def fingerprint() -> str:
    """Return a short word for everything that decides what is in a fresh database."""
    digest = hashlib.sha256()
    for source in SOURCES:
        path = Path(settings.BASE_DIR, source)
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(f"\0{file.relative_to(settings.BASE_DIR)}\0".encode() + file.read_bytes())
    digest.update(repr(sorted((one.name, one.version) for one in metadata.distributions())).encode())
    digest.update(repr(sorted(item for item in os.environ.items() if item[0].startswith("HELPPORTAL_"))).encode())
    return digest.hexdigest()[:16]


def _make_template(server: psycopg.Connection, template: str, fill: Callable[[], None]) -> None:
    from django.core.management import call_command

    older = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE_PREFIX])
    for (name,) in older.fetchall():
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
    # It has its name only when it is whole: an interrupted run leaves none behind.
    unfinished = f"{TEMPLATE_PREFIX}unfinished"
    server.execute(SQL("CREATE DATABASE {}").format(Identifier(unfinished)))
    _use(unfinished)
    call_command("migrate", verbosity=0, interactive=False)
    fill()
    connection.close()
    server.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(template)))


def _server() -> psycopg.Connection:
    parameters = {key: value for key, value in connection.get_connection_params().items() if key != "cursor_factory"}
    return psycopg.connect(**parameters | {"dbname": "postgres"}, autocommit=True)


def _exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


# --- Rows put back ------------------------------------------------------------------------------

# How many rows a table has, and the sum of the transactions that wrote them: both stay only when nothing was written.
Standing = tuple[int, int]
# What this worker last saw in each table, as PostgreSQL's own copy text, and how the table stood then.
_seen: dict[str, tuple[Standing, bytes]] = {}


@dataclass
class Snapshot:
    """What every table holds, as PostgreSQL's own copy text, and where each sequence stands."""

    rows: dict[str, bytes] = field(default_factory=dict)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)

    @classmethod
    def take(cls) -> Snapshot:
        snapshot = cls()
        with connection.cursor() as cursor:
            for table, standing in _standings(cursor).items():
                if table not in _seen or _seen[table][0] != standing:
                    with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                        _seen[table] = standing, b"".join(bytes(block) for block in copy)
                snapshot.rows[table] = _seen[table][1]
            cursor.execute(
                "SELECT quote_ident(sequencename), coalesce(last_value, 1), last_value IS NOT NULL "
                "FROM pg_sequences WHERE schemaname = current_schema()"
            )
            snapshot.sequences = cursor.fetchall()
        return snapshot

    def restore(self) -> None:
        """Give every table that differs its rows back, in one transaction (so foreign keys may wait for its end)."""
        if connection.in_atomic_block:
            raise RuntimeError("a test that commits is in a module with shared rows: move it to another module")
        with connection.cursor() as cursor:
            standings = _standings(cursor)
            changed = [table for table in standings if _seen.get(table) != (standings[table], self.rows[table])]
            cursor.execute("BEGIN")
            # DELETE, not TRUNCATE: on tables as small as these it is many times quicker.
            for table in changed:
                cursor.execute(f'DELETE FROM "{table}"')
            for table in changed:
                with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                    copy.write(self.rows[table])
            cursor.execute(
                "SELECT setval(name, value, called) FROM unnest(%s::text[], %s::bigint[], %s::boolean[]) "
                "AS sequence (name, value, called)",
                [list(column) for column in zip(*self.sequences, strict=True)],
            )
            cursor.execute("COMMIT")
            standings = _standings(cursor)
        _seen.update({table: (standings[table], self.rows[table]) for table in changed})


def _standings(cursor) -> dict[str, Standing]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    one = "SELECT '{0}', count(*), coalesce(sum(xmin::text::bigint), 0)::bigint FROM \"{0}\""
    cursor.execute(" UNION ALL ".join(one.format(name) for (name,) in cursor.fetchall()))
    return {name: (count, written) for name, count, written in cursor.fetchall()}
