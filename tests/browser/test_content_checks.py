"""The editor's advice keeps up with what is written, without reloading the page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from helpportal.accounts.models import User
from tests.browser.conftest import opened
from tests.factories.articles import article, block

# The editor takes stock of its form twice; what is written before that is no change to it.
WATCHES = "let times = 0; addEventListener('w-unsaved:watch-edits', () => { window.editorWatches = ++times > 1 })"
SAVED = 15_000  # milliseconds


@pytest.mark.browser
def test_the_advice_follows_each_save(browser: Browser, live_portal: str):
    deep = block("heading", {"text": "Deep", "level": "4", "anchor": "deep"}, "deep")
    page_id = article("Open a gate", [deep], search_keywords="door").pk
    client = Client()
    client.force_login(User.objects.create_superuser("boss"))
    with opened(browser, reduced_motion="reduce") as (context, page, _console):
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_portal}])
        page.add_init_script(WATCHES)
        page.goto(live_portal + reverse("wagtailadmin_pages:edit", args=[page_id]))
        page.get_by_role("button", name="Toggle checks").click()
        advice = page.locator("#content-checks")
        expect(advice.get_by_role("listitem")).to_have_count(2)
        advice.get_by_role("link", name="A heading skips a level").click()
        expect(page.locator(f"#block-{deep['id']}-section")).to_be_in_viewport()
        page.wait_for_function("window.editorWatches")
        page.locator("#id_summary").fill("How to open a gate.")
        expect(advice.get_by_role("listitem")).to_have_count(1, timeout=SAVED)
        expect(advice).not_to_contain_text("The summary is missing")
