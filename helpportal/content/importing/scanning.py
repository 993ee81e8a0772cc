"""What a tree holds: which files are documents, in which language, and where their pages go."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.utils.text import slugify

from .errors import BadFileError, ImportUsageError
from .files import inside
from .report import ImportReport

DOCUMENT_SUFFIXES = (".md", ".markdown")
# Files that speak for their folder, the first that is there.
FOLDER_DOCUMENTS = ("readme", "index", "_index")
SKIPPED_FOLDERS = frozenset(["node_modules", "__pycache__", "venv"])
PLACEHOLDER = "{locale}"
NUMBERED = re.compile(
    r"^(?:(?:chapter|part|step|lesson|module|section|unit|day|week|lab)[-_ .]*)?(\d{1,4})(?=[-_ .]|$)", re.I
)


@dataclass
class Tree:
    """The files of a tree.

    `documents` are the source language's, `translations` those of each other language: both map a path inside the
    language's own folder to the location inside the tree.
    """

    root: Path
    source_prefix: str = ""
    documents: dict[str, str] = field(default_factory=dict)
    translations: dict[str, dict[str, str]] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=dict)

    def language_of(self, location: str) -> tuple[str | None, str]:
        """Return the language whose folder a location is in (None for the source) and its path inside it."""
        for code, prefix in self.prefixes.items():
            if location == prefix or location.startswith(prefix + "/"):
                return code, location[len(prefix) :].lstrip("/")
        if self.source_prefix and location.startswith(self.source_prefix + "/"):
            return None, location[len(self.source_prefix) + 1 :]
        return None, location

    def holds(self, location: str) -> bool:
        """Say whether there is a file or folder at a location, inside the tree."""
        try:
            inside(self.root, location)
        except BadFileError:
            return False
        return True


def scan_tree(directory: str, layout: str | None, languages: list[str], source: str, report: ImportReport) -> Tree:
    """Walk a tree and return its documents.

    `layout` says where translations are, for example `translations/{locale}`; `languages` are those of the site.
    Raises ImportUsageError when there is no such directory or the layout makes no sense. Links that lead out of the
    tree or in circles are reported and left out.
    """
    root = Path(directory)
    if not root.is_dir():
        raise ImportUsageError(f"There is no directory “{directory}”.")
    tree = Tree(root.resolve())
    skipped: set[str] = set()
    if layout is not None:
        _find_languages(tree, layout, languages=languages, source=source, skipped=skipped, report=report)
    for location in _walk(tree.root, tree.source_prefix, skipped | set(tree.prefixes.values()), report):
        tree.documents[_relative(location, tree.source_prefix)] = location
    for code, prefix in tree.prefixes.items():
        files = {_relative(location, prefix): location for location in _walk(tree.root, prefix, set(), report)}
        tree.translations[code] = {path: location for path, location in files.items() if path in tree.documents}
        for path, location in files.items():
            if path not in tree.documents:
                report.add("warnings", location, "There is no source document for this translation.", locale=code)
    return tree


def _find_languages(
    tree: Tree, layout: str, *, languages: list[str], source: str, skipped: set[str], report: ImportReport
) -> None:
    pattern = layout.strip().strip("/").removeprefix("./")
    if pattern.count(PLACEHOLDER) != 1 or ".." in PurePosixPath(pattern).parts:
        raise ImportUsageError(f"“{layout}” is no layout: write for example translations/{{locale}}.")
    before, after = pattern.split(PLACEHOLDER)
    folder, name_before = before.rpartition("/")[0], before.rpartition("/")[2]
    name_after, _slash, rest = after.partition("/")
    parent = tree.root / folder
    if folder:
        # Nothing below the folder of the languages is a source document.
        skipped.add(folder)
    if not parent.is_dir():
        report.add("warnings", folder, "The folder of the translations is not there.")
        return
    for entry in sorted(parent.iterdir()):
        name = entry.name
        fits = name.startswith(name_before) and name.endswith(name_after) and len(name) > len(name_before + name_after)
        if not entry.is_dir() or not fits:
            continue
        spelled = name[len(name_before) : len(name) - len(name_after)]
        prefix = "/".join(part for part in (folder, name, rest) if part)
        code = language_code(spelled, [source, *languages])
        if code == source and (tree.root / prefix).is_dir():
            tree.source_prefix = prefix
        elif code is None:
            if folder:
                report.add("warnings", prefix, f"The site has no language “{spelled}”: its files are left out.")
        elif code in tree.prefixes:
            report.add("warnings", prefix, f"The language {code} has a folder already: {tree.prefixes[code]}.")
        elif (tree.root / prefix).is_dir():
            tree.prefixes[code] = prefix
    if tree.source_prefix:
        skipped.discard(folder)


def language_code(spelled: str, languages: list[str]) -> str | None:
    """Return the site's language that a folder's name means (`hi`, `hi-IN`, `hi_IN`), None for none of them."""
    wanted = spelled.replace("_", "-").lower()
    by_name = {code.lower(): code for code in languages}
    return by_name.get(wanted) or by_name.get(wanted.split("-")[0])


def _relative(location: str, prefix: str) -> str:
    return location[len(prefix) + 1 :] if prefix else location


def _walk(root: Path, prefix: str, skipped: set[str], report: ImportReport):
    """Yield the locations of documents below a folder, in natural order, without following links to folders."""
    start = root / prefix if prefix else root
    for folder, names, files in os.walk(start, followlinks=False):
        here = Path(folder).relative_to(root).as_posix()
        here = "" if here == "." else here
        kept = []
        for name in sorted(names, key=natural):
            location = f"{here}/{name}" if here else name
            if name.startswith(".") or name in SKIPPED_FOLDERS or location in skipped:
                continue
            if Path(folder, name).is_symlink():
                report.add("bad_files", location, _what_link(root, location))
                continue
            kept.append(name)
        names[:] = kept
        for name in sorted(files, key=natural):
            if name.startswith(".") or not name.lower().endswith(DOCUMENT_SUFFIXES):
                continue
            location = f"{here}/{name}" if here else name
            if Path(folder, name).is_symlink():
                try:
                    inside(root, location)
                except BadFileError as error:
                    report.add("bad_files", location, error.message)
                    continue
            yield location


def _what_link(root: Path, location: str) -> str:
    try:
        inside(root, location)
    except BadFileError as error:
        return error.message
    return "Symbolic links to folders are not followed."


def natural(name: str) -> list[tuple[int, int | str]]:
    """Sort key that puts 2 before 10."""
    parts = re.split(r"(\d+)", name.lower())
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts]


def folder_of(path: str) -> str:
    """Return the folder of a path, "" for the top."""
    return path.rpartition("/")[0]


def is_folder_document(path: str) -> bool:
    return PurePosixPath(path).stem.lower() in FOLDER_DOCUMENTS


def number_of(name: str) -> int | None:
    """Return the number that a file's or folder's name begins with (`02-install`, `chapter-3`)."""
    match = NUMBERED.match(name)
    return int(match[1]) if match else None


def title_of(name: str) -> str:
    """Return a name as a title: without a number in front, with spaces, the first letter large."""
    words = re.sub(r"^\d{1,4}[-_. ]+(?=\S)", "", name)
    words = re.sub(r"[-_\s]+", " ", words).strip() or name
    return words[:1].upper() + words[1:]


def slug_of(name: str) -> str:
    """Return the slug for a file's or folder's name, "" when nothing of it can stand in an address."""
    return slugify(name.replace(".", "-").replace("_", "-"), allow_unicode=True)[:200].strip("-")
