"""What the tests of the frame share."""

import pytest
from django.db import connection

from tests.celery_worker import database_url


@pytest.fixture
def database_address(db) -> str:
    """The address of this worker's test database."""
    return database_url(connection.settings_dict)
