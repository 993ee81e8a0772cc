"""The first reading of a tree: the head of every document, and what page it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from helpportal.content.addresses import is_own_route

from .errors import BadFileError
from .files import read_text
from .frontmatter import CATEGORY, read_head
from .parsing import ParsedDocument, parse_document
from .report import ImportReport
from .scanning import Tree, folder_of, is_folder_document, number_of, slug_of, title_of

FIRST_HEADING = re.compile(r"^(?:#[ \t]+(?P<atx>.+?)[ \t#]*|(?P<setext>[^\n]+)\n=+[ \t]*)$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
OVERVIEW = "overview"
LAST = 1000
MAX_PATH = 500  # characters, as the database takes


@dataclass
class Entry:
    """A document of the source language: what the first reading found out about it."""

    path: str
    location: str
    digest: str
    title: str
    slug: str
    order: int
    document_id: str = ""
    line_of_id: int | None = None
    line_of_slug: int | None = None
    is_category: bool = False
    publish: bool | None = None
    archived: bool | None = None

    @property
    def folder(self) -> str:
        return folder_of(self.path)


@dataclass
class Folder:
    """A folder that becomes a category. `document` is the path of the file that speaks for it, "" for none."""

    path: str
    slug: str
    title: str
    order: int
    document: str = ""

    @property
    def key(self) -> str:
        """The path under which its page is remembered."""
        return f"{self.path}/"

    @property
    def parent(self) -> str | None:
        return folder_of(self.path) if self.path else None


@dataclass
class Catalogue:
    """Everything of a tree that becomes a page."""

    entries: dict[str, Entry] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)


def read_catalogue(tree: Tree, top: str | None, report: ImportReport) -> Catalogue:
    """Read the head of every source document; `top` is the slug of the category that takes the tree in.

    Files that cannot be read are reported and left out.
    """
    catalogue = Catalogue()
    ids: dict[str, str] = {}
    for path, location in tree.documents.items():
        try:
            entry = read_entry(tree, path, location)
            if entry.document_id and ids.setdefault(entry.document_id, location) != location:
                message = f"The id “{entry.document_id}” is taken by {ids[entry.document_id]}. Choose another one."
                raise BadFileError(message, entry.line_of_id)
            if len(path) > MAX_PATH:
                raise BadFileError(f"The path is longer than {MAX_PATH} characters.")
            if top is None and not entry.folder and not entry.is_category:
                raise BadFileError("A document at the top of the tree needs a category: give --category.")
        except BadFileError as error:
            report.add("bad_files", location, error.message, line=error.line)
        else:
            catalogue.entries[path] = entry
    _find_folders(catalogue, top)
    _settle_slugs(catalogue, report)
    return catalogue


def read_entry(tree: Tree, path: str, location: str) -> Entry:
    """Read one document's head. Raises BadFileError."""
    text = read_text(tree.root, location)
    head = read_head(text.text)
    meta = head.meta
    stem = PurePosixPath(path).stem
    match = FIRST_HEADING.search(FENCE.sub("", head.body))
    heading = (match["atx"] or match["setext"]) if match else ""
    folder_document = is_folder_document(path)
    order = meta.order
    if order is None:
        order = -1 if folder_document else number_of(stem)
    return Entry(
        path=path,
        location=location,
        digest=text.digest,
        title=(meta.title or heading.strip() or title_of(stem))[:255],
        slug=meta.slug,
        order=LAST if order is None else order,
        document_id=meta.id,
        line_of_id=_line_of("id", text.text) if meta.id else None,
        line_of_slug=_line_of("slug", text.text) if meta.slug else None,
        is_category=meta.type == CATEGORY,
        publish=meta.publish,
        archived=meta.archived,
    )


def _line_of(key: str, text: str) -> int | None:
    return next((n for n, line in enumerate(text.split("\n"), 1) if line.startswith(f"{key}:")), None)


def _find_folders(catalogue: Catalogue, top: str | None) -> None:
    for entry in catalogue.entries.values():
        path: str | None = entry.folder
        while path is not None and path not in catalogue.folders:
            if path == "":
                if top is not None:
                    catalogue.folders[""] = Folder("", top, title_of(top), LAST)
                break
            name = path.rpartition("/")[2]
            number = number_of(name)
            catalogue.folders[path] = Folder(path, "", title_of(name), LAST if number is None else number)
            path = folder_of(path)
    for entry in catalogue.entries.values():
        folder = catalogue.folders.get(entry.folder)
        if folder is not None and (entry.is_category or (is_folder_document(entry.path) and not folder.document)):
            folder.document = entry.path
            folder.title = entry.title
            if entry.is_category:
                folder.slug = folder.slug or entry.slug
                folder.order = entry.order if entry.order not in (-1, LAST) else folder.order


