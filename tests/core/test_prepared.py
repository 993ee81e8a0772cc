"""Queries that are written once and run with other values."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page

from helpportal.core.access import IsAmong
from helpportal.core.prepared import PreparedQuery, number, numbers, text, texts, uuids

pytestmark = pytest.mark.django_db(transaction=True)


def plans_kept() -> int:
    """How many queries the connection keeps a plan of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return cursor.fetchone()[0]


@pytest.fixture
def fresh_connection():
    connection.close()
    connection.ensure_connection()
    yield connection
    connection.close()


def test_a_query_gives_for_each_value_what_an_ordinary_one_gives(tenant):
    home = Page.objects.get(pk=tenant.root_page_id)
    query = PreparedQuery(
        Page.objects.filter(
            IsAmong("pk", numbers("ids")),
            IsAmong("slug", texts("slugs")),
            IsAmong("translation_key", uuids("families")),
            title=text("title"),
            depth__lte=number("deepest"),
        ).select_related("locale")
    )
    fitting = {
        "ids": [home.pk, 2**40],
        "slugs": [home.slug, 'it\'s "{a}, \\b"'],
        "families": [home.translation_key],
        "title": home.title,
        "deepest": 2**33,
    }
    (found,) = query.run(**fitting)
    assert found == home
    assert found.locale == Locale.objects.get(language_code="en")
    for name, other in [
        ("ids", [home.pk + 1]),
        ("ids", []),
        ("slugs", []),
        ("slugs", ["it's", "%s", "NULL"]),
        ("families", [uuid.uuid4()]),
        ("families", []),
        ("title", "'; DROP TABLE wagtailcore_page; --"),
        ("deepest", 0),
        ("deepest", None),
    ]:
        assert query.run(**{**fitting, name: other}) == [], (name, other)
    assert query.run(**fitting) == [home]


def test_postgresql_plans_a_query_once_whatever_its_values(tenant, fresh_connection):
    query = PreparedQuery(Page.objects.filter(IsAmong("pk", numbers("ids")), depth__lte=number("deepest")))
    for deepest in (1, 40_000, 2**40):
        for ids in ([], [1], [2**20], [2**40]):
            query.run(ids=ids, deepest=deepest)
    assert plans_kept() == 1


def test_where_plans_may_not_be_kept_none_is(tenant, fresh_connection):
    fresh_connection.connection.prepare_threshold = None
    query = PreparedQuery(Page.objects.filter(IsAmong("pk", numbers("ids"))))
    assert [page.pk for page in query.run(ids=[tenant.root_page_id])] == [tenant.root_page_id]
    assert plans_kept() == 0


def test_each_thread_asks_over_a_connection_of_its_own(tenant):
    query = PreparedQuery(Page.objects.filter(IsAmong("pk", numbers("ids"))).values_list("pk"))
    found = []

    def ask() -> None:
        found.extend(query.run(ids=[tenant.root_page_id]))
        connection.close()

    threads = [threading.Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [(tenant.root_page_id,)] * 4


def test_it_is_counted_as_any_query(tenant):
    query = PreparedQuery(Page.objects.filter(IsAmong("pk", numbers("ids"))))
    with CaptureQueriesContext(connection) as captured:
        query.run(ids=[1])
        query.run(ids=[2])
    assert len(captured) == 2
    assert "wagtailcore_page" in captured[0]["sql"]
