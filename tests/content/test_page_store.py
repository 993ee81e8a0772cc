"""Published pages from memory: never older than the last commit, never anybody's own."""

from __future__ import annotations

import gzip
import io
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import httpx2
import pytest
import redis
from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from wagtail.models import Page, Site

from config.asgi import application
from config.embedded.redis import server_program
from helpportal.content.models import Fragment, PortalDocument, TenantSettings
from helpportal.core import generation
from home.services import create_tenant
from tests.factories.articles import article, block, category, document, fragment, image, site_in
from tests.factories.readers import audience, person, restrict, translated
from tests.second_process import SecondProcess

LOCKS = "/en/safety/locks/"


@pytest.fixture(scope="module")
def second_process(django_db_setup, tmp_path_factory) -> Iterator[SecondProcess]:
    process = SecondProcess(tmp_path_factory.mktemp("second") / "log")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def tree(live_portal, committed_rows):
    return committed_rows(Tree)


class Tree:
    """A small portal in English and Hindi whose article shows a fragment, an image, a file and links."""

    def __init__(self) -> None:
        self.site = site_in()
        self.shelf = category("Safety", slug="safety")
        self.other_shelf = category("Energy", slug="energy")
        self.target = article("Alarms", parent=self.shelf, slug="alarms", sort_order=1)
        self.fragment = fragment("Note", "<p>Wear your helmet.</p>")
        self.image = image()
        self.file = document()
        link = f'<p><a linktype="page" id="{self.target.pk}">alarm</a> '
        link += f'<a linktype="document" id="{self.file.pk}">list</a></p>'
        picture = {"image": {"image": self.image.pk, "alt_text": "A lock", "decorative": False}, "caption": ""}
        self.article = article(
            "Locks",
            [
                block("text", link, "links"),
                block("fragment", self.fragment.pk, "fragment"),
                block("figure", picture, "figure"),
            ],
            parent=self.shelf,
            slug="locks",
            sort_order=2,
        )


