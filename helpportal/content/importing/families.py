"""The translations of one document: lined up with their source and written through wagtail-localize."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.models import Page

from helpportal.content.models import ArticlePage, CategoryPage, HelpPage, ImportedDocument
from helpportal.core.coalescing import coalesced

from .alignment import aligned_body
from .catalogue import Entry, Folder, read_document, summary_of
from .documents import Content, digest_of, is_unchanged, own_fields, read_content, settle_unchanged
from .errors import BadFileError
from .identity import Block
from .pages import keywords, remember, was_edited
from .report import Findings
from .segments import Comparison, compare_bodies
from .session import Session, fingerprint
from .translations import Written, translated_parent, write_translation


def import_translations(session: Session, entry: Entry, source_body: list[Block]) -> None:
    """Bring every translation of an article up to date. One that cannot be read leaves the others alone."""
    for code, files in session.tree.translations.items():
        location = files.get(entry.path)
        if location is None:
            continue
        try:
            _import_translation(session, entry, source_body, code, location)
        except BadFileError as error:
            session.report.add("bad_files", location, error.message, line=error.line, locale=code)


def _import_translation(session: Session, entry: Entry, source_body: list[Block], code: str, location: str) -> None:
    row = session.rows.get((entry.path, code))
    page = ArticlePage.objects.filter(pk=row.page_id).first() if row else None
    facts = fingerprint(
        digest=digest_of(session, location), slug=entry.slug, parent=session.index.pages.get(f"{entry.folder}/", 0)
    )
    if page is not None and row.fingerprint and not session.options.force and was_edited(page, row):
        message = "The translation was edited here since the last import. --force overwrites it."
        session.report.add("conflicts", location, message, locale=code, page=page.pk)
        return
    if page is not None and is_unchanged(session, row, page, facts, path=entry.path, location=location):
        settle_unchanged(session, row, page, location, code, publish=_goes_live(entry))
        return
    content = read_content(session, entry.path, location, code)
    body = aligned_body(source_body, content.pieces, f"{session.source}/{entry.path}")
    source = ArticlePage.objects.filter(pk=session.index.pages.get(entry.path, 0)).first()
    comparison = Comparison()
    if source is not None:
        _compare_head(comparison, source, own_fields(content, source))
    compare_bodies(source_body, body, comparison)
    findings = content.findings
    _note(findings, comparison)
    session.report.entries["bad_files"].extend(findings.bad)
    session.report.comments += findings.comments
    if not session.options.dry_run:
        with transaction.atomic(), coalesced():
            created = _write_article(
                session,
                entry,
                code,
                row=row,
                source=source,
                comparison=comparison,
                content=content,
                body=body,
                facts=facts,
            )
    else:
        created = row is None or not row.fingerprint
    session.report.extend(findings.entries)
    session.report.add("created" if created else "updated", location, content.title, locale=code)


def _write_article(
    session: Session,
    entry: Entry,
    code: str,
    *,
    row: ImportedDocument | None,
    source: ArticlePage,
    comparison: Comparison,
    content: Content,
    body: list[Block],
    facts: str,
) -> bool:
    """Write an article's translation and what was imported; return whether it is new."""
    findings = content.findings
    publish = _goes_live(entry) and content.document.meta.publish is not False
    written = _write(
        session,
        source,
        code,
        comparison,
        above=session.category(entry.folder),
        own=own_fields(content, source),
        body=body,
        publish=publish,
    )
    if written.kept:
        findings.add("warnings", f"{written.kept} texts that people translated otherwise were kept.")
    row = row or session.new_row(entry.path, code, written.page, content.document.meta.id)
    created = not row.fingerprint
    remember(
        row,
        page_id=written.page.pk,
        fingerprint=facts if not findings.bad else "",
        content_hash=content.digest,
        revision=written.revision,
        answers=content.answers,
        findings=findings.entries,
    )
    return created


def _goes_live(entry: Entry) -> bool:
    return entry.publish is not False


