"""Rules of the house that no linter knows."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

SOURCE = [
    path
    for folder in ("site", "home", "helpportal")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
STYLESHEETS = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
LONGEST_MODULE = 400  # lines
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an address that runs code": re.compile(r"javascript:", re.IGNORECASE),
    # Data for scripts (type="application/json") is no code.
    "an inline script": re.compile(
        r"<script\b(?![^>]*\ssrc=)(?![^>]*type=\"(?:application/json|application/ld\+json|importmap)\")", re.IGNORECASE
    ),
}


def name(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_compiles_and_holds_no_inline_code(path):
    text = path.read_text()
    engines["django"].from_string(text)
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p class="a" style="color:red">', "a style attribute"),
        ("<style>p{}</style>", "a style element"),
        ('<button onclick="go()">', "an event handler"),
        ('<a href="javascript:go()">', "an address that runs code"),
        ("<script>go()</script>", "an inline script"),
        ('<script type="module">go()</script>', "an inline script"),
    ],
)
def test_inline_code_is_recognised(markup, what):
    assert INLINE[what].search(markup)


def test_files_of_scripts_and_data_are_no_inline_code():
    for markup in ('<script type="module" src="/a.js"></script>', '<script id="x" type="application/json">{}</script>'):
        assert not INLINE["an inline script"].search(markup)


@pytest.mark.parametrize("path", STYLESHEETS, ids=name)
def test_a_stylesheet_closes_what_it_opens(path):
    """A rule that is left open takes every rule after it in, and browsers say nothing of it."""
    depth = 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        begins_a_rule = line[:1] not in {"", " ", "}"} and "{" in line
        assert not (begins_a_rule and depth), f"line {number} stands inside of another rule"
        depth += line.count("{") - line.count("}")
    assert depth == 0


def test_modules_are_short():
    long = {name(path): lines for path in SOURCE if (lines := len(path.read_text().splitlines())) > LONGEST_MODULE}
    assert long == {}


def test_modules_are_named_after_what_they_hold():
    vague = {"utils", "helpers", "common", "misc"}
    assert [name(path) for path in SOURCE if vague & {path.stem, *path.parent.parts[-2:]}] == []


def test_only_one_module_makes_redis_clients():
    makes = re.compile(r"\bRedis(?:Cluster)?(?:\.from_url)?\(|\bStrictRedis\(|\bConnectionPool\b|redis\.from_url\(")
    assert [name(path) for path in SOURCE if makes.search(path.read_text())] == ["helpportal/core/redis.py"]


def test_only_the_room_llm_imports_openai():
    imports = re.compile(r"^\s*(?:import|from) openai\b", re.MULTILINE)
    outside = [name(path) for path in SOURCE if imports.search(path.read_text())]
    assert [path for path in outside if not path.startswith("helpportal/llm/")] == []
