"""How fast pages are: rendered, from memory, and not sent again."""

from __future__ import annotations

import http.client
import statistics
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from . import content
from .load import cost, has_wrk, interleaved, middle_cost, requests_a_second
from .report import Report
from .servers import Server, nginx, uvicorn

# Two connections keep a process that renders busy; with more its threads wait for each other, and that costs CPU too.
# What comes from memory needs more of them.
RENDERING, WARMING, FROM_MEMORY = 2, 16, 48
REQUESTS = 80
# With a query the store in front of Django is not asked.
BYPASS = "?rendered"
VARIANTS = {
    "straightforward": "bench.asgi_reference",
    "read anew": "bench.asgi_read_anew",
    "cold": "bench.asgi_cold",
    "kept": "config.asgi",
}


def measure(report: Report) -> None:
    """Measure the article page against the straightforward one, and the stored page against nginx."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        servers = {
            name: stack.enter_context(uvicorn(name, f"{module}:application")) for name, module in VARIANTS.items()
        }
        _rendered(report, servers)
        _from_memory(report, servers["kept"].url, Path(folder), stack)


def _rendered(report: Report, servers: dict[str, Server]) -> None:
    page = content.MEASURED + BYPASS
    sizes = [f"{name} {len(fetch(servers[name].url + page)[1])}" for name in ("read anew", "straightforward")]
    report.note(f"bytes: {', '.join(sizes)}")
    report.note("read anew: the page, its tenant, lists, neighbours, links, images, files; as after any publication")
    report.note("prepared before: only what its own text alone decides, by a digest of the text; cold: not even that")
    for server in servers.values():
        # Each thread opens its connection and sees the page a few times.
        cost(server, page, WARMING, REQUESTS)
    found = interleaved(
        {name: partial(cost, server, page, RENDERING, REQUESTS) for name, server in servers.items()}, middle_cost
    )
    report.cost("straightforward Wagtail page", found["straightforward"])
    report.cost("the portal's article, everything read anew", found["read anew"])
    report.cost("the same cold, in a process that never saw it", found["cold"])
    report.cost("the same, nothing published since", found["kept"])
    reference = found["straightforward"].total
    report.ratio("rendered : straightforward, by CPU", reference / found["read anew"].total, at_least=5)
    report.ratio("cold : straightforward, by CPU", reference / found["cold"].total)
    report.ratio("nothing published since : straightforward", reference / found["kept"].total)


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
    rates = interleaved(measures, statistics.median)
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
