"""`manage.py load_demo`: the portal's own manual, in all languages, on the default site."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from helpportal import content
from helpportal.content.importing.errors import ImportUsageError
from home.demo import load_demo

MANUAL = Path(content.__file__).parent / "demo" / "manual"


class Command(BaseCommand):
    help = "Loads the demo: all languages, the front page's texts and the manual. Running it again changes nothing."

    def handle(self, *args, **options):
        bar = tqdm(unit=" articles", disable=not sys.stderr.isatty(), leave=False)

        def progress(done: int, total: int, totals: dict[str, int]) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        try:
            report = load_demo(MANUAL, progress)
        except ImportUsageError as error:
            raise CommandError(str(error)) from error
        finally:
            bar.close()
        self.stdout.write(report.as_text())
        if report.has_bad_files:
            raise SystemExit(1)
