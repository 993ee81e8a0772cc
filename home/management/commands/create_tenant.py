"""Make a tenant: its site, home pages, settings, groups and workflow."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Site

from home.services import TenantError, create_tenant


class Command(BaseCommand):
    help = "Make a tenant: a site with a home page in each language, settings, a collection, groups and a workflow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("hostname", metavar="HOST", help="where readers find it, for example help.example.com")
        parser.add_argument("name", metavar="NAME", help="the name readers see in the header")
        parser.add_argument(
            "--languages",
            default=settings.LANGUAGE_CODE,
            metavar="CODES",
            help=f"language codes with commas, for example en,hi,ta; {settings.LANGUAGE_CODE} is always among them",
        )
        parser.add_argument("--port", type=int, default=80, help="the port readers use (80)")
        parser.add_argument("--default", action="store_true", help="this site also answers for unknown hosts")

    def handle(self, *args: Any, hostname: str, name: str, languages: str, port: int, default: bool, **options: Any):
        if Site.objects.filter(hostname=hostname.strip().lower(), port=port).exists():
            raise CommandError(
                f"{hostname}:{port} is taken by another tenant. Choose another host or port, "
                f"or run `manage.py sync_roles --site {hostname}` to repair its groups."
            )
        codes = [code.strip() for code in languages.split(",") if code.strip()]
        try:
            site = create_tenant(hostname, name, codes, port=port, default=default)
        except TenantError as error:
            raise CommandError(str(error)) from error
        homes = site.root_page.get_translations(inclusive=True).select_related("locale").order_by("path")
        found = ", ".join(home.locale.language_code for home in homes)
        self.stdout.write(self.style.SUCCESS(f"{name} answers at {site.root_url} in {found}."))
