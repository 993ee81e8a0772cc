"""Which external addresses are asked for when, and what is made of the answers.

One run takes a short batch, so that it never holds up what else waits in its queue; thousands of addresses are
spread over the runs. No host is asked more often than every two seconds, however many workers there are.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from secrets import randbelow

import redis
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from helpportal.core.redis import redis_client

from ..enums import LinkState
from ..models import ExternalAddress, ExternalLink
from .asking import Finding, Outcome, ask

BATCH = 20  # addresses in one run
OF_ONE_HOST = 3  # of them
THREADS = 5
BATCH_SECONDS = 18
# With the pauses between the requests that redirects to the same host need.
ADDRESS_SECONDS = 14
HOST_SECONDS = 2.0  # between two requests to the same host
WRITTEN = ("state", "finding", "failures", "failing_since", "checked_at", "check_after")
# A run that is killed leaves its addresses to a later one.
LEASE = timedelta(minutes=10)

AGAIN = timedelta(days=7)
# After so many failures in a row: always on another day.
BACKOFF = (timedelta(days=1), timedelta(days=1), timedelta(days=2), timedelta(days=4))
REFUSED_AGAIN = timedelta(days=30)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)
FAILURES_TO_BREAK = 3
# The site itself says that the page is not there.
FAILURES_TO_BREAK_WHEN_GONE = 2


def check_due(now: datetime | None = None) -> int:
    """Check the batch that is due and return how many addresses got an answer."""
    now = now or timezone.now()
    deadline = time.monotonic() + BATCH_SECONDS
    due = _claim(now)
    if not due:
        return 0
    by_host: dict[str, list[ExternalAddress]] = {}
    for address in due:
        by_host.setdefault(address.host, []).append(address)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="linkcheck") as pool:
        rounds = pool.map(lambda addresses: _ask_host(addresses, deadline), by_host.values())
        answers = [answer for one in rounds for answer in one]
    for address, finding in answers:
        take_in(address, finding, now)
    return sum(finding.outcome is not Outcome.UNASKED for _address, finding in answers)


def take_in(address: ExternalAddress, finding: Finding, now: datetime) -> None:
    """Write down what became of an address, and when to look again."""
    address.check_after = now + _until_next(address, finding, now)
    if finding.outcome in (Outcome.GONE, Outcome.FAILS):
        _take_in_failure(address, finding, now)
    elif finding.outcome in (Outcome.WORKS, Outcome.MOVED, Outcome.REFUSED):
        address.state = LinkState(finding.outcome.value)
        address.failures, address.failing_since = 0, None
        address.finding, address.checked_at = finding.detail[:200], now
    # Not save(): the last link to the address may have gone meanwhile, and the row with it.
    ExternalAddress.objects.filter(pk=address.pk).update(**{name: getattr(address, name) for name in WRITTEN})


def _take_in_failure(address: ExternalAddress, finding: Finding, now: datetime) -> None:
    # Two failures within a day are one: a site may be away for an afternoon.
    if not address.failures or address.checked_at is None or address.checked_at.date() != now.date():
        address.failures += 1
    address.failing_since = address.failing_since or now
    enough = FAILURES_TO_BREAK_WHEN_GONE if finding.outcome is Outcome.GONE else FAILURES_TO_BREAK
    broken = address.failures >= enough or address.state == LinkState.BROKEN
    address.state = LinkState.BROKEN if broken else LinkState.UNREACHABLE
    address.finding, address.checked_at = finding.detail[:200], now


def _until_next(address: ExternalAddress, finding: Finding, now: datetime) -> timedelta:
    match finding.outcome:
        case Outcome.UNASKED:
            return timedelta(0)
        case Outcome.LATER:
            return min(max(timedelta(seconds=finding.wait), SHORTEST_WAIT), LONGEST_WAIT)
        case Outcome.GONE | Outcome.FAILS:
            wait = BACKOFF[address.failures] if address.failures < len(BACKOFF) else AGAIN
        case Outcome.REFUSED:
            wait = REFUSED_AGAIN
        case _:
            wait = AGAIN
    # Addresses that came together do not come back together.
    return wait + timedelta(seconds=randbelow(int(wait.total_seconds()) // 7))


def _claim(now: datetime) -> list[ExternalAddress]:
    """Take the addresses that waited longest, few of each host, out of the way of other workers."""
    due = (
        ExternalAddress.objects.filter(check_after__lte=now)
        # The page of the last link may have been deleted: its address goes at night.
        .filter(Exists(ExternalLink.objects.filter(address=OuterRef("pk"))))
        .annotate(turn=Window(RowNumber(), partition_by=F("host"), order_by=[F("check_after"), F("pk")]))
        .filter(turn__lte=OF_ONE_HOST)
        # Many hosts side by side, rather than one after the other with a pause between.
        .order_by("turn", "check_after", "pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    with transaction.atomic():
        claimed = list(
            ExternalAddress.objects.select_for_update(skip_locked=True)
            .filter(pk__in=list(due), check_after__lte=now)
            .order_by("check_after", "pk")
        )
        ExternalAddress.objects.filter(pk__in=[one.pk for one in claimed]).update(check_after=now + LEASE)
    return claimed


def _ask_host(addresses: Iterable[ExternalAddress], deadline: float) -> list[tuple[ExternalAddress, Finding]]:
    answers = []
    for address in addresses:
        until = min(deadline, time.monotonic() + ADDRESS_SECONDS)
        # An address that gets too little time would be taken for one that does not answer.
        in_time = until - time.monotonic() >= ADDRESS_SECONDS / 2
        answers.append((address, ask(address.url, until, wait_for_turn) if in_time else Finding(Outcome.UNASKED)))
    return answers


def wait_for_turn(host: str, deadline: float) -> bool:
    """Wait until nobody has asked a host for two seconds; False when that would be too late."""
    while True:
        left = _milliseconds_to_wait(host)
        if left <= 0:
            return True
        if time.monotonic() + left / 1000 >= deadline:
            return False
        time.sleep(left / 1000)


def _milliseconds_to_wait(host: str) -> int:
    """Return how long the host must be left alone; zero takes the turn."""
    key = f"helpportal:linkcheck:{host}"
    try:
        client = redis_client()
        if client.set(key, 1, nx=True, px=int(HOST_SECONDS * 1000)):
            return 0
        return max(int(client.pttl(key)), 1)
    except redis.RedisError:
        # Nobody knows when the host was asked last: the batch waits for a run in which somebody does.
        return 10**9
