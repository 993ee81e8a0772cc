"""Tables: from HTML to the value of a table block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bs4 import Tag

from .inline import InlineReader, Picture

MAX_COLUMNS = 40
MAX_SPAN = 20


@dataclass
class Table:
    """A table block's value, and what stood in its cells that a cell cannot hold."""

    value: dict[str, Any]
    pictures: list[Picture] = field(default_factory=list)
    blocks: list[Tag] = field(default_factory=list)


def read_table(node: Tag, inline: InlineReader) -> Table | None:
    """Return the table of an element, None when it has no cells."""
    rows = [row for row in node.find_all("tr") if row.find_parent("table") is node]
    cells = [[cell for cell in row.children if isinstance(cell, Tag) and cell.name in ("td", "th")] for row in rows]
    cells = [row for row in cells if row]
    if not cells:
        return None
    head: list[Tag] = []
    if all(cell.name == "th" for cell in cells[0]):
        head = cells.pop(0)
    table = Table(value={})
    headings: list[str] = []
    for cell in head:
        headings += [inline.plain(cell, "a table's heading"), *[""] * (_span(cell, inline) - 1)]
    rows_html = [_row(row, inline, table) for row in cells]
    width = min(max([len(headings), *(len(row) for row in rows_html)]), MAX_COLUMNS)
    if any(len(row) > MAX_COLUMNS for row in [headings, *rows_html]):
        inline.drop(node, f"a table has at most {MAX_COLUMNS} columns")
    caption = node.find("caption")
    table.value = {
        "columns": [{"type": "text", "heading": heading} for heading in _filled(headings, width)],
        "rows": [{"values": _filled(row, width)} for row in rows_html],
        "caption": inline.plain(caption, "a caption") if isinstance(caption, Tag) else "",
    }
    return table


def _row(cells: list[Tag], inline: InlineReader, table: Table) -> list[str]:
    values: list[str] = []
    for cell in cells:
        for nested in cell.find_all(["pre", "table"]):
            if nested.find_parent(["pre", "table"]) is cell.find_parent("table"):
                table.blocks.append(nested.extract())
        for item in cell.find_all("li"):
            item.insert_before("• ")
            item.insert_after(cell.__class__(name="br"))
        run = inline.read(list(cell.children))
        table.pictures += run.pictures
        values += [run.html, *[""] * (_span(cell, inline) - 1)]
    return values


def _span(cell: Tag, inline: InlineReader) -> int:
    for name in ("colspan", "rowspan"):
        if str(cell.get(name, "1")) not in ("1", ""):
            inline.drop(cell, "merged cells are set apart", f"<{cell.name} {name}>")
    span = str(cell.get("colspan", "1"))
    return min(int(span), MAX_SPAN) if span.isdigit() and int(span) > 0 else 1


def _filled(values: list[str], width: int) -> list[str]:
    return [*values[:width], *[""] * (width - len(values))]