def _settle_slugs(catalogue: Catalogue, report: ImportReport) -> None:
    """Give every page its slug. Slugs that documents ask for come first; two that ask for the same are an error."""
    taken: dict[tuple[str | None, str], str] = {}
    _refuse_reserved(catalogue, report)
    for folder in catalogue.folders.values():
        if folder.slug:
            taken[(folder.parent, folder.slug)] = folder.key
    for entry in list(catalogue.entries.values()):
        if not entry.slug or entry.is_category:
            continue
        other = taken.setdefault((entry.folder, entry.slug), entry.location)
        if other != entry.location:
            message = f"The slug “{entry.slug}” is taken by {other}. Choose another one."
            report.add("bad_files", entry.location, message, line=entry.line_of_slug)
            del catalogue.entries[entry.path]
    for folder in catalogue.folders.values():
        if not folder.slug:
            name = folder.path.rpartition("/")[2]
            wanted = slug_of(name) or "category"
            if _is_below_home(catalogue, folder) and is_own_route(wanted):
                taken[(folder.parent, wanted)] = ""
            folder.slug = _free(wanted, folder.parent, folder.key, taken)
    for entry in catalogue.entries.values():
        if not entry.slug and not entry.is_category:
            stem = PurePosixPath(entry.path).stem
            wanted = OVERVIEW if is_folder_document(entry.path) else slug_of(stem)
            entry.slug = _free(wanted or slug_of(entry.title) or "article", entry.folder, entry.path, taken)


def _is_below_home(catalogue: Catalogue, folder: Folder) -> bool:
    return folder.parent is None or (folder.parent == "" and "" not in catalogue.folders)


def _refuse_reserved(catalogue: Catalogue, report: ImportReport) -> None:
    """Report documents that ask for an address of the portal itself; their categories are made without them."""
    for folder in catalogue.folders.values():
        if folder.document and folder.slug and _is_below_home(catalogue, folder) and is_own_route(folder.slug):
            entry = catalogue.entries[folder.document]
            message = f"The portal itself uses the address “{folder.slug}”. Choose another slug."
            report.add("bad_files", entry.location, message, line=entry.line_of_slug)
            del catalogue.entries[folder.document]
            folder.document, folder.slug = "", ""
            folder.title = title_of(folder.path.rpartition("/")[2])


def _free(wanted: str, place: str | None, owner: str, taken: dict[tuple[str | None, str], str]) -> str:
    slug, number = wanted, 2
    while (place, slug) in taken:
        slug, number = f"{wanted[:190]}-{number}", number + 1
    taken[(place, slug)] = owner
    return slug


def read_document(tree: Tree, location: str) -> tuple[ParsedDocument, str]:
    """Read a whole document; return it and its digest. Raises BadFileError."""
    text = read_text(tree.root, location)
    return parse_document(text.text), text.digest


def summary_of(document: ParsedDocument, maximum: int = 300) -> str:
    """Return a document's summary: its own, else its first paragraph up to the end of a sentence."""
    if document.meta.summary:
        return document.meta.summary
    short = ""
    for paragraph in document.soup.find_all("p"):
        if paragraph.find_parent(["li", "blockquote", "table", "details", "pre"]) or paragraph.find_parent(
            attrs={"data-callout": True}
        ):
            continue
        text = re.sub(r"\s+", " ", paragraph.get_text()).strip()
        # A line of badges, or a line of navigation, says nothing about the document.
        if not text or _is_links_only(paragraph, text):
            continue
        if len(text.split()) >= 3:
            return shortened(text, maximum)
        short = short or text
    return short


def _is_links_only(paragraph, text: str) -> bool:
    linked = sum(len(link.get_text().strip()) for link in paragraph.find_all("a"))
    return linked > 0.6 * len(text) or text.endswith(":")


def shortened(text: str, maximum: int) -> str:
    """Cut a text at the end of a sentence, else of a word, within `maximum` characters."""
    if len(text) <= maximum:
        return text
    cut = text[:maximum]
    ends = [match.end() for match in re.finditer(r"[.!?।॥](?=\s)", cut + " ")]
    if ends and ends[-1] > 40:
        return cut[: ends[-1]].strip()
    return cut[: maximum - 1].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"
