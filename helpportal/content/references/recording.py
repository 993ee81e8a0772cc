"""Recording where live pages and fragments link to, so that broken links are found without reading every text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from wagtail.models import Page, Site

from ..models import ArticlePage, ExternalAddress, ExternalLink, Fragment, InternalLink
from .extraction import external_links, named_targets
from .streams import stored

BATCH = 200  # rows read at a time


def record_article(page_id: int) -> None:
    """Bring the recorded links of an article up to what its readers see; none where it is not live."""
    page = ArticlePage.objects.filter(pk=page_id, live=True).first()
    site_id = _site_of(page) if page else None
    _record(Q(page_id=page_id), {"page_id": page_id}, site_id, stored(page.body) if page and site_id else [])


def record_fragment(fragment_id: int) -> None:
    """Bring the recorded links of a fragment up to what its readers see; none where it is not live."""
    fragment = Fragment.objects.filter(pk=fragment_id, live=True).first()
    raw = stored(fragment.body) if fragment else []
    _record(Q(fragment_id=fragment_id), {"fragment_id": fragment_id}, fragment.site_id if fragment else None, raw)


def record_everything(since: datetime | None = None) -> None:
    """Record live pages and fragments anew: all, or those published since then. Forget what nobody reads any more."""
    for model, record in ((ArticlePage, record_article), (Fragment, record_fragment)):
        live = model.objects.filter(live=True)
        if since is not None:
            live = live.filter(last_published_at__gte=since)
        for pk in live.order_by().values_list("pk", flat=True).iterator(BATCH):
            record(pk)
    for links in (InternalLink, ExternalLink):
        links.objects.filter(Q(page__live=False) | Q(fragment__live=False)).delete()
    forget_unlinked()


def forget_unlinked(addresses: Iterable[int] | None = None) -> None:
    """Delete addresses that nothing links to any more."""
    unlinked = ExternalAddress.objects.filter(links=None)
    if addresses is not None:
        unlinked = unlinked.filter(pk__in=addresses)
    unlinked.delete()


def _site_of(page: Page) -> int | None:
    above = [page.path[:end] for end in range(Page.steplen, len(page.path), Page.steplen)]
    families = Page.objects.filter(path__in=above).order_by().values("translation_key")
    return Site.objects.filter(root_page__translation_key__in=families).values_list("pk", flat=True).first()


@transaction.atomic
def _record(source: Q, owner: dict[str, int], site_id: int | None, raw: list[dict[str, Any]]) -> None:
    _record_internal(source, owner, raw)
    _record_external(source, owner, site_id, raw)


def _record_internal(source: Q, owner: dict[str, int], raw: list[dict[str, Any]]) -> None:
    wanted = {(one.kind, one.target_id, one.anchor): one for one in named_targets(raw)}
    gone, known = [], set()
    for row in InternalLink.objects.filter(source):
        key = (row.kind, row.target_id, row.anchor)
        if key in wanted and wanted[key].text == row.text:
            known.add(key)
        else:
            gone.append(row.pk)
    if gone:
        InternalLink.objects.filter(pk__in=gone).delete()
    InternalLink.objects.bulk_create(
        [
            InternalLink(**owner, kind=one.kind, target_id=one.target_id, anchor=one.anchor, text=one.text)
            for key, one in wanted.items()
            if key not in known
        ],
        ignore_conflicts=True,
    )


def _record_external(source: Q, owner: dict[str, int], site_id: int | None, raw: list[dict[str, Any]]) -> None:
    wanted = external_links(raw) if site_id else {}
    links = ExternalLink.objects.filter(source)
    before = dict(links.filter(address__site_id=site_id).values_list("address__url", "address_id"))
    if wanted:
        ExternalAddress.objects.bulk_create(
            [ExternalAddress(site_id=site_id, url=url, host=_host(url)) for url in wanted if url not in before],
            ignore_conflicts=True,
        )
        ids = dict(ExternalAddress.objects.filter(site_id=site_id, url__in=wanted).values_list("url", "pk"))
        ExternalLink.objects.bulk_create(
            [ExternalLink(**owner, address_id=pk, text=wanted[url]) for url, pk in ids.items()],
            update_conflicts=True,
            unique_fields=["address", next(iter(owner)).removesuffix("_id")],
            update_fields=["text"],
        )
    gone = list(links.exclude(address__url__in=wanted, address__site_id=site_id).values_list("address_id", flat=True))
    if gone:
        links.filter(address_id__in=gone).delete()
        forget_unlinked(gone)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "")[:255]
    except ValueError:
        return ""
