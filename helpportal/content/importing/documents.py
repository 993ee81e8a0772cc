"""One document after the other: read, compared with what is there, written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.models import Page

from helpportal.content.models import ArticlePage, ImportedDocument, Upkeep
from helpportal.content.upkeep.services import import_upkeep
from helpportal.core.coalescing import coalesced
from helpportal.core.transactions import all_or_nothing

from .blocks import BodyReader
from .catalogue import Entry, read_document, summary_of
from .errors import BadFileError
from .files import read_text
from .identity import Block, stored_body
from .links import TreeResolver
from .pages import (
    PUBLISH,
    SUBMIT,
    fill_article,
    keywords,
    place_page,
    remember,
    save_page,
    set_audience,
    set_related,
    submit_page,
    was_edited,
)
from .parsing import ParsedDocument
from .pieces import Piece
from .report import Findings
from .session import Session, fingerprint


@dataclass
class Content:
    """A document read in full: its head, its body's pieces, and what was looked up for them."""

    document: ParsedDocument
    digest: str
    title: str
    summary: str
    pieces: list[Piece]
    answers: dict[str, str]
    related: list[int]
    successor: int | None
    findings: Findings


def read_content(session: Session, path: str, location: str, locale: str) -> Content:
    """Read a document in a language. Raises BadFileError; findings about its content are in the result."""
    document, digest = read_document(session.tree, location)
    findings = Findings(location, locale)
    findings.comments = document.comments
    is_source = locale == session.locale
    resolver = session.resolver(path, location, None if is_source else locale, document.anchors, findings)
    pieces = BodyReader(document, resolver, findings, locale).read()
    for key, line in document.meta.unknown:
        findings.add("warnings", f"The front matter's “{key}” means nothing here.", line)
    related = _related(session, path, document, resolver) if is_source else []
    successor = _successor(session, path, document, resolver) if is_source else None
    title = document.title or session.catalogue.entries[path].title
    content = Content(
        document=document,
        digest=digest,
        title=title[:255],
        summary=summary_of(document),
        pieces=pieces,
        answers=resolver.answers,
        related=related,
        successor=successor,
        findings=findings,
    )
    session.keep_anchors(location, document.anchors)
    return content


def _related(session: Session, path: str, document: ParsedDocument, resolver: TreeResolver) -> list[int]:
    targets = []
    for name in document.meta.related:
        page = resolver.related(name)
        resolver.answers[f"related {name}"] = f"page {page}"
        if page is None:
            resolver.findings.add("unresolved_links", f"related: {name}: there is no such document", 1, target=name)
        elif page != session.index.pages.get(path) and page not in targets:
            targets.append(page)
    return targets


def _successor(session: Session, path: str, document: ParsedDocument, resolver: TreeResolver) -> int | None:
    """Return the page that an archived document names as its successor; one that cannot be is reported."""
    name = document.meta.successor
    if not name:
        return None
    page = resolver.related(name)
    resolver.answers[f"related {name}"] = f"page {page}"
    if page is None:
        resolver.findings.add("unresolved_links", f"successor: {name}: there is no such document", 1, target=name)
        return None
    problem = None
    if not document.meta.archived:
        problem = "only an archived document has one"
    elif not page:
        return None  # A dry run: the page is not made yet.
    elif page == session.index.pages.get(path):
        problem = "a document cannot be its own successor"
    elif _is_archived(session, page):
        problem = "it is archived itself"
    elif not ArticlePage.objects.filter(pk=page).exists():
        problem = "it is no article"
    if problem:
        resolver.findings.add("warnings", f"successor: {name}: {problem}", 1)
    return None if problem else page


def _is_archived(session: Session, page: int) -> bool:
    """Say whether a page is archived; its document, where it has one that says so, has the last word."""
    for entry in session.catalogue.entries.values():
        if session.index.pages.get(entry.path) == page and entry.archived is not None:
            return entry.archived
    families = ArticlePage.objects.filter(pk=page).values("translation_key")
    return Upkeep.objects.filter(translation_key__in=families, archived_at__isnull=False).exists()


