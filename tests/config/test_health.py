"""`/healthz` and `/readyz`, with each part of the portal there and away."""

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.heartbeat import heartbeat_key
from helpportal.core.redis import redis_client
from tests.celery_worker import CeleryWorker

from .commands import free_port


@pytest.fixture
def served(db):
    for queue in ("default", "index", "chat"):
        redis_client().set(heartbeat_key(queue), "here", ex=30)


def test_alive_answers_any_host_over_plain_http(client, settings):
    settings.ALLOWED_HOSTS = ["help.example.com"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


def test_ready_when_every_part_is_there(client, served):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json()["parts"].values()) == {"ok"}


def test_a_running_worker_shows_its_queues(client, transactional_db):
    worker = CeleryWorker("default,index,chat")
    worker.start()
    try:
        assert client.get("/readyz").json()["parts"]["workers"] == "ok"
    finally:
        worker.stop()


def test_a_queue_without_a_worker(client, served):
    redis_client().delete(heartbeat_key("chat"))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]["workers"]) == (503, "no worker for chat")


def test_a_migration_that_is_not_applied(client, served):
    MigrationRecorder(connection).record_unapplied("home", "0001_initial")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]["migrations"]) == (503, "1 not applied")


def test_redis_away(client, served, settings):
    settings.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["status"] == "failing"
    assert response.json()["parts"] == {
        "database": "ok",
        "migrations": "ok",
        "redis": "not reachable",
        "workers": "not reachable",
    }


def test_database_away(client, served, transactional_db, monkeypatch):
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"host": "/nonexistent"})
    response = client.get("/readyz")
    connection.close()
    monkeypatch.undo()
    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "not reachable"
    assert response.json()["parts"]["redis"] == "ok"
