"""Importing a tree, from beginning to end."""

from __future__ import annotations

import warnings
from pathlib import Path as FilePath

from bs4 import MarkupResemblesLocatorWarning
from django.conf import settings
from django.db import connection, reset_queries
from wagtail.models import Locale, Page, Site

from helpportal.content.addresses import is_own_route
from helpportal.core.coalescing import coalesced

from .assets import AssetStore
from .catalogue import read_catalogue
from .documents import import_source
from .errors import BadFileError, ImportUsageError
from .families import import_folder_translations, import_translations
from .links import PageIndex
from .report import ImportReport
from .scanning import scan_tree, slug_of
from .session import ImportOptions, Progress, Session
from .structure import place_everything, prune

LOCK_SPACE = 0x696D70  # "imp": apart from the advisory locks of others


def find_site(name: str) -> Site:
    """Return the site at a host, written `host` or `host:port`. Raises ImportUsageError for an unknown one."""
    host, _colon, port = name.partition(":")
    sites = Site.objects.filter(hostname=host)
    if port:
        sites = sites.filter(port=int(port) if port.isdigit() else -1)
    found = list(sites)
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{site.hostname}:{site.port}" for site in Site.objects.order_by("hostname", "port"))
    problem = "There is no site" if not found else "There are several sites"
    raise ImportUsageError(f"{problem} “{name}”. The sites are: {known}.")


def import_tree(options: ImportOptions, progress: Progress | None = None) -> ImportReport:
    """Import a tree of documents into a site and return the report.

    Raises ImportUsageError before anything is written when it cannot start. `progress` is called after each
    document with the number done, the number of all, and the counts so far. Stopped at any point, it can be run
    again: each page is written in a transaction of its own.
    """
    site = options.site
    home = _home(site, options.locale)
    if options.category is not None and slug_of(options.category) != options.category:
        raise ImportUsageError(f"“{options.category}” is no slug: use lower-case letters, digits and hyphens.")
    if options.category is not None and is_own_route(options.category):
        raise ImportUsageError(f"The portal itself uses the address “{options.category}”. Choose another category.")
    homes = Page.objects.filter(translation_key=home.translation_key).select_related("locale")
    locales = {page.locale.language_code: page.locale for page in homes}
    report = ImportReport()
    with _only_one(site):
        others = [code for code in locales if code != options.locale]
        tree = scan_tree(options.directory, options.layout, others, options.locale, report)
        source = options.category or slug_of(FilePath(options.directory).resolve().name) or "documents"
        session = Session(
            options=options,
            source=source[:100],
            tree=tree,
            catalogue=read_catalogue(tree, options.category, report),
            home=home,
            locales=locales,
            report=report,
            assets=AssetStore(site, tree.root, options.user, options.dry_run),
            index=PageIndex(tree),
        )
        session.index.ids = {
            entry.document_id: entry.path for entry in session.catalogue.entries.values() if entry.document_id
        }
        session.load_rows()
        with warnings.catch_warnings(), coalesced():
            # A text that reads like a file's name is still a text.
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            _run(session, progress)
    return report


def _run(session: Session, progress: Progress | None) -> None:
    place_everything(session)
    for folder in sorted(session.catalogue.folders.values(), key=lambda folder: folder.key.count("/")):
        import_folder_translations(session, folder)
    try:
        _import_documents(session, progress)
    finally:
        # What was written before a Ctrl-C is done with.
        session.batch.finish()
    prune(session)


def _import_documents(session: Session, progress: Progress | None) -> None:
    total = sum(1 for entry in session.catalogue.entries.values() if not entry.is_category)
    done = 0
    for entry in session.catalogue.entries.values():
        if entry.is_category:
            continue
        try:
            body = import_source(session, entry)
            if body is not None:
                import_translations(session, entry, body)
        except BadFileError as error:
            session.report.add("bad_files", entry.location, error.message, line=error.line)
        session.forget_details(entry.path)
        done += 1
        # Django keeps every query while DEBUG is on.
        reset_queries()
        if progress is not None:
            progress(done, total, session.report.totals)


def _home(site: Site, locale: str) -> Page:
    if locale not in dict(settings.LANGUAGES):
        raise ImportUsageError(f"“{locale}” is no language of this portal: {', '.join(dict(settings.LANGUAGES))}.")
    found = Locale.objects.filter(language_code=locale).first()
    home = Page.objects.filter(translation_key=site.root_page.translation_key, locale=found).first()
    if home is None:
        raise ImportUsageError(f"The site {site.hostname} has no home page in “{locale}”: add the language first.")
    return home


class _only_one:
    """Holds the lock that keeps two imports into one site apart. Raises ImportUsageError when another runs."""

    def __init__(self, site: Site) -> None:
        self.key = (LOCK_SPACE, site.pk)

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s, %s)", self.key)
            if not cursor.fetchone()[0]:
                raise ImportUsageError("Another import into this site is running. Wait for its end.")

    def __exit__(self, *_error) -> None:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", self.key)
