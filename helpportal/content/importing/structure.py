"""The pages of a tree before their content: categories, and a page for every article, so that links have a target."""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Page

from helpportal.content.models import ArticlePage, CategoryPage, ImportedDocument
from helpportal.core.transactions import all_or_nothing

from .catalogue import Entry, Folder, read_document, summary_of
from .errors import BadFileError
from .frontmatter import Meta
from .pages import (
    PUBLISH,
    add_page,
    fill_category,
    place_page,
    remember,
    save_page,
    set_audience,
    take_offline,
    was_edited,
)
from .session import Session, fingerprint


def place_everything(session: Session) -> None:
    """Make or find the page of every folder and document, in the right place, and fill the index of pages."""
    with transaction.atomic():
        _follow_renames(session)
    for path in sorted(session.catalogue.folders, key=lambda path: (path.count("/") if path else -1, path)):
        _place_folder(session, session.catalogue.folders[path])
    for entry in list(session.catalogue.entries.values()):
        if entry.is_category:
            if page := session.index.pages.get(f"{entry.folder}/"):
                session.index.pages[entry.path] = page
            continue
        try:
            _place_article(session, entry)
        except BadFileError as error:
            session.report.add("bad_files", entry.location, error.message, line=error.line)
            del session.catalogue.entries[entry.path]


def _follow_renames(session: Session) -> None:
    """Give documents that were renamed the rows of their former path: the front-matter id says so, or the content."""
    ours = {path: row for (path, locale), row in session.rows.items() if locale == session.locale}
    documents = {path: row for path, row in ours.items() if not path.endswith("/")}
    by_id = {row.document_id: row for row in documents.values() if row.document_id}
    by_content: dict[str, list[ImportedDocument]] = defaultdict(list)
    for path, row in documents.items():
        if path not in session.tree.documents:
            by_content[row.content_hash].append(row)
    moves: dict[str, str] = {}
    taken: set[str] = set()
    for entry in session.catalogue.entries.values():
        row = by_id.get(entry.document_id) if entry.document_id else None
        if row is None and entry.path not in documents and not entry.document_id:
            row = next((row for row in by_content.get(entry.digest, []) if row.path not in taken), None)
        if row is not None and row.path != entry.path:
            moves[row.path] = entry.path
            taken.add(row.path)
    # A document that another one moves away must itself have moved: else its row would be lost.
    moves = {old: new for old, new in moves.items() if new not in documents or new in moves}
    if session.options.dry_run:
        session.rows = {(moves.get(path, path), locale): row for (path, locale), row in session.rows.items()}
        return
    moved = [(row, moves[path]) for (path, _locale), row in session.rows.items() if path in moves]
    for row, _new in moved:
        ImportedDocument.objects.filter(pk=row.pk).update(path=f"~{row.pk}")
    for row, new in moved:
        row.path = new
        ImportedDocument.objects.filter(pk=row.pk).update(path=new)
    session.rows = {(row.path, row.locale_code): row for row in session.rows.values()}


def _parent(session: Session, folder: str | None) -> Page | None:
    if folder is None or (folder == "" and "" not in session.catalogue.folders):
        return session.home
    return session.category(folder)


