"""Compiles the interface's translations without needing gettext's own programs."""

from __future__ import annotations

import os
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Compiles locale/*/LC_MESSAGES/*.po to .mo where the .mo is missing or older."
    requires_system_checks = []

    def handle(self, *, verbosity: int, **options) -> None:
        compiled = 0
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                compiled += self.compile(source)
        if compiled and verbosity > 1:
            self.stdout.write(f"{compiled} translation files compiled")

    def compile(self, source: Path) -> bool:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            return False
        # Written beside its place: a portal that starts meanwhile never reads half a file.
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        try:
            messages = polib.pofile(str(source))
            messages.save_as_mofile(str(fresh))
            fresh.replace(target)
        except (OSError, ValueError) as error:
            fresh.unlink(missing_ok=True)
            raise CommandError(f"{source}: {error}") from error
        return True
