"""What the parts of one import share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page, Site

from helpportal.content.models import CategoryPage, ImportedDocument

from .anchors import Anchors
from .assets import AssetStore
from .batches import Batch
from .catalogue import Catalogue, read_document
from .errors import BadFileError
from .links import PageIndex, TreeResolver
from .pages import DRAFT, Author
from .report import Findings, ImportReport
from .scanning import Tree

# Part of every fingerprint: raised when the same file makes another page than before.
VERSION = 1


@dataclass(frozen=True)
class ImportOptions:
    """What to import, and how.

    `category` is the slug of the category under the home page that takes the tree in; `locale` the language of the
    documents; `layout` where their translations are, with `{locale}` in it; `mode` what becomes of the pages
    (`draft`, `publish`, `submit`); `prune` takes pages offline whose file is gone; `force` overwrites pages that
    were edited in the admin.
    """

    directory: str
    site: Site
    category: str | None = None
    locale: str = settings.LANGUAGE_CODE
    layout: str | None = None
    user: Any = None
    mode: str = DRAFT
    dry_run: bool = False
    prune: bool = False
    force: bool = False


Progress = Callable[[int, int, dict[str, int]], None]


@dataclass
class Session:
    """One run of an import."""

    options: ImportOptions
    source: str
    tree: Tree
    catalogue: Catalogue
    home: Page
    locales: dict[str, Locale]
    report: ImportReport
    assets: AssetStore
    index: PageIndex
    rows: dict[tuple[str, str], ImportedDocument] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    _anchors: dict[str, Anchors | None] = field(default_factory=dict)
    _categories: dict[str, CategoryPage] = field(default_factory=dict)

    @property
    def author(self) -> Author:
        return Author(self.options.user, self.options.mode)

    @property
    def locale(self) -> str:
        return self.options.locale

    def load_rows(self) -> None:
        """Read what former imports of this tree wrote."""
        rows = ImportedDocument.objects.filter(site=self.options.site, source=self.source)
        self.rows = {(row.path, row.locale_code): row for row in rows.defer("answers", "findings")}

    def new_row(self, path: str, locale: str, page: Page, document_id: str = "") -> ImportedDocument:
        row = ImportedDocument(
            site=self.options.site,
            source=self.source,
            path=path,
            locale_code=locale,
            page_id=page.pk,
            document_id=document_id,
        )
        row.save()
        self.rows[(path, locale)] = row
        return row

    def forget_details(self, path: str) -> None:
        """Let go of what was read or written for one document: memory stays flat however large the tree is."""
        for code in (self.locale, *self.tree.translations):
            if row := self.rows.get((path, code)):
                for name in ("answers", "findings"):
                    row.__dict__.pop(name, None)
                for name in ("revision", "page"):
                    row._state.fields_cache.pop(name, None)

    def category(self, folder: str) -> CategoryPage | None:
        """Return the category of a folder, kept: articles come folder by folder."""
        if folder not in self._categories:
            page = CategoryPage.objects.filter(pk=self.index.pages.get(f"{folder}/", 0)).first()
            if page is None:
                return None
            self._categories = {folder: page}
        return self._categories[folder]

    def forget_category(self, folder: str) -> None:
        """Have a category read again: its place in the tree or its text changed."""
        self._categories.pop(folder, None)

    def anchors_of(self, location: str) -> Anchors | None:
        """Return the anchors of a document of the tree; None for one that cannot be read."""
        if location not in self._anchors:
            try:
                anchors = read_document(self.tree, location)[0].anchors
            except BadFileError:
                self._anchors[location] = None
            else:
                self.keep_anchors(location, anchors)
        return self._anchors[location]

    def keep_anchors(self, location: str, anchors: Anchors) -> None:
        anchors.by_element = {}
        self._anchors[location] = anchors

    def resolver(
        self, path: str, location: str, locale: str | None, own: Anchors | None, findings: Findings
    ) -> TreeResolver:
        return TreeResolver(self.index, self.assets, location, path, locale, own, self.anchors_of, findings)


def fingerprint(**facts: Any) -> str:
    """Return a digest of everything that decides what a document's page looks like, links aside."""
    text = json.dumps({"version": VERSION, **facts}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
