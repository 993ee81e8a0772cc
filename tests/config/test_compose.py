"""The production shape: what compose.yaml promises, read as Compose reads it."""

import re

import pytest
import yaml
from django.conf import settings

COMPOSE = yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def test_every_part_is_there():
    assert set(SERVICES) == {"database", "redis", "prepare", "web", "worker", "chat", "beat"}
    assert "pgvector" in SERVICES["database"]["image"]


@pytest.mark.parametrize("name", ["database", "redis", "worker", "chat", "beat"])
def test_each_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_every_queue_has_a_worker():
    commands = [" ".join(service.get("command", [])) for service in SERVICES.values()]
    served = {queue for command in commands for queue in ",".join(re.findall(r"--queues (\S+)", command)).split(",")}
    assert {queue.name for queue in settings.CELERY_TASK_QUEUES} <= served


def test_nothing_runs_as_root_and_no_secret_has_a_default():
    dockerfile = (settings.BASE_DIR / "Dockerfile").read_text()
    assert re.search(r"^USER helpportal$", dockerfile, re.MULTILINE)
    text = (settings.BASE_DIR / "compose.yaml").read_text()
    for variable in re.findall(r"\$\{(\w+)[^}]*\}", text):
        assert f"${{{variable}:?" in text, variable


def test_the_portal_waits_for_its_schema():
    for name in ("web", "worker", "chat", "beat"):
        assert SERVICES[name]["depends_on"]["prepare"]["condition"] == "service_completed_successfully"
