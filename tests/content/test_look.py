"""What the portal is drawn with fits together: icons, colours and code."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings

from helpportal.content.enums import CalloutKind, CategoryIcon
from helpportal.content.models.settings import DARK_SURFACE, LIGHT_SURFACE, MINIMUM_CONTRAST
from helpportal.content.templatetags.content_blocks import MAXIMUM_HIGHLIGHTED, code_language, highlighted
from helpportal.core.colour import contrast_ratio

STATIC = settings.BASE_DIR / "static"
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SVG = "{http://www.w3.org/2000/svg}"


def colours(sheet: str) -> dict[str, str]:
    """Return the colours of a stylesheet by the name of their custom property."""
    return dict(re.findall(r"^\s+(--[\w-]+): (#[0-9a-f]{6});", (STATIC / "css" / sheet).read_text(), re.MULTILINE))


def symbols() -> set[str]:
    tree = ElementTree.parse(STATIC / "icons" / "icons.svg")  # noqa: S314 - our own file
    return {symbol.attrib["id"] for symbol in tree.iter(f"{SVG}symbol")}


def test_every_icon_that_is_named_is_drawn():
    named = {*CategoryIcon.values, *CalloutKind.values}
    for template in TEMPLATES:
        named |= set(
            re.findall(r"(?:icons|icons\.svg'|icons\.svg\" %|icons\.svg' %) ?}+#([a-z-]+)\"", template.read_text())
        )
    assert {"search", "chevron", "copy", "link"} <= named
    assert named - symbols() == set()


def test_surfaces_are_the_ones_that_brand_colours_are_checked_against():
    assert colours("tokens.css")["--surface"] == LIGHT_SURFACE
    assert colours("dark.css")["--surface"] == DARK_SURFACE


@pytest.mark.parametrize("sheet", ["tokens.css", "dark.css"])
def test_text_can_be_read_on_every_surface(sheet: str):
    known = colours("tokens.css") | colours(sheet)
    pairs = [
        (text, surface)
        for text in ("--ink", "--ink-soft", "--note", "--tip", "--warning", "--danger")
        for surface in ("--surface", "--surface-soft")
    ]
    pairs += [(f"--{kind}", f"--{kind}-soft") for kind in ("note", "tip", "warning", "danger")]
    pairs += [(f"--code-{kind}", "--code-surface") for kind in ("keyword", "string", "number", "name", "comment")]
    poor = {pair: contrast_ratio(known[pair[0]], known[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < MINIMUM_CONTRAST} == {}


def test_dark_replaces_every_colour_it_must():
    light, dark = colours("tokens.css"), colours("dark.css")
    assert set(light) - set(dark) == set()


def test_code_is_coloured_by_classes_and_stays_text():
    html = highlighted("if a < b: print('<script>')", "python")
    assert '<span class="k">if</span>' in html
    assert "<script>" not in html
    assert "style=" not in html
    assert code_language("python") == "Python"


@pytest.mark.parametrize("language", ["", None, "no-such-language"])
def test_code_in_an_unknown_language_is_shown_plain(language):
    assert highlighted("<b> & c", language) == "&lt;b&gt; &amp; c"
    assert code_language(language) == (language or "")


def test_very_long_code_is_not_coloured():
    code = "x = 1\n" * MAXIMUM_HIGHLIGHTED
    assert "<span" not in highlighted(code, "python")
