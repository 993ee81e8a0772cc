"""What an imported callout says once, it says once on the page."""

from __future__ import annotations

import pytest

from helpportal.content.importing.parsing import parse_document


@pytest.mark.parametrize(
    ("source", "kind", "title"),
    [
        ("> [!TIP]\n> Two words\n", "tip", None),
        ('!!! warning "Mind"\n    Two words\n', "warning", "Mind"),
        ("!!! note\n    Two words\n", "note", None),
    ],
)
def test_the_title_of_a_callout_is_not_part_of_its_text(source: str, kind: str, title: str | None):
    soup = parse_document(f"---\ntitle: Words\n---\n{source}\nAfter\n").soup
    callout = soup.find(attrs={"data-callout": True})
    assert callout["data-callout"] == kind
    assert callout.get("data-title") == title
    assert callout.get_text(strip=True) == "Two words"
    assert soup.get_text(" ", strip=True).endswith("After")
