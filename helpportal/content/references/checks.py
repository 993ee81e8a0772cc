"""Checks of what an article says: they advise the author and never stop anything.

Each check is a plain function from an article to its findings. Which block a finding is about is told by the block's
id, so that the editor can lead there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import ArticlePage
from .article_templates import instructions
from .extraction import links_in_text
from .streams import stored, texts

LONGEST_SENTENCE = 30  # words
QUOTED = 60  # characters of a text that a finding repeats
# Words that say nothing of where a link leads, in English and in the article's language.
VAGUE = {
    "en": {"click here", "here", "this", "link", "this link", "this page", "read more", "more", "learn more"},
    "hi": {"यहाँ क्लिक करें", "यहां क्लिक करें", "यहाँ", "यहां", "लिंक", "और पढ़ें"},
    "te": {"ఇక్కడ క్లిక్ చేయండి", "ఇక్కడ", "లింక్", "మరింత చదవండి"},
    "ta": {"இங்கே கிளிக் செய்யவும்", "இங்கே", "இணைப்பு", "மேலும் படிக்க"},
    "kn": {"ಇಲ್ಲಿ ಕ್ಲಿಕ್ ಮಾಡಿ", "ಇಲ್ಲಿ", "ಲಿಂಕ್", "ಇನ್ನಷ್ಟು ಓದಿ"},
    "mr": {"येथे क्लिक करा", "इथे क्लिक करा", "येथे", "इथे", "लिंक", "अधिक वाचा"},
    "gu": {"અહીં ક્લિક કરો", "અહીં", "લિંક", "વધુ વાંચો"},
    "bn": {"এখানে ক্লিক করুন", "এখানে", "লিংক", "আরও পড়ুন"},
}
BARE_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+\.(?:com|org|net|in|io)(?:/\S*)?", re.IGNORECASE)
END_OF_PARAGRAPH = re.compile(r"</(?:p|li|blockquote|h\d)>|<br\s*/?>", re.IGNORECASE)
END_OF_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]”’]*\s+")
PROSE = {"text", "steps", "callout", "questions"}
OUTCOMES = {"text", "callout", "figure", "code", "table", "fragment"}


@dataclass(frozen=True)
class Finding:
    """One thing that could be better. `place` is the id of the block or field in the editor, empty for neither."""

    message: str
    advice: str
    place: str = ""


Check = Callable[[ArticlePage], Iterator[Finding]]


def findings(page: ArticlePage) -> list[Finding]:
    """Return what could be better in an article, as it stands in the given object: a draft, say."""
    return [finding for check in CHECKS for finding in check(page)]


def summary_is_there(page: ArticlePage) -> Iterator[Finding]:
    if not page.summary.strip():
        yield Finding(
            _("The summary is missing"), _("Lists and search results show it. One or two sentences."), "id_summary"
        )


def keywords_are_there(page: ArticlePage) -> Iterator[Finding]:
    if not page.search_keywords.strip():
        yield Finding(
            _("Search keywords are missing"),
            _("Add other words that readers use for this, on the tab “Promote”."),
            "tab-promote",
        )


def images_have_alt_text(page: ArticlePage) -> Iterator[Finding]:
    for block in stored(page.body):
        for image in _images(block["value"]):
            if not image.get("decorative") and not (image.get("alt_text") or "").strip():
                yield Finding(
                    _("An image has no alt text"),
                    _("Describe what it shows, or mark it as decorative."),
                    _place(block),
                )


def headings_step_down_one_by_one(page: ArticlePage) -> Iterator[Finding]:
    above = 1
    for block in stored(page.body):
        if block["type"] != "heading":
            continue
        level = int(block["value"].get("level") or 2)
        if level > above + 1:
            yield Finding(
                _("A heading skips a level: “%(text)s”") % {"text": _quote(block["value"].get("text") or "")},
                _("A subsection stands inside a section, a detail inside a subsection."),
                _place(block),
            )
        above = level


def links_say_where_they_lead(page: ArticlePage) -> Iterator[Finding]:
    vague = VAGUE["en"] | VAGUE.get(page.locale.language_code, set())
    for block in stored(page.body):
        for link in (link for text in texts(block["value"]) for link in links_in_text(text)):
            words = link.text.strip(" .:>»→").casefold()
            if not words or words in vague:
                yield Finding(
                    _("A link does not say where it leads: “%(text)s”") % {"text": _quote(link.text)},
                    _("Use the name of what opens: screen readers read links without the text around them."),
                    _place(block),
                )
            elif BARE_ADDRESS.fullmatch(link.text):
                yield Finding(
                    _("A link shows its bare address: “%(text)s”") % {"text": _quote(link.text)},
                    _("Write what opens, in words."),
                    _place(block),
                )


def sentences_are_short(page: ArticlePage) -> Iterator[Finding]:
    # Words are counted in English only: other languages join and part them differently.
    if page.locale.language_code != settings.SOURCE_LOCALE:
        return
    for block in stored(page.body):
        if block["type"] not in PROSE:
            continue
        for sentence in _sentences(block):
            count = len(sentence.split())
            if count > LONGEST_SENTENCE:
                yield Finding(
                    ngettext(
                        "A sentence has %(count)d word: “%(text)s”",
                        "A sentence has %(count)d words: “%(text)s”",
                        count,
                    )
                    % {"count": count, "text": _quote(sentence)},
                    _("Split it: readers take in up to %(limit)d words at once.") % {"limit": LONGEST_SENTENCE},
                    _place(block),
                )


def steps_end_with_an_outcome(page: ArticlePage) -> Iterator[Finding]:
    blocks = stored(page.body)
    for block, after in zip_longest(blocks, blocks[1:]):
        if block["type"] != "steps":
            continue
        items = block["value"].get("items") or []
        last = items[-1].get("value", items[-1]) if items else {}
        if not last.get("details") and (after is None or after["type"] not in OUTCOMES):
            yield Finding(
                _("Steps end without an outcome"),
                _("Write after the last step what readers see when it has worked."),
                _place(block),
            )


def instructions_of_templates_are_gone(page: ArticlePage) -> Iterator[Finding]:
    wanted = instructions(page.locale.language_code)
    for block in stored(page.body):
        for text in texts(block["value"]):
            plain = unescape(strip_tags(text)).strip()
            if plain in wanted or plain in {unescape(one) for one in wanted}:
                yield Finding(
                    _("An instruction of the template is still there: “%(text)s”") % {"text": _quote(plain)},
                    _("Write your own text in its place, or delete it."),
                    _place(block),
                )


CHECKS: tuple[Check, ...] = (
    summary_is_there,
    keywords_are_there,
    instructions_of_templates_are_gone,
    headings_step_down_one_by_one,
    images_have_alt_text,
    links_say_where_they_lead,
    steps_end_with_an_outcome,
    sentences_are_short,
)


def _place(block: dict[str, Any]) -> str:
    return f"block-{block['id']}-section" if block.get("id") else ""


def _quote(text: str) -> str:
    return text if len(text) <= QUOTED else f"{text[:QUOTED].rstrip()}…"


def _images(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("image"), int) and "decorative" in value:
            yield value
        for inner in value.values():
            yield from _images(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _images(inner)


def _sentences(block: dict[str, Any]) -> Iterator[str]:
    for text in _prose(block):
        for paragraph in END_OF_PARAGRAPH.sub("\n", text).splitlines():
            plain = unescape(strip_tags(paragraph)).strip()
            yield from END_OF_SENTENCE.split(plain)


def _prose(block: dict[str, Any]) -> Iterator[str]:
    if block["type"] == "steps":
        for item in block["value"].get("items") or []:
            step = item.get("value", item)
            yield step.get("text") or ""
            for detail in step.get("details") or []:
                if detail["type"] in PROSE:
                    yield from _prose(detail)
    elif block["type"] in PROSE:
        yield from texts(block["value"])
