"""Reading files of a tree without ever leaving it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from .errors import BadFileError

MAX_DOCUMENT_BYTES = 5 * 1024 * 1024
MAX_ASSET_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Text:
    """A document's text with Unix line ends, and the SHA-256 of the file's bytes."""

    text: str
    digest: str


def inside(root: Path, location: str) -> Path:
    """Return the real path of `location` (relative to `root`).

    Raises BadFileError where that is outside the tree (`../`, a symbolic link), or where links go in a circle.
    """
    path = root / location
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        if path.is_symlink():
            raise BadFileError("This symbolic link goes in a circle or leads nowhere.") from error
        raise BadFileError("The file does not exist.") from error
    if not real.is_relative_to(root):
        raise BadFileError("This path leads out of the tree; only files inside it are imported.")
    return real


def read_bytes(root: Path, location: str, limit: int) -> bytes:
    """Return a file's bytes. Raises BadFileError for one that is too large, unreadable or outside the tree."""
    real = inside(root, location)
    if not real.is_file():
        raise BadFileError("This is not a regular file.")
    try:
        size = real.stat().st_size
        if size > limit:
            raise BadFileError(
                f"The file has {size / 1_048_576:.1f} MB; at most {limit / 1_048_576:.0f} MB are imported. Split it."
            )
        with real.open("rb") as handle:
            data = handle.read(limit + 1)
    except OSError as error:
        raise BadFileError(f"The file cannot be read: {error.strerror}.") from error
    if len(data) > limit:
        raise BadFileError(f"The file grew past {limit / 1_048_576:.0f} MB while it was read.")
    return data


def read_text(root: Path, location: str) -> Text:
    """Return a document's text. Raises BadFileError for anything that is not UTF-8 text with content."""
    data = read_bytes(root, location, MAX_DOCUMENT_BYTES)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise BadFileError("The file holds a NUL byte: it is not text.", line)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFileError("The file is not in UTF-8. Save it in that encoding.", line) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadFileError("The file is empty.")
    return Text(text, hashlib.sha256(data).hexdigest())