def import_source(session: Session, entry: Entry) -> list[Block] | None:
    """Bring one source document's page up to date; return its body, None when it cannot be translated now."""
    row = session.rows.get((entry.path, session.locale))
    page = ArticlePage.objects.annotate_site_root_state().filter(pk=row.page_id).first() if row else None
    parent = session.index.pages.get(f"{entry.folder}/", 0)
    facts = fingerprint(
        digest=entry.digest, slug=entry.slug, parent=parent, order=entry.order, path=entry.path, title=entry.title
    )
    if page is not None and not session.options.force and was_edited(page, row):
        message = "The page was edited here since the last import. --force overwrites it."
        session.report.add("conflicts", entry.location, message, locale=session.locale, page=page.pk)
        return current_body(page)
    if page is not None and is_unchanged(session, row, page, facts, path=entry.path, location=entry.location):
        settle_unchanged(session, row, page, entry.location, session.locale, publish=entry.publish is not False)
        return current_body(page)
    content = read_content(session, entry.path, entry.location, session.locale)
    body = stored_body(content.pieces, f"{session.source}/{entry.path}", current_body(page) if page else ())
    session.report.entries["bad_files"].extend(content.findings.bad)
    session.report.extend(content.findings.entries)
    session.report.comments += content.findings.comments
    key = "created" if row is None or not row.fingerprint else "updated"
    if not session.options.dry_run:
        with all_or_nothing(), coalesced(hand_over=True):
            _write(session, entry, page=page, row=row, content=content, body=body)
        session.batch.add(row, facts if not content.findings.bad else "")
    session.report.add(key, entry.location, content.title, locale=session.locale)
    return body


def _write(
    session: Session,
    entry: Entry,
    *,
    page: ArticlePage,
    row: ImportedDocument,
    content: Content,
    body: list[Block],
) -> None:
    place_page(page, session.category(entry.folder), entry.slug, session.author)
    meta = content.document.meta
    fill_article(page, meta, title=content.title, summary=content.summary, body=body, order=entry.order)
    set_related(page, content.related)
    set_audience(page, session.options.site, meta.audience, session.author)
    is_new = row.revision_id is None
    revision = save_page(page, session.author, publish=entry.publish is not False, is_new=is_new)
    import_upkeep(
        page,
        session.options.site,
        session.author.user,
        review_by=meta.review_by,
        archived=meta.archived,
        successor=ArticlePage.objects.filter(pk=content.successor).first() if content.successor else None,
    )
    remember(
        row,
        # Written when the page is indexed: see batches.py.
        fingerprint="",
        content_hash=content.digest,
        document_id=meta.id,
        revision=revision,
        answers=content.answers,
        findings=content.findings.entries,
    )


def current_body(page: ArticlePage) -> list[Block]:
    """Return a page's body as its latest revision has it, in stored form."""
    latest = page
    if page.has_unpublished_changes and page.latest_revision_id:
        latest = page.get_latest_revision_as_object()
    return list(latest.body.raw_data)


def is_unchanged(session: Session, row: ImportedDocument, page: Page, facts: str, *, path: str, location: str) -> bool:
    """Say whether a document, and everything that it refers to, is as it was imported."""
    if row.fingerprint != facts or (session.options.force and page.latest_revision_id != row.revision_id):
        return False
    locale = None if row.locale_code == session.locale else row.locale_code
    resolver = session.resolver(path, location, locale, None, Findings(location, row.locale_code))
    return resolver.still_true(row.answers)


def settle_unchanged(
    session: Session, row: ImportedDocument, page: Page, location: str, locale: str, *, publish: bool
) -> None:
    """Report an unchanged document with what was found in it, and publish or submit it when that is still to do."""
    session.report.extend(row.findings)
    mode = session.options.mode
    waits = page.has_unpublished_changes or not page.live
    if mode == PUBLISH and publish and waits and page.latest_revision_id == row.revision_id and _may_go_live(page):
        if not session.options.dry_run:
            with transaction.atomic():
                page.latest_revision.publish(user=session.options.user)
        session.report.add("updated", location, f"{page.title} (published)", locale=locale)
        return
    if mode == SUBMIT and waits and not session.options.dry_run:
        submit_page(page.specific, session.author)
    session.report.add("unchanged", location, page.title, locale=locale)


def _may_go_live(page: Page) -> bool:
    # Taken offline by hand: it stays offline.
    return page.live or page.first_published_at is None


def digest_of(session: Session, location: str) -> str:
    """Return a file's digest. Raises BadFileError."""
    return read_text(session.tree.root, location).digest


def own_fields(content: Content, source: Page) -> dict[str, Any]:
    """Return the plain texts of a translated document that its page takes when it is edited by itself."""
    return {
        "title": content.title,
        "summary": content.summary,
        "search_keywords": keywords(content.document.meta) or source.search_keywords,
    }


__all__ = ["BadFileError", "Content", "digest_of", "import_source", "own_fields", "read_content"]
