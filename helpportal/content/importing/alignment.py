"""Lining up a translated document with its source, block by block and text by text.

Blocks of the two are paired in order, like with like; a translated block takes its source's ids. What has no
partner keeps an id of its own, and is told apart later by exactly that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from .identity import Block, stored_body
from .pieces import Piece

T = TypeVar("T")

# What stays the same in every language: numbers, code, addresses, words in Latin letters, emoji.
INVARIANT = re.compile(r"[A-Za-z][\w.-]+|\d+|[\u2190-\u27ff\U0001f000-\U0001faff]")


@dataclass(frozen=True)
class Shape:
    """What of a text or block can be compared across languages."""

    kind: str
    length: int
    parts: int
    marks: frozenset[str]


def shape_of(text: str, kind: str = "", parts: int = 1) -> Shape:
    """Return the shape of a text."""
    return Shape(kind, len(text), parts, frozenset(INVARIANT.findall(text)))


def likeness(one: Shape, other: Shape) -> float:
    """Say how likely two shapes are translations of each other; below zero they are not."""
    if one.kind != other.kind:
        return -1.0
    longer = max(one.length, other.length) or 1
    size = min(one.length, other.length) / longer
    most = max(one.parts, other.parts) or 1
    structure = min(one.parts, other.parts) / most
    smaller = min(len(one.marks), len(other.marks))
    shared = len(one.marks & other.marks) / smaller if smaller else 0.3
    return 0.3 + size + structure + 1.5 * shared


def pair(source: Sequence[Shape], translated: Sequence[Shape]) -> list[tuple[int | None, int | None]]:
    """Pair two sequences in order so that the sum of likenesses is greatest; None stands for no partner."""
    if [shape.kind for shape in source] == [shape.kind for shape in translated]:
        return [(i, i) for i in range(len(source))]
    rows, columns = len(source), len(translated)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step = [bytearray(columns + 1) for _ in range(rows + 1)]
    for i in range(1, rows + 1):
        here, above, left = source[i - 1], best[i - 1], best[i]
        for j in range(1, columns + 1):
            score, choice = above[j], 1
            if left[j - 1] > score:
                score, choice = left[j - 1], 2
            other = translated[j - 1]
            if here.kind == other.kind:
                together = above[j - 1] + likeness(here, other)
                if together >= score:
                    score, choice = together, 3
            left[j] = score
            step[i][j] = choice
    pairs: list[tuple[int | None, int | None]] = []
    i, j = rows, columns
    while i or j:
        choice = step[i][j] if i and j else (1 if i else 2)
        if choice == 3:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif choice == 1:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]


def aligned_body(source: Sequence[Block], pieces: Sequence[Piece], document: str) -> list[Block]:
    """Return the translated body with its source's ids wherever the two line up."""
    return _adopted(list(source), stored_body(pieces, document))


def _adopted(source: list[Block], translated: list[Block]) -> list[Block]:
    taken = {block["id"] for block in source}
    pairs = pair([_block_shape(block) for block in source], [_block_shape(block) for block in translated])
    result = []
    for one, other in pairs:
        if other is None:
            continue
        block = translated[other]
        if one is None:
            # An id of the source must not stand for something else here.
            name = block["id"] if block["id"] not in taken else f"{block['id'][:-4]}{other % 10000:04d}"
            result.append({**block, "id": name})
            continue
        partner = source[one]
        result.append({**block, "id": partner["id"], "value": _adopted_value(partner, block)})
    return result


def _adopted_value(source: Block, translated: Block) -> Any:
    value = translated["value"]
    if source["type"] == "heading":
        # Sections have the same address in every language.
        return {**value, "anchor": source["value"]["anchor"], "level": source["value"]["level"]}
    if source["type"] in ("steps", "questions"):
        items = _adopted(source["value"]["items"], value["items"])
        known = {item["id"]: item for item in source["value"]["items"]}
        if source["type"] == "steps":
            items = [
                {
                    **item,
                    "value": {
                        **item["value"],
                        "details": _adopted(
                            known[item["id"]]["value"]["details"] if item["id"] in known else [],
                            item["value"]["details"],
                        ),
                    },
                }
                for item in items
            ]
        return {**value, "items": items}
    return value


def _block_shape(block: Block) -> Shape:  # noqa: PLR0911 - one for each kind
    kind, value = block["type"], block["value"]
    if kind == "heading":
        return shape_of(value["text"], kind, int(value["level"]))
    if kind == "text":
        return shape_of(re.sub(r"<[^>]+>", " ", value), kind, value.count("<li>") + value.count("<p>") + 1)
    if kind == "code":
        return shape_of(value["code"], kind, value["code"].count("\n") + 1)
    if kind == "table":
        cells = " ".join(" ".join(row["values"]) for row in value["rows"])
        return shape_of(cells, f"table {len(value['columns'])}", len(value["rows"]) + 1)
    if kind == "steps":
        return shape_of(" ".join(item["value"]["text"] for item in value["items"]), kind, len(value["items"]))
    if kind == "questions":
        return shape_of(" ".join(item["value"]["answer"] for item in value["items"]), kind, len(value["items"]))
    if kind == "callout":
        return shape_of(value["text"], kind, value["text"].count("<li>") + value["text"].count("<p>") + 1)
    if kind == "item":
        text = str(value.get("text") or value.get("question") or "")
        return shape_of(text, kind, len(value.get("details") or ()) + 1)
    return shape_of(str(value), kind)


def pair_texts(source: Sequence[T], translated: Sequence[T], text: Callable[[T], str]) -> list[tuple[list[T], list[T]]]:
    """Pair the texts of one block. Equal numbers go together in order; else the likeliest partners do.

    A translated text without partner joins the one before it, so that nothing of it is lost.
    """
    if len(source) == len(translated):
        return [([one], [other]) for one, other in zip(source, translated, strict=True)]
    pairs = pair([shape_of(text(one)) for one in source], [shape_of(text(one)) for one in translated])
    groups: list[tuple[list[T], list[T]]] = []
    for one, other in pairs:
        if one is not None:
            groups.append(([source[one]], [translated[other]] if other is not None else []))
        elif groups and other is not None and groups[-1][1]:
            groups[-1][1].append(translated[other])
        elif other is not None:
            groups.append(([], [translated[other]]))
    return groups
