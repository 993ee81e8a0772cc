"""What wagtail-localize is told about a translated document: a translation for every text of the source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, Tag
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor, quote_path_component
from wagtail_localize.strings import StringValue, extract_strings

from helpportal.content.blocks import cell_key
from helpportal.content.models import ArticlePage

from .alignment import pair_texts
from .identity import Block

BODY = "body"
Text = tuple[str, dict[str, dict[str, str]]]


@dataclass
class Comparison:
    """The texts of a source and its translation, paired.

    `strings` maps where a source text stands, and the text, to its translation; `overrides` maps where a value
    stands that differs in the translation (code, the address of a link, an image) to the translation's value.
    `missing` are source texts without translation, `left_over` translated texts without a place in the source.
    `harmonised` are texts translated in several ways at one place, where only one can stand.
    """

    strings: dict[tuple[str, str], str] = field(default_factory=dict)
    overrides: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)
    harmonised: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    total: int = 0

    @property
    def is_complete(self) -> bool:
        """True when the source's structure holds the whole translation, and the translation the whole source."""
        return not self.missing and not self.left_over

    def plain(self, path: str, source: str, translated: str) -> None:
        """Pair two texts without markup (a title, a summary)."""
        if source:
            self.add(path, StringValue.from_plaintext(source).data, StringValue.from_plaintext(translated).data)
        elif translated:
            self.left_over.append(translated)

    def add(self, path: str, source: str, translated: str) -> None:
        self.total += 1
        if not translated:
            self.missing.append(source)
            return
        known = self.strings.setdefault((path, source), translated)
        if known != translated:
            self.harmonised.append(translated)


def compare_bodies(source: Sequence[Block], translated: Sequence[Block], result: Comparison) -> None:
    """Pair the texts of two bodies whose blocks have been lined up."""
    ours, theirs = _by_path(source), _by_path(translated)
    for path in [*ours, *(path for path in theirs if path not in ours)]:
        _compare_place(path, ours.get(path, []), theirs.get(path, []), result)
    _compare_tables(source, translated, result)


def _by_path(body: Sequence[Block]) -> dict[str, list[Any]]:
    field_ = ArticlePage._meta.get_field(BODY)
    value = field_.stream_block.to_python(list(body))
    segments = StreamFieldSegmentExtractor(field_, include_overridables=True).handle_stream_block(value)
    by_path: dict[str, list[Any]] = defaultdict(list)
    for segment in segments:
        if isinstance(segment, TemplateSegmentValue) or segment.is_empty():
            continue
        if isinstance(segment, OverridableSegmentValue) and segment.path.endswith("'"):
            continue  # The address of a link: compared with the text that it stands in.
        if ".cell-" in segment.path or ".heading-" in segment.path:
            continue  # A table's cells are named by their text: compared by their place.
        by_path[f"{BODY}.{segment.path}"].append(segment)
    return by_path


def _compare_place(path: str, ours: list[Any], theirs: list[Any], result: Comparison) -> None:
    values = [segment for segment in ours if isinstance(segment, OverridableSegmentValue)]
    others = [segment for segment in theirs if isinstance(segment, OverridableSegmentValue)]
    if values and others and values[0].data != others[0].data:
        result.overrides[path] = others[0].data
    elif others and not values:
        result.left_over.append(str(others[0].data))
    elif values and not others:
        # Nothing to read in the translation where the source has code, an image or a video.
        result.missing.append(str(values[0].data))
    _compare_texts(path, _texts(ours), _texts(theirs), result)


def _texts(segments: list[Any]) -> list[Text]:
    return [(s.string.data, s.attrs or {}) for s in segments if isinstance(s, StringSegmentValue)]


def _compare_texts(path: str, ours: list[Text], theirs: list[Text], result: Comparison) -> None:
    for sources, translations in pair_texts(ours, theirs, lambda text: text[0]):
        if not sources:
            result.left_over += [_plain(data) for data, _attrs in translations]
            continue
        source, attrs = sources[0]
        parts, used = [], set()
        for data, own in translations:
            parts.append(carry_links(path, data, own, attrs, used=used, result=result))
        result.add(path, source, "<br/>".join(parts))


