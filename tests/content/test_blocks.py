"""How the blocks of a body go through wagtail-localize: what translators get, and what comes back."""

import polib
import pytest
from wagtail.blocks import StreamValue
from wagtail_localize.models import OverridableSegment, SegmentOverride, StringTranslation, TranslationSource

from helpportal.content.models import ArticlePage
from tests.factories.articles import article, block, document, every_block, fragment, image, item, site_in, table_value
from tests.factories.translations import locale, submit, texts_of, translate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shared_article(shared_rows):
    return shared_rows(make_rich_article)


@pytest.fixture
def rich_article(db, shared_article):
    return shared_article()


def make_rich_article() -> ArticlePage:
    return article(
        body=every_block(fragment(), image(), document()),
        summary="How to close one.",
        tags=["orders"],
        product_versions=["4.2"],
        difficulty="advanced",
        sort_order=3,
        search_keywords="finish, complete",
    )


def publish_fragments(page, capture):
    for raw in page.body.raw_data:
        if raw["type"] == "fragment":
            translation = submit_fragment(raw["value"])
            translate(translation)
            with capture(execute=True):
                translation.save_target()


def submit_fragment(pk):
    from helpportal.content.models import Fragment

    return submit(Fragment.objects.get(pk=pk))


def published_hindi(page, capture) -> ArticlePage:
    translation = submit(page)
    publish_fragments(page, capture)
    translate(translation)
    with capture(execute=True):
        translation.save_target()
    return ArticlePage.objects.get(translation_key=page.translation_key, locale=locale("hi"))


def stored(page, kind):
    return next(part for part in page.body.get_prep_value() if part["type"] == kind)["value"]


def test_every_text_of_every_block_is_offered_for_translation(rich_article):
    source, _ = TranslationSource.update_or_create_from_instance(rich_article)
    assert texts_of(source) == {
        "Close a work order",
        "How to close one.",
        "finish, complete",
        "Before you start",
        'Open the <b>order</b> in <a id="a1">the list</a>.',
        "Check the <i>asset</i>",
        "H",
        "2",
        "O off",
        "Press <b>Close</b>",
        "The Close button",
        "It is at the top.",
        "Or type",
        "Careful",
        "It cannot be undone.",
        "Top corner",
        "The order screen",
        "More keys",
        "Key",
        "What it does",
        "F2",
        "Opens the <b>order</b>",
        "Sign",
        "Mind",
        "From the shell",
        "Keys",
        "Where the button is",
        "Download the checklist",
        "Closing in a minute",
        "Can I reopen it?",
        "No.",
    }


def test_kinds_anchors_and_languages_of_code_are_not_offered(rich_article):
    source, _ = TranslationSource.update_or_create_from_instance(rich_article)
    offered = texts_of(source) | {str(segment.data) for segment in source.overridablesegment_set.all()}
    assert not offered & {"before", "bash", "warning", "2 ", "beginner", "advanced"}


def test_what_is_not_text_may_be_replaced_in_a_translation(rich_article):
    source, _ = TranslationSource.update_or_create_from_instance(rich_article)
    replaceable = [segment.data for segment in source.overridablesegment_set.order_by("order")]
    assert "close --order 7  # by number" in replaceable
    assert "https://youtu.be/abcdefghijk" in replaceable
    assert "https://example.com/orders" in replaceable
    assert stored(rich_article, "file")["document"] in replaceable


