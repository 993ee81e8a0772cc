"""What an import costs: articles a second of one core, and whether memory stays flat."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .report import Report

FEW, MANY = 100, 1000
ARTICLES_A_SECOND = 20
MEMORY_GROWTH = 1.25
A_FOLDER = 50
WORDS = [
    "work",
    "order",
    "shift",
    "asset",
    "guard",
    "site",
    "report",
    "technician",
    "supervisor",
    "close",
    "open",
    "sign",
    "check",
    "list",
    "screen",
    "button",
    "device",
    "battery",
    "route",
    "patrol",
]


def measure(report: Report) -> None:
    """Import 100 and 1,000 articles, each in a process of its own, and compare."""
    results = {}
    for count in (FEW, MANY):
        command = [sys.executable, "-m", "bench.import_bench", str(count)]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["site", "."])}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        results[count] = json.loads(done.stdout.splitlines()[-1])
    for count, result in results.items():
        report.note(
            f"{count} articles: {result['wall']:.1f} s, of that {result['client']:.1f} s computing here and "
            f"{result['server']:.1f} s in the database; at most {result['peak']:.0f} MB"
        )
    many = results[MANY]
    report.ratio("articles a second of one core", MANY / (many["client"] + many["server"]), at_least=ARTICLES_A_SECOND)
    report.ratio("memory of 1,000 articles : of 100", many["peak"] / results[FEW]["peak"], at_most=MEMORY_GROWTH)


def write_tree(count: int, root: Path) -> None:
    """Write a tree of articles of the usual kind: headings, steps, a callout, a list, code, a table, a link."""
    chance = random.Random(1)  # noqa: S311 - the same tree each time

    def sentence() -> str:
        return " ".join(chance.choice(WORDS) for _ in range(chance.randint(6, 14))).capitalize() + "."

    for number in range(count):
        folder = root / f"part-{number // A_FOLDER:02d}"
        folder.mkdir(parents=True, exist_ok=True)
        other = number // A_FOLDER * A_FOLDER + (number + 1) % A_FOLDER
        (folder / f"article-{number}.md").write_text(
            f"---\nid: doc-{number}\ntitle: Article {number}\nsummary: {sentence()}\ntags: [a, b]\n---\n\n"
            f"{sentence()} {sentence()} See [another](article-{other}.md).\n\n"
            f"## First part\n\n{sentence()} {sentence()}\n\n1. {sentence()}\n2. {sentence()}\n3. {sentence()}\n\n"
            f"> [!NOTE]\n> {sentence()}\n\n"
            f"## Second part\n\n{sentence()} **{sentence()}** {sentence()}\n\n- {sentence()}\n- {sentence()}\n\n"
            f"```bash\nrun --order {number}\n```\n\n"
            f"### Details\n\n| Key | What |\n|---|---|\n| a | {sentence()} |\n| b | {sentence()} |\n\n"
            f"{sentence()} {sentence()} {sentence()}\n",
            encoding="utf-8",
        )


def run(count: int) -> dict[str, float]:
    """Import a tree of `count` articles and publish them; return seconds and megabytes."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from wagtail.models import Site

    from helpportal.content.importing.pages import PUBLISH
    from helpportal.content.importing.service import import_tree
    from helpportal.content.importing.session import ImportOptions

    root = Path(settings.VAR_DIR) / f"tree-{count}"
    write_tree(count, root)
    site = Site.objects.get(is_default_site=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = cursor.fetchone()[0]
    client, server, wall = time.process_time(), _cpu_seconds(backend), time.perf_counter()
    report = import_tree(ImportOptions(directory=str(root), site=site, category=f"bench-{count}", mode=PUBLISH))
    if report.has_bad_files or report.totals["created"] < count:
        raise SystemExit(f"The import went wrong: {report.as_text()}")
    return {
        "client": time.process_time() - client,
        "server": _cpu_seconds(backend) - server,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process of this machine, 0 where that cannot be read."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))  # noqa: T201 - the parent process reads it
