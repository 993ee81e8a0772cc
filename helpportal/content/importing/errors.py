"""What can be wrong with an import."""

from __future__ import annotations


class ImportUsageError(Exception):
    """The import cannot start: wrong directory, site, language, category, user or layout."""


class BadFileError(Exception):
    """One file cannot be imported; the others can. `line` counts from 1, None where no line is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
