"""What the templates of the blocks need beyond Django's and Wagtail's tags."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound
from wagtail.rich_text import RichText, expand_db_html

from ..gaps import File, Picture, being_collected
from ..models import PortalDocument
from ..pictures import img_tag

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


@register.filter
def expanded(value: RichText | None) -> SafeString:
    """Return rich text as HTML, as `{{ value }}` does, without a template of its own for each of a page's cells."""
    return mark_safe(expand_db_html(value.source) if value else "")  # noqa: S308 - stored as clean


class PictureNode(template.Node):
    """`{% picture image sizes %}…{{ picture }}…{% endpicture %}`."""

    def __init__(self, image, sizes, nodelist):
        self.image = image
        self.sizes = sizes
        self.nodelist = nodelist

    def render(self, context) -> str:
        image, sizes = self.image.resolve(context), self.sizes.resolve(context)
        if not image:
            return ""
        is_decorative, alt_text = bool(image.decorative), image.contextual_alt_text or ""
        gaps = being_collected()
        if gaps is None:
            with context.push(picture=img_tag(image, sizes, alt_text, is_decorative=is_decorative)):
                return self.nodelist.render(context)
        with context.push(picture=gaps.middle):
            before, _middle, after = self.nodelist.render(context).partition(gaps.middle)
        return gaps.leave(Picture(image.pk, alt_text, is_decorative, sizes, before, after))


@register.tag
def picture(parser, token) -> PictureNode:
    """Show an image of a block: what stands inside the tag is left out where there is none."""
    _name, image, sizes = token.split_contents()
    nodelist = parser.parse(("endpicture",))
    parser.delete_first_token()
    return PictureNode(parser.compile_filter(image), parser.compile_filter(sizes), nodelist)


@register.simple_tag
def file(document: PortalDocument | None, title: str | None) -> SafeString:
    """Show a document of a block, to be downloaded."""
    if document is None:
        return mark_safe("")
    if gaps := being_collected():
        return gaps.leave(File(document.pk, title or ""))
    return render_to_string("content/file.html", {"document": document, "title": title})
