"""`manage.py load_demo`: the portal's own manual, in all languages, on the default site; and a second tenant."""

from __future__ import annotations

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from helpportal import content
from helpportal.content.importing.errors import ImportUsageError
from home.demo import load_demo, load_second_tenant

DEMO = Path(content.__file__).parent / "demo"
MANUAL = DEMO / "manual"
HARBOUR = DEMO / "harbour"


class Command(BaseCommand):
    help = (
        "Loads the demo: all languages, the front page's texts and the manual, and beside it the small help centre of "
        "Harbour Logistics at harbour.localhost. Running it again changes nothing."
    )

    def handle(self, *args, **options):
        bar = tqdm(unit=" articles", disable=not sys.stderr.isatty(), leave=False)

        def progress(done: int, total: int, totals: dict[str, int]) -> None:
            bar.total, bar.n = total, done
            bar.refresh()

        try:
            reports = [load_demo(MANUAL, progress), load_second_tenant(HARBOUR, progress)]
        except ImportUsageError as error:
            raise CommandError(str(error)) from error
        finally:
            bar.close()
        for report in reports:
            self.stdout.write(report.as_text() if report else "harbour.localhost is somebody else's: left alone.")
        if any(report and report.has_bad_files for report in reports):
            raise SystemExit(1)
