"""Ids of blocks: always the same for the same document, and kept when the document changes around them.

wagtail-localize knows a text by the ids on the way to it. A block that gets another id has lost its translations.
"""

from __future__ import annotations

import difflib
import json
import uuid
from collections.abc import Sequence
from typing import Any

from .pieces import Piece

NAMESPACE = uuid.UUID("0f0a9c51-3a5e-5c39-9d0e-6d4b7a3f6a11")
Block = dict[str, Any]


def stored_body(pieces: Sequence[Piece], document: str, previous: Sequence[Block] = ()) -> list[Block]:
    """Return a body as StreamField stores it.

    `document` names the document (its tree and path). Blocks that `previous` has too, the same or changed in place,
    keep their ids.
    """
    return _named([(piece.kind, piece.value) for piece in pieces], document, list(previous))


def _named(parts: Sequence[tuple[str, Any]], scope: str, previous: list[Block]) -> list[Block]:
    partners = _partners([_key(kind, value) for kind, value in parts], [_key(b["type"], b["value"]) for b in previous])
    taken = {previous[index]["id"] for index in partners if index is not None}
    blocks: list[Block] = []
    counts: dict[str, int] = {}
    section: list[str] = []
    for (kind, value), partner in zip(parts, partners, strict=True):
        if kind == "heading":
            level = int(value["level"])
            section = [*section[: level - 2], value["anchor"] or value["text"]]
        place = f"{scope}|{'/'.join(section)}|{kind}"
        counts[place] = counts.get(place, 0) + 1
        old = previous[partner] if partner is not None else None
        name = old["id"] if old else _fresh(f"{place}|{counts[place]}", taken)
        blocks.append({"type": kind, "value": _value(kind, value, f"{scope}|{name}", old), "id": name})
    return blocks


def _value(kind: str, value: Any, scope: str, old: Block | None) -> Any:
    """Return a block's value with ids for everything in it that has some."""
    if kind not in ("steps", "questions"):
        return value
    before = old["value"].get("items", []) if old else []
    items = _named([("item", item) for item in value["items"]], scope, before)
    old_items = {item["id"]: item for item in before}
    if kind == "steps":
        for item in items:
            known = old_items.get(item["id"])
            details = _named(
                item["value"]["details"], f"{scope}|{item['id']}", known["value"].get("details", []) if known else []
            )
            item["value"] = {**item["value"], "details": details}
    return {**value, "items": items}


def _fresh(name: str, taken: set[str]) -> str:
    number = 0
    while True:
        made = str(uuid.uuid5(NAMESPACE, f"{name}|{number}" if number else name))
        if made not in taken:
            taken.add(made)
            return made
        number += 1


def _key(kind: str, value: Any) -> tuple[str, str]:
    return kind, json.dumps(without_ids(value), sort_keys=True, ensure_ascii=False)


def without_ids(value: Any) -> Any:
    """Return a stored value as `Piece` has it: without ids, details of steps as pairs."""
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(one, dict) and {"type", "value", "id"} <= one.keys() for one in value):
            if all(one["type"] == "item" for one in value):
                return [without_ids(one["value"]) for one in value]
            return [[one["type"], without_ids(one["value"])] for one in value]
        return [without_ids(one) for one in value]
    if isinstance(value, dict):
        if value.keys() == {"image", "alt_text", "decorative"} and not value["image"]:
            return None  # No image: stored in more than one way.
        return {key: without_ids(one) for key, one in value.items()}
    return value


def _partners(new: list[tuple[str, str]], old: list[tuple[str, str]]) -> list[int | None]:
    """Say for each new block which old one it continues: the same content, or the same kind at the same place."""
    partners: list[int | None] = [None] * len(new)
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            for offset in range(new_end - new_start):
                partners[new_start + offset] = old_start + offset
        elif operation == "replace":
            kinds = difflib.SequenceMatcher(
                a=[kind for kind, _text in old[old_start:old_end]],
                b=[kind for kind, _text in new[new_start:new_end]],
                autojunk=False,
            )
            for block in kinds.get_matching_blocks():
                for offset in range(block.size):
                    partners[new_start + block.b + offset] = old_start + block.a + offset
    return partners
