"""`manage.py create_demo_people`: somebody for each role of a tenant, to try the roles out."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from wagtail.models import Site

from home.demo import make_demo_people


class Command(BaseCommand):
    help = (
        "Makes somebody for each role and readers' group of a tenant (of all tenants without --site), and prints their "
        "passwords. They are random and shown only now; people who are there already keep theirs. Not for production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", metavar="HOST", help="only the tenant of this host name")

    def handle(self, *args: Any, site: str | None, **options: Any) -> None:
        sites = Site.objects.order_by("-is_default_site", "hostname")
        if site:
            sites = sites.filter(hostname=site.strip().lower())
            if not sites:
                known = ", ".join(Site.objects.order_by("hostname").values_list("hostname", flat=True))
                raise CommandError(f"There is no site {site!r}. The sites are: {known}.")
        for one in sites:
            self.stdout.write(f"{one.site_name} ({one.hostname})")
            for username, role, password in make_demo_people(one):
                said = f"password {password}" if password else "is there already"
                self.stdout.write(f"  {username:<32} {role:<28} {said}")
