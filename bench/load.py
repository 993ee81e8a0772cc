"""Asking a server for one page as often as it can answer."""

from __future__ import annotations

import http.client
import itertools
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from .servers import Server

END = object()

ROUNDS = 5
SECONDS = 3

Measure = TypeVar("Measure")


@dataclass(frozen=True)
class Cost:
    """What answering a request cost: milliseconds of CPU of the web process, and of PostgreSQL for it."""

    web: float
    database: float
    rate: float

    @property
    def total(self) -> float:
        return self.web + self.database


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


def cost(server: Server, path: str, connections: int, requests: int) -> Cost:
    """Return what a page of a server costs. Unlike its rate, that hardly depends on who else uses the machine."""
    before, start = server.cpu_seconds(), time.monotonic()
    _ask_in_turns(server.url + path, connections, {}, itertools.repeat(None, requests))
    rate = requests / (time.monotonic() - start)
    web, database = (after - earlier for after, earlier in zip(server.cpu_seconds(), before, strict=True))
    return Cost(web * 1000 / requests, database * 1000 / requests, rate)


def middle_cost(found: list[Cost]) -> Cost:
    """Return the cost that half of them are above."""
    return sorted(found, key=lambda cost: cost.total)[len(found) // 2]


def _by_threads(url: str, connections: int, headers: dict[str, str]) -> float:
    end = time.monotonic() + SECONDS
    return _ask_in_turns(url, connections, headers, iter(lambda: time.monotonic() < end, False)) / SECONDS


def _ask_in_turns(url: str, connections: int, headers: dict[str, str], turns: Iterator) -> int:
    """Ask once for each of the turns, over as many kept connections; return how many answers came."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lock, counts = threading.Lock(), [0] * connections

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(parts.netloc)
        while True:
            with lock:
                if next(turns, END) is END:
                    break
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def interleaved(
    measures: dict[str, Callable[[], Measure]], middle: Callable[[list[Measure]], Measure]
) -> dict[str, Measure]:
    """Run all measures in turn, `ROUNDS` times, and return the middle of each."""
    values: dict[str, list[Measure]] = {name: [] for name in measures}
    for _round in range(ROUNDS):
        for name, measure in measures.items():
            values[name].append(measure())
    return {name: middle(found) for name, found in values.items()}
