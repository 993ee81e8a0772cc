"""Give tenants the groups, permissions and workflow of the staff roles."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Site

from home.services import sync_roles


class Command(BaseCommand):
    help = (
        "Give every tenant (or one) the groups of the staff roles, their permissions and the workflow. "
        "Only adds what is missing; what somebody added by hand stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", metavar="HOST", help="only the tenant of this host name")

    def handle(self, *args: Any, site: str | None, **options: Any) -> None:
        sites = Site.objects.select_related("root_page").order_by("hostname", "port")
        if site:
            sites = sites.filter(hostname=site.strip().lower())
            if not sites:
                known = ", ".join(Site.objects.order_by("hostname").values_list("hostname", flat=True))
                raise CommandError(f"There is no site {site!r}. The sites are: {known}.")
        for one in sites:
            report = sync_roles(one)
            for line in report.added:
                self.stdout.write(f"{one.hostname}:{one.port}  added {line}")
            if not report:
                self.stdout.write(f"{one.hostname}:{one.port}  nothing to add")
