"""How fast pages are: rendered, from memory, and not sent again."""

from __future__ import annotations

import http.client
import tempfile
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from . import content
from .load import has_wrk, interleaved, requests_a_second
from .report import Report
from .servers import nginx, uvicorn

# A page that is rendered keeps one core busy with few connections; what comes from memory needs more of them.
RENDERING, FROM_MEMORY = 4, 48
# With a query the store in front of Django is not asked.
BYPASS = "?rendered"


def measure(report: Report) -> None:
    """Measure the article page against the straightforward one, and the stored page against nginx."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        portal = stack.enter_context(uvicorn("portal", "config.asgi:application"))
        forgetful = stack.enter_context(uvicorn("portal that keeps no bodies", "bench.asgi_nothing_kept:application"))
        reference = stack.enter_context(uvicorn("reference", "bench.asgi_reference:application"))
        for server in (portal, forgetful, reference):
            fetch(server.url + content.MEASURED + BYPASS)
        _rendered(report, portal.url, forgetful.url, reference.url)
        _from_memory(report, portal.url, Path(folder), stack)


def _rendered(report: Report, portal: str, forgetful: str, reference: str) -> None:
    page = content.MEASURED + BYPASS
    report.note(f"bytes: portal {len(fetch(portal + page)[1])}, straightforward page {len(fetch(reference + page)[1])}")
    rates = interleaved(
        {
            "reference": lambda: requests_a_second(reference + page, RENDERING),
            "portal": lambda: requests_a_second(portal + page, RENDERING),
            "forgetful": lambda: requests_a_second(forgetful + page, RENDERING),
        }
    )
    report.rate("straightforward Wagtail page", rates["reference"])
    report.rate("the portal's article, rendered", rates["portal"])
    report.rate("the same, its body rendered anew each time", rates["forgetful"])
    report.ratio("rendered : straightforward", rates["portal"] / rates["reference"], at_least=5)
    report.ratio("body rendered anew : straightforward", rates["forgetful"] / rates["reference"])


def _from_memory(report: Report, portal: str, folder: Path, stack: ExitStack) -> None:
    url = portal + content.MEASURED
    headers, html = fetch(url)
    if not has_wrk():
        report.note("wrk is not installed: the load comes from Python, which is slower than both servers")
    measures = {
        "stored": lambda: requests_a_second(url, FROM_MEMORY),
        "unchanged": lambda: requests_a_second(url, FROM_MEMORY, {"If-None-Match": headers["etag"]}),
    }
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_bytes(html)
    folder.chmod(0o755)
    server = nginx(folder)
    if server is None:
        report.note("nginx is not installed: nothing to compare the stored page with")
    else:
        static = stack.enter_context(server)
        measures["nginx"] = lambda: requests_a_second(f"{static.url}/index.html", FROM_MEMORY)
    rates = interleaved(measures)
    report.rate("stored page", rates["stored"])
    report.rate("304 for a browser that has it", rates["unchanged"])
    if "nginx" in rates:
        report.rate("nginx, the same HTML from a file", rates["nginx"])
        report.ratio("stored : nginx", rates["stored"] / rates["nginx"], at_least=0.25)


def fetch(url: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a page that must answer 200."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{url} answered {answer.status}")
    return {name.lower(): value for name, value in answer.getheaders()}, body
