"""The rows that a test database starts with, put back after a test that committed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction


@dataclass
class Snapshot:
    """What every table holds, as PostgreSQL's own copy text, and where each sequence stands."""

    rows: dict[str, bytes] = field(default_factory=dict)
    sequences: list[tuple[str, int, bool]] = field(default_factory=list)

    @classmethod
    def take(cls) -> Snapshot:
        snapshot = cls()
        with connection.cursor() as cursor:
            for table in _tables(cursor):
                with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                    snapshot.rows[table] = b"".join(bytes(block) for block in copy)
            cursor.execute(
                "SELECT quote_ident(sequencename), coalesce(last_value, 1), last_value IS NOT NULL "
                "FROM pg_sequences WHERE schemaname = current_schema()"
            )
            snapshot.sequences = cursor.fetchall()
        return snapshot

    def restore(self) -> None:
        """Empty every table and write the rows back, in one transaction (so foreign keys may wait for its end)."""
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            tables = ", ".join(f'"{table}"' for table in _tables(cursor))
            cursor.execute(f"TRUNCATE {tables}")
            for table, rows in self.rows.items():
                if rows:
                    with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                        copy.write(rows)
            for name, value, called in self.sequences:
                cursor.execute("SELECT setval(%s, %s, %s)", [name, value, called])
            cursor.execute("COMMIT")


def close_other_connections() -> None:
    """End what the portal's threads still hold open: PostgreSQL drops no database that somebody is connected to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _tables(cursor) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


@contextmanager
def shared_rows(blocker) -> Iterator[None]:
    """Make rows once for the tests of a module, and take them back afterwards: for a fixture of the module.

    Each of those tests runs in a transaction within this one. None of them may commit (no `transactional_db`).
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
