"""What a publication of a live article says of itself: to readers, to translators and to the record."""

from __future__ import annotations

import pytest

from helpportal.content.models import ArticleChange, ArticlePage
from helpportal.content.review.services import mark_ready_for_translation
from helpportal.translation import queries, tasks
from tests.factories.articles import article, block, site_in
from tests.factories.readers import person
from tests.factories.translations import source_of, submit, texts_of, translate

FIRST = [block("text", "<p>First.</p>", "body")]
SECOND = [block("text", "<p>Second.</p>", "body")]


def publish(page, user=None, **fields) -> ArticlePage:
    """Publish an edit as a program does that takes the page's own row."""
    page = ArticlePage.objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision(user=user).publish(user=user)
    return ArticlePage.objects.get(pk=page.pk)


def changes(page) -> list[tuple]:
    return list(ArticleChange.objects.filter(page=page).order_by("pk").values_list("severity", "note"))


@pytest.mark.django_db
def test_each_publication_after_the_first_is_written_down_once():
    page = article(body=FIRST)
    asha = person("asha", superuser=True)
    assert changes(page) == []
    page = publish(page, asha, body=SECOND, change_severity="major", change_note="Two keys now.")
    page.live_revision.publish(user=asha)
    change = ArticleChange.objects.get(page=page)
    assert (change.severity, change.note, change.published_by) == ("major", "Two keys now.", asha)
    assert (change.site, change.published_at) == (site_in(), page.last_published_at)
    # The next edit begins with nothing said, also by a program that knows nothing of these fields.
    page = publish(page, title="Close an order")
    assert changes(page) == [("major", "Two keys now."), ("normal", "")]


@pytest.mark.django_db(transaction=True)
def test_a_translation_tells_its_readers_once_of_each_edit():
    site_in("hi")
    page = article(body=FIRST)
    translation = submit(page)
    translate(translation)
    translation.save_target()
    page = publish(page, body=SECOND, change_note="Two keys now.")
    tasks.refresh_source(str(page.translation_key), page.locale_id)
    assert texts_of(source_of(page)) == {"Close a work order", "Second.", "Two keys now."}
    translation.refresh_from_db()
    translate(translation)
    for _time in range(2):
        translation.save_target()
    hindi = page.get_translation(translation.target_locale)
    assert changes(hindi) == [("normal", "हि Two keys now."), ("normal", "")]
    # An edit without a note leaves nothing to translate, and nothing of the last note behind.
    page = publish(page, body=FIRST, change_severity="typo")
    tasks.refresh_source(str(page.translation_key), page.locale_id)
    translation.refresh_from_db()
    translate(translation)
    translation.save_target()
    hindi.refresh_from_db()
    assert hindi.change_note == ""
    assert changes(hindi)[-1] == ("typo", "")


@pytest.mark.django_db(transaction=True)
def test_what_is_not_ready_waits_until_somebody_says_so(celery_worker_process):
    site_in("hi")
    asha = person("asha", superuser=True)
    page = article(body=FIRST)
    translate(submit(page))
    page = publish(page, asha, body=SECOND, ready_for_translation=False)
    celery_worker_process.wait_until_idle()
    tasks.refresh_sources_behind()
    assert queries.sources_behind() == []
    assert "Second." not in texts_of(source_of(page))
    assert [mark_ready_for_translation(page, asha) for _time in range(2)] == [True, False]
    celery_worker_process.wait_until_idle()
    assert "Second." in texts_of(source_of(page))
    assert ArticleChange.objects.get(page=page).ready_for_translation
