"""The checker of links to other sites: a bounded batch, polite to each host, patient before it calls a link broken."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from helpportal.content.enums import LinkState
from helpportal.content.models import ArticlePage, ExternalAddress, ExternalLink
from helpportal.content.references import checking
from helpportal.content.references.tasks import check_external_links
from tests.factories.articles import article, block, site_in

pytestmark = pytest.mark.django_db
MANY = 5000


@pytest.fixture
def page() -> ArticlePage:
    return article("Shops")


def address(page: ArticlePage, url: str, host: str = "127.0.0.1") -> ExternalAddress:
    made = ExternalAddress.objects.create(site=site_in(), url=url, host=host)
    ExternalLink.objects.create(address=made, page=page)
    return made


def hosts(count: int) -> list[str]:
    """Return names of hosts that all are this machine."""
    return [f"127.0.{number // 250}.{number % 250 + 1}" for number in range(count)]


@pytest.mark.usefixtures("loopback_allowed")
class TestBatches:
    def test_thousands_of_links_are_taken_a_few_at_a_time(self, other_site, page):
        names = hosts(MANY // 10)
        made = ExternalAddress.objects.bulk_create(
            ExternalAddress(site=site_in(), url=other_site.url(f"/{number}", host), host=host)
            for host in names
            for number in range(10)
        )
        ExternalLink.objects.bulk_create(ExternalLink(address=one, page=page) for one in made)
        begun = time.monotonic()
        assert checking.check_due() == checking.BATCH
        assert time.monotonic() - begun < checking.BATCH_SECONDS
        asked = Counter(headers["Host"] for _method, _path, headers, _when in other_site.asked)
        assert sum(asked.values()) == checking.BATCH
        assert max(asked.values()) <= checking.OF_ONE_HOST
        waiting = ExternalAddress.objects.filter(check_after__lte=timezone.now())
        assert waiting.count() == MANY - checking.BATCH

    def test_a_host_is_left_in_peace_between_two_requests(self, other_site, page):
        for path in ("/ok", "/no-head"):
            address(page, other_site.url(path))
        checking.check_due()
        assert set(ExternalAddress.objects.values_list("state", flat=True)) == {LinkState.WORKS}
        moments = [when for *_request, when in other_site.asked]
        assert len(moments) == 3
        assert min(later - earlier for earlier, later in pairwise(moments)) > 1.9

    def test_silent_sites_do_not_hold_up_the_queue(self, other_site, page, monkeypatch):
        monkeypatch.setattr(checking, "BATCH_SECONDS", 2)
        monkeypatch.setattr(checking, "ADDRESS_SECONDS", 1)
        for host in hosts(20):
            address(page, other_site.url("/silent", host), host)
        begun = time.monotonic()
        asked = checking.check_due()
        assert time.monotonic() - begun < 3
        assert 0 < asked < 20
        # Those that nobody had time for are due again at once.
        assert ExternalAddress.objects.filter(check_after__lte=timezone.now()).count() == 20 - asked

    def test_a_batch_that_another_worker_has_is_left_to_it(self, other_site, page):
        address(page, other_site.url("/ok"))
        now = timezone.now()
        assert len(checking._claim(now)) == 1
        assert checking._claim(now) == []


def on(day: int, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(2027, 1, day, hour))


def states(page, other_site, path: str, *moments: datetime) -> list[str]:
    """Check one address at these moments, whatever its turn, and return its state after each."""
    one = address(page, other_site.url(path))
    found = []
    for moment in moments:
        ExternalAddress.objects.update(check_after=moment)
        checking.redis_client().flushdb()
        checking.check_due(moment)
        one.refresh_from_db()
        found.append(one.state)
    return found


PATIENCE = {
    "three days of failures": ("/fails", [on(1), on(2), on(4)], ["unreachable", "unreachable", "broken"]),
    "an afternoon of failures": ("/fails", [on(1), on(1, 12), on(1, 20)], ["unreachable"] * 3),
    "twice not there": ("/gone", [on(1), on(2)], ["unreachable", "broken"]),
    "busy again and again": ("/busy", [on(1), on(2), on(3), on(4)], ["unchecked"] * 4),
    "never asked": ("/inside", [on(1)], ["refused"]),
    "moved": ("/moved", [on(1)], ["moved"]),
}


@pytest.mark.usefixtures("loopback_allowed")
@pytest.mark.parametrize("case", PATIENCE)
def test_a_link_is_called_broken_only_after_a_while(page, other_site, case, monkeypatch):
    monkeypatch.setattr(checking, "HOST_SECONDS", 0.01)
    path, moments, expected = PATIENCE[case]
    assert states(page, other_site, path, *moments) == expected


@pytest.mark.usefixtures("loopback_allowed")
def test_a_site_that_comes_back_is_forgiven_and_waits_grow(page, other_site, monkeypatch):
    monkeypatch.setattr(checking, "HOST_SECONDS", 0.01)
    assert states(page, other_site, "/fails", on(1), on(2), on(4))[-1] == "broken"
    one = ExternalAddress.objects.get()
    assert one.failing_since == on(1)
    assert one.check_after - on(4) >= timedelta(days=2)
    one.url = other_site.url("/ok")
    one.check_after = on(9)
    one.save()
    checking.check_due(on(9))
    one.refresh_from_db()
    assert (one.state, one.failures, one.failing_since, one.finding) == ("works", 0, None, "")
    assert timedelta(days=7) <= one.check_after - on(9) <= timedelta(days=9)


@pytest.mark.usefixtures("loopback_allowed")
def test_a_busy_site_is_asked_again_when_it_says(page, other_site):
    one = address(page, other_site.url("/busy"))
    now = timezone.now()
    checking.check_due(now)
    one.refresh_from_db()
    assert one.check_after == now + timedelta(hours=2)


@pytest.fixture
def networks_of_the_worker(monkeypatch) -> None:
    monkeypatch.setenv("HELPPORTAL_LINK_CHECK_NETWORKS", "127.0.0.0/8")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("networks_of_the_worker")
def test_a_published_link_is_recorded_and_checked_by_the_worker(other_site, celery_worker_process):
    link = f'<p><a href="{other_site.url("/elsewhere")}">our shop</a></p>'
    shops = article("Shops", [block("text", link, "link")])
    celery_worker_process.wait_until_idle()
    assert ExternalAddress.objects.get().links.get().text == "our shop"
    check_external_links.delay()
    celery_worker_process.wait_until_idle()
    assert ExternalAddress.objects.get().state == LinkState.WORKS
    shops.unpublish()
    celery_worker_process.wait_until_idle()
    assert not ExternalAddress.objects.exists()
