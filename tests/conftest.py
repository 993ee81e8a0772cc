"""What every test stands on: real servers, the seeded database, tenants, the running portal and a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import TypeVar

import pytest
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import TransactionTestCase, override_settings

from config import embedded
from tests.celery_worker import CeleryWorker
from tests.database import Snapshot, own_copy
from tests.portal_server import PortalServer

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_HINT = "browser tests need Chromium; install it with: sudo apt-get install -y chromium"
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
BROWSER_FIXTURES = {"browser", "context", "page", "new_context"}
REDIS_MARK = "helpportal:tests"

T = TypeVar("T")

lease_key = pytest.StashKey[embedded.Lease]()


# --- Servers ------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded servers once, in the process that leads the run."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if settings.EMBEDDED_DATABASE or settings.EMBEDDED_REDIS:
        lease = embedded.Lease(
            settings.VAR_DIR,
            database=settings.EMBEDDED_DATABASE,
            redis=settings.EMBEDDED_REDIS,
            throwaway=True,
        )
        try:
            config.stash[lease_key] = lease.acquire()
        except embedded.StartError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_unconfigure(config: pytest.Config) -> None:
    lease = config.stash.get(lease_key, None)
    if lease is not None:
        lease.release()


@pytest.fixture(scope="session")
def _test_redis() -> Iterator[redis.Redis]:
    """This worker's Redis database, after a look that nobody else's data is in it."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    if client.dbsize() and not client.exists(REDIS_MARK):
        pytest.exit(
            f"The Redis database {settings.REDIS_URL} holds data, and tests would empty it. "
            "Unset REDIS_URL to test with the embedded Redis, or name an empty database.",
            returncode=4,
        )
    yield client
    client.flushdb()
    client.close()


@pytest.fixture(autouse=True)
def _empty_redis(_test_redis: redis.Redis) -> None:
    """Each test begins with an empty Redis."""
    pipeline = _test_redis.pipeline()
    pipeline.flushdb()
    pipeline.set(REDIS_MARK, 1)
    pipeline.execute()


# --- Database -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment, django_db_blocker, django_db_modify_db_settings
) -> Iterator[None]:
    """Begin with the default tenant, and let tests that commit leave the rows behind that they found.

    Django would empty every table after a test that commits, and with them the tenant and the root page, locales and
    permissions that migrations made.
    """
    renew = request.config.getvalue("create_db")
    with (
        django_db_blocker.unblock(),
        own_copy(make_default_tenant, renew=renew),
        pytest.MonkeyPatch.context() as patch,
    ):
        snapshot = Snapshot.take()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: snapshot.restore())
        with django_db_blocker.block():
            yield


def make_default_tenant() -> None:
    from home.services import create_tenant

    create_tenant("localhost", "Help Portal", [code for code, _name in settings.LANGUAGES], default=True)


@pytest.fixture(scope="module")
def shared_rows(
    django_db_setup, django_db_blocker, module_media: Path
) -> Iterator[Callable[[Callable[[], T]], Callable[[], T]]]:
    """Set-up that a module's tests share: `shared_rows(make)` runs `make` now and returns what gives each test a copy.

    The rows are there in every test of the module that has `db`, which undoes only its own changes, and are gone after
    the last. Not for a module with tests that commit, which have `committed_rows`: those would write within the
    transaction that all of this is in.
    """

    def share(make: Callable[[], T]) -> Callable[[], T]:
        with django_db_blocker.unblock():
            made = make()
        return lambda: deepcopy(made)

    with django_db_blocker.unblock(), transaction.atomic():
        with django_db_blocker.block():
            yield share
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def _committed() -> list[tuple[Snapshot, object]]:
    """What the first test of a module that has `committed_rows` made."""
    return []


@pytest.fixture
def committed_rows(
    transactional_db, module_media: Path, _committed: list[tuple[Snapshot, T]]
) -> Callable[[Callable[[], T]], T]:
    """Set-up that the committing tests of a module share: `committed_rows(make)` returns what `make` has made.

    The first test makes it, the others get its rows back and a copy of the objects. A module has one such `make`.
    """

    def share(make: Callable[[], T]) -> T:
        if _committed:
            _committed[0][0].restore()
        else:
            made = make()
            _committed.append((Snapshot.take(), made))
        return deepcopy(_committed[0][1])

    return share


@pytest.fixture(scope="session", autouse=True)
def _interface() -> None:
    """The interface speaks every language, also when pytest is started without `make`."""
    call_command("compile_translations")


@pytest.fixture(autouse=True)
def _media(request: pytest.FixtureRequest, settings, tmp_path: Path) -> None:
    """Uploaded files go to a folder of the test's own, or stay with the rows that a module shares."""
    if "module_media" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(scope="module")
def module_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of uploaded files, the same for all tests of a module."""
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


# --- Tenants ------------------------------------------------------------------------------------


@pytest.fixture
def tenant(db):
    """The default tenant: host localhost, all eight languages."""
    from wagtail.models import Site

    return Site.objects.select_related("root_page").get(is_default_site=True)


@pytest.fixture
def second_tenant(db):
    """Another tenant of the same install: host harbour.localhost, English and Hindi."""
    from home.services import create_tenant

    return create_tenant("harbour.localhost", "Harbour Help", ["en", "hi"])


# --- The running portal -------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _portal_server(django_db_setup) -> Iterator[PortalServer]:
    server = PortalServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def live_portal(transactional_db, _portal_server: PortalServer) -> str:
    """The base address of the portal, answering over HTTP from the test's committed data (`http://localhost:PORT`).

    Other tenants answer on the same port: replace `localhost` by the tenant's host name.
    """
    return _portal_server.url


# --- Workers ------------------------------------------------------------------------------------


@pytest.fixture
def celery_worker_process(transactional_db, _empty_redis) -> Iterator[CeleryWorker]:
    """A Celery worker in a process of its own. It sees only what is committed."""
    worker = CeleryWorker()
    worker.start()
    yield worker
    worker.stop()


# --- Browser ------------------------------------------------------------------------------------


def chromium() -> str | None:
    """Return the path of the machine's Chromium."""
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a browser; without one, skip it and say how to get one (in CI it fails). Put long tests first."""
    in_browser = [
        item
        for item in items
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("browser")
    ]
    for item in in_browser:
        item.add_marker(pytest.mark.browser)
    if in_browser and chromium() is None and not in_ci():
        for item in in_browser:
            item.add_marker(pytest.mark.skip(reason=CHROMIUM_HINT))
    # A worker that comes to a long test last leaves the others idle.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if in_ci() and item.get_closest_marker("browser") and chromium() is None:
        pytest.fail(CHROMIUM_HINT, pytrace=False)


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return {**browser_type_launch_args, "executable_path": chromium(), "args": CHROMIUM_ARGUMENTS}


@pytest.fixture(scope="session")
def browser_type(browser_type):
    # Playwright's synchronous interface runs an event loop in this thread, and Django then refuses its ORM there.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield browser_type
