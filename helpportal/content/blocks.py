"""What an article's body is made of.

Every block says by itself how wagtail-localize may translate it: text as segments, code as a value that a
translation may override, anchors and choices not at all.
"""

from __future__ import annotations

import hashlib
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.rich_text import RichText
from wagtail.snippets.blocks import SnippetChooserBlock
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue, TemplateSegmentValue
from wagtail_localize.segments.extract import StreamFieldSegmentExtractor
from wagtail_localize.segments.ingest import StreamFieldSegmentsWriter, organise_template_segments
from wagtail_localize.strings import extract_strings, restore_strings

from .enums import CalloutKind

INLINE_FEATURES = ["bold", "italic", "code", "link", "document-link", "strikethrough", "superscript", "subscript"]
TEXT_FEATURES = [*INLINE_FEATURES, "ol", "ul", "blockquote", "hr"]


# Imported sections have the anchors that GitHub gave them: in any script, perhaps with a hyphen in front.
ANCHOR = re.compile(r"[^\s\"'<>#%&?/\\.,;:!()\[\]{}]+")


class UntranslatedCharBlock(blocks.CharBlock):
    """A short value that is the same in every language, such as an anchor or a programming language."""

    def get_translatable_segments(self, value):
        return []

    def restore_translated_segments(self, value, segments):
        return value


class CodeTextBlock(blocks.TextBlock):
    """Code: the source's stands in every translation unless a translation overrides it (its comments, say)."""

    def get_translatable_segments(self, value):
        return [OverridableSegmentValue("", value)] if value else []

    def restore_translated_segments(self, value, segments):
        return segments[0].data if segments else value


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=200)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Section")), ("3", _("Subsection")), ("4", _("Detail"))],
        default="2",
        label=_("Level"),
    )
    anchor = UntranslatedCharBlock(
        required=False,
        max_length=120,
        label=_("Anchor"),
        help_text=_("The end of the link to this heading. Made from the heading once, then kept when it changes."),
    )

    class Meta:
        icon = "title"
        label = _("Section heading")
        template = "content/blocks/heading.html"

    def clean(self, value):
        cleaned = super().clean(value)
        anchor = cleaned.get("anchor") or ""
        if anchor and not ANCHOR.fullmatch(anchor):
            raise blocks.StructBlockValidationError(
                block_errors={"anchor": ValidationError(_("Use letters, digits and hyphens only, without spaces."))}
            )
        return cleaned


