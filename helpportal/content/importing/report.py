"""What an import did, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# In the order in which they are printed.
KEYS = (
    "created",
    "updated",
    "unchanged",
    "archived",
    "conflicts",
    "dropped_markup",
    "unresolved_links",
    "misaligned",
    "warnings",
    "bad_files",
)
HEADINGS = {
    "created": "Created",
    "updated": "Updated",
    "unchanged": "Unchanged",
    "archived": "Archived (unpublished, because the file is gone)",
    "conflicts": "Conflicts (edited here since the last import; not overwritten)",
    "dropped_markup": "Dropped markup",
    "unresolved_links": "Unresolved links",
    "misaligned": "Translations that do not line up with their source",
    "warnings": "Warnings",
    "bad_files": "Bad files",
}
# What is remembered with a document, so that a later run which finds it unchanged still reports it.
FINDINGS = ("dropped_markup", "unresolved_links", "misaligned", "warnings")
QUIET = ("unchanged",)

Entry = dict[str, Any]


class ImportReport:
    """Collects entries under the report's keys."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Entry]] = {key: [] for key in KEYS}
        self.comments = 0

    def add(
        self, key: str, path: str, message: str = "", *, locale: str = "", line: int | None = None, **more: Any
    ) -> None:
        """Add an entry. `path` is the file's path inside the tree; `line` counts from 1."""
        entry: Entry = {"path": path, "locale": locale, "line": line, "message": message, **more}
        self.entries[key].append(entry)

    def extend(self, findings: dict[str, Iterable[Entry]]) -> None:
        """Add the entries that a document's findings hold."""
        for key, entries in findings.items():
            if key in self.entries:
                self.entries[key].extend(entries)

    @property
    def totals(self) -> dict[str, int]:
        return {**{key: len(entries) for key, entries in self.entries.items()}, "comments": self.comments}

    @property
    def has_bad_files(self) -> bool:
        return bool(self.entries["bad_files"])

    def as_dict(self) -> dict[str, Any]:
        return {**self.entries, "totals": self.totals}

    def write_json(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def as_text(self, *, limit: int = 40) -> str:
        """Return the report for a terminal; at most `limit` entries of each kind, the totals always."""
        lines: list[str] = []
        for key in KEYS:
            entries = self.entries[key]
            if not entries or key in QUIET:
                continue
            lines.append(f"{HEADINGS[key]}: {len(entries)}")
            lines.extend(f"  {_line(entry)}" for entry in entries[:limit])
            if len(entries) > limit:
                lines.append(f"  … and {len(entries) - limit} more (--report FILE has them all)")
        totals = self.totals
        lines.append(", ".join(f"{totals[key]} {key.replace('_', ' ')}" for key in KEYS))
        if not any(totals[key] for key in ("created", "updated", "archived", "conflicts", "bad_files")):
            lines.append("0 changes: every page is as its file says.")
        return "\n".join(lines)


def _line(entry: Entry) -> str:
    place = entry["path"]
    if entry["locale"]:
        place += f" [{entry['locale']}]"
    if entry["line"]:
        place += f":{entry['line']}"
    return f"{place}: {entry['message']}" if entry["message"] else place


class Findings:
    """What was noticed while one document was read, with its path and language filled in."""

    def __init__(self, path: str, locale: str) -> None:
        self.path = path
        self.locale = locale
        self.entries: dict[str, list[Entry]] = {}
        self.bad: list[Entry] = []
        self.comments = 0

    def add(self, key: str, message: str, line: int | None = None, **more: Any) -> None:
        entry: Entry = {"path": self.path, "locale": self.locale, "line": line, "message": message, **more}
        if key == "bad_files":
            self.bad.append(entry)
        else:
            self.entries.setdefault(key, []).append(entry)
