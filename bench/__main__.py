"""`make bench`: servers and data of its own below `var/bench`, measured and thrown away."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR_DIR = ROOT / "var" / "bench"


def main() -> int:
    """Run everything, or the parts named on the command line (`pages`, `lists`, `imports`)."""
    chosen = set(sys.argv[1:]) or {"pages", "lists", "imports"}
    # Never the data of an installation, whatever the environment names.
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ["HELPPORTAL_VAR_DIR"] = str(VAR_DIR)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    sys.path[:0] = [str(ROOT / "site"), str(ROOT)]
    shutil.rmtree(VAR_DIR, ignore_errors=True)

    from config import embedded

    with embedded.Lease(VAR_DIR, throwaway=True):
        try:
            return run(chosen)
        finally:
            from django.db import connections

            connections.close_all()


def run(chosen: set[str]) -> int:
    import django
    from django.core.management import call_command

    django.setup()

    from bench import content, lists, pages
    from bench.report import Report

    report = Report()
    report.note("Preparing an empty portal …")
    call_command("migrate", verbosity=0)
    content.build()
    if "pages" in chosen:
        report.title("Pages")
        pages.measure(report)
    if "lists" in chosen:
        report.title("Lists")
        lists.measure(report)
    if "imports" in chosen and importlib.util.find_spec("bench.import_bench"):
        from bench import import_bench

        report.title("Import")
        import_bench.measure(report)
    if report.missed:
        report.note("Missed: " + "; ".join(report.missed))
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
