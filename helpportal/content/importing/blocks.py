"""Bodies: from a document's elements to the blocks of an article.

Text between two other blocks is one piece, as an editor would write it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bs4 import NavigableString, PageElement, Tag
from django.utils.translation import gettext, override

from helpportal.content.blocks import INLINE_FEATURES, TEXT_FEATURES, video_player_url
from helpportal.content.enums import CalloutKind

from .anchors import HEADING_NAMES
from .inline import REMOVED, Inline, InlineReader, Resolver, sanitise
from .parsing import ParsedDocument
from .pieces import Flow, Piece, as_details, figure, in_item
from .report import Findings
from .tables import read_table

TRANSPARENT = frozenset(
    ["section", "article", "main", "header", "footer", "nav", "aside", "figure", "picture", "tbody"]
)
REPORTED = frozenset(["div", "center", "address", "fieldset", "font", "hgroup", "span"])
BLOCKS = (
    frozenset(
        [
            *HEADING_NAMES,
            "p",
            "ul",
            "ol",
            "li",
            "pre",
            "blockquote",
            "table",
            "details",
            "summary",
            "hr",
            "dl",
            "dt",
            "dd",
        ]
    )
    | TRANSPARENT
    | (REPORTED - {"span", "font"})
    | {"figcaption", "iframe"}
)
MAX_HEADING, MAX_QUESTION, MAX_TITLE = 200, 300, 120


class BodyReader:
    """Reads one document's body."""

    def __init__(self, document: ParsedDocument, resolver: Resolver, findings: Findings, locale: str) -> None:
        self.document = document
        self.findings = findings
        self.locale = locale
        self.inline = InlineReader(document, resolver, findings)
        self.footnotes: Tag | None = None

    def read(self) -> list[Piece]:
        """Return the body's pieces, all rich text sanitised."""
        flow = Flow()
        self._flow(self.document.soup.children, flow, top=True)
        if self.footnotes is not None:
            with override(self.locale):
                heading = {"text": gettext("Footnotes"), "level": "2", "anchor": "footnotes"}
            flow.add("heading", heading, self.document.line(self.footnotes))
            self._list(self.footnotes, flow)
        return [self._clean(piece) for piece in flow.done()]

    # --- What stands where -------------------------------------------------------------------------

    def _flow(self, nodes: Iterable[PageElement], flow: Flow, *, top: bool = False) -> None:
        run: list[PageElement] = []
        for node in list(nodes):
            if isinstance(node, Tag) and (node.name in BLOCKS or (node.name in REMOVED) or _holds_blocks(node)):
                self._paragraph(run, flow)
                run = []
                self._block(node, flow, top)
            elif isinstance(node, (Tag, NavigableString)):
                run.append(node)
        self._paragraph(run, flow)

    def _paragraph(self, nodes: list[PageElement], flow: Flow, line: int | None = None) -> None:
        if not any(isinstance(node, Tag) or str(node).strip() for node in nodes):
            return
        run = self.inline.read(nodes)
        first = next((node for node in nodes if isinstance(node, Tag)), None)
        line = line if line is not None else (self.document.line(first) if first is not None else None)
        if not run.is_empty:
            flow.text(f"<p>{run.html}</p>", line)
        self._pictures(run, flow)

    def _pictures(self, run: Inline, flow: Flow, caption: str = "") -> None:
        for picture in run.pictures:
            flow.add("figure", figure(picture, caption), picture.line)

    def _block(self, node: Tag, flow: Flow, top: bool) -> None:  # noqa: PLR0912 - one for each element
        name, line = node.name, self.document.line(node)
        self.inline.check_attributes(node)
        if node is self.document.title_element:
            # The title stands above the body; an image in it must not be lost.
            self._pictures(self.inline.read(list(node.find_all("img"))), flow)
        elif name in HEADING_NAMES:
            self._heading(node, flow)
        elif name == "p":
            if _holds_blocks(node):
                self._flow(node.children, flow, top=top)
            else:
                self._paragraph(list(node.children), flow, line)
        elif name == "ol" and top:
            self._steps(node, flow)
        elif name in ("ul", "ol"):
            self._list(node, flow)
        elif name == "pre":
            self._code(node, flow)
        elif name == "blockquote":
            self._quote(node, flow)
        elif name == "table":
            self._table(node, flow)
        elif name == "details":
            self._details(node, flow)
        elif name == "hr":
            flow.text("<hr/>", line)
        elif name == "dt":
            run = self.inline.read(list(node.children))
            flow.text(f"<p><b>{run.html}</b></p>", line)
        elif node.has_attr("data-callout"):
            self._callout(str(node["data-callout"]), str(node.get("data-title", "")), node.children, flow, line)
        elif node.has_attr("data-footnotes"):
            self.footnotes = node.find("ol")
        elif name == "iframe":
            self._frame(node, flow)
        elif name in REMOVED:
            self.inline.drop(node, "the element and its content are not taken over")
        elif name == "figure":
            self._figure_element(node, flow, top)
        else:
            if name in REPORTED:
                self.inline.drop(node, "the content is kept, the element is not")
            self._flow(node.children, flow, top=top)

    def _heading(self, node: Tag, flow: Flow) -> None:
        anchor = self.document.anchors.by_element.get(id(node))
        text = self.inline.plain(node, "a heading")
        if anchor is None or len(text) > MAX_HEADING:
            run = self.inline.read(list(node.children))
            if not run.is_empty:
                flow.text(f"<p><b>{run.html}</b></p>", self.document.line(node))
            return
        if text:
            level = str(min(max(int(node.name[1]), 2), 4))
            flow.add("heading", {"text": text, "level": level, "anchor": anchor}, self.document.line(node))

    def _code(self, node: Tag, flow: Flow) -> None:
        code = node.find("code")
        holder = code if isinstance(code, Tag) else node
        language = ""
        for name in holder.get("class") or []:
            if name.startswith("language-"):
                language = name.removeprefix("language-").strip("{}").split(",")[0][:40]
        text = holder.get_text().strip("\n")
        if text.strip():
            line = self.document.line(holder)
            flow.add("code", {"language": language, "code": text, "caption": ""}, line)

    def _frame(self, node: Tag, flow: Flow) -> None:
        source = str(node.get("src") or "").strip()
        url = f"https:{source}" if source.startswith("//") else source
        if video_player_url(url):
            title = str(node.get("title") or "").strip() or url
            flow.add("video", {"url": url, "title": title[:200]}, self.document.line(node))
        else:
            self.inline.drop(node, "frames of other sites are not taken over")

    def _figure_element(self, node: Tag, flow: Flow, top: bool) -> None:
        caption = node.find("figcaption")
        images = [img for img in node.find_all("img") if caption is None or caption not in img.parents]
        if caption is None or not images:
            self._flow(node.children, flow, top=top)
            return
        text = self.inline.plain(caption, "a caption")
        run = self.inline.read(images)
        if run.pictures:
            self._pictures(run, flow, text)
        else:
            self._paragraph([*images, caption], flow)

    # --- Blocks made of others ---------------------------------------------------------------------

    def _callout(self, kind: str, title: str, children: Iterable[PageElement], flow: Flow, line: int | None) -> None:
        inner = Flow()
        self._flow(children, inner)
        pieces = inner.done()
        if not pieces and title:
            pieces, title = [Piece("text", f"<p>{title}</p>", line)], ""
        for piece in pieces:
            if piece.kind == "text":
                value = {"kind": kind, "title": title[:MAX_TITLE], "text": piece.value}
                flow.add("callout", value, piece.line or line)
                title = ""
            else:
                # A callout holds text only: what else stood in it follows at its place.
                if title:
                    flow.text(f"<p><b>{title}</b></p>", line)
                    title = ""
                flow.add(piece.kind, piece.value, piece.line)

    def _quote(self, node: Tag, flow: Flow) -> None:
        children = [child for child in node.children if isinstance(child, Tag)]
        line = self.document.line(node)
        if children and all(child.name == "p" and not _holds_blocks(child) for child in children):
            runs = [self.inline.read(list(child.children)) for child in children]
            html = "<br/><br/>".join(run.html for run in runs if not run.is_empty)
            if html:
                flow.text(f"<blockquote>{html}</blockquote>", line)
            for run in runs:
                self._pictures(run, flow)
        elif children:
            self._callout(CalloutKind.NOTE, "", node.children, flow, line)
        else:
            run = self.inline.read(list(node.children))
            if not run.is_empty:
                flow.text(f"<blockquote>{run.html}</blockquote>", line)

    def _table(self, node: Tag, flow: Flow) -> None:
        table = read_table(node, self.inline)
        if table is not None:
            flow.add("table", table.value, self.document.line(node))
            for picture in table.pictures:
                flow.add("figure", figure(picture), picture.line)
            for block in table.blocks:
                self._flow([block], flow)

    def _details(self, node: Tag, flow: Flow) -> None:
        summary = node.find("summary")
        line = self.document.line(node)
        question = self.inline.plain(summary, "a question") if isinstance(summary, Tag) else ""
        inner = Flow()
        self._flow([child for child in node.children if child is not summary], inner)
        pieces = inner.done()
        if question and len(question) <= MAX_QUESTION and pieces and all(piece.kind == "text" for piece in pieces):
            answer = "".join(piece.value for piece in pieces)
            flow.end_text()
            last = flow.pieces[-1] if flow.pieces else None
            item = {"question": question, "answer": answer}
            if last is not None and last.kind == "questions":
                last.value["items"].append(item)
            else:
                flow.add("questions", {"items": [item]}, line)
            return
        # An answer holds text only: code and tables follow below the question in bold.
        if question:
            run = self.inline.read(list(summary.children))
            flow.text(f"<p><b>{run.html}</b></p>", line)
        for piece in pieces:
            if piece.kind == "text":
                flow.text(piece.value, piece.line)
            else:
                flow.add(piece.kind, piece.value, piece.line)

    def _list(self, node: Tag, flow: Flow) -> None:
        """Write a list as rich text; a block in one of its items ends the list and begins it again."""
        line = self.document.line(node)
        pending: list[str] = []

        def end() -> None:
            if pending:
                flow.text(f"<{node.name}>{''.join(pending)}</{node.name}>", line)
                pending.clear()

        for item in _items(node):
            inner = Flow()
            self._flow(_checked(item), inner)
            pieces = inner.done()
            texts = [piece for piece in pieces if piece.kind == "text"]
            if len(texts) == len(pieces):
                pending.append(f"<li>{''.join(in_item(piece.value) for piece in texts)}</li>")
                continue
            first = pieces[0] if pieces and pieces[0].kind == "text" else None
            if first is not None:
                pending.append(f"<li>{in_item(first.value)}</li>")
            end()
            for piece in pieces[1:] if first is not None else pieces:
                if piece.kind == "text":
                    flow.text(piece.value, piece.line)
                else:
                    flow.add(piece.kind, piece.value, piece.line)
        end()

    def _steps(self, node: Tag, flow: Flow) -> None:
        steps = []
        for item in _items(node):
            inner = Flow()
            self._flow(_checked(item), inner)
            pieces = inner.done()
            text = pieces.pop(0).value if pieces and pieces[0].kind == "text" else ""
            image: dict[str, Any] = {"image": None, "decorative": False, "alt_text": ""}
            if pieces and pieces[0].kind == "figure" and not pieces[0].value["caption"]:
                image = pieces.pop(0).value["image"]
            if text or pieces or image["image"]:
                steps.append({"text": text, "image": image, "details": [(p.kind, p.value) for p in as_details(pieces)]})
        start = str(node.get("start") or "1")
        if steps:
            first_number = int(start) if start.isdigit() else 1
            flow.add("steps", {"items": steps, "start": first_number}, self.document.line(node))

    # --- Wagtail's converters have the last word ---------------------------------------------------

    def _clean(self, piece: Piece) -> Piece:
        def rich(html: str, features: list[str] = TEXT_FEATURES) -> str:
            return sanitise(html, features, self.findings, piece.line)

        def clean(kind: str, value: Any) -> None:
            if kind == "callout":
                value["text"] = rich(value["text"])
            elif kind == "questions":
                for item in value["items"]:
                    item["answer"] = rich(item["answer"])
            elif kind == "table":
                for row in value["rows"]:
                    row["values"] = [rich(cell, INLINE_FEATURES) for cell in row["values"]]
            elif kind == "steps":
                for step in value["items"]:
                    step["text"] = rich(step["text"])
                    step["details"] = [(k, rich(v) if k == "text" else v) for k, v in step["details"]]
                    for k, v in step["details"]:
                        clean(k, v)

        if piece.kind == "text":
            piece.value = rich(piece.value)
        else:
            clean(piece.kind, piece.value)
        return piece


def _holds_blocks(node: PageElement) -> bool:
    return (
        isinstance(node, Tag) and node.name not in ("code", "kbd") and node.find(list(BLOCKS | {"details"})) is not None
    )


def _items(node: Tag) -> Iterator[Tag]:
    for child in node.children:
        if isinstance(child, Tag):
            yield child


def _checked(item: Tag) -> list[PageElement]:
    nodes = list(item.children) if item.name == "li" else [item]
    checked = item.get("data-checked")
    if checked is not None:
        mark = NavigableString("☑ " if checked == "1" else "☐ ")
        for box in item.find_all("input", recursive=True, limit=1):
            box.extract()
        first = next((node for node in nodes if isinstance(node, Tag) or str(node).strip()), None)
        if isinstance(first, Tag) and first.name == "p":
            first.insert(0, mark)
        else:
            nodes = [mark, *(node for node in item.children)]
    return nodes