def _write(
    session: Session,
    source: HelpPage,
    code: str,
    comparison: Comparison,
    *,
    above: Page,
    own: dict[str, Any],
    body: list[Block] | None,
    publish: bool,
) -> Written:
    """Write a translation of `source`, below the translation of the page `above`."""
    locale, author = session.locales[code], session.author
    parent = translated_parent(above, locale, author)
    written = write_translation(
        source,
        locale,
        comparison,
        own=own,
        body=body,
        author=author,
        force=session.options.force,
        publish=publish,
    )
    if written.page.get_parent().pk != parent.pk:
        written.page.move(parent, pos="last-child", user=session.options.user)
    return written


def _compare_head(comparison: Comparison, source: HelpPage, own: dict[str, Any]) -> None:
    for name, value in own.items():
        ours = getattr(source, name)
        if ours:
            comparison.plain(name, ours, value)


def _note(findings: Findings, comparison: Comparison) -> None:
    for text in comparison.notes:
        findings.add("misaligned", text)
    if comparison.harmonised:
        findings.add(
            "misaligned",
            f"{len(comparison.harmonised)} texts are translated in several ways at one place; the first is used: "
            f"{_short(comparison.harmonised)}",
        )
    if not comparison.is_complete:
        message = (
            f"The page keeps its own text and is edited by itself: {len(comparison.missing)} of {comparison.total} "
            f"texts of the source have no counterpart"
        )
        if comparison.missing:
            message += f" (first: {_short(comparison.missing)})"
        message += f", {len(comparison.left_over)} of the translation have none in the source"
        if comparison.left_over:
            message += f" (first: {_short(comparison.left_over)})"
        findings.add(
            "misaligned",
            message,
            texts=comparison.total,
            missing=len(comparison.missing),
            left_over=len(comparison.left_over),
        )


def _short(texts: list[str]) -> str:
    return f"“{texts[0][:60].strip()}”"


def import_folder_translations(session: Session, folder: Folder) -> None:
    """Bring a category's translations up to date, from the translations of the file that speaks for it."""
    source = CategoryPage.objects.filter(pk=session.index.pages.get(folder.key, 0)).first()
    if source is None or (folder.key, session.locale) not in session.rows:
        return
    for code, files in session.tree.translations.items():
        location = files.get(folder.document) if folder.document else None
        if location is None:
            continue
        try:
            _import_folder_translation(session, folder, source, code, location)
        except BadFileError as error:
            entry = session.catalogue.entries.get(folder.document)
            if entry is not None and entry.is_category:
                session.report.add("bad_files", location, error.message, line=error.line, locale=code)


def _import_folder_translation(
    session: Session, folder: Folder, source: CategoryPage, code: str, location: str
) -> None:
    document, _digest = read_document(session.tree, location)
    row: ImportedDocument | None = session.rows.get((folder.key, code))
    own = {
        "title": document.title or source.title,
        "summary": summary_of(document) or source.summary,
        "search_keywords": keywords(document.meta) or source.search_keywords,
    }
    facts = fingerprint(own=own, slug=source.slug, source=[source.title, source.summary])
    page = CategoryPage.objects.filter(pk=row.page_id).first() if row else None
    if page is not None and row.fingerprint == facts:
        publish = document.meta.publish is not False
        settle_unchanged(session, row, page, f"{folder.key} ({location})", code, publish=publish)
        return
    created = page is None
    if session.options.dry_run:
        session.report.add("created" if created else "updated", folder.key, own["title"], locale=code)
        return
    if page is not None and not session.options.force and was_edited(page, row):
        session.report.add("conflicts", folder.key, "The category was edited here.", locale=code)
        return
    with transaction.atomic(), coalesced():
        _write_category(session, folder, source, code, own=own, facts=facts, publish=document.meta.publish is not False)
    session.report.add("created" if created else "updated", folder.key, own["title"], locale=code)


def _write_category(
    session: Session, folder: Folder, source: CategoryPage, code: str, *, own: dict[str, Any], facts: str, publish: bool
) -> None:
    row = session.rows.get((folder.key, code))
    comparison = Comparison()
    _compare_head(comparison, source, own)
    above = source.get_parent().specific
    publish = source.live and publish
    written = _write(session, source, code, comparison, above=above, own=own, body=None, publish=publish)
    row = row or session.new_row(folder.key, code, written.page)
    remember(row, page_id=written.page.pk, fingerprint=facts, revision=written.revision)
