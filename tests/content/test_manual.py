"""The portal's own manual: every language has the same articles with the same blocks, and every link leads somewhere.

wagtail-localize puts translations into the blocks of the English article, one by one; a translation with a step more
or a table cell less cannot be imported.
"""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import frontmatter
import pytest
import yaml
from django.conf import settings
from markdown_it import MarkdownIt
from PIL import Image

from helpportal.content.enums import CategoryIcon

MANUAL = Path(settings.BASE_DIR) / "helpportal" / "content" / "demo" / "manual"
GLOSSARY = Path(settings.BASE_DIR) / "docs" / "glossary.md"
CODES = [code for code, _name in settings.LANGUAGES]
# What a translation changes; every other key says the same in all languages.
TRANSLATED_KEYS = {"title", "summary", "keywords"}
# Of the English article that was edited after it was translated: see home.demo.
OF_THE_LATEST_EDIT = {"severity", "change_note"}
SOURCE_FILES = sorted((MANUAL / "en").rglob("*.md"))
TRANSLATIONS = {code: sorted((MANUAL / code).rglob("*.md")) for code in CODES if code != "en"}
MAX_IMAGE_BYTES = 80_000


def name(path: Path) -> str:
    return path.relative_to(MANUAL).as_posix()


def source_of(path: Path) -> Path:
    return MANUAL / "en" / Path(*path.relative_to(MANUAL).parts[1:])


def tokens(path: Path):
    return MarkdownIt("commonmark").enable("table").parse(frontmatter.load(path).content)


def skeleton(path: Path) -> list[str]:
    """What the importer makes blocks from, without the words."""
    parts = []
    for token in tokens(path):
        if token.type == "fence":
            parts.append(f"code {token.info}\n{token.content}")
        elif token.type == "html_block":
            parts.extend(re.findall(r"</?(?:details|summary)>", token.content))
        elif token.type == "inline":
            callout = re.match(r"\[!\w+\]", token.content)
            images = [child.attrs["src"] for child in token.children if child.type == "image"]
            links = [child.attrs["href"] for child in token.children if child.type == "link_open"]
            parts.append(f"{callout[0] if callout else 'text'} {images} {sorted(links)}")
        else:
            parts.append(f"{token.type} {token.tag}")
    return parts


def targets(path: Path) -> list[tuple[str, str]]:
    """Links and images of a file: what they are, and where they lead."""
    found = []
    for token in tokens(path):
        for child in token.children or []:
            if child.type == "image":
                assert child.content.strip(), f"{name(path)}: an image has no description"
                found.append(("image", child.attrs["src"]))
            elif child.type == "link_open":
                found.append(("link", child.attrs["href"]))
    return found


def anchors(path: Path) -> set[str]:
    text = frontmatter.load(path).content
    return {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


def test_the_manual_has_six_ordered_categories_with_articles_in_each():
    categories = {path.parent: frontmatter.load(path).metadata for path in SOURCE_FILES if path.name == "README.md"}
    articles = [path for path in SOURCE_FILES if path.name != "README.md"]
    assert len(categories) >= 6
    assert len(articles) >= 24
    assert {path.parent for path in articles} == set(categories)
    assert sorted(meta["order"] for meta in categories.values()) == list(range(1, len(categories) + 1))
    for folder in categories:
        orders = [frontmatter.load(path).metadata["order"] for path in articles if path.parent == folder]
        assert sorted(orders) == list(range(1, len(orders) + 1)), name(folder)


def test_articles_have_ids_of_their_own():
    ids = [frontmatter.load(path).metadata["id"] for path in SOURCE_FILES if path.name != "README.md"]
    assert len(ids) == len(set(ids))


def test_some_articles_are_for_one_role():
    audiences = {tuple(frontmatter.load(path).metadata.get("audience", ())) for path in SOURCE_FILES}
    assert audiences == {(), ("Administrators",), ("Supervisors",), ("Control room",)}


@pytest.mark.parametrize("path", [*SOURCE_FILES, *chain.from_iterable(TRANSLATIONS.values())], ids=name)
def test_front_matter_fits(path):
    meta = frontmatter.load(path).metadata
    assert 0 < len(meta["title"]) <= 255
    assert 0 < len(meta["summary"]) <= 300
    if path.name == "README.md":
        assert meta["type"] == "category"
        assert meta["icon"] in CategoryIcon.values
    else:
        assert meta["keywords"]
        assert len(", ".join(meta["keywords"])) <= 500
        ids = {frontmatter.load(other).metadata.get("id") for other in SOURCE_FILES}
        assert set(meta["related"]) <= ids - {meta["id"]}


@pytest.mark.parametrize("path", [*SOURCE_FILES, *chain.from_iterable(TRANSLATIONS.values())], ids=name)
def test_links_and_images_lead_somewhere(path):
    for kind, target in targets(path):
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.is_file(), f"{name(path)}: {target} does not exist"
        if kind == "link" and anchor:
            # Sections keep the English anchors in every language.
            assert anchor in anchors(source_of(found)), f"{name(path)}: {target} names no section"


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_translations_have_the_blocks_of_their_source(code):
    for path in TRANSLATIONS[code]:
        assert source_of(path).is_file(), f"{name(path)} translates nothing"
        assert skeleton(path) == skeleton(source_of(path)), name(path)


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_translations_keep_what_is_the_same_in_all_languages(code):
    for path in TRANSLATIONS[code]:
        own, english = (frontmatter.load(file).metadata for file in (path, source_of(path)))
        assert own.keys() == english.keys() - OF_THE_LATEST_EDIT, name(path)
        for key in own.keys() - TRANSLATED_KEYS:
            assert own[key] == english[key], (name(path), key)
        for key in ("title", "summary"):
            assert own[key] != english[key], (name(path), key)


def test_images_are_small_and_used():
    used = {target.rpartition("/")[2] for path in SOURCE_FILES for kind, target in targets(path) if kind == "image"}
    files = sorted((MANUAL / "images").iterdir())
    assert {file.name for file in files} == used
    for file in files:
        assert file.stat().st_size < MAX_IMAGE_BYTES
        with Image.open(file) as image:
            image.verify()
            assert image.format == "PNG"


def test_home_page_has_texts_for_each_language_of_the_manual():
    home = yaml.safe_load((MANUAL / "home.yaml").read_text(encoding="utf-8"))
    assert set(home) == {"settings", "home"}
    written = {path.name for path in MANUAL.iterdir() if path.name in CODES}
    assert written <= home["home"].keys() <= set(CODES)
    for texts in home["home"].values():
        assert texts.keys() == {"heading", "summary"}
        assert 0 < len(texts["heading"]) <= 120
        assert 0 < len(texts["summary"]) <= 300


def test_glossary_has_every_term_in_every_language_in_its_own_script():
    # First and last letter of each script's block in Unicode.
    scripts = {
        "hi": "\u0900\u097f",
        "te": "\u0c00\u0c7f",
        "ta": "\u0b80\u0bff",
        "kn": "\u0c80\u0cff",
        "mr": "\u0900\u097f",
        "gu": "\u0a80\u0aff",
        "bn": "\u0980\u09ff",
    }
    lines = [line for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    header, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert header == [settings.LANGUAGES[0][1], *(dict(settings.LANGUAGES)[code] for code in scripts)]
    assert len(rows) >= 60
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))
    for row in rows:
        assert len(row) == len(header), row
        for (code, (first, last)), term in zip(scripts.items(), row[1:], strict=True):
            letters = [character for character in term if character.isalpha()]
            assert letters, (row[0], code)
            assert all(first <= letter <= last for letter in letters), (row[0], code, term)
