"""A published change of a source reaches its translators within seconds, whatever is away meanwhile."""

import json
import socket
import time

import psycopg
import pytest
from django.db import connection, transaction
from wagtail_localize.models import Translation

from config.celery import app
from helpportal.translation import queries, services, tasks
from tests.factories.articles import article, block, fragment, site_in
from tests.factories.translations import locale, source_of, submit, texts_of, translate

FIRST = [block("text", "<p>First.</p>", "body")]
SECOND = [block("text", "<p>Second.</p>", "body")]


def publish(page, body):
    page.body = body
    page.save_revision().publish()


def in_hindi(page):
    return Translation.objects.get(source=source_of(page), target_locale=locale("hi"))


@pytest.fixture
def dead_broker():
    """A broker address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    before = app.conf.broker_url
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"
    app._pool = None
    app.amqp._producer_pool = None
    yield
    app.conf.broker_url = before
    app._pool = None
    app.amqp._producer_pool = None


def test_a_published_page_and_fragment_wait_for_translations_when_the_worker_has_run(celery_worker_process):
    site_in("hi")
    note = fragment()
    page = article(body=[*FIRST, block("fragment", note.pk, "note")])
    translate(submit(page))
    translate(in_hindi(note))
    assert in_hindi(page).get_status_display() == in_hindi(note).get_status_display() == "Up to date"
    publish(page, SECOND)
    publish(note, [block("text", "<p>Wear gloves.</p>", "fragment Safety note")])
    celery_worker_process.wait_until_idle()
    assert texts_of(source_of(page)) == {"Close a work order", "Second."}
    assert in_hindi(page).get_status_display() == "Waiting for translations"
    assert in_hindi(note).get_status_display() == "Waiting for translations"


def test_the_last_of_many_quick_publications_stands(celery_worker_process):
    site_in("hi")
    page = article(body=FIRST)
    submit(page)
    for number in range(8):
        publish(page, [block("text", f"<p>Version {number}.</p>", "body")])
    celery_worker_process.wait_until_idle()
    assert texts_of(source_of(page)) == {"Close a work order", "Version 7."}
    assert queries.sources_behind() == []


@pytest.mark.django_db
def test_a_late_task_for_an_older_publication_changes_nothing():
    site_in("hi")
    page = article(body=FIRST)
    submit(page)
    publish(page, SECOND)
    publish(page, FIRST)
    for _time in range(2):
        tasks.refresh_source(str(page.translation_key), page.locale_id)
        assert texts_of(source_of(page)) == {"Close a work order", "First."}


@pytest.mark.django_db(transaction=True)
def test_two_refreshes_at_once_wait_for_each_other():
    site_in("hi")
    page = article(body=FIRST)
    submit(page)
    free = "SELECT 1 FROM wagtail_localize_translationsource WHERE object_id = %s FOR UPDATE SKIP LOCKED"
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        with transaction.atomic():
            services.refresh_source(page.translation_key, page.locale_id)
            assert other.execute(free, [page.translation_key]).fetchall() == []
        assert len(other.execute(free, [page.translation_key]).fetchall()) == 1


@pytest.mark.django_db
def test_a_draft_of_the_source_is_no_change_yet():
    site_in("hi")
    page = article(body=FIRST)
    translate(submit(page))
    page.body = SECOND
    page.save_revision()
    tasks.refresh_source(str(page.translation_key), page.locale_id)
    assert in_hindi(page).get_status_display() == "Up to date"


@pytest.mark.django_db
def test_what_is_not_or_no_longer_there_is_passed_over():
    site_in("hi")
    page = article(body=FIRST)
    assert services.refresh_source(page.translation_key, page.locale_id) is False
    submit(page)
    key, locale_id = page.translation_key, page.locale_id
    page.delete()
    assert services.refresh_source(key, locale_id) is False


@pytest.mark.django_db(transaction=True)
def test_publishing_works_without_a_broker_and_the_nightly_task_repairs_what_was_missed(dead_broker, caplog):
    site_in("hi")
    note = fragment()
    page = article(body=[*FIRST, block("fragment", note.pk, "note")])
    untouched = article("Open a work order", body=FIRST, parent=page.get_parent().specific)
    for each in (page, untouched):
        translate(submit(each))
    refreshed = source_of(untouched).last_updated_at
    started = time.monotonic()
    publish(page, SECOND)
    publish(note, [block("text", "<p>Wear gloves.</p>", "fragment Safety note")])
    assert time.monotonic() - started < 3
    page.refresh_from_db()
    assert page.live
    assert page.body.get_prep_value()[0]["value"] == "<p>Second.</p>"
    assert "task_not_enqueued" in caplog.text
    assert {source.object_repr for source in queries.sources_behind()} == {"Close a work order", "Safety note"}
    tasks.refresh_sources_behind()
    assert queries.sources_behind() == []
    assert texts_of(source_of(page)) == {"Close a work order", "Second."}
    assert "Wear gloves." in texts_of(source_of(note))
    assert source_of(untouched).last_updated_at == refreshed


def enqueued() -> list[str]:
    """Return the names of the translation room's tasks that wait for a worker."""
    with app.connection_for_read() as broker:
        waiting = broker.default_channel.client.lrange("default", 0, -1)
    names = [json.loads(message)["headers"]["task"] for message in waiting]
    return [name for name in names if name.startswith("translation.")]


@pytest.mark.django_db
def test_publishing_enqueues_and_leaves_the_work_to_the_worker(django_capture_on_commit_callbacks):
    site_in("hi")
    page = article(body=FIRST)
    submit(page)
    with django_capture_on_commit_callbacks(execute=True):
        publish(page, SECOND)
    assert enqueued() == ["translation.refresh_source"]
    assert "First." in texts_of(source_of(page))


@pytest.mark.django_db
def test_a_page_that_nobody_translates_enqueues_nothing(django_capture_on_commit_callbacks):
    page = article(body=FIRST)
    with django_capture_on_commit_callbacks(execute=True):
        publish(page, SECOND)
    assert enqueued() == []


@pytest.mark.django_db
@pytest.mark.parametrize("pages", [1, 3])
def test_looking_for_sources_behind_costs_the_same_for_one_and_three(pages, django_assert_num_queries):
    site_in("hi")
    first = article(body=FIRST)
    made = [first] + [article(f"Order {n}", body=FIRST, parent=first.get_parent().specific) for n in range(pages - 1)]
    for page in made:
        submit(page)
        publish(page, SECOND)
    with django_assert_num_queries(3):
        assert len(queries.sources_behind()) == pages
