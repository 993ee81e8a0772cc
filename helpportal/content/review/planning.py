"""What is scheduled to go live or to expire, as one list by date."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, DateTimeField, F, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from wagtail.models import Page, Revision

from helpportal.accounts.models import User
from helpportal.accounts.queries import staff_pages, staff_sites

from ..models import Fragment

GO_LIVE, EXPIRY = "go_live", "expiry"
MONTHS_AHEAD = 12


@dataclass
class Planned:
    """A row of the calendar; `subject` is the page or fragment as it is now."""

    kind: str
    at: datetime.datetime
    subject: Page | Fragment


def planned(user: User, *, kind: str = "", month: str = "") -> QuerySet:
    """Return what is scheduled in the tenants whose staff the user is, by date; `month` is such as `2026-11`.

    The rows are dictionaries: `kind`, `at`, `model` and `pk`.
    """
    parts = []
    own_pages = staff_pages(user).order_by()
    own_fragments = Fragment.objects.filter(site__in=staff_sites(user).order_by().values("pk"))
    for model, own in ((Page, own_pages), (Fragment, own_fragments)):
        scheduled = (
            Revision.objects.filter(
                base_content_type=ContentType.objects.get_for_model(model), approved_go_live_at__isnull=False
            )
            .annotate(subject_id=Cast("object_id", BigIntegerField()))
            .filter(subject_id__in=own.values("pk"))
        )
        name = Value(model._meta.model_name, output_field=CharField())
        of_revision = {"model": name, "pk_": F("subject_id")}
        if kind != EXPIRY:
            parts.append(_rows(scheduled, GO_LIVE, month, at=F("approved_go_live_at"), **of_revision))
        if kind != GO_LIVE:
            later = Cast(KeyTextTransform("expire_at", "content"), DateTimeField())
            parts.append(_rows(scheduled, EXPIRY, month, at=later, **of_revision))
            live = own.filter(live=True, expire_at__isnull=False)
            own_pk = Cast("pk", BigIntegerField())
            parts.append(_rows(live, EXPIRY, month, at=F("expire_at"), model=name, pk_=own_pk))
    return parts[0].union(*parts[1:]).order_by("at", "model", "pk_")


def _rows(queryset: QuerySet, kind: str, month: str, **columns) -> QuerySet:
    rows = queryset.order_by().annotate(kind=Value(kind, output_field=CharField()), **columns)
    rows = rows.filter(at__isnull=False)
    if month:
        year, number = (int(part) for part in month.split("-"))
        rows = rows.filter(at__year=year, at__month=number)
    return rows.values("kind", "at", "model", "pk_")


def with_subjects(rows: list[dict]) -> list[Planned]:
    """Return rows with the pages and fragments that they are about: two queries, whatever their number."""
    wanted = {"page": set(), "fragment": set()}
    for row in rows:
        wanted[row["model"]].add(row["pk_"])
    pages = Page.objects.filter(pk__in=wanted["page"]).select_related("locale", "latest_revision__user")
    fragments = Fragment.objects.filter(pk__in=wanted["fragment"]).select_related("locale", "latest_revision__user")
    found = {
        **{("page", page.pk): page for page in pages},
        **{("fragment", fragment.pk): fragment for fragment in fragments},
    }
    return [Planned(row["kind"], row["at"], found[key]) for row in rows if (key := (row["model"], row["pk_"])) in found]


def months() -> list[datetime.date]:
    """Return the first days of this month and of those after it."""
    first = timezone.localdate().replace(day=1)
    found = [first]
    for _number in range(MONTHS_AHEAD):
        found.append((found[-1] + datetime.timedelta(days=32)).replace(day=1))
    return found
