"""Brings an installation to where it can serve: schema, translations, first content, first account."""

from __future__ import annotations

import json
import secrets
from io import StringIO
from pathlib import Path

import redis
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config.checks import missing_vector
from helpportal.core.redis import redis_client

FIRST_USER = "admin"


class Command(BaseCommand):
    help = (
        "Brings the database and files to where the portal can start: checks, migrations, compiled translations and, "
        "the first time, the demo and an administrator. Running it again changes nothing."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="Do not load the demo into an empty portal.")
        parser.add_argument(
            "--no-admin", action="store_true", help="Do not make the first administrator, not even the first time."
        )
        parser.add_argument(
            "--no-files", action="store_true", help="Neither compile translations nor collect static files."
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="Write the first administrator's password there (JSON)."
        )

    def handle(self, *, no_demo: bool, no_admin: bool, no_files: bool, report: Path | None, **options) -> None:
        self.check_servers()
        changed = self.migrate()
        if not no_files:
            self.prepare_files(options["verbosity"])
        if changed and "sync_roles" in get_commands():
            call_command("sync_roles", verbosity=0, stdout=StringIO())
        if not no_demo:
            self.load_demo()
        password = None if no_admin else self.make_first_user()
        if report:
            report.touch(mode=0o600)
            report.write_text(json.dumps({"user": FIRST_USER if password else None, "password": password}))
        elif password:
            self.stdout.write(f"Administrator {FIRST_USER}, password {password}")

    def check_servers(self) -> None:
        """Raise CommandError when PostgreSQL, pgvector or Redis is missing."""
        problem = missing_vector("default")
        if problem is not None:
            raise CommandError(f"{problem.msg} {problem.hint or ''}".strip())
        try:
            redis_client().ping()
        except redis.RedisError as error:
            raise CommandError(f"Redis does not answer: {error} Start it, or correct REDIS_URL.") from error

    def prepare_files(self, verbosity: int) -> None:
        """Compile the interface's translations, and collect static files where they are served from one folder."""
        call_command("compile_translations", verbosity=verbosity)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        if settings.STORAGES["staticfiles"]["BACKEND"].endswith("ManifestStaticFilesStorage"):
            call_command("collectstatic", interactive=False, verbosity=0)

    def migrate(self) -> bool:
        """Apply what is not applied yet, and return whether there was something."""
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"Applying {len(plan)} database migrations …")
            call_command("migrate", interactive=False, verbosity=0)
        return bool(plan)

    def load_demo(self) -> None:
        """Load the demo once in the life of an installation, and only where nobody has written anything yet."""
        mark = settings.VAR_DIR / "demo-loaded"
        if mark.exists() or "load_demo" not in get_commands():
            return
        if not apps.get_model("content", "ArticlePage").objects.exists():
            self.say("Loading the demo …")
            call_command("load_demo", verbosity=0, stdout=StringIO())
        mark.touch()

    def make_first_user(self) -> str | None:
        """Make the first administrator and return the password, or None when there is one already."""
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return None
        if users.filter(username=FIRST_USER).exists():
            raise CommandError(
                f"There is no administrator, and the account {FIRST_USER!r} is an ordinary one. "
                "Make an administrator: manage.py createsuperuser"
            )
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=FIRST_USER, email="", password=password)
        return password

    def say(self, line: str) -> None:
        self.stderr.write(line, style_func=str)
        self.stderr.flush()
