"""What Markdown becomes: blocks, rich text, anchors; and what is left out and said."""

from __future__ import annotations

import pytest
from wagtail.blocks import StructBlockValidationError

from helpportal.content.blocks import HeadingBlock
from helpportal.content.importing.blocks import BodyReader
from helpportal.content.importing.inline import Link, Picture
from helpportal.content.importing.parsing import parse_document
from helpportal.content.importing.report import Findings


class Everything:
    """A resolver to which every target exists."""

    def link(self, href, line):
        return Link({"href": href})

    def image(self, src, alt, caption, line):
        return Picture(7, alt, caption, line)


def read(text: str):
    findings = Findings("page.md", "en")
    document = parse_document(text)
    return document, BodyReader(document, Everything(), findings, "en").read(), findings


def pieces(text: str) -> list[tuple]:
    return [(piece.kind, piece.value) for piece in read(text)[1]]


def dropped(text: str) -> list[tuple[int, str]]:
    return [(entry["line"], entry["markup"]) for entry in read(text)[2].entries.get("dropped_markup", [])]


def test_a_paragraph_keeps_its_marks_in_the_editor_s_own_spelling():
    text = "Some **bold**, *slanted*, `code`, ~~gone~~, <kbd>F2</kbd>, H<sub>2</sub>O<br>and https://example.com/a."
    assert pieces(text) == [
        (
            "text",
            "<p>Some <b>bold</b>, <i>slanted</i>, <code>code</code>, <s>gone</s>, <code>F2</code>, H<sub>2</sub>O<br/>"
            'and <a href="https://example.com/a">https://example.com/a</a>.</p>',
        )
    ]
    assert dropped(text) == []


def test_text_between_other_blocks_is_one_block():
    kinds = [kind for kind, _value in pieces("# T\n\nOne\n\n- a\n  - b\n\n> said\n\n## Next\n\nTwo\n")]
    assert kinds == ["text", "heading", "text"]
    assert pieces("# T\n\nOne\n\n- a\n  - b\n\n> said\n")[0][1] == (
        "<p>One</p><ul><li>a<ul><li>b</li></ul></li></ul><blockquote>said</blockquote>"
    )


def test_headings_have_the_anchors_that_github_gives_them():
    document, body, _findings = read(
        "# Title\n\n## What's new in `azd`?\n\n### 🚀 Go\n\n## Go\n\n## Go\n\n"
        "##### Deep\n\n# Second title\n\n## दूसरा भाग\n"
    )
    assert document.title == "Title"
    headings = [(piece.value["level"], piece.value["anchor"]) for piece in body if piece.kind == "heading"]
    assert headings == [
        ("2", "whats-new-in-azd"),
        ("3", "-go"),
        ("2", "go"),
        ("2", "go-1"),
        ("4", "deep"),
        ("2", "second-title"),
        ("2", "दूसरा-भाग"),
    ]


def test_a_numbered_list_becomes_steps_with_what_stands_in_them():
    [(kind, value)] = pieces(
        "3. Open it\n\n   ![The screen](screen.png)\n\n4. Run:\n\n   ```bash\n   go\n   ```\n\n"
        "   > [!WARNING]\n   > Careful\n"
    )
    assert (kind, value["start"]) == ("steps", 3)
    first, second = value["items"]
    assert first["text"] == "<p>Open it</p>"
    assert first["image"] == {"image": 7, "decorative": False, "alt_text": "The screen"}
    assert second["text"] == "<p>Run:</p>"
    assert [part[0] for part in second["details"]] == ["code", "callout"]
    assert second["details"][1][1]["text"] == "<p>Careful</p>"


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("> [!CAUTION]\n> Hot\n", "warning", ""),
        ("> [!TIP]\n> Hot\n", "tip", ""),
        ('!!! info "Mind"\n    Hot\n', "note", "Mind"),
        (":::danger Mind\nHot\n:::\n", "warning", "Mind"),
        (":::tip[Mind]\nHot\n:::\n", "tip", "Mind"),
    ],
)
def test_every_spelling_of_a_callout_is_one(text: str, kind: str, title: str):
    assert pieces(text) == [("callout", {"kind": kind, "title": title, "text": "<p>Hot</p>"})]


def test_a_block_inside_a_list_or_quote_is_not_lost():
    body = pieces("- one\n\n  ```sh\n  x\n  ```\n\n- two\n\n> quote\n>\n> | a |\n> |---|\n> | 1 |\n")
    assert [kind for kind, _value in body] == ["text", "code", "text", "callout", "table"]
    assert body[0][1] == "<ul><li>one</li></ul>"
    assert body[2][1] == "<ul><li>two</li></ul>"


