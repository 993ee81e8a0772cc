"""Another site on this machine, which answers every way a site can."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from time import monotonic

import pytest

# A certificate for the name localhost, with its key: good for nothing but these tests.
CERTIFICATE = Path(__file__).with_name("localhost.pem")
REDIRECTS = {
    "/moved": (301, "/ok"),
    "/moved-twice": (308, "/moved"),
    "/elsewhere": (302, "/ok"),
    "/loop": (302, "/loop"),
    "/inside": (302, "http://10.0.0.1/secret"),
    "/inside-by-name": (301, "http://[::ffff:169.254.169.254]/latest/meta-data/"),
    "/out-of-http": (302, "file:///etc/passwd"),
}
STATUSES = {"/gone": 404, "/gone-for-good": 410, "/fails": 500, "/people-only": 403, "/asks-again": 500}


@dataclass
class OtherSite:
    """A running server; `asked` are the requests that it had: method, path, headers, and when."""

    port: int = 0
    asked: list[tuple[str, str, dict[str, str], float]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    sent: int = 0  # bytes of bodies

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def secure_url(self, path: str, host: str = "localhost") -> str:
        return f"https://{host}:{self.port}{path}"


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_args) -> None:
        pass

    def _answer(self) -> None:
        site: OtherSite = self.server.site
        site.asked.append((self.command, self.path, dict(self.headers), monotonic()))
        if self.path in REDIRECTS:
            status, location = REDIRECTS[self.path]
            self._send(status, Location=location)
        elif self.path == "/no-head":
            self._send(405 if self.command == "HEAD" else 200)
        elif self.path == "/busy":
            self._send(429, **{"Retry-After": "7200"})
        elif self.path == "/silent":
            site.stop.wait(20)
        elif self.path == "/drips":
            # Always something, never the end of the head.
            for _number in range(200):
                self.wfile.write(b"X")
                if site.stop.wait(0.1):
                    return
        elif self.path == "/huge":
            self._send_huge(site)
        elif self.path == "/endless-head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 1234567890\r\n" * 100_000)
        else:
            self._send(STATUSES.get(self.path, 200))

    def _send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True

    def _send_huge(self, site: OtherSite) -> None:
        # HEAD is refused, so that the body is really offered.
        if self.command == "HEAD":
            self._send(405)
            return
        self._send(200, **{"Content-Length": str(10**12)})
        try:
            while not site.stop.is_set():
                site.sent += self.wfile.write(b"x" * 65_536)
        except OSError:
            pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address) -> None:
        """Say nothing: clients that hang up are what is tested."""


def _serve(secure: bool) -> Iterator[OtherSite]:
    server = _Server(("0.0.0.0", 0), Answers)  # noqa: S104 - every loopback address stands for a host of its own
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site = server.site = OtherSite(port=server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield site
    site.stop.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    yield from _serve(secure=False)


@pytest.fixture
def secure_site() -> Iterator[OtherSite]:
    yield from _serve(secure=True)


@pytest.fixture
def loopback_allowed(settings) -> None:
    settings.LINK_CHECK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("::1/128")]
