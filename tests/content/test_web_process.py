"""Django behind the front: connections that stay, streams, uploads, errors."""

from __future__ import annotations

import io
from contextlib import closing

import httpx2
import pytest
from django.db import connection
from PIL import Image

from config.asgi import DJANGO_THREADS
from helpportal.content.models import PortalImage
from tests.factories.articles import document
from tests.factories.readers import person


def backends() -> set[int]:
    """Process ids of everybody else who is connected to the test's database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def test_database_connections_outlive_requests(live_portal):
    # A connection per request would be another backend each time; the pool has at most one for each thread.
    seen: set[int] = set()
    for number in range(40):
        assert httpx2.get(f"{live_portal}/en/?rendered={number}").status_code == 200
        seen |= backends()
    assert seen
    assert len(seen) <= DJANGO_THREADS


def signed_in(base: str) -> httpx2.Client:
    person("root", superuser=True)
    client = httpx2.Client(base_url=base, headers={"Referer": f"{base}/login/"})
    token = client.get("/login/").cookies["csrftoken"]
    data = {"username": "root", "password": "pass", "csrfmiddlewaretoken": token}
    assert client.post("/login/", data=data).status_code == 302
    return client


def test_a_large_upload_arrives(live_portal):
    picture = io.BytesIO()
    Image.effect_noise((1800, 1800), 90).save(picture, "PNG")
    assert picture.tell() > 2_500_000
    with closing(signed_in(live_portal)) as client:
        client.get("/admin/images/add/")
        answer = client.post(
            "/admin/images/add/",
            data={"title": "Noise", "csrfmiddlewaretoken": client.cookies["csrftoken"], "collection": "1"},
            files={"file": ("noise.png", picture.getvalue(), "image/png")},
        )
    assert answer.status_code == 302, answer.text[:2000]
    stored = PortalImage.objects.get(title="Noise")
    assert stored.file_size == picture.tell()


def test_a_document_comes_as_a_stream(live_portal):
    file = document()
    with closing(signed_in(live_portal)) as client, client.stream("GET", file.url) as answer:
        assert answer.status_code == 200
        assert b"".join(answer.iter_raw()) == b"1. Look\n2. Sign\n"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_page_takes_only_reading(live_portal, method):
    assert httpx2.request(method, f"{live_portal}/en/").status_code in (403, 405)


def test_an_error_is_answered_in_the_portals_look_without_the_database(live_portal):
    httpx2.get(f"{live_portal}/hi/")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE wagtailcore_page RENAME TO away")
    try:
        answer = httpx2.get(f"{live_portal}/hi/?broken")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO wagtailcore_page")
    assert answer.status_code == 500
    assert '<html lang="hi"' in answer.text
    assert 'href="/hi/"' in answer.text
    assert "Traceback" not in answer.text
