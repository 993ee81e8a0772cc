"""Many pages at once: what can be done is done, and whatever is not is named with its reason."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticleChange, ArticlePage, CategoryPage, Upkeep
from tests.content.upkeep.conftest import Desk, said
from tests.factories.articles import category
from tests.factories.people import staff
from tests.factories.readers import audience, person, translated
from tests.factories.tenants import make_tenant
from tests.factories.translations import submit

pytestmark = pytest.mark.django_db


def address(action: str, *pages, **query) -> str:
    ids = [f"id={page.pk}" for page in pages] or ["id=all"]
    asked = "&".join([*ids, *(f"{name}={value}" for name, value in query.items())])
    return f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', action])}?{asked}"


def do(client: Client, action: str, *pages, **data) -> list[str]:
    """Confirm a bulk action; return what the desk is told."""
    shown = client.get(address(action, *pages))
    assert shown.status_code == 200
    return said(client.post(address(action, *pages), data))


def again(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


def drafts(desk: Desk, *names: str, **fields) -> list[ArticlePage]:
    return [desk.article(name, live=False, **fields) for name in names]


def edited(page: ArticlePage, title: str) -> ArticlePage:
    """Save a draft over a live article."""
    draft = again(page)
    draft.title = title
    draft.save_revision()
    return again(page)


# --- Drafts -------------------------------------------------------------------------------------


def test_publishing_asks_once_what_the_edits_are(desk: Desk):
    one, two = (edited(desk.article(name), f"{name} two") for name in ("One", "Two"))
    own = again(two).get_latest_revision_as_object()
    own.change_note, own.change_severity = "Its own note.", "typo"
    own.save_revision()
    publisher = desk.client(Role.PUBLISHER)
    told = do(publisher, "publish", one, two, severity="major", note="", ready="no")
    assert told == ["2 pages are published."]
    changes = {change.page.title: change for change in ArticleChange.objects.select_related("page")}
    assert [(changes[f"{name} two"].severity, changes[f"{name} two"].note) for name in ("One", "Two")] == [
        ("major", ""),
        ("major", "Its own note."),
    ]
    assert not any(change.ready_for_translation for change in changes.values())
    assert {change.published_by for change in changes.values()} == {desk.person(Role.PUBLISHER)}


def test_publishing_names_what_was_not_published(desk: Desk):
    reviewer = desk.person(Role.REVIEWER)
    (new,) = drafts(desk, "New")
    changed, unchanged = edited(desk.article("Changed"), "Changed two"), desk.article("Unchanged")
    locked = edited(desk.article("Locked", locked=True, locked_by=reviewer), "Locked two")
    (submitted,) = drafts(desk, "Submitted")
    submitted.get_workflow().start(submitted, desk.person(Role.AUTHOR))
    untranslated = desk.article("Untranslated")
    translated(desk.shelf)
    submit(untranslated)
    hindi = ArticlePage.objects.get(translation_key=untranslated.translation_key, locale__language_code="hi")
    pages = [new, changed, unchanged, locked, submitted, hindi]
    told = do(desk.client(Role.PUBLISHER), "publish", *pages, severity="", note="Much better.", ready="")
    assert told[0] == "2 pages are published."
    refused = dict(line.removeprefix("Not done: “").split("”. ", 1) for line in told[1:])
    assert refused == {
        "Unchanged": "It has no unpublished changes.",
        "Locked": "Only reviewer-en can make changes while the page is locked",
        "Submitted": "Only reviewers can edit and approve the page",
        "Untranslated": "“Untranslated” is not translated yet: "
        "finish it in the translation editor and publish it there.",
    }
    assert again(new).live
    assert again(changed).title == "Changed two"
    assert not again(hindi).live
    assert not again(submitted).live
    assert ArticleChange.objects.get().note == "Much better."


def test_publishing_a_category_takes_what_is_below_it(desk: Desk):
    shelf = category("Energy")
    inside = shelf.add_child(instance=ArticlePage(title="Inside", slug="inside", live=False, locale=shelf.locale))
    publisher = desk.client(Role.PUBLISHER)
    shown = publisher.get(address("publish", shelf)).content.decode()
    assert "include_descendants" in shown
    assert do(publisher, "publish", shelf, include_descendants="on") == ["1 page is published."]
    assert again(inside).live


def test_submitting_starts_or_goes_on_with_the_review(desk: Desk):
    author, author_user = desk.client(Role.AUTHOR), desk.person(Role.AUTHOR)
    new, waiting, returned = drafts(desk, "New", "Waiting", "Returned")
    live = desk.article("Live")
    for page in (waiting, returned):
        page.get_workflow().start(page, author_user)
    again(returned).current_workflow_state.current_task_state.reject(user=desk.person(Role.REVIEWER))
    told = do(author, "submit", new, waiting, returned, live, severity="typo", note="Spelling.", ready="yes")
    assert told == [
        "2 pages are submitted for review.",
        "Not done: “Waiting”. It is in review already.",
        "Not done: “Live”. It has no unpublished changes.",
    ]
    for page in (new, returned):
        state = again(page).current_workflow_state
        assert state.status == "in_progress"
        assert state.current_task_state.revision.content["change_note"] == "Spelling."
    assert waiting.get_latest_revision().content["change_note"] == ""


def test_a_tag_is_added_to_the_drafts(desk: Desk):
    plain, tagged = desk.article("Plain"), desk.article("Tagged", tags=["door"])
    source = desk.article("Source")
    translated(desk.shelf)
    submit(source)
    hindi = ArticlePage.objects.get(translation_key=source.translation_key, locale__language_code="hi")
    revisions = tagged.revisions.count()
    told = do(desk.client(Role.PUBLISHER), "add_tag", plain, tagged, hindi, desk.shelf, tag=" door ")
    assert told[0] == "The drafts of 2 articles have the tag."
    assert sorted(told[1:]) == [
        "Not done: “Safety”. It is not an article.",
        "Not done: “Source”. It is a translation: give the tag to the original article.",
    ]
    assert again(plain).tags == []
    assert again(plain).get_latest_revision_as_object().tags == ["door"]
    assert tagged.revisions.count() == revisions
    refused = desk.client(Role.PUBLISHER).post(address("add_tag", plain), {"tag": "one, two"})
    assert "Enter one tag, without a comma." in refused.content.decode()


def test_what_is_live_becomes_ready_for_translation(desk: Desk):
    held, ready = desk.article("Held", ready_for_translation=False), desk.article("Ready")
    (draft,) = drafts(desk, "Draft")
    told = do(desk.client(Role.PUBLISHER), "ready_for_translation", held, ready, draft)
    assert told == [
        "1 article is ready for translation.",
        "Not done: “Ready”. It is ready for translation already.",
        "Not done: “Draft”. It is not published.",
    ]
    assert again(held).ready_for_translation


# --- Upkeep -------------------------------------------------------------------------------------


def test_articles_are_archived(desk: Desk):
    one, two, gone = (desk.article(name) for name in ("One", "Two", "Gone"))
    desk.due(gone, days=1, archived_at=timezone.now())
    (draft,) = drafts(desk, "Draft")
    told = do(desk.client(Role.PUBLISHER), "archive", one, two, gone, draft, desk.shelf)
    assert told[0] == "2 articles are archived."
    assert set(told[1:]) == {
        "Not done: “Gone”. It is archived already.",
        "Not done: “Draft”. It is not published, so there is nothing to archive.",
        "Not done: “Safety”. It is not an article.",
    }
    assert Upkeep.objects.filter(archived_by=desk.person(Role.PUBLISHER)).count() == 2


def test_review_dates_are_set(desk: Desk):
    one, two = desk.article("One"), desk.article("Two")
    author = desk.client(Role.AUTHOR)
    refused = author.post(address("set_review_date", one), {"review_by": "2020-01-01"})
    assert "Choose a later one." in refused.content.decode()
    assert do(author, "set_review_date", one, two, review_by="2031-05-01") == ["The review date of 2 articles is set."]
    assert set(Upkeep.objects.values_list("review_by", flat=True)) == {datetime.date(2031, 5, 1)}


# --- People -------------------------------------------------------------------------------------


def test_the_owner_is_one_of_the_tenants_own_people(desk: Desk):
    zebra = make_tenant("zebra")
    one, two = desk.article("One"), desk.article("Two")
    publisher, author = desk.client(Role.PUBLISHER), desk.person(Role.AUTHOR)
    shown = publisher.get(address("set_owner", one)).content.decode()
    assert author.username in shown
    assert "zebra" not in shown
    foreign = zebra.users["author"]
    assert "Select a valid choice" in publisher.post(address("set_owner", one), {"owner": foreign.pk}).content.decode()
    assert do(publisher, "set_owner", one, two, owner=author.pk) == ["The owner of 2 pages is set."]
    assert again(one).owner == again(two).owner == author
    boss = Client()
    boss.force_login(person("boss", superuser=True))
    told = do(boss, "set_owner", one, zebra.article, owner=foreign.pk)
    assert told == [
        "The owner of 1 page is set.",
        "Not done: “One”. zebra-author does not work in its help centre.",
    ]


def test_the_audience_is_one_of_the_tenants_own_groups(client: Client, desk: Desk):
    zebra = make_tenant("zebra")
    guards, publisher = audience(desk.site, "Guards"), desk.client(Role.PUBLISHER)
    page = desk.article("Locks", slug="locks")
    translated(desk.shelf)
    translated(page)
    shown = publisher.get(address("set_audience", page)).content.decode()
    assert "Guards" in shown
    assert "zebra" not in shown
    foreign = zebra.users["reader"].groups.get()
    assert publisher.post(address("set_audience", page), {"groups": [foreign.pk]}).status_code == 404
    told = do(publisher, "set_audience", page, desk.shelf, groups=[guards.pk])
    assert told == ["The audience of 2 pages is set."]
    for language in ("en", "hi"):
        assert client.get(f"/{language}/safety/locks/").status_code == 302
    assert do(publisher, "set_audience", page, desk.shelf) == ["The audience of 2 pages is set."]
    assert not PageViewRestriction.objects.filter(page__in=[page.pk, desk.shelf.pk]).exists()
    for language in ("en", "hi"):
        assert client.get(f"/{language}/safety/locks/").status_code == 200
    boss = Client()
    boss.force_login(person("boss", superuser=True))
    told = do(boss, "set_audience", page, groups=[foreign.pk])
    assert told == ["Not done: “Locks”. Choose groups of its own help centre."]


# --- Rights and reach ---------------------------------------------------------------------------

RIGHTS = {
    "submit": {"severity": "", "note": "", "ready": ""},
    "publish": {"severity": "", "note": "", "ready": ""},
    "archive": {},
    "set_review_date": {"review_by": "2031-05-01"},
    "set_owner": {"owner": "own"},
    "set_audience": {"groups": "own"},
    "add_tag": {"tag": "door"},
    "ready_for_translation": {},
}
PUBLISHERS_ONLY = {"publish", "archive", "set_audience"}


@pytest.mark.parametrize("action", RIGHTS)
def test_pages_without_the_right_are_left_out_and_named(desk: Desk, action):
    live = edited(desk.article("Live", ready_for_translation=False), "Live two")
    guards = audience(desk.site, "Guards")
    values = {"owner": desk.person(Role.AUTHOR).pk, "groups": [guards.pk]}
    data = {name: values.get(name, value) for name, value in RIGHTS[action].items()}
    translator = desk.client(Role.TRANSLATOR, "hi")
    shown = translator.get(address(action, live))
    assert "You may not do this with these pages" in shown.content.decode()
    named = ["Left out, because you may not do this with them: “Live”"]
    assert do(translator, action, live, **data) == named
    author = do(desk.client(Role.AUTHOR), action, live, **data)
    assert (author == named) == (action in PUBLISHERS_ONLY)
    if action in PUBLISHERS_ONLY:
        assert do(desk.client(Role.PUBLISHER), action, live, **data) not in ([], named)


def test_everything_means_what_the_list_showed(desk: Desk):
    zebra = make_tenant("zebra")
    overdue, other = desk.article("Overdue"), desk.article("Other")
    elsewhere = category("Energy")
    away = elsewhere.add_child(instance=ArticlePage(title="Away", slug="away", locale=elsewhere.locale))
    for page in (overdue, away):
        desk.due(page, days=-1)
    Upkeep.objects.create(
        site=zebra.site, translation_key=zebra.article.translation_key, review_by=timezone.localdate()
    )
    publisher = desk.client(Role.PUBLISHER)
    narrowed = address("archive", review="overdue", childOf=desk.shelf.pk)
    shown = publisher.get(narrowed).content.decode()
    assert "Overdue" in shown
    assert "Other" not in shown
    publisher.post(narrowed)
    assert set(Upkeep.objects.filter(archived_at__isnull=False).values_list("translation_key", flat=True)) == {
        overdue.translation_key
    }
    publisher.post(address("archive", review="overdue"))
    assert Upkeep.objects.filter(archived_at__isnull=False).count() == 2
    publisher.post(address("archive", childOf=desk.shelf.pk))
    archived = set(Upkeep.objects.filter(archived_at__isnull=False).values_list("translation_key", flat=True))
    assert archived == {overdue.translation_key, away.translation_key, other.translation_key}
    assert publisher.get(address("archive", zebra.article)).status_code == 404
    assert CategoryPage.objects.get(pk=desk.shelf.pk).live


def test_someone_of_two_tenants_acts_in_both(desk: Desk, second_tenant):
    both = desk.person(Role.PUBLISHER)
    both.groups.add(staff(second_tenant, Role.PUBLISHER, name="other").groups.get())
    shelf = category("Harbour", parent=second_tenant.root_page.specific)
    there = shelf.add_child(instance=ArticlePage(title="There", slug="there", locale=shelf.locale))
    here = desk.article("Here")
    assert do(desk.client(Role.PUBLISHER), "archive", here, there) == ["2 articles are archived."]
    assert set(Upkeep.objects.values_list("site", flat=True)) == {desk.site.pk, second_tenant.pk}
