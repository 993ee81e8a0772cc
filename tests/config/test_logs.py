"""What the log keeps to itself, and what it does not."""

import json
import subprocess
import sys

from django.conf import settings

from .commands import environment

FAIL = """
import logging, logging.config, sys
from django.conf import settings
import django
django.setup()
from django.core.exceptions import ObjectDoesNotExist
log = logging.getLogger("django_tasks")
def fail(path, error):
    try:
        raise error
    except Exception:
        log.error("Task id=1 path=%s state=FAILED", path, exc_info=sys.exc_info())
fail("wagtail.tasks.update_reference_index_task", ObjectDoesNotExist("gone"))
fail("wagtail.tasks.update_reference_index_task", RuntimeError("broken"))
fail("content.tasks.other", ObjectDoesNotExist("other"))
"""


def logged(tmp_path, **variables) -> str:
    return subprocess.run(
        [sys.executable, "-c", FAIL],
        cwd=settings.BASE_DIR,
        env=environment(HELPPORTAL_VAR_DIR=str(tmp_path), **variables),
        capture_output=True,
        text=True,
        check=True,
    ).stderr


def test_only_what_vanished_is_left_out(tmp_path):
    output = logged(tmp_path, DJANGO_SETTINGS_MODULE="config.settings.dev")
    assert "gone" not in output
    assert "RuntimeError: broken" in output
    assert "ObjectDoesNotExist: other" in output


def test_production_logs_json(tmp_path):
    output = logged(
        tmp_path,
        DJANGO_SETTINGS_MODULE="config.settings.production",
        HELPPORTAL_SECRET_KEY="secret of this test",
        HELPPORTAL_ALLOWED_HOSTS="localhost",
    )
    lines = [json.loads(line) for line in output.splitlines()]
    assert {line["level"] for line in lines} == {"error"}
    assert all("Traceback" in line["exception"] for line in lines)
