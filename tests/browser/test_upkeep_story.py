"""An article grows old in a real browser: found correct, archived for its successor, and brought back."""

from __future__ import annotations

from playwright.sync_api import Browser, Locator, Page, expect

from helpportal.accounts.enums import Role
from tests.browser.conftest import opened
from tests.browser.test_tenants import sign_in
from tests.content.upkeep.conftest import Desk
from tests.factories.articles import category
from tests.factories.people import staff


def panel(page: Page) -> Locator:
    return page.locator('[data-side-panel="upkeep"]')


def follow(page: Page, action: str, base: str) -> None:
    """Follow a link of the panel, which may be closed or on its way."""
    link = panel(page).get_by_role("link", name=action, include_hidden=True)
    page.goto(base + link.get_attribute("href"))


def test_an_article_is_found_correct_archived_and_brought_back(browser: Browser, live_portal: str, tenant):
    desk = Desk(tenant, category("Safety", slug="safety"))
    old, _new = desk.article("Locks", slug="locks"), desk.article("New locks", slug="new-locks")
    desk.due(old, days=-1)
    staff(tenant, Role.PUBLISHER, name="asha")
    editor = f"{live_portal}/admin/pages/{old.pk}/edit/"
    shelf, address = f"{live_portal}/en/safety/", f"{live_portal}/en/safety/locks/"
    with opened(browser) as (_desk, page, _complaints), opened(browser) as (_reader, reader, complaints):
        sign_in(page, live_portal, "asha", "secret")
        page.goto(f"{live_portal}/admin/pages/{desk.shelf.pk}/")
        expect(page.get_by_role("row", name="New locks")).not_to_contain_text("Overdue")
        expect(page.locator("tr", has=page.get_by_role("link", name="Locks", exact=True))).to_contain_text("Overdue")

        page.goto(editor)
        page.get_by_role("button", name="Toggle upkeep").click()
        expect(panel(page)).to_contain_text("Overdue")
        panel(page).get_by_role("button", name="Still correct").click()
        expect(page.get_by_text("is still correct. Its next review is due on")).to_be_visible()
        expect(panel(page)).to_contain_text("by asha")
        expect(panel(page)).not_to_contain_text("Overdue")
        reader.goto(address)
        expect(reader.get_by_text("Found correct on")).to_be_visible()

        follow(page, "Archive", live_portal)
        page.get_by_role("button", name="Choose a page").click()
        chooser = page.locator(".modal-content")
        chooser.get_by_role("textbox").first.fill("New locks")
        chooser.get_by_role("link", name="New locks").click()
        page.get_by_role("button", name="Yes, archive it").click()
        expect(page.get_by_text("“Locks” is archived in all its languages.")).to_be_visible()
        reader.goto(shelf)
        expect(reader.get_by_role("link", name="Locks", exact=True)).to_have_count(0)
        reader.goto(address)
        expect(reader.get_by_role("note")).to_contain_text("This article is archived.")
        reader.get_by_role("note").get_by_role("link", name="New locks").click()
        expect(reader).to_have_url(f"{live_portal}/en/safety/new-locks/")

        follow(page, "Bring back", live_portal)
        page.get_by_role("button", name="Yes, bring it back").click()
        expect(page.get_by_text("“Locks” is no longer archived.")).to_be_visible()
        reader.goto(shelf)
        expect(reader.get_by_role("link", name="Locks", exact=True)).to_be_visible()
        assert complaints == []
