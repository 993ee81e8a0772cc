"""Brings locale/*.po up to the source, without needing gettext's own programs."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from helpportal.management import catalogue, catalogue_checks


class Command(BaseCommand):
    help = (
        "Writes the messages of the source to locale/<language>/LC_MESSAGES/django.po: translations are kept, new "
        "messages are empty, those not used any more are dropped. With --check it changes nothing and fails when a "
        "language is incomplete or wrong."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="only say what is wrong; exit with 1 if anything is")
        parser.add_argument(
            "--language", action="append", choices=sorted(catalogue.PLURAL_FORMS), help="only this one; may be repeated"
        )

    def handle(self, *, check: bool, language: list[str] | None, **options) -> None:
        try:
            messages = catalogue.extract(settings.BASE_DIR)
            wrong = 0
            for code in language or sorted(catalogue.PLURAL_FORMS):
                path = Path(settings.LOCALE_PATHS[0]) / code / "LC_MESSAGES" / "django.po"
                if check:
                    wrong += self.check_language(messages, path, code)
                else:
                    self.update_language(messages, path, code)
        except catalogue.SourceError as error:
            raise CommandError(str(error)) from error
        if wrong:
            raise CommandError(f"{wrong} problems in the interface's translations")

    def check_language(self, messages, path: Path, code: str) -> int:
        if not path.exists():
            self.stdout.write(f"{code}: {path} is missing")
            return 1
        found = catalogue_checks.problems(messages, catalogue.load(path), code)
        for problem in found:
            self.stdout.write(f"{code}: {problem}")
        return len(found)

    def update_language(self, messages, path: Path, code: str) -> None:
        old = catalogue.load(path) if path.exists() else None
        new = catalogue.merge(messages, code, old)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"{new}\n" if not str(new).endswith("\n") else str(new)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        self.stdout.write(f"{code}: {len(new.translated_entries())} of {len(new)} messages translated")