def test_a_translation_has_the_structure_of_its_source_and_every_text_translated(
    rich_article, django_capture_on_commit_callbacks
):
    hindi = published_hindi(rich_article, django_capture_on_commit_callbacks)
    assert hindi.live
    assert [part["id"] for part in hindi.body.get_prep_value()] == [
        part["id"] for part in rich_article.body.get_prep_value()
    ]
    assert stored(hindi, "heading") == {"text": "हि Before you start", "level": "2", "anchor": "before"}
    text = stored(hindi, "text")
    assert 'हि Open the <b>order</b> in <a href="https://example.com/orders">the list</a>.' in text
    assert "<li>हि Check the <i>asset</i></li>" in text
    assert "<sub>हि 2</sub>" in text
    first, second = (step["value"] for step in stored(hindi, "steps")["items"])
    assert first["text"] == "<p>हि Press <b>Close</b></p>"
    assert first["image"]["alt_text"] == "हि The Close button"
    details = {part["type"]: part["value"] for part in first["details"]}
    assert details["text"] == "<p>हि It is at the top.</p>"
    assert details["code"] == {"language": "bash", "code": "close --order 7  # by number", "caption": "हि Or type"}
    assert details["callout"]["kind"] == "warning"
    assert details["callout"]["title"] == "हि Careful"
    assert details["figure"]["image"]["alt_text"] == "हि The order screen"
    assert details["figure"]["caption"] == "हि Top corner"
    assert details["table"]["caption"] == "हि More keys"
    assert second["text"] == "<p>हि Sign</p>"
    assert stored(hindi, "table") == {
        "columns": [{"type": "text", "heading": "हि Key"}, {"type": "text", "heading": "हि What it does"}],
        "rows": [{"values": ["<p>हि F2</p>", "<p>हि Opens the <b>order</b></p>"]}],
        "caption": "हि Keys",
    }
    assert stored(hindi, "figure")["caption"] == "हि Where the button is"
    assert stored(hindi, "file")["title"] == "हि Download the checklist"
    assert stored(hindi, "video") == {"url": "https://youtu.be/abcdefghijk", "title": "हि Closing in a minute"}
    question = stored(hindi, "questions")["items"][0]["value"]
    assert question == {"question": "हि Can I reopen it?", "answer": "<p>हि No.</p>"}
    shown = next(part.value for part in hindi.body if part.block_type == "fragment")
    assert shown.locale.language_code == "hi"
    assert shown.live
    assert shown.body.get_prep_value()[0]["value"] == "<p>हि Wear your helmet.</p>"


def test_fields_that_are_the_same_in_every_language_follow_the_source(rich_article, django_capture_on_commit_callbacks):
    hindi = published_hindi(rich_article, django_capture_on_commit_callbacks)
    assert (hindi.title, hindi.summary) == ("हि Close a work order", "हि How to close one.")
    assert hindi.search_keywords == "हि finish, complete"
    assert hindi.slug == rich_article.slug == "close-a-work-order"
    assert (hindi.tags, hindi.product_versions) == (["orders"], ["4.2"])
    assert (hindi.difficulty, hindi.sort_order) == ("advanced", 3)


def test_a_translator_may_give_a_page_a_slug_of_its_own(rich_article, django_capture_on_commit_callbacks):
    translation = submit(rich_article)
    segment = OverridableSegment.objects.get(source=translation.source, context__path="slug")
    SegmentOverride.objects.create(locale=locale("hi"), context=segment.context, data_json='"kaam-band-karen"')
    hindi = published_hindi(rich_article, django_capture_on_commit_callbacks)
    assert hindi.slug == "kaam-band-karen"


def test_code_may_be_replaced_in_a_translation(rich_article, django_capture_on_commit_callbacks):
    translation = submit(rich_article)
    segment = next(
        segment
        for segment in translation.source.overridablesegment_set.all()
        if segment.context.get_field_path(rich_article) == "body.code.code"
    )
    SegmentOverride.objects.create(locale=locale("hi"), context=segment.context, data_json='"close --order 7  # क्रम"')
    hindi = published_hindi(rich_article, django_capture_on_commit_callbacks)
    assert stored(hindi, "code")["code"] == "close --order 7  # क्रम"


def rewrite(page, change):
    body = page.body.get_prep_value()
    change(body)
    page.body = body
    page.save_revision().publish()


def translated_texts(source):
    return set(
        source.stringsegment_set.annotate_translation(locale("hi"))
        .filter(translation__isnull=False)
        .values_list("string__data", flat=True)
    )


def test_saving_the_source_again_keeps_every_translation(rich_article):
    translation = submit(rich_article)
    translate(translation)
    before = translated_texts(translation.source)
    rewrite(rich_article, list.copy)
    translation.source.update_from_db()
    assert translated_texts(translation.source) == before == texts_of(translation.source)
    assert translation.get_status_display() == "Up to date"


def test_editing_one_paragraph_asks_for_that_one_alone(rich_article):
    translation = submit(rich_article)
    translate(translation)

    def change(body):
        callout = next(part for part in body if part["type"] == "callout")
        callout["value"]["text"] = "<p>It can be undone for a day.</p>"

    rewrite(rich_article, change)
    translation.source.update_from_db()
    source = translation.source
    assert texts_of(source) - translated_texts(source) == {"It can be undone for a day."}
    assert translation.get_status_display() == "Waiting for translations"