def test_tables_keep_their_cells_and_their_shape():
    [(kind, value)] = pieces("| A | B |\n|---|---|\n| **x** | `y` |\n| only |\n")
    assert kind == "table"
    assert [column["heading"] for column in value["columns"]] == ["A", "B"]
    assert [row["values"] for row in value["rows"]] == [["<b>x</b>", "<code>y</code>"], ["only", ""]]


def test_task_lists_footnotes_and_code():
    body = pieces("- [ ] open\n- [x] done\n\nSaid[^1].\n\n```python title\nprint()\n```\n\n[^1]: By **me**.\n")
    assert body[0][1] == ('<ul><li>☐ open</li><li>☑ done</li></ul><p>Said<sup><a href="#footnotes">1</a></sup>.</p>')
    assert body[1] == ("code", {"language": "python", "code": "print()", "caption": ""})
    assert body[2] == ("heading", {"text": "Footnotes", "level": "2", "anchor": "footnotes"})
    assert body[3][1] == "<ol><li>By <b>me</b>.</li></ol>"


def test_details_become_questions_and_keep_code():
    body = pieces(
        "<details>\n<summary>Why?</summary>\n\nBecause.\n\n</details>\n\n"
        "<details><summary>How?</summary>\n\nSo:\n\n```\nx\n```\n\n</details>\n"
    )
    assert body[0] == ("questions", {"items": [{"question": "Why?", "answer": "<p>Because.</p>"}]})
    assert [kind for kind, _value in body[1:]] == ["text", "code"]
    assert body[1][1] == "<p><b>How?</b></p><p>So:</p>"


def test_scripts_handlers_and_frames_are_left_out_and_named_with_their_line():
    text = (
        'First\n\n<script>alert(1)</script>\n\n<p onclick="steal()">Text</p>\n\n'
        'In <script>evil()</script> line\n\n<iframe src="https://evil.example"></iframe>\n\n'
        '<a href="javascript:alert(1)">x</a>\n\n<style>body{}</style>\n\nLast\n'
    )
    _document, body, _findings = read(text)
    html = "".join(piece.value for piece in body)
    assert "script" not in html
    assert "onclick" not in html
    assert "alert" not in html
    assert "evil" not in html
    assert "javascript" not in html
    assert "Text" in html
    assert html.endswith("<p>Last</p>")
    found = dropped(text)
    assert (3, "<script>") in found
    assert (5, "<p onclick>") in found
    assert (7, "<script>") in found
    assert (9, "<iframe>") in found
    assert (13, "<style>") in found


@pytest.mark.parametrize("opening", ["<script>", "<style>", "<textarea>", "<!-- ", "<title>", "<div><script>"])
def test_an_element_left_open_does_not_swallow_the_rest(opening: str):
    body = pieces(f"Before\n\n{opening}\n\n\nAfter\n\n## Heading\n")
    if opening in ("<script>", "<style>", "<textarea>", "<!-- "):
        # By CommonMark's rule such a block ends with the document; it must not take what stands before it.
        assert body[0][1].startswith("<p>Before</p>")
    else:
        assert ("heading", {"text": "Heading", "level": "2", "anchor": "heading"}) in body


def test_a_placeholder_in_angle_brackets_is_text():
    assert pieces("Run `x` with <your-name> now\n")[0][1] == "<p>Run <code>x</code> with &lt;your-name&gt; now</p>"


def test_comments_go_and_are_counted():
    document, body, findings = read("<!-- one -->\nText <!-- two -->\n")
    assert document.comments == 2
    assert [piece.value for piece in body] == ["<p>Text </p>".replace(" <", "<")]
    assert findings.entries == {}


def test_a_deeply_nested_document_is_read_or_refused_but_does_not_break():
    body = pieces("> " * 300 + "deep\n\nAfter\n")
    assert body[-1] == ("text", body[-1][1])
    assert "After" in str(body)


@pytest.mark.parametrize(
    ("anchor", "fits"),
    [("-go", True), ("दूसरा-भाग", True), ("a_b-1", True), ("two words", False), ('"x', False), ("a#b", False)],
)
def test_anchors_of_imported_sections_can_be_saved_in_the_editor(anchor: str, fits: bool):
    block = HeadingBlock()
    value = block.to_python({"text": "Go", "level": "2", "anchor": anchor})
    if fits:
        assert block.clean(value)["anchor"] == anchor
    else:
        with pytest.raises(StructBlockValidationError):
            block.clean(value)
