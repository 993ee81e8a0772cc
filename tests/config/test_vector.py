"""A database without pgvector is told apart, and the message says what to do."""

import psycopg
import pytest
from django.db import connection

from .commands import free_port, manage, run_portal

NAME = "portal_without_vector"


@pytest.fixture
def server(db):
    """A connection to the server's maintenance database, outside of the test's transaction."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        yield server
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")
        server.execute("DROP ROLE IF EXISTS portal_guest")


@pytest.fixture
def address(database_address):
    return database_address.replace(f"/{connection.settings_dict['NAME']}?", f"/{NAME}?")


def test_a_server_without_pgvector(server, address, tmp_path):
    # The server looks for extensions where there are none, as one that was installed without them.
    server.execute(f"ALTER DATABASE {NAME} SET extension_control_path = '/nonexistent'")
    variables = {"DATABASE_URL": address, "HELPPORTAL_VAR_DIR": str(tmp_path)}
    checked = manage("check", "--database", "default", **variables)
    assert checked.returncode == 1
    assert "config.E004" in checked.stderr
    refused = run_portal(PORT=str(free_port()), **variables)
    assert refused.returncode == 1
    assert "has no pgvector" in refused.stderr
    assert "apt-get install postgresql-NN-pgvector" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_role_that_may_not_create_the_extension(server, address, tmp_path):
    server.execute("CREATE ROLE portal_guest LOGIN PASSWORD 'guest'")
    guest = address.replace("//postgres@", "//portal_guest:guest@")
    assert guest != address
    refused = manage("prepare", DATABASE_URL=guest, HELPPORTAL_VAR_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "its role may not create it. As a superuser of that database: CREATE EXTENSION vector." in refused.stderr


def test_a_database_that_can_have_it_is_no_problem(server, address, tmp_path):
    checked = manage("check", "--database", "default", DATABASE_URL=address, HELPPORTAL_VAR_DIR=str(tmp_path))
    assert checked.returncode == 0, checked.stderr