def carry_links(
    path: str, data: str, own: dict[str, Any], attrs: dict[str, Any], *, used: set[str], result: Comparison
) -> str:
    """Give the links of a translated text the names of the source's links.

    wagtail-localize keeps what a link leads to with the source. The same target takes the same name; another
    address takes the next free one and overrides it; a link that the source has no counterpart for is left out.
    """
    if not own:
        return data
    soup = BeautifulSoup(data, "html.parser")
    links = [(link, own.get(link.get("id") or "", {})) for link in soup.find_all("a")]
    names: dict[int, str] = {}
    for position, (_link, target) in enumerate(links):
        same = next((name for name, known in attrs.items() if name not in used and known == target), None)
        same = same or next((name for name, known in attrs.items() if known == target), None)
        if same:
            names[position] = same
            used.add(same)
    for position, (link, target) in enumerate(links):
        if position not in names:
            free = next((name for name in attrs if name not in used), None)
            if free is None:
                _as_text(link, target, result)
                continue
            names[position] = free
            used.add(free)
            _override(path, attrs[free], target, result)
        link.attrs = {"id": names[position]}
    return str(soup)


def _as_text(link: Tag, target: dict[str, Any], result: Comparison) -> None:
    """Write a link that the source has no counterpart for as text: its address must not be lost."""
    address = str(target.get("href") or "")
    if address and not address.startswith("#") and address not in link.get_text():
        link.append(f" ({address})")
    elif not address:
        result.notes.append(f"A link that the source does not have was left out: {_target(target)}")
    link.unwrap()


def _override(path: str, source: dict[str, Any], target: dict[str, Any], result: Comparison) -> None:
    if str(source.get("href", "")).startswith("#"):
        return  # Sections have the source's anchors in every language.
    if "href" in source and "href" in target and not target["href"].startswith("#"):
        where = f"{path}.{quote_path_component(source['href'])}"
        if result.overrides.setdefault(where, target["href"]) == target["href"]:
            return
    result.notes.append(f"A link leads where the source's does, not to {_target(target)}")


def _target(attributes: dict[str, Any]) -> str:
    return str(attributes.get("href") or f"{attributes.get('linktype')} {attributes.get('id')}")


def _compare_tables(source: Sequence[Block], translated: Sequence[Block], result: Comparison) -> None:
    ours, theirs = dict(_tables(source, BODY)), dict(_tables(translated, BODY))
    for path, table in ours.items():
        other = theirs.get(path)
        if other is None:
            result.missing += [cell for row in table["rows"] for cell in row["values"] if cell]
            continue
        if _size(table) != _size(other):
            result.missing += [cell for row in table["rows"] for cell in row["values"] if cell]
            result.left_over += [cell for row in other["rows"] for cell in row["values"] if cell]
            continue
        for one, two in zip(table["columns"], other["columns"], strict=True):
            result_path = f"{path}.heading-{cell_key(one['heading'])}"
            result.plain(result_path, one["heading"], two["heading"])
        for one, two in zip(table["rows"], other["rows"], strict=True):
            for cell, translation in zip(one["values"], two["values"], strict=True):
                _compare_texts(
                    f"{path}.cell-{cell_key(cell)}",
                    [(string.data, attrs) for string, attrs in extract_strings(cell)[1]],
                    [(string.data, attrs) for string, attrs in extract_strings(translation)[1]],
                    result,
                )
    for path, table in theirs.items():
        if path not in ours:
            result.left_over += [cell for row in table["rows"] for cell in row["values"] if cell]


def _tables(body: Sequence[Block], prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for block in body:
        path = f"{prefix}.{block['id']}"
        if block["type"] == "table":
            yield path, block["value"]
        elif block["type"] == "steps":
            for item in block["value"]["items"]:
                yield from _tables(item["value"]["details"], f"{path}.items.{item['id']}.details")


def _size(table: dict[str, Any]) -> tuple[int, int]:
    return len(table["columns"]), len(table["rows"])


def _plain(data: str) -> str:
    return StringValue(data).render_text()
