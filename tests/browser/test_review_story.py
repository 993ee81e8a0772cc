"""A live article is changed: written, returned, approved, scheduled, published by the clock, and read."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from config.celery import app
from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage, Notice
from tests.factories.articles import article, category
from tests.factories.people import staff


@pytest.fixture
def window_of(browser: Browser, live_portal: str):
    """Open a window of one person's own, signed in to the admin."""
    contexts = []

    def open_window(user) -> Page:
        context = browser.new_context(base_url=live_portal, viewport={"width": 1280, "height": 900})
        contexts.append(context)
        window = context.new_page()
        window.goto("/admin/login/")
        window.get_by_label("Username").fill(user.username)
        window.get_by_label("Password").fill("secret")
        window.get_by_role("button", name="Sign in").click()
        window.wait_for_url(re.compile(r"/admin/$"))
        return window

    yield open_window
    for context in contexts:
        context.close()


def choose_action(window: Page, name: str) -> None:
    """Choose what to do with a text from the menu at the foot of its editor."""
    window.locator("footer").get_by_role("button", name="More actions").click()
    window.get_by_role("button", name=name).click()


def confirm(window: Page, button: str, comment: str = "") -> None:
    """Fill in the dialogue of an action."""
    dialogue = window.locator(".modal-content")
    if comment:
        dialogue.get_by_label("Comment").fill(comment)
    dialogue.get_by_role("button", name=button).click()


def schedule_for_tomorrow(window: Page) -> None:
    """Say in the dialogue of the side panel when the text goes live."""
    window.get_by_role("button", name="Toggle status").click()
    window.get_by_role("button", name="Set schedule").click()
    at = timezone.localtime() + datetime.timedelta(days=1)
    dialogue = window.get_by_role("dialog", name="Set publishing schedule")
    dialogue.get_by_label("Go live date/time").fill(f"{at:%Y-%m-%d %H:%M}")
    # By the keyboard: the calendar of the field lies over the button.
    dialogue.get_by_role("button", name="Save schedule").press("Enter")
    expect(dialogue).to_be_hidden()


def test_a_live_article_is_changed_by_four_people(tenant, live_portal, window_of, page: Page, celery_worker_process):
    asha, ravi, bala = (
        staff(tenant, role, name=name)
        for role, name in ((Role.AUTHOR, "asha"), (Role.REVIEWER, "ravi"), (Role.PUBLISHER, "bala"))
    )
    gate = article("Lock the gate", parent=category("Safety"), slug="gate", summary="One lock.", owner=asha)
    edit, read = f"/admin/pages/{gate.pk}/edit/", f"{live_portal}/en/safety/gate/"

    author = window_of(asha)
    author.goto(edit)
    author.get_by_role("textbox", name="Summary").fill("Two locks.")
    author.get_by_role("combobox", name="Severity").select_option("major")
    author.get_by_role("textbox", name="Change note").fill("The gate has two locks now.")
    author.get_by_role("combobox", name="Assignee").select_option(label="ravi")
    choose_action(author, re.compile("Submit to"))
    expect(author.get_by_text("has been submitted for moderation")).to_be_visible()
    page.goto(read)
    expect(page.get_by_text("One lock.")).to_be_visible()

    reviewer = window_of(ravi)
    reviewer.goto("/admin/notices/")
    reviewer.get_by_role("link", name="asks you to review").click()
    choose_action(reviewer, "Request changes")
    confirm(reviewer, "Request changes", "Which one is first?")
    expect(reviewer.get_by_text("has been updated")).to_be_visible()

    author.goto("/admin/notices/")
    expect(author.get_by_text("Which one is first?")).to_be_visible()
    author.get_by_role("link", name="returned").click()
    author.get_by_role("textbox", name="Summary").fill("Two locks, the left one first.")
    choose_action(author, re.compile("Resubmit to"))
    expect(author.get_by_text("has been submitted for moderation")).to_be_visible()

    reviewer.goto(edit)
    choose_action(reviewer, re.compile("^Approve$"))
    expect(reviewer.get_by_text("has been updated")).to_be_visible()
    page.reload()
    expect(page.get_by_text("One lock.")).to_be_visible()

    publisher = window_of(bala)
    publisher.goto(edit)
    schedule_for_tomorrow(publisher)
    choose_action(publisher, re.compile("^Approve and Publish$"))
    publisher.goto("/admin/reports/calendar/")
    expect(publisher.get_by_role("row").filter(has_text="Lock the gate")).to_contain_text("Goes live")

    let_a_day_pass(gate)
    app.send_task("content.publish_scheduled")
    celery_worker_process.wait_until_idle()
    page.reload()
    expect(page.get_by_text("Two locks, the left one first.")).to_be_visible()
    expect(page.get_by_role("region", name="What changed")).to_contain_text("The gate has two locks now.")
    told = Notice.objects.filter(user=asha).order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["published", "returned", "approved", "approved", "published"]


def let_a_day_pass(article: ArticlePage) -> None:
    """Let the time of the scheduled revision come: what the clock does is asked of the clock's own task."""
    revision = article.revisions.get(approved_go_live_at__isnull=False)
    past = timezone.now() - datetime.timedelta(minutes=1)
    revision.content["go_live_at"] = past.isoformat()
    revision.approved_go_live_at = past
    revision.save(update_fields=["content", "approved_go_live_at"])
