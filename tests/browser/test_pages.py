"""The portal's pages in a real browser: every language, every width, with and without scripts."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from wagtail.models import Site

from tests.factories import readers

from .conftest import TEXTS, HelpCentre, opened

WIDTHS = (320, 360, 1280, 3840)
LANGUAGES = dict(settings.LANGUAGES)
WIDEST = """() => [...document.body.querySelectorAll('*')].filter((element) => element.checkVisibility())
  .map((element) => [element.getBoundingClientRect().right, element.outerHTML.slice(0, 120)])
  .sort((one, other) => other[0] - one[0])[0]"""
DARK = "rgb(20, 24, 29)"
LIGHT = "rgb(255, 255, 255)"


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_sound(browser: Browser, help_centre: HelpCentre, language: str):
    """Nothing in the console (errors, missing files, violations of the content security policy), nothing too wide."""
    too_wide = []
    pages = help_centre.pages(language) | {"sign in": help_centre.at("/login/")}
    with opened(browser) as (context, page, complaints):
        context.add_cookies([{"name": "portal_language", "value": language, "url": help_centre.url}])
        for name, address in pages.items():
            page.goto(address)
            assert page.locator("html").get_attribute("lang") == language
            assert page.locator("h1").count() == 1
            # The browser itself reports a document that answers 404.
            expected = "404 (Not Found)" if name == "404" else None
            assert [line for line in complaints if not (expected and expected in line)] == [], address
            complaints.clear()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    too_wide.append((address, width, page.evaluate(WIDEST)))
    assert too_wide == []


@pytest.mark.browser
def test_the_language_menu_leads_to_the_same_page_and_is_remembered(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 360, "height": 740}, locale="en-GB") as (_, page, _console):
        page.goto(help_centre.pages("en")["article"])
        menu = page.get_by_role("navigation", name="Language", exact=True)
        menu.locator("summary").click()
        assert [link.inner_text() for link in menu.get_by_role("link").all()] == list(LANGUAGES.values())
        menu.get_by_role("link", name="हिन्दी").click()
        expect(page.locator("h1")).to_have_text(TEXTS["hi"]["title"])
        expect(page.locator("html")).to_have_attribute("lang", "hi")
        page.goto(help_centre.at("/"))
        expect(page).to_have_url(help_centre.at("/hi/"))


@pytest.mark.browser
def test_an_article_without_translation_is_shown_in_english_and_says_so(browser: Browser, help_centre: HelpCentre):
    with opened(browser) as (_, page, _console):
        page.goto(help_centre.pages("ta")["fallback"])
        expect(page.get_by_role("heading", level=1)).to_have_text("Print a work order")
        assert page.get_by_role("heading", level=1).evaluate("(title) => title.closest('[lang]').lang") == "en"
        assert page.locator("[data-article-body]").get_attribute("lang") == "en"
        notice = page.locator(".notice")
        expect(notice).to_be_visible()
        assert notice.evaluate("(notice) => notice.closest('[lang]').lang") == "ta"


@pytest.mark.browser
def test_the_chosen_colours_are_remembered_before_anything_is_painted(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 1280, "height": 800}, color_scheme="light") as (context, page, _console):
        page.goto(help_centre.at("/en/"))
        toggle = page.get_by_role("button", name="Dark colours")
        expect(page.locator("body")).to_have_css("background-color", LIGHT)
        toggle.click()
        expect(page.locator("body")).to_have_css("background-color", DARK)
        expect(toggle).to_have_attribute("aria-pressed", "true")

        # Without the module that runs late, the first paint already has them.
        context.route("**/js/portal.js", lambda route: route.abort())
        page.goto(help_centre.pages("en")["article"])
        expect(page.locator("body")).to_have_css("background-color", DARK)
        context.unroute("**/js/portal.js")

        page.reload()
        toggle.click()
        expect(page.locator("body")).to_have_css("background-color", LIGHT)
        page.emulate_media(color_scheme="dark")
        expect(page.locator("body")).to_have_css("background-color", DARK)


@pytest.mark.browser
def test_a_heading_and_code_can_be_copied(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 1280, "height": 800}) as (context, page, _console):
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=help_centre.url)
        address = help_centre.pages("en")["article"]
        page.goto(address)
        page.get_by_role("link", name="Link to “At night”").click()
        expect(page.get_by_role("status")).to_have_text("Link copied")
        assert page.evaluate("navigator.clipboard.readText()") == f"{address}#at-night"
        page.get_by_role("button", name="Copy").last.click()
        expect(page.get_by_role("status")).to_have_text("Code copied")
        assert page.evaluate("navigator.clipboard.readText()").startswith("print('a line that is longer")


@pytest.mark.browser
def test_the_contents_follow_the_reader(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 1280, "height": 700}, reduced_motion="reduce") as (_, page, _console):
        page.goto(help_centre.pages("en")["article"])
        current = page.locator(".toc--wide [aria-current=location]")
        expect(page.locator(".toc--wide")).to_be_in_viewport()
        for anchor in ("signing", "at-night", "signing", "before"):
            page.locator(f"#{anchor}").evaluate("(heading) => heading.scrollIntoView()")
            expect(current).to_have_attribute("href", f"#{anchor}")
            expect(current).to_be_in_viewport()


@pytest.mark.browser
def test_everything_works_without_javascript(browser: Browser, help_centre: HelpCentre):
    phone = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False, "color_scheme": "dark"}
    with opened(browser, **phone) as (_, page, _console):
        page.goto(help_centre.at("/en/"))
        expect(page.locator("body")).to_have_css("background-color", DARK)
        page.get_by_label("Search the help").fill("close order")
        page.get_by_role("button", name="Search", exact=True).click()
        page.locator("main").get_by_role("link", name="Close a work order").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Close a work order")
        page.wait_for_load_state("load")
        expect(page.locator(".needs-script").filter(visible=True)).to_have_count(0)

        page.get_by_text("On this page").filter(visible=True).click()
        page.locator(".toc--narrow").get_by_role("link", name="At night").click()
        expect(page).to_have_url(re.compile("#at-night$"))
        page.get_by_text("Can I reopen it?").click()
        expect(page.get_by_text("No.", exact=True)).to_be_visible()
        page.locator("summary", has_text="Menu").click()
        page.get_by_role("navigation", name="Categories").get_by_role("link", name="Work orders").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Work orders")
        page.locator("summary", has_text="Language").click()
        page.get_by_role("navigation", name="Language").get_by_role("link", name="தமிழ்").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS["ta"]["category"])


@pytest.mark.browser
def test_text_does_not_jump_when_an_image_arrives(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 360, "height": 740}) as (context, page, _console):
        # The picture of the content is 64 by 48. It is asked for and never comes: its room is kept.
        context.route("**/*.png", lambda _route: None)
        page.goto(help_centre.pages("en")["article"], wait_until="domcontentloaded")
        expect(page.locator("[data-article-body] img").first).to_have_css("height", "48px")
        boxes = [image.bounding_box() for image in page.locator("[data-article-body] img").all()]
        assert boxes
        assert {(box["width"], box["height"]) for box in boxes} == {(64, 48)}


@pytest.mark.browser
def test_an_article_prints_without_what_surrounds_it(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 800, "height": 1000}, color_scheme="dark") as (_, page, _console):
        page.goto(help_centre.pages("en")["article"])
        page.emulate_media(media="print", color_scheme="dark")
        expect(page.locator("body")).to_have_css("background-color", LIGHT)
        for hidden in (".site-footer", ".breadcrumbs", ".toc--narrow", ".onward", ".site-header__search", ".menu"):
            expect(page.locator(hidden).filter(visible=True)).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        link = page.locator('[data-article-body] a[href^="https://example.com"]')
        shown = link.evaluate("(link) => getComputedStyle(link, '::after').content")
        assert "(" in shown


@pytest.mark.browser
def test_a_restricted_article_opens_for_its_audience_only(browser: Browser, help_centre: HelpCentre):
    readers.person("member", readers.audience(Site.objects.get(is_default_site=True)))
    readers.person("stranger")
    address = help_centre.at("/en/work-orders/change-the-rota/")
    for name, title in (("stranger", "This page is for certain roles"), ("member", "Change the rota")):
        with opened(browser) as (_, page, _console):
            # Nobody is signed in: the article's address asks who is there, and then goes on to it.
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
            assert "rota" not in page.locator("main").inner_text().lower()
            page.get_by_label("User name").fill(name)
            page.get_by_label("Password").fill("pass")
            page.get_by_role("main").get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            expect(page).to_have_url(address)
            page.goto(help_centre.at("/en/work-orders/"))
            expect(page.get_by_role("main").get_by_role("link", name="Change the rota")).to_have_count(
                1 if name == "member" else 0
            )