def test_blocks_moved_and_inserted_keep_the_other_translations(rich_article):
    translation = submit(rich_article)
    translate(translation)

    def change(body):
        body.reverse()
        body.insert(0, block("text", "<p>New at the top.</p>", "new text"))

    rewrite(rich_article, change)
    translation.source.update_from_db()
    source = translation.source
    assert texts_of(source) - translated_texts(source) == {"New at the top."}


def test_rows_and_columns_moved_and_inserted_keep_the_other_cells(django_capture_on_commit_callbacks):
    site_in("hi")
    rows = [["Key", "Effect"], ["<p>F2</p>", "<p>Open</p>"], ["<p>F4</p>", "<p>Close</p>"]]
    page = article(body=[block("table", table_value(rows), "table")])
    translation = submit(page)
    translate(translation)
    moved = [
        ["Effect", "Key"],
        ["<p>Close</p>", "<p>F4</p>"],
        ["<p>Sign</p>", "<p>F8</p>"],
        ["<p>Open</p>", "<p>F2</p>"],
    ]

    def change(body):
        body[0]["value"] = table_value(moved)

    rewrite(page, change)
    translation.source.update_from_db()
    source = translation.source
    assert texts_of(source) - translated_texts(source) == {"F8", "Sign"}
    translate(translation)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target()
    hindi = ArticlePage.objects.get(translation_key=page.translation_key, locale=locale("hi"))
    assert [row["values"] for row in stored(hindi, "table")["rows"]] == [
        ["<p>हि Close</p>", "<p>हि F4</p>"],
        ["<p>हि Sign</p>", "<p>हि F8</p>"],
        ["<p>हि Open</p>", "<p>हि F2</p>"],
    ]


@pytest.mark.parametrize("rows", [[["", ""], ["", "<p></p>"]], [["A", "A"], ["<p>x</p>", "<p>x</p>"]], [["A"]], [[]]])
def test_odd_tables_survive_translation(rows, django_capture_on_commit_callbacks):
    site_in("hi")
    page = article(body=[block("table", table_value(rows, caption=""), "table")])
    translation = submit(page)
    translate(translation)
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target()
    hindi = ArticlePage.objects.get(translation_key=page.translation_key, locale=locale("hi"))
    mark = {"A": "हि A", "<p>x</p>": "<p>हि x</p>"}
    table = stored(hindi, "table")
    assert [column["heading"] for column in table["columns"]] == [mark.get(text, text) for text in rows[0]]
    assert [row["values"] for row in table["rows"]] == [[mark.get(text, text) for text in row] for row in rows[1:]]


def test_a_translation_goes_out_to_a_po_file_and_comes_back(rich_article, django_capture_on_commit_callbacks):
    translation = submit(rich_article)
    publish_fragments(rich_article, django_capture_on_commit_callbacks)
    exported = polib.pofile(str(translation.export_po()))
    assert {entry.msgid for entry in exported} == texts_of(translation.source)
    for entry in exported:
        entry.msgstr = f"हि {entry.msgid}"
    assert translation.import_po(polib.pofile(str(exported))) == []
    assert not StringTranslation.objects.filter(has_error=True).exists()
    with django_capture_on_commit_callbacks(execute=True):
        translation.save_target()
    hindi = ArticlePage.objects.get(translation_key=rich_article.translation_key, locale=locale("hi"))
    assert hindi.live
    assert stored(hindi, "table")["rows"][0]["values"][1] == "<p>हि Opens the <b>order</b></p>"


def test_a_step_that_a_program_stored_without_its_optional_parts_is_offered_too():
    site_in("hi")
    page = article(body=[])
    steps = block("steps", {"items": [item({"text": "<p>Sign</p>"}, "step")]}, "steps")
    page.body = StreamValue(page.body.stream_block, [steps], is_lazy=True)
    page.save(clean=False)
    assert "image" not in ArticlePage.objects.get(pk=page.pk).body.raw_data[0]["value"]["items"][0]["value"]
    source, _ = TranslationSource.update_or_create_from_instance(ArticlePage.objects.get(pk=page.pk))
    assert texts_of(source) == {"Close a work order", "Sign"}
