"""The head of a document: its front matter, checked."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.text import slugify

from helpportal.content.enums import CategoryIcon, Difficulty, Severity

from .errors import BadFileError

MAX_FRONT_MATTER = 64 * 1024  # characters
CATEGORY, ARTICLE = "category", "article"

# The same loader twice: libyaml's is ten times as fast, where PyYAML was built with it.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

OPENING = re.compile(r"\A---[ \t]*\n")
CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass
class Meta:
    """What a document says about itself. Empty means: not said."""

    id: str = ""
    title: str = ""
    slug: str = ""
    summary: str = ""
    order: int | None = None
    tags: list[str] = field(default_factory=list)
    audience: list[str] | None = None
    product_versions: list[str] = field(default_factory=list)
    difficulty: str = ""
    review_by: datetime.date | None = None
    keywords: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    type: str = ""
    icon: str = ""
    publish: bool | None = None
    archived: bool | None = None
    successor: str = ""
    severity: str = ""
    change_note: str = ""
    unknown: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Head:
    """A document cut in two. `first_line` is the line of the file that `body` begins with, counted from 1."""

    meta: Meta
    body: str
    first_line: int


def read_head(text: str) -> Head:
    """Cut off and check a document's front matter.

    Raises BadFileError, with the line, for YAML that cannot be read and for values that do not fit their key.
    """
    opening = OPENING.match(text)
    closing = CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return Head(Meta(), text, 1)
    block = text[opening.end() : closing.start()]
    if len(block) > MAX_FRONT_MATTER:
        raise BadFileError("The front matter is larger than 64 kB.", 1)
    try:
        data = yaml.load(block, Loader=LOADER)  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "cannot be read"
        raise BadFileError(f"The front matter is not valid YAML: {problem}.", mark.line + 2 if mark else 1) from error
    except (ValueError, RecursionError) as error:
        raise BadFileError(f"The front matter is not valid YAML: {error}.", 1) from error
    if data is not None and not isinstance(data, dict):
        # Text between two rules, not front matter.
        return Head(Meta(), text, 1)
    body = text[closing.end() :]
    first_line = text[: closing.end()].count("\n") + 1
    return Head(_checked(data or {}, block), body, first_line)


def _checked(data: dict[Any, Any], block: str) -> Meta:
    meta = Meta()
    for key, value in data.items():
        line = _line_of(key, block)
        read = READERS.get(key) if isinstance(key, str) else None
        if read is None:
            meta.unknown.append((str(key), line))
        elif value is not None:
            try:
                setattr(meta, key, read(value))
            except ValueError as error:
                raise BadFileError(f"“{key}”: {error}", line) from error
    return meta


def _line_of(key: Any, block: str) -> int:
    found = re.search(rf"^[\"']?{re.escape(str(key))}[\"']?[ \t]*:", block, re.MULTILINE)
    return block[: found.start()].count("\n") + 2 if found else 1


def _text(maximum: int):
    def read(value: Any) -> str:
        if isinstance(value, (dict, list)):
            raise ValueError("give one text, not a list.")
        text = re.sub(r"\s+", " ", str(value)).strip()
        if len(text) > maximum:
            raise ValueError(f"at most {maximum} characters are possible.")
        return text

    return read


def _texts(maximum: int):
    one = _text(maximum)

    def read(value: Any) -> list[str]:
        if isinstance(value, dict):
            raise ValueError("give a list.")
        values = value if isinstance(value, list) else str(value).split(",")
        return [text for text in (one(item) for item in values) if text]

    return read


def _slug(value: Any) -> str:
    slug = slugify(str(value), allow_unicode=True)
    if not slug or slug != str(value).strip():
        raise ValueError("use lower-case letters, digits and hyphens only.")
    if len(slug) > 200:
        raise ValueError("at most 200 characters are possible.")
    return slug


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,9}", str(value).strip()):
        raise ValueError("give a whole number.")
    return int(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("give true or false.")
    return value


def _date(value: Any) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError("give a day as YYYY-MM-DD.") from None


def _choice(choices):
    def read(value: Any) -> str:
        text = str(value).strip().lower()
        if text not in choices:
            raise ValueError(f"possible are {', '.join(choices)}.")
        return text

    return read


READERS = {
    "id": _text(200),
    "title": _text(255),
    "slug": _slug,
    "summary": _text(300),
    "order": _integer,
    "tags": _texts(50),
    "audience": _texts(100),
    "product_versions": _texts(40),
    "difficulty": _choice(Difficulty.values),
    "review_by": _date,
    "keywords": _texts(100),
    "related": _texts(500),
    "type": _choice([CATEGORY, ARTICLE]),
    "icon": _choice(CategoryIcon.values),
    "publish": _boolean,
    "archived": _boolean,
    "successor": _text(500),
    "severity": _choice(Severity.values),
    "change_note": _text(300),
}
KEYS = tuple(READERS)
