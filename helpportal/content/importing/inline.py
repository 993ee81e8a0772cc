"""Sentences: from HTML elements to Wagtail's rich text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Protocol

from bs4 import NavigableString, PageElement, Tag
from wagtail.admin.rich_text.converters.db_html import DbHTMLConverter

from .parsing import ParsedDocument
from .report import Findings

# What Wagtail's editor writes for each, so that saving a page there changes nothing.
MARKS = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "dfn": "i",
    "code": "code", "kbd": "code", "samp": "code", "tt": "code", "var": "code",
    "del": "s", "s": "s", "strike": "s", "sup": "sup", "sub": "sub",
}  # fmt: skip
# Elements that say nothing a reader would miss; their content is kept.
SILENT = frozenset(["tbody", "thead", "tfoot", "source", "colgroup", "col", "p", "li", "input", "wbr"])
# Elements that go with their content.
REMOVED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "form",
        "button",
        "select",
        "option",
        "optgroup",
        "textarea",
        "template",
        "noscript",
        "noframes",
        "noembed",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "track",
        "link",
        "meta",
        "title",
        "head",
        "frame",
        "frameset",
        "param",
        "applet",
        "base",
        "map",
        "area",
        "xmp",
        "plaintext",
        "dialog",
    ]
)
SPACES = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True)
class Link:
    """Where a link leads, as the attributes of Wagtail's `<a>`."""

    attributes: dict[str, str]


@dataclass(frozen=True)
class Picture:
    """An image found in the text. `pk` is 0 in a dry run."""

    pk: int
    alt: str
    caption: str
    line: int | None


class Resolver(Protocol):
    """Finds what a document's links and images lead to, and notes what leads nowhere."""

    def link(self, href: str, line: int | None) -> Link | None: ...

    def image(self, src: str, alt: str, caption: str, line: int | None) -> Picture | Link | None: ...


@dataclass
class Inline:
    """A run of text: its rich text and the images that stood in it."""

    html: str = ""
    pictures: list[Picture] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not re.sub(r"<br/>|&nbsp;|\s", "", self.html)


class InlineReader:
    """Turns inline elements of one document into rich text."""

    def __init__(self, document: ParsedDocument, resolver: Resolver, findings: Findings) -> None:
        self.document = document
        self.resolver = resolver
        self.findings = findings

    def read(self, nodes: list[PageElement]) -> Inline:
        """Read a run of nodes as one paragraph's content."""
        run = Inline()
        html = "".join(self._node(node, run, in_link=False) for node in nodes)
        html = re.sub(r"([☐☑]) +", r"\1 ", re.sub(r" *<br/> *", "<br/>", html))
        run.html = re.sub(r"^(?:<br/>|\s)+|(?:<br/>|\s)+$", "", html)
        return run

    def plain(self, element: Tag, where: str) -> str:
        """Return an element's text for a place that takes no markup, and note links and images lost there."""
        for lost in element.find_all(["a", "img"]):
            if lost.name == "a" and not lost.get("href"):
                continue
            self.drop(lost, f"in {where} only text is possible")
        parts = [
            node.get("alt", "") if isinstance(node, Tag) else str(node)
            for node in element.descendants
            if isinstance(node, NavigableString) or (isinstance(node, Tag) and node.name == "img")
        ]
        return SPACES.sub(" ", "".join(str(part) for part in parts)).strip()

    def drop(self, element: Tag, reason: str, markup: str = "") -> None:
        """Note markup that was not taken over."""
        shown = markup or f"<{element.name}>"
        self.findings.add("dropped_markup", f"{shown}: {reason}", self.document.line(element), markup=shown)

    def check_attributes(self, element: Tag) -> None:
        """Note attributes that could run code; none is ever taken over."""
        for name, value in element.attrs.items():
            if name.lower().startswith("on"):
                self.drop(element, "event handlers are not taken over", f"<{element.name} {name}>")
            elif name.lower() == "style" and "url(" in str(value).lower():
                self.drop(element, "styles are not taken over", f"<{element.name} style>")

    def _node(self, node: PageElement, run: Inline, in_link: bool) -> str:  # noqa: PLR0911 - one for each element
        if isinstance(node, NavigableString):
            return escape(SPACES.sub(" ", str(node)), quote=False)
        if not isinstance(node, Tag):
            return ""
        name = node.name
        self.check_attributes(node)
        if name in REMOVED:
            self.drop(node, "the element and its content are not taken over")
            return ""
        if name == "br":
            return "<br/>"
        if name == "img":
            return self._image(node, run, in_link)
        if name == "input":
            if node.get("type") != "checkbox":
                self.drop(node, "form fields are not taken over")
                return ""
            return "☑ " if node.has_attr("checked") else "☐ "
        if name == "a":
            return self._link(node, run, in_link)
        if name in ("code", "kbd", "samp", "tt", "var") and not node.find(["a", "img"]):
            text = escape(SPACES.sub(" ", node.get_text()), quote=False)
            return f"<code>{text}</code>" if text.strip() else text
        content = "".join(self._node(child, run, in_link) for child in node.children)
        if mark := MARKS.get(name):
            return f"<{mark}>{content}</{mark}>" if content.strip() else content
        if name not in SILENT:
            self.drop(node, "the text is kept, the element is not")
        if name == "q":
            return f"“{content}”"
        return content

    def _link(self, node: Tag, run: Inline, in_link: bool) -> str:
        content = "".join(self._node(child, run, True) for child in node.children)
        href = node.get("href")
        if not isinstance(href, str) or in_link:
            return content
        if not content.strip():
            picture = run.pictures[-1] if run.pictures and node.find("img") else None
            if picture is None:
                return content
            # A picture takes no link: the link stands in the text, named as the picture is.
            content = escape(picture.alt or href, quote=False)
        link = self.resolver.link(href, self.document.line(node))
        if link is None:
            return content
        return _opening(link) + content + "</a>"

    def _image(self, node: Tag, run: Inline, in_link: bool) -> str:
        src = node.get("src")
        if not isinstance(src, str) or not src.strip():
            self.drop(node, "the image has no address")
            return ""
        alt = SPACES.sub(" ", str(node.get("alt") or "")).strip()
        caption = SPACES.sub(" ", str(node.get("title") or "")).strip()
        found = self.resolver.image(src.strip(), alt, caption, self.document.line(node))
        if isinstance(found, Picture):
            run.pictures.append(found)
            return ""
        if isinstance(found, Link) and not in_link:
            return f"{_opening(found)}{escape(alt or src, quote=False)}</a>"
        return escape(alt, quote=False)


def _opening(link: Link) -> str:
    return "<a " + " ".join(f'{name}="{escape(value)}"' for name, value in link.attributes.items()) + ">"


@lru_cache(maxsize=8)
def _converter(features: tuple[str, ...]) -> DbHTMLConverter:
    return DbHTMLConverter(features=list(features))


def sanitise(html: str, features: list[str], findings: Findings, line: int | None) -> str:
    """Pass rich text through Wagtail's own converter for these features, and note what it takes out."""
    cleaned, removals = _converter(tuple(features)).clean(html)
    for removal in removals:
        findings.add(
            "dropped_markup", f"<{removal.tag}>: {removal.reason.replace('_', ' ')}", line, markup=f"<{removal.tag}>"
        )
    return cleaned
