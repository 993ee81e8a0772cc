"""What can be wrong with a language's translation of the interface."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import polib

from .catalogue import PLURAL_FORMS, Key, Message, plural_count

SCRIPTS = {
    "hi": ("Devanagari", "\u0900", "\u097f"),
    "mr": ("Devanagari", "\u0900", "\u097f"),
    "bn": ("Bengali", "\u0980", "\u09ff"),
    "gu": ("Gujarati", "\u0a80", "\u0aff"),
    "ta": ("Tamil", "\u0b80", "\u0bff"),
    "te": ("Telugu", "\u0c00", "\u0c7f"),
    "kn": ("Kannada", "\u0c80", "\u0cff"),
}
# The danda and double danda stand in Devanagari's block and belong to several scripts.
SHARED = {"\u0964", "\u0965"}
# Texts that may stay in Latin letters: names of products and formats.
SAME_EVERYWHERE = frozenset({"Help Portal", "JSON", "Markdown", "PDF", "PIN", "Vimeo", "YouTube", "YAML"})

PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[-#0 +]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z])|%%")
BRACES = re.compile(r"\{[\w.]*(?:![rsa])?(?::[^{}]*)?\}")
TAG = re.compile(r"</?([a-zA-Z][\w-]*)[^<>]*>")


def problems(messages: dict[Key, Message], po: polib.POFile, language: str) -> list[str]:
    """Return what is wrong with a language's PO file for the messages of the source, one sentence each."""
    found = list(_header(po, language))
    entries: dict[Key, polib.POEntry] = {}
    for entry in po:
        key = (entry.msgctxt, entry.msgid)
        if entry.obsolete or key not in messages:
            found.append(f"“{entry.msgid}” is not used any more")
        else:
            entries[key] = entry
    for key, message in messages.items():
        if key not in entries:
            found.append(f"“{message.text}” is missing ({', '.join(sorted(message.files))})")
        else:
            found.extend(f"“{message.text}” {problem}" for problem in _entry_problems(message, entries[key], language))
    return found


def _header(po: polib.POFile, language: str) -> Iterator[str]:
    if po.metadata.get("Language") != language:
        yield f"the header names the language {po.metadata.get('Language')!r}"
    if po.metadata.get("Plural-Forms") != PLURAL_FORMS[language]:
        yield f"the header's Plural-Forms is not {PLURAL_FORMS[language]!r}"
    if "utf-8" not in po.metadata.get("Content-Type", "").lower():
        yield "the header's Content-Type does not say UTF-8"


def _entry_problems(message: Message, entry: polib.POEntry, language: str) -> Iterator[str]:
    if entry.fuzzy:
        yield "is marked fuzzy"
    if message.plural is None:
        if entry.msgid_plural or entry.msgstr_plural:
            yield "has plural forms that the source has not"
        elif not entry.msgstr:
            yield "is not translated"
        else:
            yield from _text_problems([message.text], entry.msgstr, language)
        return
    forms = plural_count(PLURAL_FORMS[language])
    if entry.msgid_plural != message.plural:
        yield f"has the plural “{entry.msgid_plural}” where the source has “{message.plural}”"
    if sorted(entry.msgstr_plural) != list(range(forms)):
        yield f"has {len(entry.msgstr_plural)} plural forms; {language} has {forms}"
    for number, text in sorted(entry.msgstr_plural.items()):
        if not text:
            yield f"is not translated in plural form {number}"
        else:
            # "1 article" may be written without its number, where the source does that; the plural may not.
            yield from _text_problems([message.plural] if number else [message.text, message.plural], text, language)


def _text_problems(sources: list[str], text: str, language: str) -> Iterator[str]:
    if all(_placeholders(text) != _placeholders(source) for source in sources):
        yield f"has other placeholders in “{text}”"
    if all(_tags(text) != _tags(source) for source in sources):
        yield f"has other HTML tags in “{text}”"
    if all(_edges(text) != _edges(source) for source in sources):
        yield f"has other white space at its ends in “{text}”"
    yield from _script_problems(sources[0], text, language)


def _placeholders(text: str) -> Counter[str]:
    found = Counter(match[0] for match in PERCENT.finditer(text) if match[0] != "%%" and _is_placeholder(match, text))
    found.update(BRACES.findall(text))
    return found


def _is_placeholder(match: re.Match, text: str) -> bool:
    # "100 % of" is a percentage: a bare conversion follows its sign directly and is one of the usual kinds.
    return bool(match["name"]) or (match["kind"] in "sdfr" and " " not in match[0])


def _tags(text: str) -> Counter[str]:
    return Counter(re.match(r"</?[\w-]+", match[0])[0].lower() for match in TAG.finditer(text))


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _script_problems(source: str, text: str, language: str) -> Iterator[str]:
    name, first, last = SCRIPTS[language]
    words = TAG.sub("", BRACES.sub("", PERCENT.sub("", source)))
    if source not in SAME_EVERYWHERE and re.search(r"[A-Za-z]", words) and not any(first <= c <= last for c in text):
        yield f"has no {name} letter in “{text}”"
    for other, start, end in set(SCRIPTS.values()) - {SCRIPTS[language]}:
        if any(start <= c <= end and c not in SHARED for c in text):
            yield f"has {other} letters in “{text}”"
