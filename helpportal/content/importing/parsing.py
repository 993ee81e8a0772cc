"""From Markdown to one tree of HTML elements that still know their line in the file.

Everything Markdown can hold (raw HTML in its middle included) is read out of that one tree, so `<details>` around
Markdown or an `<img>` in a sentence need no rules of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from bs4 import BeautifulSoup, Comment, Tag
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.gfm import gfm_plugin

from .anchors import HEADING_NAMES, Anchors, read_anchors
from .errors import BadFileError
from .frontmatter import Meta, read_head

# Deeper documents are written to exhaust a parser, not to be read.
MAX_NESTING = 60

HTML_ELEMENTS = frozenset(
    [
        "a",
        "abbr",
        "address",
        "area",
        "article",
        "aside",
        "audio",
        "b",
        "base",
        "bdi",
        "bdo",
        "big",
        "blockquote",
        "body",
        "br",
        "button",
        "canvas",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "colgroup",
        "data",
        "datalist",
        "dd",
        "del",
        "details",
        "dfn",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "fieldset",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "frame",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hgroup",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "legend",
        "li",
        "link",
        "main",
        "map",
        "mark",
        "marquee",
        "math",
        "menu",
        "meta",
        "meter",
        "nav",
        "nobr",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "ol",
        "optgroup",
        "option",
        "output",
        "p",
        "param",
        "picture",
        "plaintext",
        "pre",
        "progress",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "script",
        "search",
        "section",
        "select",
        "slot",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
        "xmp",
    ]
)
# Their content is no markup: an opening tag without its end would swallow the rest of the document.
RAW_TEXT_ELEMENTS = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
LINE = "data-line"

TAG_NAME = re.compile(r"</?([a-zA-Z][\w:-]*)")
RAW_OPENING = re.compile(rf"<({'|'.join(RAW_TEXT_ELEMENTS)})\b", re.IGNORECASE)
# The decimal digits of Devanagari, Bengali, Gujarati, Tamil, Telugu and Kannada, before a list item.
NATIVE_DIGITS = "०-९০-৯૦-૯௦-௯౦-౯೦-೯"
NATIVE_NUMBER = re.compile(rf"^([ \t>]*)([{NATIVE_DIGITS}]{{1,9}})([.)][ \t])", re.MULTILINE)
FENCE_LINE = re.compile(r"^[ \t>]*(```+|~~~+)")
CONTAINER = re.compile(r"^\s*([A-Za-z]+)\s*(?:\[(?P<boxed>[^\]]*)\]|(?P<title>.*))$")
CALLOUTS = {
    "note": "note", "info": "note", "important": "note", "abstract": "note", "summary": "note", "quote": "note",
    "example": "note", "question": "note", "task": "note", "prompt": "note", "todo": "note", "seealso": "note",
    "tip": "tip", "hint": "tip", "success": "tip", "check": "tip", "done": "tip",
    "warning": "warning", "caution": "warning", "danger": "warning", "error": "warning", "failure": "warning",
    "bug": "warning", "attention": "warning",
}  # fmt: skip


@dataclass
class ParsedDocument:
    """A document read: its head, its elements, its anchors."""

    meta: Meta
    soup: BeautifulSoup
    title: str
    title_element: Tag | None
    anchors: Anchors
    lines: dict[int, int]
    comments: int

    def line(self, element: Tag) -> int | None:
        """Return the line of the file that an element stands on."""
        return self.lines.get(id(element))


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": MAX_NESTING}).use(gfm_plugin).use(admon_plugin)
    markdown.use(container_plugin, "callout", validate=lambda params, *_: _container(params) is not None)
    # Footnotes are set below the text by the portal itself.
    for name in ("footnote_ref", "footnote_block_open", "footnote_block_close", "footnote_open", "footnote_close"):
        markdown.add_render_rule(name, RENDERERS[name])
    markdown.add_render_rule("footnote_anchor", lambda *_: "")
    return markdown


def _footnote_ref(_renderer, tokens, index, _options, _env) -> str:
    return f'<sup><a href="#footnotes">{tokens[index].meta["id"] + 1}</a></sup>'


RENDERERS = {
    "footnote_ref": _footnote_ref,
    "footnote_block_open": lambda *_: '<section data-footnotes="1"><ol>',
    "footnote_block_close": lambda *_: "</ol></section>",
    "footnote_open": lambda *_: "<li>",
    "footnote_close": lambda *_: "</li>",
}


def _container(params: str) -> tuple[str, str] | None:
    match = CONTAINER.match(params)
    if match is None or match[1].lower() not in CALLOUTS:
        return None
    return match[1].lower(), (match["boxed"] or match["title"] or "").strip()


def parse_document(text: str) -> ParsedDocument:
    """Read a Markdown document with front matter. Raises BadFileError where it cannot be read."""
    head = read_head(text)
    markdown = _markdown()
    env: dict = {}
    try:
        tokens = markdown.parse(_with_western_numbers(head.body), env)
        tokens = list(_marked(tokens, head.first_line))
        html = markdown.renderer.render(tokens, markdown.options, env)
        soup = BeautifulSoup(html, "html.parser")
        lines = _lines(soup)
    except RecursionError as error:
        raise BadFileError("The document is nested too deeply.") from error
    comments = 0
    for comment in soup.find_all(string=lambda string: isinstance(string, Comment)):
        comment.extract()
        comments += 1
    first = soup.find(HEADING_NAMES)
    title_element = soup.find("h1")
    if title_element is not None and title_element is not first and head.meta.title:
        title_element = None
    if title_element is None and first is not None and head.meta.title == _plain(first):
        title_element = first
    title = head.meta.title or (_plain(title_element) if title_element is not None else "")
    return ParsedDocument(
        meta=head.meta,
        soup=soup,
        title=title,
        title_element=title_element,
        anchors=read_anchors(soup, title_element),
        lines=lines,
        comments=comments,
    )


def _with_western_numbers(text: str) -> str:
    """Write the numbers of lists in digits that Markdown knows; code stays as it is."""
    if not NATIVE_NUMBER.search(text):
        return text
    fence = ""
    lines = []
    for line in text.split("\n"):
        mark = FENCE_LINE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence:
            lines.append(NATIVE_NUMBER.sub(lambda m: f"{m[1]}{int(m[2])}{m[3]}", line))
            continue
        lines.append(line)
    return "\n".join(lines)


def _plain(element: Tag) -> str:
    return re.sub(r"\s+", " ", element.get_text()).strip()


def _marked(tokens: list[Token], first_line: int) -> Iterator[Token]:
    """Write each block's line on it, and make callouts and raw HTML what the rest can rely on."""
    title_end = ""
    for token in tokens:
        # The title of a callout stands in its attributes, or is the name of its kind, which the portal translates.
        if title_end:
            title_end = "" if token.type == title_end else title_end
            continue
        if token.type in ("alert_title_open", "admonition_title_open"):
            title_end = token.type.replace("_open", "_close")
            continue
        line = token.map[0] + first_line if token.map else None
        if line is not None and token.nesting >= 0 and token.tag:
            token.attrSet(LINE, str(line))
        match token.type:
            case "alert_open":
                token.attrSet("data-callout", CALLOUTS.get(token.meta["kind"].lower(), "note"))
            case "admonition_open":
                token.attrSet("data-callout", CALLOUTS.get(token.meta["tag"], "note"))
                if token.content.lower() != token.meta["tag"]:
                    token.attrSet("data-title", token.content)
            case "container_callout_open":
                kind, title = _container(token.info) or ("note", "")
                token.attrSet("data-callout", CALLOUTS[kind])
                token.attrSet("data-title", title)
            case "list_item_open" if token.meta and "checked" in token.meta:
                token.attrSet("data-checked", "1" if token.meta["checked"] else "0")
            case "html_block":
                token.content = f'<wbr {LINE}="{line}">{_closed(token.content)}'
            case "inline" if token.children is not None and line is not None:
                token.children = _marked_inline(token.children, line)
        yield token


