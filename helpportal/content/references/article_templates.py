"""Built-in templates to start an article from: headings, steps and hints in the language of the article."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .streams import texts

Block = dict[str, Any]

# Of the screen that adds an article: names the template that its body is filled in from.
PARAMETER = "template"


@dataclass(frozen=True)
class ArticleTemplate:
    """One way to begin. `slug` stands in the address of the screen that adds an article."""

    slug: str
    label: str | Promise
    about: str | Promise
    blocks: Callable[[], list[Block]]


def _block(kind: str, value: Any) -> Block:
    return {"type": kind, "value": value, "id": str(uuid4())}


def _paragraph(text: str) -> str:
    return str(format_html("<p>{}</p>", text))


def _text(*paragraphs: str) -> Block:
    return _block("text", "".join(map(_paragraph, paragraphs)))


def _heading(text: str) -> Block:
    # Without an anchor: saving makes it from what the author leaves standing.
    return _block("heading", {"text": text, "level": "2", "anchor": ""})


def _steps(*actions: str) -> Block:
    return _block(
        "steps",
        {
            "items": [_block("item", {"text": _paragraph(action), "image": None, "details": []}) for action in actions],
            "start": 1,
        },
    )


def _callout(kind: str, text: str) -> Block:
    return _block("callout", {"kind": kind, "title": "", "text": _paragraph(text)})


def _questions(*questions: tuple[str, str]) -> Block:
    items = [_block("item", {"question": asked, "answer": _paragraph(answer)}) for asked, answer in questions]
    return _block("questions", {"items": items})


def _how_to() -> list[Block]:
    return [
        _text(_("Write in one or two sentences what readers can do after this, and when they need it.")),
        _heading(_("Before you start")),
        _text(_("Name what readers need: rights, tools, information. Delete this section when they need nothing.")),
        _heading(_("What to do")),
        _steps(
            _("Write what to do first. Begin with the verb."),
            _("Write the next step: one action in each."),
            _("Write the last step."),
        ),
        _text(_("Write what readers see when it has worked.")),
        _heading(_("If it does not work")),
        _text(_("Write what goes wrong most often and what helps, or link to the article about it.")),
    ]


def _troubleshooting() -> list[Block]:
    return [
        _heading(_("What you see")),
        _text(_("Describe the problem in the readers' words. Quote the message on the screen exactly.")),
        _heading(_("Why it happens")),
        _text(_("Write the most likely cause in one or two sentences.")),
        _heading(_("What helps")),
        _steps(_("Write what to try first: what is quick and helps most often."), _("Write what to try next.")),
        _text(_("Write how readers can tell that the problem is solved.")),
        _callout("tip", _("Write whom to ask when nothing helps, and what to tell them.")),
    ]


def _reference() -> list[Block]:
    columns = [_("Name"), _("Meaning"), _("Example")]
    table = {
        "columns": [{"type": "text", "heading": heading} for heading in columns],
        "rows": [{"values": [_paragraph(text) for text in (_("Write a name"), _("Write what it means"), "…")]}],
        "caption": _("Write what the table lists"),
    }
    return [
        _text(_("Write in one sentence what this lists and whom it is for.")),
        _heading(_("Overview")),
        _block("table", table),
        _heading(_("Details")),
        _text(_("Explain what does not fit into the table. Give each thing a heading that readers look for.")),
        _callout("note", _("Write what holds for everything above: versions, limits, units.")),
    ]


def _faq() -> list[Block]:
    return [
        _text(_("Write in one sentence what these questions are about.")),
        _questions(
            (_("Write the question as readers ask it?"), _("Answer in the first sentence, then explain.")),
            (_("Write the next question?"), _("Keep answers short. Link to the article that says more.")),
        ),
        _heading(_("More help")),
        _text(_("Link to the articles that readers open next.")),
    ]


TEMPLATES = (
    ArticleTemplate("how-to", gettext_lazy("How-to"), gettext_lazy("One task, step by step"), _how_to),
    ArticleTemplate(
        "troubleshooting",
        gettext_lazy("Troubleshooting"),
        gettext_lazy("A problem, its cause, what helps"),
        _troubleshooting,
    ),
    ArticleTemplate("reference", gettext_lazy("Reference"), gettext_lazy("Facts to look up"), _reference),
    ArticleTemplate("faq", gettext_lazy("Questions and answers"), gettext_lazy("What readers ask"), _faq),
)


def body_of(slug: str, language: str) -> list[Block]:
    """Return the stored body of a template in a language; empty where there is no such template."""
    with translation.override(language):
        return next((template.blocks() for template in TEMPLATES if template.slug == slug), [])


def instructions(language: str) -> frozenset[str]:
    """Return the sentences that tell authors what to write: none of them should be left in an article."""
    with translation.override(language):
        return frozenset(
            text.removeprefix("<p>").removesuffix("</p>")
            for template in TEMPLATES
            for block in template.blocks()
            for text in _written(block)
        )


def _written(block: Block) -> Iterator[str]:
    value = block["value"]
    for text in texts(value):
        if text.startswith("<p>") and len(text) > len("<p>…</p>"):
            yield text
