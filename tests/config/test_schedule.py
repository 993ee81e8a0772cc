"""What happens by the clock."""

import pytest

from config.celery import app
from config.schedule import SCHEDULE


@pytest.mark.parametrize("name", sorted(SCHEDULE))
def test_every_scheduled_task_exists(name):
    app.loader.import_default_modules()
    assert SCHEDULE[name]["task"] in app.tasks
