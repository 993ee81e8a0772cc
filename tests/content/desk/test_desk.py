"""Your desk: what waits for one of the staff, on the admin's home."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, CommentReply, Site, WorkflowState

from helpportal.accounts.enums import Role
from helpportal.accounts.models import User
from helpportal.content.enums import NoticeKind, Severity
from helpportal.content.models import (
    ArticleChange,
    ArticlePage,
    CategoryPage,
    Fragment,
    Notice,
    ReviewTaskState,
    Upkeep,
)
from home.services import create_tenant
from tests.factories.people import staff
from tests.factories.readers import translated

pytestmark = pytest.mark.django_db
HOME = "wagtailadmin_home"


@dataclass
class Office:
    """A tenant with an author and a reviewer."""

    site: Site
    shelf: CategoryPage
    author: User
    reviewer: User

    def article(self, title: str, owner: User | None = None, *, live: bool = True) -> ArticlePage:
        page = ArticlePage(title=title, live=live, owner=owner or self.author, locale=self.shelf.locale)
        return self.shelf.add_child(instance=page)

    def draft(self, title: str, *, live: bool = True) -> ArticlePage:
        page = self.article(title, live=live)
        page.title = f"{title} again"
        page.save_revision(user=self.author)
        return page

    def submitted(self, title: str, **review) -> ReviewTaskState:
        page = self.draft(title, live=False)
        state = page.get_workflow().start(page, self.author).current_task_state
        ReviewTaskState.objects.filter(pk=state.pk).update(**review)
        return ReviewTaskState.objects.get(pk=state.pk)


@pytest.fixture(scope="module", autouse=True)
def made(shared_rows) -> Callable[[], tuple[Office, Office]]:
    return shared_rows(lambda: (office("own"), office("other")))


def office(name: str) -> Office:
    site = create_tenant(f"{name}.example", name, ["en", "hi"])
    shelf = site.root_page.specific.add_child(instance=CategoryPage(title="Shelf", slug="shelf"))
    author, reviewer = (staff(site, role, name=f"{name}-{role}") for role in (Role.AUTHOR, Role.REVIEWER))
    return Office(site, shelf, author, reviewer)


@pytest.fixture
def own(made, db) -> Office:
    return made()[0]


@pytest.fixture
def other(made, db) -> Office:
    return made()[1]


def browser(user: User, host: str = "own.example") -> Client:
    client = Client(headers={"host": host})
    client.force_login(user)
    return client


def desk(user: User) -> dict[str, list[str]]:
    """Return what the desk shows: the rows of each list, by its name."""
    text = html.unescape(browser(user).get(reverse(HOME)).content.decode())
    lists = re.findall(r'<section class="desk__section" aria-labelledby="desk-([\w-]+)">(.*?)</section>', text, re.S)
    return {
        name: [
            " ".join(re.sub(r"<[^>]+>", " ", row).split())
            for row in re.findall(r'<li class="desk__row">(.*?)</li>', part, re.S)
        ]
        for name, part in lists
    }


def in_days(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def test_an_empty_desk_says_so(own):
    assert "Nothing waits for you." in browser(own.author).get(reverse(HOME)).content.decode()


def test_reviews_come_with_the_own_first_and_what_is_overdue_is_marked(own, other):
    other.submitted("Foreign")
    own.submitted("Colleague's", assignee=User.objects.create_user("meera"), due_on=in_days(-3))
    own.submitted("Nobody's", due_on=in_days(5))
    own.submitted("Mine", assignee=own.reviewer, due_on=in_days(-1))
    rows = desk(own.reviewer)["to-review"]
    assert [row.split()[0] for row in rows] == ["Mine", "Nobody's", "Colleague's"]
    assert "assigned to you" in rows[0]
    assert "overdue" in rows[0]
    assert "overdue" not in rows[1]
    assert "with meera" in rows[2]
    assert "submitted by own-author" in rows[0]
    assert "to-review" not in desk(own.author)
    assert [row.split()[0] for row in desk(own.author)["in-review"]] == ["Colleague's", "Nobody's", "Mine"]


def test_what_was_returned_comes_with_the_comment(own):
    state = own.submitted("Locks")
    state.reject(user=own.reviewer, comment="Say which key.")
    (row,) = desk(own.author)["returned"]
    assert row.startswith("Locks")
    assert "Say which key." in row
    assert "by own-reviewer" in row
    assert "drafts" not in desk(own.author)
    state.workflow_state.refresh_from_db()
    state.workflow_state.resume(own.author)
    assert "returned" not in desk(own.author)
    assert len(desk(own.reviewer)["to-review"]) == 1


def test_a_fragment_is_reviewed_as_a_page_is(own):
    fragment = Fragment.objects.create(site=own.site, title="Numbers", locale=own.shelf.locale, live=False)
    fragment.save_revision(user=own.author)
    fragment.get_workflow().start(fragment, own.author)
    assert desk(own.reviewer)["to-review"][0].startswith("Numbers")
    assert desk(own.author)["in-review"][0].startswith("Numbers")


def test_drafts_are_those_that_one_edited_last(own):
    own.draft("Locks")
    own.draft("Alarms", live=False)
    theirs = own.article("Keys")
    theirs.save_revision(user=own.reviewer)
    published = own.draft("Rota")
    published.get_latest_revision().publish()
    rows = desk(own.author)["drafts"]
    assert [row.split(" again")[0] for row in rows] == ["Alarms", "Locks"]
    assert "not published yet" in rows[0]
    assert "changes to a live page" in rows[1]


def comment(page: ArticlePage, user: User, text: str, **fields) -> Comment:
    return Comment.objects.create(page=page.page_ptr, user=user, text=text, contentpath="title", position="", **fields)


def test_comments_are_those_of_others_and_conversations_of_ones_own(own):
    mine, theirs = own.article("Locks"), own.article("Keys", own.reviewer)
    comment(mine, own.reviewer, "Which lock?")
    comment(mine, own.author, "A note to myself")
    comment(mine, own.reviewer, "Done with", resolved_at=timezone.now(), resolved_by=own.author)
    asked = comment(theirs, own.author, "Whose keys?")
    assert [row for row in desk(own.author)["comments"] if "Whose" in row] == []
    CommentReply.objects.create(comment=asked, user=own.reviewer, text="The guards'.")
    rows = " | ".join(desk(own.author)["comments"])
    assert "Which lock?" in rows
    assert "Whose keys?" in rows
    assert "answers: 1" in rows
    assert "A note to myself" not in rows
    assert "Done with" not in rows


def upkeep(page: ArticlePage, **fields) -> Upkeep:
    return Upkeep.objects.create(site=page.get_site(), translation_key=page.translation_key, **fields)


def test_articles_are_due_when_their_day_comes_near(own):
    for title, days in (("Late", -2), ("Soon", 20), ("Far", 90)):
        upkeep(own.article(title), review_by=in_days(days))
    upkeep(own.article("Gone"), review_by=in_days(-9), archived_at=timezone.now())
    upkeep(own.article("Theirs", own.reviewer), review_by=in_days(-9))
    rows = desk(own.author)["review-dates"]
    assert [row.split()[0] for row in rows] == ["Late", "Soon"]
    assert "overdue" in rows[0]
    assert "overdue" not in rows[1]


def test_translations_say_how_many_languages_are_done_and_which_are_behind(own):
    own.article("Untranslated")
    for title, severity in (("Changed", Severity.MAJOR), ("Spelled", Severity.TYPO)):
        page = own.article(title)
        page.save_revision().publish()
        translated(page)
        ArticleChange.objects.create(
            site=own.site, page=page, severity=severity, published_at=timezone.now() + datetime.timedelta(minutes=1)
        )
    rows = desk(own.author)["translations"]
    assert [row.split()[0] for row in rows] == ["Untranslated", "Changed"]
    assert "1 of 2 languages" in rows[0]
    assert "2 of 2 languages; behind: हिन्दी" in rows[1]


def test_unread_notices_are_counted(own, other):
    for number in range(2):
        Notice.objects.create(site=own.site, user=own.author, kind=NoticeKind.RETURNED, key=f"n{number}")
    Notice.objects.create(site=own.site, user=own.author, kind=NoticeKind.RETURNED, key="r", read_at=timezone.now())
    Notice.objects.create(site=own.site, user=own.reviewer, kind=NoticeKind.RETURNED, key="n")
    text = browser(own.author).get(reverse(HOME)).content.decode()
    assert "2 unread notices" in text
    assert reverse("notices") in text


def test_a_long_list_is_short_at_home_and_whole_by_itself(own):
    for number in range(7):
        own.draft(f"Draft {number}")
    assert len(desk(own.author)["drafts"]) == 5
    client = browser(own.author)
    address = reverse("desk_section", args=["drafts"])
    assert f'href="{address}"' in client.get(reverse(HOME)).content.decode()
    whole = client.get(address).content.decode()
    assert len(re.findall('<li class="desk__row">', whole)) == 7
    assert client.get(reverse("desk_section", args=["nothing"])).status_code == 404


def test_a_workflow_of_something_that_is_gone_breaks_nothing(own):
    own.submitted("Gone")
    own.submitted("Locks")
    WorkflowState.objects.filter(task_states__revision__content__title="Gone again").update(object_id="999999")
    assert [row.split()[0] for row in desk(own.reviewer)["to-review"]] == ["Locks"]


def fill(own: Office, name: str) -> None:
    """Put one more row into every list of the author's and the reviewer's desks."""
    own.submitted(f"{name} to review")
    own.submitted(f"{name} returned").reject(user=own.reviewer, comment="Say more.")
    own.draft(f"{name} draft")
    page = own.article(f"{name} own")
    comment(page, own.reviewer, "Why?")
    upkeep(page, review_by=in_days(1))
    own.article(f"{name} untranslated")
    behind = own.article(f"{name} behind")
    behind.save_revision().publish()
    translated(behind)
    ArticleChange.objects.create(
        site=own.site, page=behind, published_at=timezone.now() + datetime.timedelta(minutes=1)
    )


def test_the_desk_costs_the_same_with_any_number_of_rows(own):
    def cost(user: User) -> int:
        client = browser(user)
        client.get(reverse(HOME))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(HOME))
        return len(captured)

    fill(own, "First")
    one = cost(own.author), cost(own.reviewer)
    for name in ("Second", "Third"):
        fill(own, name)
    assert (cost(own.author), cost(own.reviewer)) == one
