"""Translations join their source's family, open in wagtail-localize, and survive what happens to the source."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from helpportal.accounts.models import User
from helpportal.content.models import CategoryPage
from helpportal.translation.queries import missing_parts
from tests.factories.documents import png, stored

pytestmark = pytest.mark.django_db

LAYOUT = ["--layout", "translations/{locale}", "--publish"]
FILES = {
    "README.md": "# The guide\n\nAll about orders.\n",
    "translations/hi/README.md": "# मार्गदर्शिका\n\nऑर्डर के बारे में सब कुछ।\n",
    "close.md": (
        "# Close an order\n\nFirst look at [the list](list.md#all-orders), then at [the site](https://example.com/en).\n\n"
        "## Before you start\n\n1. Open it\n2. Run:\n\n   ```bash\n   go  # now\n   ```\n\n"
        "| Key | What it does |\n|---|---|\n| `F2` | Opens |\n| F3 | Closes |\n\n"
        "![The screen](screen.png)\n\nSee [above](#before-you-start).\n"
    ),
    "translations/hi/close.md": (
        "# ऑर्डर बंद करें\n\nपहले [सूची](list.md#सभी-ऑर्डर) देखें, फिर [साइट](https://example.com/hi) देखें।\n\n"
        "## शुरू करने से पहले\n\n१. इसे खोलें\n२. चलाएँ:\n\n   ```bash\n   go  # अभी\n   ```\n\n"
        "| कुंजी | क्या करती है |\n|---|---|\n| `F2` | खोलती है |\n| F3 | बंद करती है |\n\n"
        "![स्क्रीन](screen.png)\n\n[ऊपर](#शुरू-करने-से-पहले) देखें।\n"
    ),
    "list.md": "# The list\n\nAll of them.\n\n## All orders\n\nHere.\n",
    "translations/hi/list.md": "# सूची\n\nसब।\n\n## सभी ऑर्डर\n\nयहाँ।\n",
    "screen.png": png(),
}


@pytest.fixture
def imported(tree, sync):
    tree.write(FILES)
    result = sync(*LAYOUT)
    assert result.status == 0
    return result


def test_a_translation_is_a_live_page_of_the_family_with_its_own_text(imported, article):
    english, hindi = article("close"), article("close", "hi")
    assert english.translation_key == hindi.translation_key
    assert hindi.live
    assert hindi.alias_of_id is None
    assert (hindi.title, hindi.slug, hindi.summary) == ("ऑर्डर बंद करें", "close", "पहले सूची देखें, फिर साइट देखें।")
    assert not imported.report["misaligned"]
    assert not imported.report["unresolved_links"]
    body = stored(hindi)
    listed = article("list").pk
    assert body[0]["value"] == (
        f'<p>पहले <a fragment="all-orders" id="{listed}" linktype="page">सूची</a> देखें, '
        'फिर <a href="https://example.com/hi">साइट</a> देखें।</p>'
    )
    assert body[1]["value"] == {"text": "शुरू करने से पहले", "level": "2", "anchor": "before-you-start"}
    steps = body[2]["value"]["items"]
    assert [step["value"]["text"] for step in steps] == ["<p>इसे खोलें</p>", "<p>चलाएँ:</p>"]
    assert steps[1]["value"]["details"][0]["value"]["code"] == "go  # अभी"
    assert body[3]["value"]["rows"][1]["values"] == ["F3", "बंद करती है"]
    assert body[4]["value"]["image"]["alt_text"] == "स्क्रीन"
    assert '<a href="#before-you-start">ऊपर</a>' in body[5]["value"]
    assert [block["id"] for block in body] == [block["id"] for block in stored(english)]


def test_its_category_is_translated_too(imported):
    category = CategoryPage.objects.get(slug="guide", locale__language_code="hi")
    assert (category.title, category.summary, category.live) == ("मार्गदर्शिका", "ऑर्डर के बारे में सब कुछ।", True)


def test_every_text_is_translated_for_wagtail_localize(imported, article):
    source = TranslationSource.objects.get_for_instance(article("close"))
    translation = Translation.objects.get(source=source, target_locale=article("close", "hi").locale)
    assert translation.enabled
    assert not missing_parts(source, translation.target_locale)
    done, of = translation.get_progress()[1], translation.get_progress()[0]
    assert done == of > 10
    assert translation.get_status_display() == "Up to date"


def test_a_second_run_changes_nothing_in_any_language(imported, sync):
    again = sync(*LAYOUT)
    assert again.changes == 0
    assert again.totals["unchanged"] == imported.totals["created"]


def test_saving_in_the_translation_editor_loses_nothing(imported, article, client, sync):
    client.force_login(User.objects.create_superuser("root"))
    before = stored(article("close", "hi"))
    page = article("close", "hi")
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"action": "publish"})
    assert response.status_code == 302
    assert stored(article("close", "hi")) == before
    assert article("close", "hi").title == "ऑर्डर बंद करें"
    assert sync(*LAYOUT).changes == 0


def test_an_edited_source_leaves_the_translations_of_all_other_texts(imported, tree, sync, article):
    revisions = article("close", "hi").revisions.count()
    tree.write({"close.md": FILES["close.md"].replace("1. Open it", "A new paragraph.\n\n1. Open it at once")})
    result = sync(*LAYOUT)
    assert [(entry["path"], entry["locale"]) for entry in result.report["updated"]] == [("close.md", "en")]
    assert article("close", "hi").revisions.count() == revisions
    source = TranslationSource.objects.get_for_instance(article("close"))
    source.update_from_db()
    missing = missing_parts(source, article("close", "hi").locale)
    assert set(missing.texts) == {"A new paragraph.", "Open it at once"}


def test_an_edited_translation_is_written_and_a_person_s_words_are_kept(imported, tree, sync, article):
    user = User.objects.create_user("asha")
    text = StringTranslation.objects.get(data="इसे खोलें", locale__language_code="hi")
    text.data, text.last_translated_by, text.tool_name = "इसे अभी खोलें", user, ""
    text.save()
    tree.write({"translations/hi/close.md": FILES["translations/hi/close.md"].replace("बंद करती है", "बन्द करती है")})
    result = sync(*LAYOUT)
    assert [(entry["path"], entry["locale"]) for entry in result.report["updated"]] == [
        ("translations/hi/close.md", "hi")
    ]
    body = stored(article("close", "hi"))
    assert body[2]["value"]["items"][0]["value"]["text"] == "<p>इसे अभी खोलें</p>"
    assert body[3]["value"]["rows"][1]["values"][1] == "बन्द करती है"
    assert "1 texts" in result.messages("warnings")[0][2]


def test_a_translation_of_another_structure_keeps_its_own_text(tree, sync, article):
    tree.write(
        {
            "a.md": "# A\n\nOne.\n\n## Part\n\nTwo.\n\n- x\n- y\n- z\n",
            "translations/hi/a.md": "# अ\n\nएक।\n\n## भाग\n\nदो।\n\n- क\n- ख\n\n```\nअधिक\n```\n",
        }
    )
    result = sync(*LAYOUT)
    hindi = article("a", "hi")
    assert hindi.live
    assert [block["type"] for block in stored(hindi)] == ["text", "heading", "text", "code"]
    assert stored(hindi)[2]["value"] == "<p>दो।</p><ul><li>क</li><li>ख</li></ul>"
    assert stored(hindi)[1]["value"]["anchor"] == "part"
    [entry] = result.report["misaligned"]
    assert (entry["missing"], entry["left_over"]) == (1, 1)
    source = TranslationSource.objects.get_for_instance(article("a"))
    translation = Translation.objects.get(source=source)
    assert not translation.enabled
    # What does line up waits in the translation memory.
    assert StringTranslation.objects.filter(data="एक।", locale=hindi.locale).exists()
    assert sync(*LAYOUT).changes == 0
    tree.write({"translations/hi/a.md": "# अ\n\nएक।\n\n## भाग\n\nदो।\n\n- क\n- ख\n- ग\n"})
    assert not sync(*LAYOUT).report["misaligned"]
    translation.refresh_from_db()
    assert translation.enabled
    assert stored(article("a", "hi"))[2]["value"].endswith("<li>ग</li></ul>")


def test_one_bad_translation_leaves_the_others_and_the_source(tree, sync, article):
    tree.write({**FILES, "translations/hi/close.md": "# बंद\n".encode("utf-16")})
    result = sync(*LAYOUT)
    assert [(entry["path"], entry["locale"]) for entry in result.report["bad_files"]] == [
        ("translations/hi/close.md", "hi")
    ]
    assert article("close").live
    assert article("list", "hi").live


def test_languages_that_the_site_lacks_and_lost_translations_are_named(tree, sync):
    tree.write({**FILES, "translations/fr/close.md": "# Fermer\n", "translations/hi/extra.md": "# और\n\nपाठ।\n"})
    messages = {(path, message) for path, _line, message in sync(*LAYOUT).messages("warnings")}
    assert ("translations/fr", "The site has no language “fr”: its files are left out.") in messages
    assert ("translations/hi/extra.md", "There is no source document for this translation.") in messages


def test_the_source_language_may_have_a_folder_like_the_others(tree, sync, article):
    tree.write(
        {
            "en/orders/a.md": "# A\n\n![x](../../img/x.png)\n\nText.\n",
            "hi/orders/a.md": "# अ\n\n![x](../../img/x.png)\n\nपाठ।\n",
            "img/x.png": png(),
            "top.md": "# Not a document of any language\n",
        }
    )
    result = sync("--layout", "{locale}", "--publish", category=None)
    assert result.status == 0
    assert article("a").get_parent().slug == "orders"
    assert article("a", "hi").title == "अ"
    assert result.totals["unresolved_links"] == 0


def test_a_restriction_of_the_source_covers_the_translation(tree, sync, article, client):
    tree.write(
        {
            "a.md": "---\naudience: Guards\n---\n# A\n\nText.\n",
            "translations/hi/a.md": "# अ\n\nपाठ।\n",
        }
    )
    sync(*LAYOUT)
    for language in ("en", "hi"):
        response = client.get(f"/{language}/guide/a/")
        assert response.status_code in (302, 403, 404)
        assert "पाठ" not in response.content.decode()
