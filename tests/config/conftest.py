"""What the tests of the frame share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.celery_worker import database_url


@pytest.fixture
def database_address(db) -> str:
    """The address of this worker's test database."""
    return database_url(connection.settings_dict)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder that the servers' own account can reach: pytest closes those that it makes to everybody else."""
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        yield Path(folder).resolve()
