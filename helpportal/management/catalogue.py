"""The interface's messages: found in the source, merged into locale/*.po, checked there.

It reads Python through `ast` and templates through Django's own `templatize`, so that neither the merge nor the
check needs gettext's programs.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

SOURCE_FOLDERS = ("helpportal", "home", "site", "templates")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
# What each function's arguments are: c context, s singular or only text, p plural.
FUNCTIONS = {
    "_": "s",
    "gettext": "s",
    "gettext_lazy": "s",
    "gettext_noop": "s",
    "ngettext": "sp",
    "ngettext_lazy": "sp",
    "pgettext": "cs",
    "pgettext_lazy": "cs",
    "npgettext": "csp",
    "npgettext_lazy": "csp",
}
# Django's own for these languages, so that its messages and ours share one rule; it has no Gujarati, which follows
# Unicode's rule.
PLURAL_FORMS = {
    "hi": "nplurals=2; plural=(n != 1);",
    "te": "nplurals=2; plural=(n != 1);",
    "ta": "nplurals=2; plural=(n != 1);",
    "kn": "nplurals=2; plural=(n > 1);",
    "mr": "nplurals=2; plural=(n != 1);",
    "gu": "nplurals=2; plural=(n > 1);",
    "bn": "nplurals=2; plural=(n != 1);",
}
TEMPLATE_CALL = re.compile(r"(?:^|\s)((?:_|gettext|ngettext|pgettext|npgettext)\()")
NOTE = "Translators:"

Key = tuple[str | None, str]  # context and text, as gettext tells messages apart


class SourceError(Exception):
    """A source file whose messages cannot be read; the message names file and line."""


@dataclass
class Message:
    """One text of the interface in the source language."""

    context: str | None
    text: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return self.context, self.text


def extract(root: Path, folders: Iterable[str] = SOURCE_FOLDERS) -> dict[Key, Message]:
    """Return every message of the Python files and templates below `root`. Raises SourceError."""
    found: dict[Key, Message] = {}
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                messages = _in_python(path.read_text(), path)
            elif path.suffix in TEMPLATE_SUFFIXES:
                messages = _in_template(path.read_text(), path)
            else:
                continue
            for message in messages:
                known = found.setdefault(message.key, message)
                if message.plural and known.plural and message.plural != known.plural:
                    raise SourceError(f"{path}: “{message.text}” has another plural in {', '.join(known.files)}")
                known.plural = known.plural or message.plural
                known.files.add(str(path.relative_to(root)))
                known.notes |= message.notes
    return found


def _in_python(source: str, path: Path) -> Iterator[Message]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise SourceError(f"{path}:{error.lineno}: {error.msg}") from error
    notes = _notes(source)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in FUNCTIONS:
            continue
        texts = []
        for argument in node.args[: len(FUNCTIONS[name])]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                texts.append(argument.value)
            elif isinstance(argument, ast.JoinedStr):
                raise SourceError(f"{path}:{argument.lineno}: an f-string cannot be translated")
        if len(texts) == len(FUNCTIONS[name]):
            parts = dict(zip(FUNCTIONS[name], texts, strict=True))
            note = notes.get(node.lineno - 1) or notes.get(node.lineno)
            yield Message(parts.get("c"), parts["s"], parts.get("p"), notes={note} if note else set())


def _notes(source: str) -> dict[int, str]:
    """Return the translators' comments of a Python file by their line."""
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT and token.string.lstrip("# ").startswith(NOTE)
    }


def _in_template(source: str, path: Path) -> Iterator[Message]:
    """Yield a template's messages: `templatize` leaves them as Python calls, one a tag, in a sea of X."""
    try:
        calls = templatize(source, origin=str(path))
    except SyntaxError as error:
        raise SourceError(f"{path}: {error}") from error
    for line, text in enumerate(calls.splitlines(), start=1):
        for call in TEMPLATE_CALL.finditer(text):
            end = _end_of_call(text, call.start(1))
            if end is None:
                raise SourceError(f"{path}:{line}: this translation tag cannot be read")
            yield from _in_python(text[call.start(1) : end], path)


def _end_of_call(text: str, start: int) -> int | None:
    """Return where a call ends: the first closing bracket up to which the text is a Python expression."""
    end = text.find(")", start)
    while end >= 0:
        try:
            ast.parse(text[start : end + 1], mode="eval")
        except SyntaxError:
            end = text.find(")", end + 1)
        else:
            return end + 1
    return None


def load(path: Path) -> polib.POFile:
    """Read a PO file. Raises SourceError naming file and line."""
    try:
        return polib.pofile(str(path), wrapwidth=0, check_for_duplicates=True)
    except (OSError, ValueError) as error:
        raise SourceError(f"{path}: {error}") from error


def merge(messages: dict[Key, Message], language: str, old: polib.POFile | None = None) -> polib.POFile:
    """Return a language's PO file for the messages of the source: translations kept, what is not used dropped.

    It has no dates and no line numbers, so that it changes only when a message does.
    """
    po = polib.POFile(wrapwidth=0)
    po.metadata = {
        "Project-Id-Version": "Help Portal",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS[language],
    }
    known = {(entry.msgctxt, entry.msgid): entry for entry in old or () if not entry.obsolete}
    for key in sorted(messages, key=lambda key: (key[1], key[0] or "")):
        po.append(_entry(messages[key], known.get(key), language))
    return po


def _entry(message: Message, before: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=message.context,
        msgid=message.text,
        occurrences=[(file, "") for file in sorted(message.files)],
        comment="\n".join(sorted(message.notes)),
        tcomment=before.tcomment if before else "",
        flags=[flag for flag in (before.flags if before else ()) if flag == "fuzzy"],
    )
    if "%(" in message.text:
        entry.flags.append("python-format")
    if message.plural is None:
        entry.msgstr = before.msgstr if before and not before.msgid_plural else ""
        return entry
    entry.msgid_plural = message.plural
    forms = before.msgstr_plural if before and before.msgid_plural == message.plural else {}
    entry.msgstr_plural = {form: forms.get(form, "") for form in range(plural_count(PLURAL_FORMS[language]))}
    return entry


def plural_count(rule: str) -> int:
    """Return how many forms a Plural-Forms header asks for."""
    return int(rule.partition("nplurals=")[2].partition(";")[0])
