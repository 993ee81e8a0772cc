"""Where links and images of a document lead: pages, files, images, other sites, or nowhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from .anchors import Anchors, in_source
from .assets import IMAGE_EXTENSIONS, AssetStore
from .errors import BadFileError
from .inline import Link, Picture
from .report import Findings
from .scanning import DOCUMENT_SUFFIXES, FOLDER_DOCUMENTS, Tree

SCHEME = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*:")
EXTERNAL = ("http", "https", "mailto", "tel", "ftp")
NOWHERE = "nowhere"


@dataclass
class PageIndex:
    """The pages of the tree, by the path of their document or of their folder (with `/` at its end).

    `ids` maps the ids that documents give themselves to their paths.
    """

    tree: Tree
    pages: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    _folders: dict[str, dict[str, str]] = field(default_factory=dict)

    def find(self, path: str) -> tuple[str, int] | None:
        """Return the document (or folder) and page id for a path in the source language."""
        path = path.strip("/")
        candidates = [path, *(path + suffix for suffix in DOCUMENT_SUFFIXES)]
        if path.endswith((".html", ".htm")):
            candidates += [path.rpartition(".")[0] + suffix for suffix in DOCUMENT_SUFFIXES]
        prefix = f"{path}/" if path else ""
        names = [f"{name}{suffix}" for name in FOLDER_DOCUMENTS for suffix in DOCUMENT_SUFFIXES]
        for candidate in candidates:
            if candidate in self.pages:
                return candidate, self.pages[candidate]
        below = self._folder(path)
        for name in names:
            if name in below:
                return below[name], self.pages[below[name]]
        if prefix in self.pages:
            return prefix, self.pages[prefix]
        return None

    def _folder(self, folder: str) -> dict[str, str]:
        if not self._folders:
            for document in self.pages:
                if not document.endswith("/"):
                    place, _slash, name = document.rpartition("/")
                    self._folders.setdefault(place, {})[name.lower()] = document
        return self._folders.get(folder, {})


@dataclass
class TreeResolver:
    """Resolves what one document refers to, and remembers each answer.

    `location` is the document's place in the tree, `path` its path in the source language. `anchors_of` returns the
    anchors of a document at a location; `own` are the anchors of this one.
    """

    index: PageIndex
    assets: AssetStore
    location: str
    path: str
    locale: str | None
    own: Anchors | None
    anchors_of: Callable[[str], Anchors | None]
    findings: Findings
    answers: dict[str, str] = field(default_factory=dict)

    # --- Links -------------------------------------------------------------------------------------

    def link(self, href: str, line: int | None) -> Link | None:
        """Return the stored form of a link; None, noted as unresolved, when it leads nowhere."""
        link, answer, problem = self.look_up(href)
        self.answers[f"link {href}"] = answer
        if problem:
            self.findings.add("unresolved_links", f"{href}: {problem}", line, target=href)
        return link

    def look_up(self, href: str) -> tuple[Link | None, str, str]:  # noqa: PLR0911 - one for each kind of link
        """Return the link, what it was found to be (equal as long as nothing changed), and what is wrong with it."""
        href = href.strip()
        if not href:
            return None, NOWHERE, "the link is empty"
        if href.startswith("//"):
            href = f"https:{href}"
        if SCHEME.match(href):
            scheme = href.split(":", 1)[0].lower()
            if scheme not in EXTERNAL:
                return None, NOWHERE, f"links of the kind {scheme}: are not taken over"
            return Link({"href": href}), "external", ""
        try:
            parts = urlsplit(href)
        except ValueError:
            return None, NOWHERE, "this is no address"
        fragment = parts.fragment
        target = unquote(parts.path)
        if not target:
            return self._own_section(fragment)
        location = self._location(target)
        if location is None:
            return None, NOWHERE, "the path leads out of the tree"
        _language, path = self.index.tree.language_of(location)
        found = self.index.find(path)
        if found is not None:
            return self._page(found[0], found[1], fragment)
        return self._file(location, target)

    def _own_section(self, fragment: str) -> tuple[Link | None, str, str]:
        anchor = self._anchor(self.path, fragment) if fragment else ""
        page = self.index.pages.get(self.path, 0)
        if fragment == "footnotes" and anchor is None:
            anchor = "footnotes"
        if anchor:
            return Link({"href": f"#{anchor}"}), f"section {anchor}", ""
        link = Link({"linktype": "page", "id": str(page)})
        if anchor is None:
            return None, NOWHERE, "the page has no such section"
        return link, f"page {page}", ""

    def _page(self, path: str, page: int, fragment: str) -> tuple[Link | None, str, str]:
        attributes = {"linktype": "page", "id": str(page)}
        problem = ""
        if fragment and not path.endswith("/"):
            anchor = self._anchor(path, fragment)
            if anchor:
                attributes["fragment"] = anchor
            elif anchor is None:
                problem = "the page is linked, but it has no such section"
        return Link(attributes), f"page {page} {attributes.get('fragment', '')}", problem

    def _anchor(self, path: str, fragment: str) -> str | None:
        """Return the source's anchor for a fragment of the document at `path`."""
        tree = self.index.tree
        own = self.own if path == self.path else None
        source = own if own is not None and self.locale is None else self.anchors_of(tree.documents[path])
        if source is None:
            return None
        translated = None
        if self.locale is not None and path in tree.translations.get(self.locale, {}):
            translated = own if own is not None else self.anchors_of(tree.translations[self.locale][path])
        return in_source(translated, source, fragment) if translated is not None else source.find(fragment)

    def _file(self, location: str, target: str) -> tuple[Link | None, str, str]:
        tree = self.index.tree
        for candidate in self._places(location, target):
            real = tree.root / candidate
            if not tree.holds(candidate):
                continue
            if real.is_dir():
                return None, NOWHERE, "the folder has no page"
            if candidate.lower().endswith(DOCUMENT_SUFFIXES):
                return None, NOWHERE, "the document was not imported"
            try:
                pk, digest = self.assets.document(candidate)
            except BadFileError as error:
                return None, NOWHERE, error.message
            return Link({"linktype": "document", "id": str(pk)}), f"document {pk} {digest}", ""
        return None, NOWHERE, "there is no such file"

    def related(self, name: str) -> int | None:
        """Return the page of a related document, given by its id or its path; None when there is none."""
        path = self.index.ids.get(name)
        if path is not None:
            return self.index.pages.get(path)
        link, _answer, _problem = self.look_up(name)
        is_page = link is not None and link.attributes.get("linktype") == "page"
        return int(link.attributes["id"]) if link and is_page else None

    # --- Images ------------------------------------------------------------------------------------

    def image(self, src: str, alt: str, caption: str, line: int | None) -> Picture | Link | None:
        """Return the image, a link in its place for one of another site, or None for one that is not there."""
        found, answer, problem, is_bad = self.look_up_image(src, alt)
        self.answers[f"image {src}"] = answer
        if isinstance(found, Link):
            message = f"<img>: images of other sites are not shown; a link stands in its place ({src})"
            self.findings.add("dropped_markup", message, line, markup="<img>")
            return found
        if found is None:
            key = "bad_files" if is_bad else "unresolved_links"
            self.findings.add(key, problem if is_bad else f"{src}: {problem}", line, target=src)
            return None
        return Picture(found, alt, caption, line)

    def look_up_image(self, src: str, alt: str = "") -> tuple[int | Link | None, str, str, bool]:  # noqa: PLR0911 - as above
        """Return the image's id, what was found, what is wrong, and whether the file is there but bad."""
        if src.startswith("//") or SCHEME.match(src):
            scheme = "https" if src.startswith("//") else src.split(":", 1)[0].lower()
            if scheme not in ("http", "https"):
                return None, NOWHERE, f"images of the kind {scheme}: are not taken over", False
            return Link({"href": f"https:{src}" if src.startswith("//") else src}), "external", "", False
        try:
            target = unquote(urlsplit(src).path)
        except ValueError:
            return None, NOWHERE, "this is no address", False
        location = self._location(target)
        if location is None:
            return None, NOWHERE, "the path leads out of the tree", True
        for candidate in self._places(location, target):
            if (self.index.tree.root / candidate).is_file():
                try:
                    pk, digest = self.assets.image(candidate, alt)
                except BadFileError as error:
                    return None, f"bad {error.message}", error.message, True
                return pk, f"image {pk} {digest}", "", False
        kind = "there is no such image"
        if target.lower().rpartition(".")[2] not in IMAGE_EXTENSIONS | {"svg"}:
            kind = "there is no such file"
        return None, NOWHERE, kind, False

    # --- Places ------------------------------------------------------------------------------------

    def _location(self, target: str) -> str | None:
        """Return the place in the tree that a path means; None when it leads out of the tree."""
        target = target.replace("\\", "/")
        if "\0" in target:
            return None
        base = posixpath.dirname(self.location) if not target.startswith("/") else self._top()
        place = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
        if place == ".." or place.startswith("../"):
            return None
        return "" if place == "." else place

    def _top(self) -> str:
        tree = self.index.tree
        return tree.prefixes.get(self.locale or "", tree.source_prefix)

    def _places(self, location: str, target: str) -> list[str]:
        """Return where a file may be: as written, or beside the source document, which a translation shares."""
        places = [location]
        tree = self.index.tree
        if self.locale is not None:
            base = posixpath.dirname(tree.documents[self.path]) if not target.startswith("/") else tree.source_prefix
            shared = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
            if shared != ".." and not shared.startswith("../") and shared not in places:
                places.append(shared)
        return places

    # --- Was anything found changed since? ---------------------------------------------------------

    def still_true(self, answers: dict[str, str]) -> bool:
        """Say whether everything that was looked up for this document would be found the same today."""
        for question, answer in answers.items():
            kind, _space, target = question.partition(" ")
            if target.startswith("#"):
                continue  # Within the document: as it was, as long as the document is.
            if kind == "related":
                now = f"page {self.related(target)}"
            else:
                now = self.look_up(target)[1] if kind == "link" else self.look_up_image(target)[1]
            if now != answer:
                return False
        return True
