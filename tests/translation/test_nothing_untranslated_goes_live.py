"""Readers never get text of the source language as if it were a translation, whichever door it comes through."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import LocaleSynchronization, Translation
from wagtail_localize.operations import translate_page_subtree

from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, CategoryPage, Fragment
from helpportal.content.publishing import PublicationRefusedError
from tests.factories.articles import article, block, category, fragment, site_in
from tests.factories.translations import hindi, locale, source_of, submit, translate

pytestmark = pytest.mark.django_db

BODY = [block("text", "<p>First.</p><p>Second.</p>", "body")]


@pytest.fixture
def admin(client, site):
    user = User.objects.create_superuser("admin", "admin@example.com", "secret")
    client.force_login(user)
    return client


def live_hindi_pages():
    return set(Page.objects.filter(locale=locale("hi"), live=True, depth__gt=2).values_list("title", flat=True))


def published(page, commit):
    translation = submit(page)
    translate(translation)
    commit(translation.save_target)
    return hindi(page)


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_a_new_page_stays_in_its_language(site):
    article(body=BODY)
    assert not Page.objects.filter(locale=locale("hi"), depth__gt=2).exists()


def test_a_submitted_page_is_a_draft_and_so_are_the_categories_above_it(site, commit):
    shelf = category("Shelf")
    page = article(body=BODY, parent=category("Inner", parent=shelf))
    commit(submit, page)
    assert live_hindi_pages() == set()
    assert not Page.objects.filter(alias_of__isnull=False).exists()
    assert hindi(shelf).get_children().count() == 1
    queue = Translation.objects.filter(target_locale=locale("hi"), enabled=True)
    assert {translation.source.object_repr for translation in queue} == {"Close a work order", "Inner", "Shelf"}


def test_a_submission_through_the_admin_is_a_draft(admin, commit):
    page = article(body=BODY)
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    commit(admin.post, url, {"locales": [locale("hi").pk, locale("ta").pk]})
    assert {copy.locale.language_code for copy in page.get_translations()} == {"hi", "ta"}
    assert not page.get_translations().filter(live=True).exists()


def test_publishing_the_source_publishes_no_translation(site, commit):
    page = article(body=BODY, live=False)
    submit(page)
    commit(page.save_revision().publish)
    assert live_hindi_pages() == set()


def test_publishing_the_source_again_leaves_a_live_translation_as_it_is(site, commit):
    page = article(body=BODY)
    before = published(page, commit)
    page.title = "Finish a work order"
    page.body = [block("text", "<p>First.</p><p>Another.</p>", "body")]
    commit(page.save_revision().publish)
    source_of(page).update_from_db()
    after = hindi(page)
    assert (after.title, after.body.get_prep_value()) == (before.title, before.body.get_prep_value())
    assert after.title == "हि Close a work order"


def test_a_language_kept_in_step_with_another_gets_drafts_not_live_copies(admin, commit):
    page = article(body=BODY)
    LocaleSynchronization.objects.create(locale=locale("hi"), sync_from=locale("en"))
    assert not hindi(page).live
    shelf = page.get_parent()
    url = reverse("wagtailadmin_pages:add", args=["content", "categorypage", shelf.pk])
    data = {"title": "New shelf", "slug": "new-shelf", "icon": "book", "sort_order": "0", "action-publish": "1"}
    commit(admin.post, url, data)
    assert CategoryPage.objects.get(slug="new-shelf", locale=locale("en")).live
    assert not CategoryPage.objects.get(slug="new-shelf", locale=locale("hi")).live
    assert live_hindi_pages() == set()


def test_a_half_translated_page_is_refused_and_says_what_is_left(admin, commit):
    page = article(body=BODY)
    translation = submit(page)
    translate(translation, {"Close a work order": "कार्य आदेश बंद करें", "First.": "पहला।"})
    response = commit(admin.post, reverse("wagtailadmin_pages:edit", args=[hindi(page).pk]), {"action": "publish"})
    assert response.status_code == 302
    assert said(response) == ["1 text is not translated yet, the first: “Second.”."]
    assert live_hindi_pages() == set()
    translate(translation, {"Second.": "दूसरा।"})
    commit(admin.post, reverse("wagtailadmin_pages:edit", args=[hindi(page).pk]), {"action": "publish"})
    assert live_hindi_pages() == {"कार्य आदेश बंद करें"}


def test_a_half_translated_update_leaves_the_published_translation_alone(site, commit):
    page = article(body=BODY)
    before = published(page, commit)
    page.body = [block("text", "<p>First.</p><p>Another.</p>", "body")]
    page.save_revision().publish()
    source_of(page).update_from_db()
    with pytest.raises(PublicationRefusedError, match=r"first: “Another\.”"):
        commit(Translation.objects.get(source=source_of(page), target_locale=locale("hi")).save_target)
    assert hindi(page).body.get_prep_value() == before.body.get_prep_value()


def test_a_page_whose_fragment_is_not_published_in_its_language_is_refused(site, commit):
    note = fragment("Safety note")
    page = article(body=[*BODY, block("fragment", note.pk, "note")])
    translation = submit(page)
    translate(translation)
    with pytest.raises(PublicationRefusedError, match="Safety note"):
        commit(translation.save_target)
    fragment_translation = Translation.objects.get(source=source_of(note), target_locale=locale("hi"))
    translate(fragment_translation)
    commit(fragment_translation.save_target)
    commit(translation.save_target)
    assert hindi(page).live


def test_updating_all_languages_at_once_publishes_only_the_finished_ones(admin, commit):
    site_in("ta")
    page = article(body=BODY)
    translate(submit(page, "hi"))
    submit(page, "ta")
    url = reverse("wagtail_localize:update_translations", args=[source_of(page).pk])
    response = commit(admin.post, url, {"publish_translations": "on"})
    assert hindi(page).live
    assert not page.get_translation(locale("ta")).live
    assert any("தமிழ்" in text and "3 texts are not translated yet" in text for text in said(response))


@pytest.mark.parametrize("include_descendants", [False, True])
def test_publishing_drafts_in_bulk_is_refused(admin, commit, include_descendants):
    page = article(body=BODY)
    submit(page)
    chosen = hindi(page.get_parent().specific) if include_descendants else hindi(page)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={chosen.pk}"
    response = commit(admin.post, url, {"include_descendants": "on" if include_descendants else ""})
    assert response.status_code == 302
    assert any("is not translated yet" in text for text in said(response))
    assert live_hindi_pages() == set()


def test_no_revision_with_source_text_can_be_published(site):
    page = article(body=BODY)
    submit(page)
    revisions = list(hindi(page).revisions.all()) + list(hindi(page.get_parent().specific).revisions.all())
    assert len(revisions) >= 3
    for revision in revisions:
        with pytest.raises(PublicationRefusedError):
            revision.publish()
    assert live_hindi_pages() == set()


def test_a_finished_translation_may_be_taken_down_and_published_again(site, commit):
    page = article(body=BODY)
    copy = published(page, commit)
    copy.unpublish()
    hindi(page).get_latest_revision().publish()
    assert hindi(page).live


def test_a_page_written_in_its_language_by_hand_may_be_published(site):
    page = article(body=BODY)
    copy = page.copy_for_translation(locale("hi"), copy_parents=True)
    copy.title = "कार्य आदेश बंद करें"
    copy.body = [block("text", "<p>पहला।</p>", "body")]
    copy.save_revision().publish()
    assert live_hindi_pages() == {"कार्य आदेश बंद करें"}


def test_submitting_a_tree_again_leaves_translations_that_exist_as_they_are(site, commit, admin_user):
    page = article(body=BODY)
    shelf = page.get_parent().specific
    submit(shelf)
    by_hand = article("Open a work order", body=BODY, parent=shelf)
    copy = by_hand.copy_for_translation(locale("hi"))
    copy.title = "कार्य आदेश खोलें"
    copy.save_revision().publish()
    by_localize = published(page, commit)
    page.body = [block("text", "<p>Third.</p>", "body")]
    page.save_revision().publish()
    source_of(page).update_from_db()
    commit(translate_page_subtree, shelf.pk, [locale("hi")], None, admin_user)
    assert hindi(by_hand).title == "कार्य आदेश खोलें"
    assert hindi(page).body.get_prep_value() == by_localize.body.get_prep_value()
    assert live_hindi_pages() == {"कार्य आदेश खोलें", "हि Close a work order"}


def test_showing_a_translated_fragment_in_another_article_leaves_it_live(site, commit):
    note = fragment("Safety note")
    translation = submit(note)
    translate(translation)
    commit(translation.save_target)
    commit(submit, article(body=[block("fragment", note.pk, "note")]))
    copy = Fragment.objects.get(translation_key=note.translation_key, locale=locale("hi"))
    assert copy.live
    assert copy.body.get_prep_value()[0]["value"] == "<p>हि Wear your helmet.</p>"


def test_submitting_an_article_submits_its_fragments_as_drafts(site, commit):
    note = fragment("Safety note")
    commit(submit, article(body=[block("fragment", note.pk, "note")]))
    copy = Fragment.objects.get(translation_key=note.translation_key, locale=locale("hi"))
    assert not copy.live
    assert copy.live_revision is None
    with pytest.raises(PublicationRefusedError):
        copy.latest_revision.publish()


def test_a_translation_is_not_turned_into_a_copy_of_its_source(admin, commit):
    page = article(body=BODY)
    copy = published(page, commit)
    url = reverse("wagtail_localize:convert_to_alias", args=[copy.pk])
    response = commit(admin.post, url)
    assert response.status_code == 302
    assert any("shown in English" in text for text in said(response))
    assert hindi(page).alias_of_id is None
    assert hindi(page).title == "हि Close a work order"


def test_an_alias_from_before_becomes_a_draft_when_it_is_submitted(site, commit):
    page = article(body=BODY)
    copy = page.copy_for_translation(locale("hi"), copy_parents=True)
    Page.objects.filter(pk=copy.pk).update(alias_of=page, live=True)
    commit(submit, page)
    assert not ArticlePage.objects.get(pk=copy.pk).live
    assert ArticlePage.objects.get(pk=copy.pk).alias_of_id is None


def draft_over(instance):
    """Write a draft of the translation the way the importer does."""
    source_of(instance).create_or_update_translation(locale("hi"), publish=False, fallback=True)


@pytest.mark.parametrize("finished", [True, False])
def test_a_draft_of_a_live_translation_is_not_seen_before_it_is_published(site, commit, finished):
    page = article(body=BODY)
    before = published(page, commit)
    page.title = "Finish a work order"
    page.save_revision().publish()
    source_of(page).update_from_db()
    if finished:
        translate(Translation.objects.get(source=source_of(page)), {"Finish a work order": "कार्य आदेश पूरा करें"})
    commit(draft_over, page)
    after = hindi(page)
    assert (after.live, after.title, after.live_revision_id) == (True, before.title, before.live_revision_id)
    assert after.body.get_prep_value() == before.body.get_prep_value()
    assert after.last_published_at == before.last_published_at
    assert after.has_unpublished_changes
    draft = after.get_latest_revision()
    if finished:
        draft.publish()
        assert hindi(page).title == "कार्य आदेश पूरा करें"
    else:
        with pytest.raises(PublicationRefusedError):
            draft.publish()


def test_a_draft_of_a_live_fragment_does_not_take_it_down(site, commit):
    note = fragment("Safety note")
    translation = submit(note)
    translate(translation)
    commit(translation.save_target)
    note.body = [block("text", "<p>Wear gloves.</p>", "fragment Safety note")]
    note.save_revision().publish()
    source_of(note).update_from_db()
    commit(draft_over, note)
    copy = Fragment.objects.get(translation_key=note.translation_key, locale=locale("hi"))
    assert copy.live
    assert copy.body.get_prep_value()[0]["value"] == "<p>हि Wear your helmet.</p>"
    with pytest.raises(PublicationRefusedError):
        copy.get_latest_revision().publish()
