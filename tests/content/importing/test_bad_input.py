"""Bad input: each gets a message that names file and line, nothing is half written, the rest goes on."""

from __future__ import annotations

import os
import struct
import zlib

import pytest

from helpportal.content.importing import files
from helpportal.content.models import ArticlePage, CategoryPage, PortalImage
from tests.factories.documents import png, stored

pytestmark = pytest.mark.django_db

GOOD = {"good.md": "# Good\n\nText.\n"}


def bomb() -> bytes:
    """Return a small PNG that says it has 50,000 × 50,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"---\ntitle: A\ntags: [a, b\nslug: x\n---\n\nText\n", 4, "not valid YAML"),
        (b"---\ntitle: A\ndifficulty: mad\n---\n\nText\n", 3, "beginner, intermediate, advanced"),
        (b"---\ntitle: A\nreview_by: soon\n---\n\nText\n", 3, "YYYY-MM-DD"),
        (b"---\nslug: Not a slug\n---\n\nText\n", 2, "lower-case letters"),
        (b"---\ntitle: [a, b]\n---\n\nText\n", 2, "one text"),
        (b"---\na: &a [x, x]\nb: &b [*a, *a]\ntags: [*b, *b]\n---\n\nText\n", 4, "one text"),
        ("# Grüße\n\nzwei\n".encode("latin-1"), 1, "UTF-8"),
        (b"# A\n\nx\0y\n", 3, "NUL"),
        (b"", None, "empty"),
        (b"  \n\n\t\n", None, "empty"),
    ],
)
def test_a_document_that_cannot_be_read_names_its_line(tree, sync, content, line, message):
    tree.write({**GOOD, "bad.md": content})
    result = sync("--publish")
    assert result.status == 1
    [(path, found, text)] = result.messages("bad_files")
    assert (path, found) == ("bad.md", line)
    assert message in text
    assert list(ArticlePage.objects.values_list("slug", flat=True)) == ["good"]


def test_a_file_of_50_megabytes_is_refused_unread(tree, sync, monkeypatch):
    tree.write(GOOD)
    with (tree.root / "huge.md").open("wb") as handle:
        handle.truncate(50 * 1024 * 1024)
    [(path, _line, text)] = sync("--publish").messages("bad_files")
    assert path == "huge.md"
    assert "50.0 MB" in text
    assert files.MAX_DOCUMENT_BYTES < 50 * 1024 * 1024


def test_links_out_of_the_tree_and_in_circles_are_not_followed(tree, sync, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\nNot yours.\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.md").write_text("# A\n\nNot yours.\n")
    tree.write(GOOD)
    os.symlink(tmp_path / "secret.md", tree.root / "leak.md")
    os.symlink(tmp_path / "outside", tree.root / "folder")
    os.symlink(tree.root, tree.root / "loop")
    os.symlink("circle.md", tree.root / "circle.md")
    result = sync("--publish")
    assert sorted(path for path, _line, _message in result.messages("bad_files")) == [
        "circle.md",
        "folder",
        "leak.md",
        "loop",
    ]
    assert list(ArticlePage.objects.values_list("slug", flat=True)) == ["good"]


def test_paths_out_of_the_tree_lead_nowhere(tree, sync, tmp_path, article):
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "secret.png").write_bytes(png())
    tree.write(
        {"a.md": "# A\n\n[x](../secret.txt) [y](/../secret.txt) [z](%2e%2e/secret.txt)\n\n![s](../secret.png)\n"}
    )
    result = sync("--publish")
    assert [line for _path, line, _message in result.messages("unresolved_links")] == [3, 3, 3]
    assert result.messages("bad_files") == [("a.md", 5, "the path leads out of the tree")]
    assert stored(article("a"))[0]["value"] == "<p>x y z</p><p>s</p>"
    assert not PortalImage.objects.exists()


def test_a_symbolic_link_to_an_image_outside_is_not_read(tree, sync, tmp_path):
    (tmp_path / "secret.png").write_bytes(png())
    tree.write({"a.md": "# A\n\n![s](x.png)\n"})
    os.symlink(tmp_path / "secret.png", tree.root / "x.png")
    assert "out of the tree" in sync("--publish").messages("bad_files")[0][2]
    assert not PortalImage.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.png", b"this is text", "not an image"),
        ("x.png", b"", "not an image"),
        ("x.png", png()[:40], "not an image"),
        ("x.png", bomb(), "pixels"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        ("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("x.jpg", png(), "another type's name"),
    ],
)
def test_what_is_not_a_safe_image_is_named_with_its_line(tree, sync, article, *, name, content, message):
    tree.write({"a.md": f"# A\n\nBefore\n\n![Alt]({name})\n", name: content})
    result = sync("--publish")
    [(path, line, text)] = result.messages("bad_files")
    assert (path, line) == ("a.md", 5)
    assert message in text
    assert result.status == 1
    assert stored(article("a"))[0]["value"] == "<p>Before</p><p>Alt</p>"
    assert not PortalImage.objects.exists()


def test_a_missing_image_is_an_unresolved_link_and_no_failure(tree, sync):
    tree.write({"a.md": "# A\n\n![Alt](gone.png)\n"})
    result = sync("--publish")
    assert result.status == 0
    assert result.messages("unresolved_links") == [("a.md", 3, "gone.png: there is no such image")]


def test_slugs_are_asked_for_once_and_else_made_different(tree, sync):
    tree.write(
        {
            "a.md": "---\nslug: same\n---\n# A\n\nText.\n",
            "b.md": "---\ntitle: B\nslug: same\n---\n\nText.\n",
            "Plain Name.md": "# C\n\nText.\n",
            "plain-name.md": "# D\n\nText.\n",
            "faq.md": "# E\n\nText.\n",
            "faq/x.md": "# F\n\nText.\n",
        }
    )
    result = sync("--publish")
    [(path, line, text)] = result.messages("bad_files")
    assert (path, line) == ("b.md", 3)
    assert "a.md" in text
    slugs = set(ArticlePage.objects.values_list("slug", flat=True))
    assert slugs == {"same", "plain-name", "plain-name-2", "faq-2", "x"}
    assert sync("--publish").totals["updated"] == 0


def test_the_same_id_twice_is_an_error_of_the_second(tree, sync):
    tree.write({"a.md": "---\nid: one\n---\n# A\n\nText.\n", "b.md": "---\nid: one\n---\n# B\n\nText.\n"})
    [(path, line, text)] = sync("--publish").messages("bad_files")
    assert (path, line) == ("b.md", 2)
    assert "a.md" in text


def test_a_file_name_in_tamil_has_a_page_of_its_own(tree, sync, client):
    tree.write({"உதவி மையம்.md": "# உதவி மையம்\n\nஇது ஒரு பக்கம்.\n", "a.md": "# A\n\n[ta](உதவி%20மையம்.md)\n"})
    result = sync("--publish")
    assert result.status == 0
    page = ArticlePage.objects.exclude(slug="a").get()
    assert page.title == "உதவி மையம்"
    assert f'id="{page.pk}"' in stored(ArticlePage.objects.get(slug="a"))[0]["value"]
    assert not result.report["unresolved_links"]


def test_a_page_made_by_hand_keeps_its_slug(tree, sync, article):
    tree.write(GOOD)
    sync("--publish")
    page = article("good")
    page.get_parent().specific.add_child(instance=ArticlePage(title="Mine", slug="mine", locale=page.locale))
    tree.write({"mine.md": "# From the file\n\nText.\n"})
    result = sync("--publish")
    assert "Mine" in result.messages("bad_files")[0][2]
    assert article("mine").title == "Mine"


def test_an_address_of_the_portal_itself_is_refused_or_avoided(tree, sync):
    tree.write({"search/overview.md": "# One\n", "more/index.md": "---\ntype: category\nslug: search\n---\n\n# More\n"})
    tree.write({"more/two.md": "# Two\n"})
    result = sync("--publish", category=None)
    [(path, line, text)] = result.messages("bad_files")
    assert (path, line) == ("more/index.md", 3)
    assert "uses the address “search”" in text
    assert set(CategoryPage.objects.values_list("slug", flat=True)) == {"search-2", "more"}
    assert set(ArticlePage.objects.values_list("title", flat=True)) == {"One", "Two"}
