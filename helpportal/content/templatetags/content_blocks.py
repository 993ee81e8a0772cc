"""What the templates of the blocks need beyond Django's and Wagtail's tags."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

register = template.Library()

# Some of Pygments' lexers need seconds for a page of odd input: longer code than this is shown in one colour.
MAXIMUM_HIGHLIGHTED = 20_000  # characters


@lru_cache(maxsize=128)
def lexer_for(language: str) -> Lexer | None:
    """Return the lexer of a language by any name it goes by, or None where there is none."""
    try:
        return get_lexer_by_name(language.strip().lower(), stripnl=False)
    except ClassNotFound:
        return None


@register.filter
def highlighted(code: str, language: str | None) -> SafeString:
    """Return code as safe HTML whose words carry Pygments' classes; static/css/code.css gives them colours."""
    lexer = lexer_for(language) if language else None
    if lexer is None or len(code) > MAXIMUM_HIGHLIGHTED:
        return conditional_escape(code)
    return mark_safe(highlight(code, lexer, HtmlFormatter(nowrap=True)).removesuffix("\n"))  # noqa: S308


@register.filter
def code_language(language: str | None) -> str:
    """Return the name of a programming language as people write it: "JSON" for "json"; others as they stand."""
    lexer = lexer_for(language) if language else None
    return lexer.name if lexer else (language or "")