def get(base: str, path: str, **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx2.get(base + path, headers={"Accept-Encoding": "identity", **named})


def is_stored(base: str, path: str, page: Page) -> bool:
    """Tell whether an address is answered from memory: it does not show what changed without a signal."""
    Page.objects.filter(pk=page.pk).update(title="Changed behind the back")
    answer = get(base, path)
    Page.objects.filter(pk=page.pk).update(title=page.title)
    assert answer.status_code == 200
    return "Changed behind the back" not in answer.text


def publish(page, **fields) -> None:
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def replace_image(tree: Tree) -> None:
    content = io.BytesIO()
    Image.new("RGB", (90, 20), "#aa0000").save(content, "PNG")
    tree.image.file = ContentFile(content.getvalue(), name="another.png")
    tree.image.save()
    # As the admin does when an image gets another file.
    tree.image.renditions.all().delete()


def replace_fragment(tree: Tree) -> None:
    changed = Fragment.objects.get(pk=tree.fragment.pk)
    changed.body = [block("text", "<p>Wear gloves.</p>", "new")]
    changed.save_revision().publish()


def add_hindi(tree: Tree) -> None:
    translated(tree.article, title="ताले")


def rename(site: Site, name: str) -> None:
    tenant = TenantSettings.objects.get(site=site)
    tenant.name = name
    tenant.save()


def move_site(site: Site) -> None:
    site.hostname, site.is_default_site = "elsewhere.example", False
    site.save()


Change = tuple[str, str, Callable[[Tree], object], Callable[[httpx2.Response], bool]]
# What happens, the address at which it shows, how it is done, and what shows.
CHANGES: list[Change] = [
    ("publish", LOCKS, lambda t: publish(t.article, title="Padlocks"), lambda a: "Padlocks" in a.text),
    ("a neighbour's title", LOCKS, lambda t: publish(t.target, title="Sirens"), lambda a: "Sirens" in a.text),
    ("a category's title", LOCKS, lambda t: publish(t.other_shelf, title="Power"), lambda a: "Power" in a.text),
    ("a linked page's slug", LOCKS, lambda t: publish(t.target, slug="sirens"), lambda a: "/sirens/" in a.text),
    ("a fragment", LOCKS, replace_fragment, lambda a: "Wear gloves." in a.text),
    ("an image's file", LOCKS, replace_image, lambda a: 'height="20"' in a.text),
    (
        "the tenant's name",
        LOCKS,
        lambda t: rename(t.site, "Harbour"),
        lambda a: "Harbour" in a.text,
    ),
    ("a translation", "/hi/safety/locks/", add_hindi, lambda a: "ताले" in a.text),
    (
        "a translation taken back",
        "/hi/safety/locks/",
        lambda t: t.article.get_translations().first().unpublish(),
        lambda a: "ताले" not in a.text and "Padlocks" in a.text,
    ),
    (
        "a document's file name",
        LOCKS,
        lambda t: PortalDocument.objects.get(pk=t.file.pk).delete(),
        lambda a: "<a>list</a>" in a.text,
    ),
    ("a restriction", LOCKS, lambda t: restrict(t.article, audience(t.site)), lambda a: a.status_code == 302),
    (
        "a restriction lifted",
        LOCKS,
        lambda t: Page.objects.get(pk=t.article.pk).view_restrictions.get().delete(),
        lambda a: a.status_code == 200,
    ),
    ("a restriction above", LOCKS, lambda t: restrict(t.shelf), lambda a: a.status_code == 302),
    (
        "that lifted",
        LOCKS,
        lambda t: Page.objects.get(pk=t.shelf.pk).view_restrictions.get().delete(),
        lambda a: a.status_code == 200,
    ),
    (
        "a move",
        "/en/safety/",
        lambda t: Page.objects.get(pk=t.article.pk).move(Page.objects.get(pk=t.other_shelf.pk), "last-child"),
        lambda a: "Padlocks" not in a.text,
    ),
    (
        "unpublishing",
        "/en/energy/locks/",
        lambda t: Page.objects.get(pk=t.article.pk).unpublish(),
        lambda a: a.status_code == 404,
    ),
    (
        "deleting",
        "/en/safety/sirens/",
        lambda t: Page.objects.get(pk=t.target.pk).delete(),
        lambda a: a.status_code == 404,
    ),
    (
        "the site's host",
        "/en/energy/",
        lambda t: move_site(t.site),
        lambda a: a.status_code == 404,
    ),
]


def test_every_process_shows_every_change_at_once(tree, live_portal, second_process):
    for what, path, change, shows in CHANGES:
        for base in (live_portal, second_process.url):
            before = get(base, path)
            assert before.status_code < 500
            assert not shows(before), f"{what} shows before it happened"
            assert get(base, path).text == before.text
        change(tree)
        for base in (live_portal, second_process.url):
            assert shows(get(base, path)), f"{what} does not show"


def test_a_page_is_rendered_once_and_then_comes_from_memory(tree, live_portal, second_process):
    for base in (live_portal, second_process.url):
        first = get(base, LOCKS)
        assert first.status_code == 200
        assert is_stored(base, LOCKS, tree.article)
        for path in ("/en/", "/en/safety/", "/sitemap.xml", "/robots.txt"):
            get(base, path)
            assert get(base, path).headers["etag"]


def test_what_is_rolled_back_renews_nothing(tree, live_portal):
    get(live_portal, LOCKS)
    before = generation.current()
    with transaction.atomic():
        publish(tree.article, title="Never")
        transaction.set_rollback(True)
    assert generation.current() == before
    with transaction.atomic():
        publish(tree.article, title="Padlocks")
        assert generation.current() == before
        assert "Padlocks" not in get(live_portal, LOCKS).text
    assert generation.current() != before
    assert "Padlocks" in get(live_portal, LOCKS).text


def test_saving_a_draft_renews_nothing(tree, live_portal):
    before = generation.current()
    draft = type(tree.article).objects.get(pk=tree.article.pk)
    draft.title = "Draft"
    draft.save_revision()
    assert generation.current() == before
    assert "Draft" not in get(live_portal, LOCKS).text


def test_a_browser_that_has_the_page_is_told_so_without_rendering(tree, live_portal):
    first = get(live_portal, LOCKS)
    tag = first.headers["etag"]
    Page.objects.filter(pk=tree.article.pk).update(title="Changed behind the back")
    for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        answer = get(live_portal, LOCKS, If_None_Match=sent)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    assert get(live_portal, LOCKS, If_None_Match='"other"').status_code == 200
    generation.renew()
    assert get(live_portal, LOCKS, If_None_Match=tag).status_code == 200


def test_head_is_get_without_the_body(tree, live_portal):
    cold = httpx2.head(live_portal + LOCKS)
    body = get(live_portal, LOCKS)
    warm = httpx2.head(live_portal + LOCKS, headers={"Accept-Encoding": "identity"})
    assert cold.status_code == warm.status_code == 200
    assert cold.content == warm.content == b""
    assert warm.headers["content-length"] == body.headers["content-length"] == str(len(body.content))
    assert warm.headers["etag"] == body.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "encoding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.1", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=1", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("identity", None),
        ("deflate", None),
        ("", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_encodings(live_portal, asked, encoding):
    plain = get(live_portal, "/en/")
    with httpx2.stream("GET", f"{live_portal}/en/", headers={"Accept-Encoding": asked}) as answer:
        raw = b"".join(answer.iter_raw())
    decode = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert answer.headers.get("content-encoding") == encoding
    assert int(answer.headers["content-length"]) == len(raw)
    assert decode(raw) == plain.content
    assert "Accept-Encoding" in answer.headers["vary"]
    assert answer.headers["etag"] == plain.headers["etag"]


def stored_addresses() -> set[str]:
    return {key[-1] for key in application.store.entries.keys()}  # noqa: SIM118 - a method of the store


def test_nothing_personal_or_restricted_is_stored(tree, live_portal):
    group = audience(tree.site)
    restrict(tree.target, group)
    person("asha", group)
    generation.renew()
    with httpx2.Client(base_url=live_portal) as client:
        token = client.get("/login/").cookies["csrftoken"]
        signed_in = client.post(
            "/login/",
            data={"username": "asha", "password": "pass", "csrfmiddlewaretoken": token},
            headers={"Referer": f"{live_portal}/login/"},
        )
        assert signed_in.status_code == 302
        own = client.get(LOCKS)
        assert "asha" in own.text
        assert "no-store" in own.headers["cache-control"]
        assert client.get("/en/safety/alarms/").status_code == 200
        assert "asha" not in get(live_portal, LOCKS).text
        assert "asha" in client.get(LOCKS).text
    for path in ("/en/safety/alarms/", "/login/", "/en/nothing/", "/en/search/", "/", "/language/hi/", "/en/?page=1"):
        get(live_portal, path)
    assert stored_addresses() == {LOCKS}
    assert get(live_portal, LOCKS, Cookie="messages=x").headers["cache-control"] == "no-cache"
    assert "set-cookie" not in get(live_portal, LOCKS).headers
    assert "x-portal-storable" not in get(live_portal, LOCKS).headers
    assert "x-portal-storable" not in get(live_portal, LOCKS, Cookie="sessionid=x").headers


def test_each_host_has_its_own_pages(tree, live_portal):
    create_tenant("harbour.localhost", "Harbour Help", ["en"])
    mine = get(live_portal, "/en/")
    theirs = get(live_portal, "/en/", Host="harbour.localhost")
    assert "Harbour Help" in theirs.text
    assert "Harbour Help" not in mine.text
    assert "Harbour Help" not in get(live_portal, "/en/").text


class OwnRedis:
    """A Redis server that may be killed and started again, empty."""

    def __init__(self, folder: Path):
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}?db=0"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [str(server_program()), "--port", "0", "--unixsocket", str(self.socket), "--save", ""]
        self._process = subprocess.Popen([*command, "--dir", str(self.socket.parent)], stdout=subprocess.DEVNULL)
        client = redis.Redis.from_url(self.url, retry=Retry(ConstantBackoff(0.05), 200))
        assert client.ping()
        client.close()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self.socket.unlink(missing_ok=True)


def test_without_redis_every_page_is_answered_and_none_is_kept(tree, tmp_path):
    own = OwnRedis(tmp_path)
    own.start()
    process = SecondProcess(tmp_path / "log", own.url)
    process.start()
    try:
        get(process.url, LOCKS)
        assert is_stored(process.url, LOCKS, tree.article)
        own.kill()
        for path in (
            LOCKS,
            "/en/",
            "/en/safety/",
            "/hi/safety/locks/",
            "/en/search/?q=locks",
            "/sitemap.xml",
            "/login/",
        ):
            assert get(process.url, path).status_code == 200
        assert not is_stored(process.url, LOCKS, tree.article)
        publish(tree.article, title="Padlocks")
        assert "Padlocks" in get(process.url, LOCKS).text
        own.start()
        publish(tree.article, title="Bolts")
        # The process was not told: its Redis is another. An empty one begins a generation all the same.
        assert "Bolts" in get(process.url, LOCKS).text
    finally:
        process.stop()
        own.kill()
