"""Two tenants on one install, each in a real browser: portal and admin show only their own."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.factories.tenants import TenantWorld, make_tenant


@pytest.fixture
def worlds(committed_rows) -> dict[str, TenantWorld]:
    return committed_rows(make_worlds)


def make_worlds() -> dict[str, TenantWorld]:
    return {word: make_tenant(word) for word in ("aardvark", "zebra")}


def address_of(live_portal: str, world: TenantWorld) -> str:
    return f"http://{world.site.hostname}:{urlsplit(live_portal).port}"


def sign_in(page: Page, base: str, user: str, password: str) -> None:
    page.goto(f"{base}/admin/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{base}/admin/")


def expect_only(page: Page, own: str, other: str) -> None:
    expect(page.locator("main").first).to_contain_text(own, ignore_case=True)
    assert other not in page.content().lower()


@pytest.mark.parametrize(("own", "other"), [("aardvark", "zebra"), ("zebra", "aardvark")])
def test_staff_of_a_tenant_find_only_their_own_in_the_admin(page, live_portal, worlds, own, other):
    world = worlds[own]
    base = address_of(live_portal, world)
    sign_in(page, base, f"{own}-publisher", own)
    for path in ("pages/", "images/", "documents/", "snippets/content/fragment/", "reports/workflow/"):
        page.goto(f"{base}/admin/{path}")
        expect_only(page, own, other)
    page.goto(f"{base}/admin/pages/{worlds[other].article.pk}/edit/")
    assert other not in page.content().lower()
    assert "404" in page.title() or "not" in page.inner_text("body").lower()


@pytest.mark.parametrize(("own", "other"), [("aardvark", "zebra"), ("zebra", "aardvark")])
def test_the_page_chooser_offers_only_the_tenants_own_pages(page, live_portal, worlds, own, other):
    world = worlds[own]
    base = address_of(live_portal, world)
    sign_in(page, base, f"{own}-publisher", own)
    page.goto(f"{base}/admin/pages/add/content/articlepage/{world.category.pk}/")
    page.get_by_role("tab", name="Promote").click()
    page.get_by_role("button", name="Add related article").press("Enter")
    page.locator("#id_related_articles-0-target-chooser").get_by_role("button", name="Choose").first.press("Enter")
    chooser = page.locator(".modal-content")
    expect(chooser).to_contain_text(f"{own} help")
    assert other not in chooser.inner_text().lower()
    chooser.get_by_role("textbox").first.fill("article")
    expect(chooser).to_contain_text(f"{own} article")
    assert other not in chooser.inner_text().lower()


@pytest.mark.parametrize(("own", "other"), [("aardvark", "zebra"), ("zebra", "aardvark")])
def test_readers_of_a_tenant_find_only_its_own_in_the_portal(page, live_portal, worlds, own, other):
    base = address_of(live_portal, worlds[own])
    for path in ("en/", f"en/{own}-category/", f"en/{own}-category/{own}-article/", "en/search/?q=article"):
        response = page.goto(f"{base}/{path}")
        assert response.status == 200, path
        assert own in page.content().lower()
        assert other not in page.content().lower()
    foreign = page.goto(f"{base}/en/{other}-category/{other}-article/")
    assert foreign.status == 404
