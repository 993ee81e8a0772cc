"""`manage.py sync_documentation`: a tree of Markdown documents becomes categories and articles."""

from __future__ import annotations

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from helpportal.content.importing.errors import ImportUsageError
from helpportal.content.importing.pages import DRAFT, PUBLISH, SUBMIT
from helpportal.content.importing.service import find_site, import_tree
from helpportal.content.importing.session import ImportOptions

INTERRUPTED = 130  # what a shell reports for Ctrl-C
WRONG_USAGE = 2  # as for an option that does not exist; 1 is for bad files


class Command(BaseCommand):
    help = (
        "Imports a tree of Markdown documents into a site: folders become categories, files become articles, "
        "translations join their source's family. Run it again whenever the files change."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dir", required=True, metavar="PATH", help="the tree's directory")
        parser.add_argument("--site", required=True, metavar="HOST", help="the site's host name, or host:port")
        parser.add_argument(
            "--category", metavar="SLUG", help="the top category that takes the tree in; made if missing"
        )
        parser.add_argument("--locale", default="en", help="the language of the documents (default: en)")
        parser.add_argument("--layout", metavar="PATTERN", help="where translations are, e.g. translations/{locale}")
        parser.add_argument("--user", metavar="NAME", help="who stands in the history as the author")
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument("--publish", action="store_true", help="publish the pages (default: leave drafts)")
        mode.add_argument("--submit", action="store_true", help="submit the pages to their workflow")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, print the same report")
        parser.add_argument("--prune", choices=["archive"], help="take pages offline whose file is gone")
        parser.add_argument("--force", action="store_true", help="overwrite pages that were edited in the admin")
        parser.add_argument("--report", metavar="FILE", help="also write the report as JSON")

    def handle(self, *args, **options):
        report_file = Path(options["report"]) if options["report"] else None
        if report_file is not None and not report_file.resolve().parent.is_dir():
            message = f"The report cannot be written: there is no directory {report_file.resolve().parent}."
            raise CommandError(message, returncode=WRONG_USAGE)
        bar = tqdm(unit=" documents", disable=not sys.stderr.isatty(), leave=False)

        def progress(done: int, total: int, totals: dict[str, int]) -> None:
            bar.total = total
            bar.n = done
            shown = {key: totals[key] for key in ("created", "updated", "unchanged", "bad_files")}
            bar.set_postfix(shown, refresh=False)
            bar.refresh()

        try:
            report = import_tree(
                ImportOptions(
                    directory=options["dir"],
                    site=find_site(options["site"]),
                    category=options["category"],
                    locale=options["locale"],
                    layout=options["layout"],
                    user=_user(options["user"]),
                    mode=PUBLISH if options["publish"] else SUBMIT if options["submit"] else DRAFT,
                    dry_run=options["dry_run"],
                    prune=options["prune"] == "archive",
                    force=options["force"],
                ),
                progress,
            )
        except ImportUsageError as error:
            raise CommandError(str(error), returncode=WRONG_USAGE) from error
        except KeyboardInterrupt:
            bar.close()
            self.stderr.write("Interrupted. What was finished is kept: run the same command again to go on.")
            raise SystemExit(INTERRUPTED) from None
        finally:
            bar.close()
        if report_file is not None:
            report.write_json(report_file)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
        self.stdout.write(report.as_text())
        if report.has_bad_files:
            raise SystemExit(1)


def _user(name: str | None):
    if name is None:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user “{name}”.", returncode=WRONG_USAGE)
    return user