def _place_folder(session: Session, folder: Folder) -> None:
    document, summary, meta = None, "", Meta()
    if folder.document:
        try:
            location = session.tree.documents[folder.document]
            document, _digest = read_document(session.tree, location)
            meta, summary = document.meta, summary_of(document)
        except BadFileError:
            # Reported where the document itself is read.
            document = None
    title = (document.title if document else "") or folder.title
    row = session.rows.get((folder.key, session.locale))
    parent = _parent(session, folder.parent)
    facts = fingerprint(
        title=title,
        summary=summary,
        slug=folder.slug,
        order=folder.order,
        icon=meta.icon,
        keywords=meta.keywords,
        audience=meta.audience,
        parent=parent.pk if parent else None,
    )
    page = CategoryPage.objects.filter(pk=row.page_id).first() if row else None
    if page is None and parent is not None:
        row = None
        page = CategoryPage.objects.child_of(parent).filter(slug=folder.slug).first()
    if page is not None and row is None:
        # Made in the admin: it takes the documents in and stays as it is.
        session.index.pages[folder.key] = page.pk
        return
    if page is not None and row.fingerprint == facts and _as_wanted(session, page):
        session.index.pages[folder.key] = page.pk
        session.report.add("unchanged", folder.key, page.title, locale=session.locale)
        return
    created = page is None
    if session.options.dry_run:
        session.index.pages[folder.key] = page.pk if page else 0
        session.report.add("created" if created else "updated", folder.key, title, locale=session.locale)
        return
    if not created and was_edited(page, row) and not session.options.force:
        session.index.pages[folder.key] = page.pk
        session.report.add("conflicts", folder.key, "The category was edited here.", locale=session.locale)
        return
    with transaction.atomic():
        if created:
            page = add_page(
                parent, CategoryPage(title=title[:255], slug=folder.slug, locale=session.home.locale), session.author
            )
            row = session.new_row(folder.key, session.locale, page, meta.id)
        else:
            place_page(page, parent, folder.slug, session.author)
        fill_category(page, title, summary, meta, folder.order)
        set_audience(page, session.options.site, meta.audience, session.author)
        revision = save_page(page, session.author, publish=meta.publish is not False, is_new=created)
        session.forget_category(folder.path)
        remember(row, fingerprint=facts, revision=revision, document_id=meta.id)
    session.index.pages[folder.key] = page.pk
    session.report.add("created" if created else "updated", folder.key, title, locale=session.locale)


def _as_wanted(session: Session, page: Page) -> bool:
    return session.options.mode != PUBLISH or page.live


def _place_article(session: Session, entry: Entry) -> None:
    row = session.rows.get((entry.path, session.locale))
    if row is not None:
        session.index.pages[entry.path] = row.page_id
        return
    parent = _parent(session, entry.folder)
    if session.options.dry_run:
        session.index.pages[entry.path] = 0
        return
    if parent is None:
        raise BadFileError("The category that this document belongs to could not be made.")
    page = ArticlePage(title=entry.title, slug=entry.slug, locale=session.home.locale)
    try:
        with all_or_nothing():
            add_page(parent, page, session.author)
            session.new_row(entry.path, session.locale, page, entry.document_id)
    except ValidationError as error:
        other = Page.objects.child_of(parent).filter(slug=entry.slug).first()
        if other is None:
            raise BadFileError(" ".join(error.messages)) from error
        raise BadFileError(
            f"The page “{other.title}” has the slug “{entry.slug}” already. Give the document another slug.",
            entry.line_of_slug,
        ) from error
    session.index.pages[entry.path] = page.pk


def prune(session: Session) -> None:
    """Take pages offline whose file or folder is gone, in every language."""
    for (path, locale), row in session.rows.items():
        if _is_there(session, path, locale):
            continue
        page = Page.objects.filter(pk=row.page_id).first()
        if page is None or not page.live:
            continue
        if not session.options.prune:
            message = "The file is gone; its page stays. --prune archive takes it offline."
            session.report.add("warnings", path, message, locale=locale)
            continue
        if not session.options.dry_run:
            take_offline(page, session.author)
            remember(row, fingerprint="")
        session.report.add("archived", path, page.title, locale=locale)


def _is_there(session: Session, path: str, locale: str) -> bool:
    if path.endswith("/"):
        return path.rstrip("/") in session.catalogue.folders
    if locale == session.locale:
        return path in session.tree.documents
    if locale not in session.tree.prefixes:
        # This run was not asked to look at this language.
        return path in session.tree.documents or session.options.layout is None
    return path in session.tree.translations[locale]
