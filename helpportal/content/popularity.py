"""Which articles come first under "popular".

Until a room that counts views registers something better, an article is as popular as the number of published
articles that link to it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex

from .tenants import Tenant

Ranking = Callable[[Tenant, int], list[UUID]]

RANKED = 40


def most_linked(tenant: Tenant, limit: int) -> list[UUID]:
    """Return the families (translation keys) that most articles of the tenant link to, in the source language."""
    if tenant.source_home is None:
        return []
    pages = ContentType.objects.get_for_model(Page)
    linking = Page.objects.filter(
        path__startswith=tenant.source_home.path, live=True, articlepage__isnull=False
    ).order_by()
    counted = (
        ReferenceIndex.objects.filter(
            base_content_type=pages,
            to_content_type=pages,
            object_id__in=linking.annotate(id_text=Cast("pk", CharField())).values("id_text"),
        )
        .values("to_object_id")
        .annotate(articles=Count("object_id", distinct=True))
        .order_by("-articles", "to_object_id")[:limit]
    )
    order = [int(row["to_object_id"]) for row in counted]
    families = dict(Page.objects.filter(pk__in=order).values_list("pk", "translation_key"))
    return list(dict.fromkeys(families[pk] for pk in order if pk in families))


_ranking: Ranking = most_linked


def rank_by(ranking: Ranking) -> None:
    """Replace the order of popular articles: `ranking(tenant, limit)` returns translation keys, best first."""
    global _ranking  # noqa: PLW0603 - a registry of one, filled when the apps are ready
    _ranking = ranking


def ranked_families(tenant: Tenant) -> list[UUID]:
    return _ranking(tenant, RANKED)
