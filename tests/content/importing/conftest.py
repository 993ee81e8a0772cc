"""Trees of documents to import, and the command that imports them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from helpportal.content.models import ArticlePage
from tests.factories.articles import site_in


@dataclass
class Tree:
    """A directory that documents are written into."""

    root: Path

    def write(self, files: dict[str, str | bytes]) -> None:
        for path, content in files.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass
class Result:
    """What a run of the command printed, reported and returned."""

    report: dict[str, Any]
    status: int
    output: str

    @property
    def totals(self) -> dict[str, int]:
        return self.report["totals"]

    @property
    def changes(self) -> int:
        return sum(self.totals[key] for key in ("created", "updated", "archived", "conflicts", "bad_files"))

    def messages(self, key: str) -> list[tuple[str, int | None, str]]:
        return [(entry["path"], entry["line"], entry["message"]) for entry in self.report[key]]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "tree"
    root.mkdir()
    return Tree(root)


@pytest.fixture
def site(db):
    """The first site, in English and Hindi."""
    return site_in("hi")


@pytest.fixture
def sync(tree: Tree, site, tmp_path: Path):
    """Run `sync_documentation` on the tree, into the category `guide` unless told otherwise."""

    def run(*arguments: str, category: str | None = "guide", directory: Path | None = None) -> Result:
        report, output, status = tmp_path / "report.json", io.StringIO(), 0
        chosen = ["--category", category] if category else []
        try:
            call_command(
                "sync_documentation",
                "--dir",
                str(directory or tree.root),
                "--site",
                site.hostname,
                "--report",
                str(report),
                *chosen,
                *arguments,
                stdout=output,
            )
        except SystemExit as stop:
            status = int(stop.code or 0)
        return Result(json.loads(report.read_text()), status, output.getvalue())

    return run


@pytest.fixture
def article():
    """Fetch an article by its slug and language, as it is in the database now."""

    def fetch(slug: str, language: str = "en") -> ArticlePage:
        return ArticlePage.objects.get(slug=slug, locale__language_code=language)

    return fetch
