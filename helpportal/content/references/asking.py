"""Asking another site whether an address still works: politely, briefly, and never inside the own network.

The name is resolved once, the connection goes to the very address that was looked at (a second look-up could answer
something else), and every redirect starts from there. Nothing is read beyond the head of the answer.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import Enum
from urllib.parse import quote, urljoin, urlsplit

import h11
from django.conf import settings
from django.utils import timezone

REDIRECTS = 5
REQUEST_SECONDS = 6
CHUNK = 4096  # bytes read at a time; h11 refuses a head of more than 16 KB
LOWEST_FREE_PORT = 1024
SAFE = "/%:@!$&'()*+,;=~-._?"

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# Networks of IPv6 that carry an IPv4 address in their last or second part.
NAT64 = ipaddress.ip_network("64:ff9b::/96")

_resolvers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="resolve")


class Outcome(Enum):
    WORKS = "works"
    MOVED = "moved"  # for good: `detail` is the new address
    GONE = "gone"
    FAILS = "fails"
    LATER = "later"  # the site asks for patience: `wait` seconds
    REFUSED = "refused"  # we do not ask there
    UNASKED = "unasked"  # no time was left, or another request to the host was just made


@dataclass(frozen=True)
class Finding:
    """What became of one address; `detail` is a status, one of the words of `explaining.py`, or an address."""

    outcome: Outcome
    detail: str = ""
    wait: int = 0


class _Stop(Exception):
    def __init__(self, finding: Finding):
        super().__init__(finding.detail)
        self.finding = finding


@dataclass(frozen=True)
class _Place:
    scheme: str
    host: str
    port: int
    target: str
    explicit_port: bool

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.explicit_port else host


@dataclass(frozen=True)
class _Head:
    status: int
    location: str
    retry_after: str


# Waits until a host may be asked again; False when that is past the deadline (a monotonic time).
Pace = Callable[[str, float], bool]


def ask(url: str, deadline: float, pace: Pace) -> Finding:
    """Ask for an address before `deadline` (a monotonic time) and return what became of it. Raises nothing."""
    try:
        return _follow(url, deadline, pace)
    except _Stop as stop:
        return stop.finding
    except ssl.SSLError:
        return Finding(Outcome.FAILS, "certificate")
    except TimeoutError:
        return Finding(Outcome.FAILS, "timeout")
    except (OSError, h11.ProtocolError):
        return Finding(Outcome.FAILS, "connection")
    except (UnicodeError, ValueError):
        return Finding(Outcome.FAILS, "address")


def is_public(address: IPAddress) -> bool:
    """Whether an address is on the open internet, or in a network that the settings allow."""
    if any(address in network for network in settings.LINK_CHECK_ALLOWED_NETWORKS):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(inside)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _follow(url: str, deadline: float, pace: Pace) -> Finding:
    moved_for_good = True
    asked = url
    for _hop in range(REDIRECTS + 1):
        place = _place(url)
        addresses = _resolve(place, deadline)
        head = _head("HEAD", place, addresses, deadline, pace)
        if head.status >= 400 and head.status not in (429, 503):
            # Many servers answer HEAD wrongly, or not at all.
            head = _head("GET", place, addresses, deadline, pace)
        if head.status not in (301, 302, 303, 307, 308) or not head.location:
            return _judge(head, url if moved_for_good and url != asked else "")
        moved_for_good = moved_for_good and head.status in (301, 308)
        url = urljoin(url, head.location).partition("#")[0]
    return Finding(Outcome.FAILS, "redirects")


def _judge(head: _Head, moved_to: str) -> Finding:
    status = head.status
    if status in (429, 503):
        return Finding(Outcome.LATER, str(status), wait=_seconds(head.retry_after))
    if status in (404, 410):
        return Finding(Outcome.GONE, str(status))
    # Sites that want people, not programs, answer like that: there is a page.
    if status in (401, 402, 403, 405, 406, 407, 408, 409, 418, 451, 999):
        return Finding(Outcome.WORKS, str(status))
    if status >= 400:
        return Finding(Outcome.FAILS, str(status))
    return Finding(Outcome.MOVED, moved_to) if moved_to else Finding(Outcome.WORKS)


def _seconds(retry_after: str) -> int:
    if retry_after.strip().isdecimal():
        return min(int(retry_after), 10**7)
    try:
        return max(0, int((parsedate_to_datetime(retry_after) - timezone.now()).total_seconds()))
    except (TypeError, ValueError):
        return 0


def _place(url: str) -> _Place:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise _Stop(Finding(Outcome.REFUSED, "scheme"))
    if parts.username or parts.password:
        raise _Stop(Finding(Outcome.REFUSED, "password"))
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise _Stop(Finding(Outcome.FAILS, "address"))
    usual = 443 if parts.scheme == "https" else 80
    port = parts.port if parts.port is not None else usual
    if port not in (80, 443) and port < LOWEST_FREE_PORT:
        raise _Stop(Finding(Outcome.REFUSED, "port"))
    if ":" not in host:
        host = host.encode("idna").decode("ascii")
    target = quote(parts.path or "/", safe=SAFE) + (f"?{quote(parts.query, safe=SAFE)}" if parts.query else "")
    return _Place(parts.scheme, host, port, target, explicit_port=port != usual)


def _resolve(place: _Place, deadline: float) -> list[tuple]:
    """Return the socket addresses of a host that may be connected to."""
    looking = _resolvers.submit(socket.getaddrinfo, place.host, place.port, type=socket.SOCK_STREAM)
    try:
        found = looking.result(_left(deadline))
    except FutureTimeoutError:
        looking.cancel()
        raise _Stop(Finding(Outcome.FAILS, "name")) from None
    except socket.gaierror:
        raise _Stop(Finding(Outcome.FAILS, "name")) from None
    allowed = [(row[0], row[4]) for row in found if is_public(ipaddress.ip_address(row[4][0].partition("%")[0]))]
    if not allowed:
        raise _Stop(Finding(Outcome.REFUSED, "private"))
    return allowed


def _head(method: str, place: _Place, addresses: list[tuple], deadline: float, pace: Pace) -> _Head:
    if not pace(place.host, deadline):
        raise _Stop(Finding(Outcome.UNASKED))
    deadline = min(deadline, time.monotonic() + REQUEST_SECONDS)
    connection = h11.Connection(h11.CLIENT)
    request = h11.Request(
        method=method,
        target=place.target,
        headers=[
            ("Host", place.authority),
            ("User-Agent", f"HelpPortal-LinkCheck/1.0 (+{settings.PORTAL_URL})"),
            ("Accept", "*/*"),
            ("Connection", "close"),
        ],
    )
    with _connected(place, addresses, deadline) as channel:
        channel.settimeout(_left(deadline))
        channel.sendall(connection.send(request) + connection.send(h11.EndOfMessage()))
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                channel.settimeout(_left(deadline))
                connection.receive_data(channel.recv(CHUNK))
            elif isinstance(event, h11.Response):
                headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in event.headers}
                return _Head(event.status_code, headers.get("location", ""), headers.get("retry-after", ""))
            elif not isinstance(event, h11.InformationalResponse):
                raise ConnectionError("the server said nothing")


def _connected(place: _Place, addresses: list[tuple], deadline: float) -> socket.socket:
    family, address = addresses[0]
    channel = socket.socket(family, socket.SOCK_STREAM)
    try:
        channel.settimeout(_left(deadline))
        channel.connect(address)
        if place.scheme == "https":
            # The certificate must be the host's, though the connection goes to a number.
            channel = ssl.create_default_context().wrap_socket(channel, server_hostname=place.host)
    except BaseException:
        channel.close()
        raise
    return channel


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
