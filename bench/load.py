"""Asking a server for one page as often as it can answer."""

from __future__ import annotations

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

ROUNDS = 3
SECONDS = 4


def has_wrk() -> bool:
    return shutil.which("wrk") is not None


def requests_a_second(url: str, connections: int, headers: dict[str, str] | None = None) -> float:
    """Return how many answers a second `connections` kept connections get. Uses wrk where there is one."""
    headers = headers or {}
    if has_wrk():
        options = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", *options, url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "Non-2xx" in output and "If-None-Match" not in headers:
            raise RuntimeError(f"{url} did not answer 200:\n{output}")
        return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return _by_threads(url, connections, headers)


def _by_threads(url: str, connections: int, headers: dict[str, str]) -> float:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    counts = [0] * connections
    end = time.monotonic() + SECONDS

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(parts.netloc)
        while time.monotonic() < end:
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def interleaved(measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Run all measures in turn, `ROUNDS` times, and return the median of each."""
    values: dict[str, list[float]] = {name: [] for name in measures}
    for _round in range(ROUNDS):
        for name, measure in measures.items():
            values[name].append(measure())
    return {name: statistics.median(found) for name, found in values.items()}
