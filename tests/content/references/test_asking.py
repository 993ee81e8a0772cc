"""Asking another site: what its answers mean, and where nobody is asked."""

from __future__ import annotations

import time
from ipaddress import ip_address

import pytest

from helpportal.content.references.asking import Finding, Outcome, ask, is_public

from .conftest import CERTIFICATE


def at_once(_host: str, _deadline: float) -> bool:
    return True


def asked(url: str, seconds: float = 5) -> Finding:
    return ask(url, time.monotonic() + seconds, at_once)


ANSWERS = {
    "/ok": (Outcome.WORKS, ""),
    "/elsewhere": (Outcome.WORKS, ""),
    "/no-head": (Outcome.WORKS, ""),
    "/people-only": (Outcome.WORKS, "403"),
    "/gone": (Outcome.GONE, "404"),
    "/gone-for-good": (Outcome.GONE, "410"),
    "/fails": (Outcome.FAILS, "500"),
    "/loop": (Outcome.FAILS, "redirects"),
    "/endless-head": (Outcome.FAILS, "connection"),
    "/inside": (Outcome.REFUSED, "private"),
    "/inside-by-name": (Outcome.REFUSED, "private"),
    "/out-of-http": (Outcome.REFUSED, "scheme"),
}


@pytest.mark.usefixtures("loopback_allowed")
class TestAnswers:
    @pytest.mark.parametrize("path", ANSWERS)
    def test_what_an_answer_means(self, other_site, path):
        found = asked(other_site.url(path))
        assert (found.outcome, found.detail) == ANSWERS[path]

    @pytest.mark.parametrize("path", ["/moved", "/moved-twice"])
    def test_a_page_that_moved_for_good_tells_where_to(self, other_site, path):
        assert asked(other_site.url(path)) == Finding(Outcome.MOVED, other_site.url("/ok"))

    def test_a_busy_site_is_left_alone_for_as_long_as_it_asks(self, other_site):
        assert asked(other_site.url("/busy")) == Finding(Outcome.LATER, "429", wait=7200)
        assert [method for method, *_rest in other_site.asked] == ["HEAD"]

    def test_a_body_is_not_read(self, other_site):
        assert asked(other_site.url("/huge")).outcome is Outcome.WORKS
        # What the kernels of both sides take in before the connection is closed.
        assert other_site.sent < 20_000_000

    @pytest.mark.parametrize("path", ["/silent", "/drips"])
    def test_a_slow_site_takes_no_more_than_its_time(self, other_site, path):
        begun = time.monotonic()
        assert asked(other_site.url(path), seconds=0.7) == Finding(Outcome.FAILS, "timeout")
        assert time.monotonic() - begun < 2

    def test_the_portal_says_who_it_is(self, other_site, settings):
        asked(other_site.url("/fails", host="localhost"))
        methods = [method for method, *_rest in other_site.asked]
        headers = other_site.asked[0][2]
        assert methods == ["HEAD", "GET"]
        assert settings.PORTAL_URL in headers["User-Agent"]
        assert headers["Host"] == f"localhost:{other_site.port}"
        assert "Cookie" not in headers

    def test_a_name_that_does_not_exist(self):
        assert asked("https://nobody.invalid/") == Finding(Outcome.FAILS, "name")

    def test_a_host_that_lets_nobody_in(self, other_site):
        other_site.stop.set()
        assert asked("http://127.0.0.1:1025/").outcome is Outcome.FAILS


@pytest.mark.usefixtures("loopback_allowed")
class TestCertificates:
    def test_the_certificate_must_be_the_hosts_though_the_connection_goes_to_a_number(self, secure_site, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert asked(secure_site.secure_url("/ok")).outcome is Outcome.WORKS
        assert asked(secure_site.secure_url("/ok", host="127.0.0.1")) == Finding(Outcome.FAILS, "certificate")

    def test_an_unknown_certificate_is_refused(self, secure_site):
        assert asked(secure_site.secure_url("/ok")) == Finding(Outcome.FAILS, "certificate")
        assert secure_site.asked == []


NOT_ASKED = {
    "http://127.0.0.1:{port}/": "private",
    "http://localhost:{port}/": "private",
    "http://2130706433:{port}/": "private",
    "http://0.0.0.0:{port}/": "private",
    "http://[::1]:{port}/": "private",
    "http://[::ffff:127.0.0.1]:{port}/": "private",
    "http://[64:ff9b::7f00:1]:{port}/": "private",
    "http://169.254.169.254/latest/meta-data/": "private",
    "http://192.168.1.1/": "private",
    "http://100.64.0.1/": "private",
    "http://224.0.0.1/": "private",
    "http://user:secret@example.com/": "password",
    "http://example.com:22/": "port",
    "gopher://example.com/": "scheme",
}


@pytest.mark.parametrize("address", NOT_ASKED)
def test_nobody_is_asked_inside_the_own_network(other_site, address):
    found = asked(address.format(port=other_site.port))
    assert found == Finding(Outcome.REFUSED, NOT_ASKED[address])
    assert other_site.asked == []


@pytest.mark.parametrize("address", ["http://", "http://exa mple.com:99999/", "https://[::1/", "http://" + "a" * 300])
def test_an_address_that_is_none_is_a_failure_and_no_error(address):
    assert asked(address).outcome is Outcome.FAILS


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("10.1.2.3", False),
        ("2002:0a01:0203::1", False),
        ("fe80::1", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("240.0.0.1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(ip_address(address)) is public