def _marked_inline(children: list[Token], line: int) -> list[Token]:
    marked: list[Token] = []
    inside_raw: str | None = None
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        if child.type in ("image", "link_open"):
            child.attrSet(LINE, str(line))
        if child.type == "html_inline":
            match = TAG_NAME.match(child.content)
            name = match[1].lower() if match else ""
            if inside_raw:
                if child.content.startswith("</") and name == inside_raw:
                    inside_raw = None
                continue
            if name in RAW_TEXT_ELEMENTS:
                if not child.content.startswith("</"):
                    closed = any(
                        other.type == "html_inline" and other.content.lower().startswith(f"</{name}")
                        for other in children
                    )
                    inside_raw = name if closed else None
                    child.content = f'<{name} {LINE}="{line}"></{name}>'
                    marked.append(child)
                continue
            if match and name not in HTML_ELEMENTS:
                # `<your-name>` is a placeholder that somebody wrote without code marks.
                child.type, child.content = "text", child.content
        if not inside_raw:
            marked.append(child)
    return marked


def _closed(html: str) -> str:
    """Escape what is no HTML element and end raw-text elements and comments that are left open."""
    if "<!--" in html and "-->" not in html[html.rindex("<!--") :]:
        html += "-->"
    for match in RAW_OPENING.finditer(html):
        if f"</{match[1].lower()}" not in html[match.end() :].lower():
            html += f"</{match[1]}>"
            break
    return TAG_NAME.sub(lambda m: m[0] if m[1].lower() in HTML_ELEMENTS else escape(m[0]), html)


def _lines(soup: BeautifulSoup) -> dict[int, int]:
    """Work out every element's line: its own mark, or the distance from the last mark before it."""
    lines: dict[int, int] = {}
    line, source_line = 1, 1
    for element in soup.find_all(True):
        here = element.sourceline or source_line
        marked = element.attrs.pop(LINE, None)
        if isinstance(marked, str) and marked.isdigit():
            line, source_line = int(marked), here
            lines[id(element)] = line
        else:
            lines[id(element)] = line + max(0, here - source_line)
    for marker in soup.find_all("wbr"):
        marker.unwrap()
    return lines