class CodeBlock(blocks.StructBlock):
    language = UntranslatedCharBlock(
        required=False, max_length=40, label=_("Language"), help_text=_("For example: python, bash, json.")
    )
    code = CodeTextBlock(label=_("Code"))
    caption = blocks.CharBlock(required=False, max_length=200, label=_("Caption"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = "content/blocks/code.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(choices=CalloutKind.choices, default=CalloutKind.NOTE, label=_("Kind"))
    title = blocks.CharBlock(required=False, max_length=120, label=_("Title"))
    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Text"))

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        template = "content/blocks/callout.html"


class FigureBlock(blocks.StructBlock):
    image = ImageBlock(label=_("Image"))
    caption = blocks.CharBlock(required=False, max_length=300, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Image")
        template = "content/blocks/figure.html"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label=_("File"))
    title = blocks.CharBlock(required=False, max_length=200, label=_("Link text"))

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "content/blocks/file.html"


VIDEO_PATTERNS = (
    (
        re.compile(
            r"^https://(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/|shorts/)|youtu\.be/)"
            r"(?P<id>[\w-]{11})"
        ),
        "https://www.youtube-nocookie.com/embed/{id}",
    ),
    (
        re.compile(r"^https://(?:www\.|player\.)?vimeo\.com/(?:video/)?(?P<id>\d+)"),
        "https://player.vimeo.com/video/{id}",
    ),
)


def video_player_url(url: str) -> str | None:
    """Return the address of the privacy-friendly player for a YouTube or Vimeo page, or None for any other."""
    for pattern, player in VIDEO_PATTERNS:
        if match := pattern.match(url):
            return player.format(id=match["id"])
    return None


class VideoValue(blocks.StructValue):
    @property
    def player_url(self) -> str | None:
        return video_player_url(self.get("url") or "")


class VideoBlock(blocks.StructBlock):
    url = blocks.URLBlock(label=_("Address"), help_text=_("The page of the video on YouTube or Vimeo."))
    title = blocks.CharBlock(max_length=200, label=_("Title"), help_text=_("Says what the video shows."))

    class Meta:
        icon = "media"
        label = _("Video")
        template = "content/blocks/video.html"
        value_class = VideoValue

    def clean(self, value):
        cleaned = super().clean(value)
        if not video_player_url(cleaned["url"]):
            raise blocks.StructBlockValidationError(
                block_errors={"url": ValidationError(_("Enter the address of a video on YouTube or Vimeo."))}
            )
        return cleaned


def cell_key(text: str) -> str:
    # Named by what it says, not by where it stands: a row moved or inserted leaves the other cells' translations alone.
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class TableBlock(TypedTableBlock):
    """A table with a caption whose headings and cells are translated one by one."""

    text = blocks.RichTextBlock(features=INLINE_FEATURES, label=_("Text"))

    class Meta:
        icon = "table"
        label = _("Table")
        template = "content/blocks/table.html"

    def get_translatable_segments(self, value: TypedTable | None):
        if not value:
            return []
        segments = []
        if value.caption:
            segments.append(StringSegmentValue("caption", value.caption))
        seen: set[str] = set()
        for column in value.columns:
            heading = column["heading"]
            path = f"heading-{cell_key(heading)}"
            if heading and path not in seen:
                seen.add(path)
                segments.append(StringSegmentValue(path, heading))
        for row in value.row_data:
            for cell in row["values"]:
                source = cell.source
                path = f"cell-{cell_key(source)}"
                if not source.strip() or path in seen:
                    continue
                seen.add(path)
                template, strings = extract_strings(source)
                segments.append(TemplateSegmentValue("", "html", template, len(strings)).wrap(path))
                segments.extend(StringSegmentValue("", text, attrs=attrs).wrap(path) for text, attrs in strings)
        return segments

    def restore_translated_segments(self, value: TypedTable, segments):
        simple: dict[str, str] = {}
        cells: dict[str, list] = {}
        for segment in segments:
            path, rest = segment.unwrap()
            if path.startswith("cell-"):
                cells.setdefault(path, []).append(rest)
            else:
                simple[path] = rest.render_text()
        translated = {}
        for path, parts in cells.items():
            _format, template, strings = organise_template_segments(parts)
            translated[path] = RichText(restore_strings(template, strings))
        return TypedTable(
            columns=[
                {**column, "heading": simple.get(f"heading-{cell_key(column['heading'])}", column["heading"])}
                for column in value.columns
            ],
            row_data=[
                {"values": [translated.get(f"cell-{cell_key(cell.source)}", cell) for cell in row["values"]]}
                for row in value.row_data
            ],
            caption=simple.get("caption", value.caption),
        )


class StepDetailsBlock(blocks.StreamBlock):
    """What may stand below the sentence of a step."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Text"), icon="pilcrow")
    code = CodeBlock()
    callout = CalloutBlock()
    figure = FigureBlock()
    table = TableBlock()


class StepBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("What to do"))
    image = ImageBlock(required=False, label=_("Image"))
    details = StepDetailsBlock(required=False, label=_("Details"))

    class Meta:
        icon = "list-ol"
        label = _("Step")

    # wagtail-localize reads an image's texts from the stored JSON and fails where a step was stored without its
    # optional image: it gets the step's value written out in full instead.
    def get_translatable_segments(self, value):
        extractor = StreamFieldSegmentExtractor(field=None, include_overridables=True)
        return extractor.handle_struct_block(value, raw_value={"value": self.get_prep_value(value)})

    def restore_translated_segments(self, value, segments):
        # No block of a step points at a translatable object, so the writer needs no languages.
        return StreamFieldSegmentsWriter(None, None, None).handle_struct_block(value, segments)


class StepsBlock(blocks.StructBlock):
    items = blocks.ListBlock(StepBlock(), label=_("Steps"))
    start = blocks.IntegerBlock(default=1, min_value=0, required=False, label=_("First number"))

    class Meta:
        icon = "list-ol"
        label = _("Numbered steps")
        template = "content/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=300, label=_("Question"))
    answer = blocks.RichTextBlock(features=TEXT_FEATURES, label=_("Answer"))

    class Meta:
        icon = "help"
        label = _("Question")


class QuestionsBlock(blocks.StructBlock):
    items = blocks.ListBlock(QuestionBlock(), label=_("Questions"))

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "content/blocks/questions.html"


class FragmentBodyBlock(blocks.StreamBlock):
    """A reusable fragment's body: no headings (their anchors belong to a page) and no fragment inside."""

    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Text"), icon="pilcrow", template="content/blocks/text.html"
    )
    steps = StepsBlock()
    callout = CalloutBlock()
    code = CodeBlock()
    table = TableBlock()
    figure = FigureBlock()


class BodyBlock(blocks.StreamBlock):
    """An article's body."""

    heading = HeadingBlock()
    text = blocks.RichTextBlock(
        features=TEXT_FEATURES, label=_("Text"), icon="pilcrow", template="content/blocks/text.html"
    )
    steps = StepsBlock()
    callout = CalloutBlock()
    code = CodeBlock()
    table = TableBlock()
    figure = FigureBlock()
    file = FileBlock()
    video = VideoBlock()
    questions = QuestionsBlock()
    fragment = SnippetChooserBlock(
        "content.Fragment",
        label=_("Reusable fragment"),
        icon="snippet",
        template="content/blocks/fragment.html",
    )
