"""What lists cost: a category with 3 articles and one with 200."""

from __future__ import annotations

import time

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from . import content
from .load import ROUNDS
from .report import Report


def measure(report: Report) -> None:
    """Count queries of both categories and compare their times in this process."""
    client = Client(headers={"Host": "localhost"})
    queries, times = {}, {}
    for path in (content.SMALL, content.LARGE):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        queries[path] = len(captured)
        shown = answer.content.count(b"Entry ")
        report.note(f"{path}: {len(captured)} queries, {shown} rows on the page")
        times[path] = min(_seconds(client, path) for _round in range(ROUNDS * 3))
    report.equal("queries with 200 children and with 3", queries[content.LARGE], queries[content.SMALL])
    report.ratio("time with 200 children : with 3", times[content.LARGE] / times[content.SMALL])


def _seconds(client: Client, path: str) -> float:
    start = time.perf_counter()
    client.get(path)
    return time.perf_counter() - start
