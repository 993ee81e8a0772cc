"""wagtail-localize's editor, with the roles of a tenant, for a page that has every kind of block."""

import html
import json
import re

import polib
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail_localize.models import Translation

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage, Fragment
from tests.factories.articles import article, block, document, every_block, fragment, image
from tests.factories.people import staff
from tests.factories.translations import hindi, locale, source_of, submit, texts_of, translate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shared_article(shared_rows):
    return shared_rows(make_article)


@pytest.fixture
def original(db, shared_article):
    return shared_article()


def make_article() -> ArticlePage:
    return article(
        body=every_block(fragment(), image(), document()),
        summary="How to close one.",
        search_keywords="finish, complete",
        seo_title="Closing",
        search_description="Close it.",
    )


@pytest.fixture
def translator(client, site):
    client.force_login(staff(site, Role.TRANSLATOR, "hi"))
    return client


def opened(client, page):
    response = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert response.status_code == 200
    return props(response)


def props(response):
    return json.loads(html.unescape(re.search(r'data-props="([^"]*)"', response.content.decode())[1]))


def put(client, url, value):
    response = client.put(url, f"value={value}", content_type="application/x-www-form-urlencoded")
    assert response.status_code in (200, 201), response.content
    return response.json()


def test_the_editor_shows_every_text_and_every_replaceable_value(translator, original):
    submit(original)
    segments = opened(translator, hindi(original))["segments"]
    shown = {segment["source"] for segment in segments if segment["type"] == "string"}
    assert shown == texts_of(source_of(original))
    replaceable = [segment for segment in segments if segment["type"] == "synchronised_value"]
    assert len(replaceable) == source_of(original).overridablesegment_set.count()
    assert {segment["location"]["widget"]["type"] for segment in replaceable} == {
        "text",
        "image_chooser",
        "document_chooser",
    }
    assert [segment["source"]["title"] for segment in segments if segment["type"] == "related_object"] == [
        "Safety note"
    ]


def test_a_translator_translates_by_hand_and_a_publisher_publishes(translator, client, site, original, commit):
    translator.post(
        reverse("wagtail_localize:submit_page_translation", args=[original.pk]), {"locales": [locale("hi").pk]}
    )
    note = Fragment.objects.get(locale=locale("hi"))
    note_url = reverse("wagtailsnippets_content_fragment:edit", args=[note.pk])
    for target in (props(translator.get(note_url)), opened(translator, hindi(original))):
        for segment in target["segments"]:
            if segment["type"] == "string":
                stored = put(translator, segment["editUrl"], f"हि {segment['source']}")
                assert stored["error"] is None
    commit(translator.post, reverse("wagtailadmin_pages:edit", args=[hindi(original).pk]), {"action": "publish"})
    assert not hindi(original).live

    client.force_login(staff(site, Role.PUBLISHER))
    commit(client.post, note_url, {"action": "publish"})
    commit(client.post, reverse("wagtailadmin_pages:edit", args=[hindi(original).pk]), {"action": "publish"})
    assert hindi(original).live
    assert hindi(original).title == "हि Close a work order"
    assert hindi(original).seo_title == "हि Closing"


def test_a_translator_may_replace_code_and_images(translator, original):
    other = image("Hindi screen", "#993333")
    translation = submit(original)
    values = {"text": "close --order 7  # क्रम", "image_chooser": str(other.pk)}
    for segment in opened(translator, hindi(original))["segments"]:
        if segment["type"] == "synchronised_value" and segment["contentPath"] != "slug":
            kind = segment["location"]["widget"]["type"]
            if kind == "image_chooser" or str(segment["value"]).startswith("close --order"):
                url = segment["editUrl"]
                value = json.dumps(int(values[kind])) if kind == "image_chooser" else values[kind]
                put(translator, url, value)
    translate(translation)
    draft = translation.source.get_ephemeral_translated_instance(locale("hi"), fallback=True)
    figure = next(part.value for part in draft.body if part.block_type == "figure")
    assert figure["image"].pk == other.pk
    assert next(part.value for part in draft.body if part.block_type == "code")["code"] == values["text"]


def test_an_unusable_translation_is_named_and_not_used(translator, original):
    translation = submit(original)
    segment = next(
        segment for segment in opened(translator, hindi(original))["segments"] if segment.get("source") == "No."
    )
    stored = put(translator, segment["editUrl"], "<script>x</script>")
    assert stored["error"]
    translate(translation, texts={})
    assert translation.get_progress()[1] == 0


def test_a_translator_of_another_language_may_not(client, site, original):
    translation = submit(original)
    client.force_login(staff(site, Role.TRANSLATOR, "ta"))
    edit = client.get(reverse("wagtailadmin_pages:edit", args=[hindi(original).pk]))
    assert edit.status_code in (302, 403, 404)
    segment = translation.source.stringsegment_set.first()
    url = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    response = client.put(url, "value=x", content_type="application/x-www-form-urlencoded")
    assert response.status_code in (403, 404)


def test_a_po_file_is_downloaded_and_uploaded(translator, original):
    translation = submit(original)
    downloaded = translator.get(reverse("wagtail_localize:download_pofile", args=[translation.pk]))
    po = polib.pofile(downloaded.content.decode())
    for entry in po:
        entry.msgstr = f"हि {entry.msgid}"
    upload = SimpleUploadedFile("hi.po", str(po).encode())
    url = reverse("wagtail_localize:upload_pofile", args=[translation.pk])
    translator.post(url, {"file": upload, "next": "/admin/"})
    total, done = translation.get_progress()
    assert done == total == len(po)


@pytest.mark.parametrize("kind", ["heading", "text", "steps", "callout", "code", "table", "figure", "file", "video"])
def test_a_page_of_one_kind_of_block_opens(translator, original, kind):
    value = next(part for part in original.body.get_prep_value() if part["type"] == kind)["value"]
    single = article(f"Only {kind}", body=[block(kind, value, kind)], parent=original.get_parent().specific)
    submit(single)
    assert opened(translator, hindi(single))["segments"]


def test_a_page_without_body_opens_and_publishes(client, site, commit):
    page = article(body=[])
    translation = submit(page)
    translate(translation)
    client.force_login(staff(site, Role.PUBLISHER))
    assert opened(client, hindi(page))["segments"]
    commit(client.post, reverse("wagtailadmin_pages:edit", args=[hindi(page).pk]), {"action": "publish"})
    assert hindi(page).live


def test_the_preview_shows_the_translation_so_far(translator, original):
    translation = submit(original)
    translate(translation, {"Close a work order": "कार्य आदेश बंद करें"})
    response = translator.get(reverse("wagtail_localize:preview_translation", args=[translation.pk]))
    assert response.status_code == 200
    assert "कार्य आदेश बंद करें" in response.content.decode()


def test_categories_and_home_pages_are_translated_too(translator, site, commit):
    shelf = article(body=[]).get_parent().specific
    shelf.summary = "Everything about orders."
    shelf.save_revision().publish()
    submit(shelf)
    copy = shelf.get_translation(locale("hi"))
    sources = {segment["source"] for segment in opened(translator, copy)["segments"] if segment["type"] == "string"}
    assert sources == {"Work orders", "Everything about orders."}
    home = site.root_page.specific.get_translation(locale("hi"))
    assert translator.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 200


def test_the_reports_list_the_queue(translator, original):
    submit(original)
    response = translator.get(reverse("wagtail_localize:translations_report"))
    assert response.status_code == 200
    assert Translation.objects.filter(source=source_of(original)).exists()
    assert "Close a work order" in response.content.decode()
