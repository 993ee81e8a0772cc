"""The commands of docs/how-to/back-up.md bring everything back."""

import subprocess

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from wagtail.models import Page

from config.embedded.postgres import bin_dir

GUIDE = settings.BASE_DIR / "docs" / "how-to" / "back-up.md"
RESTORED = "portal_restored"


@pytest.fixture
def empty_database(db, database_address):
    """The address of an empty database beside the test's."""
    address = database_address.replace(f"/{connection.settings_dict['NAME']}?", f"/{RESTORED}?")
    with psycopg.connect(database_address, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {RESTORED} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {RESTORED}")
        yield address
        server.execute(f"DROP DATABASE {RESTORED} WITH (FORCE)")


def options_of(program: str) -> list[str]:
    """Return the options that the guide gives a program, without those that name the place it connects to."""
    line = next(line for line in GUIDE.read_text().splitlines() if f" {program} " in line)
    return [word for word in line.split(f" {program} ")[1].split() if word.split("=")[0] in KEPT]


KEPT = {"--format", "--clean", "--if-exists"}


def test_a_dump_is_restored_with_its_vectors(tenant, database_address, empty_database, tmp_path):
    copy = tmp_path / "portal.dump"
    with copy.open("wb") as file:
        dump = [bin_dir() / "pg_dump", *options_of("pg_dump"), "--dbname", database_address]
        subprocess.run(dump, stdout=file, check=True)
    with copy.open("rb") as file:
        restore = [bin_dir() / "pg_restore", *options_of("pg_restore"), "--dbname", empty_database]
        subprocess.run(restore, stdin=file, check=True)
    with psycopg.connect(empty_database) as restored:
        paths = restored.execute("SELECT path FROM wagtailcore_page ORDER BY path").fetchall()
        vector = restored.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone()
    assert [path for (path,) in paths] == list(Page.objects.order_by("path").values_list("path", flat=True))
    assert paths
    assert vector
