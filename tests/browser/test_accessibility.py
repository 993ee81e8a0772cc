"""WCAG 2.2 AA on every page of the portal: by axe, by keyboard, by the size of what is touched."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import HelpCentre, error_page, opened

WIDTHS = (360, 1280)
TARGET = 48  # CSS pixels
# Rules and best practices alike; the frames of video players are other companies' pages.
EVERY_RULE = {"resultTypes": ["violations"], "iframes": False}
# Dark changes colours and nothing else.
COLOUR_RULES = {**EVERY_RULE, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THEMES = {"light": EVERY_RULE, "dark": COLOUR_RULES}

VISIBLE_TARGETS = """() => [...document.querySelectorAll(
    'button, summary, .menu__item, .header-button, .brand, .button, .toc__link, .heading__link, .language-line a, ' +
    '.breadcrumbs a, .support__link, .file, .onward__link, .search__input, .field__input')]
  .filter((element) => element.checkVisibility())
  .map((element) => [element.outerHTML.slice(0, 90), element.getBoundingClientRect()])
  .map(([html, box]) => ({html, width: box.width, height: box.height}))"""

# What scrolls at a new width becomes focusable in the frame that is drawn for it.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

FOCUS = """() => {
  const element = document.activeElement;
  const shown = (pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  return {html: element.outerHTML.slice(0, 90), outlined: shown(null) || shown('::after')};
}"""


def axe_complaints(page: Page, options: dict) -> list[str]:
    """Return what axe, which the page has loaded, finds on it as it is now: a line for each element."""
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "hi", "ta"])
def test_axe_finds_nothing(browser: Browser, help_centre: HelpCentre, language: str):
    addresses = help_centre.pages(language) | {
        "sign in": help_centre.at(f"/login/?next=/{language}/"),
        "500": help_centre.at(f"/{language}/failing/"),
    }
    complaints = []
    with opened(browser, reduced_motion="reduce", locale=language) as (context, page, _console):
        context.add_cookies([{"name": "portal_language", "value": language, "url": help_centre.url}])
        context.route(addresses["500"], lambda route: route.fulfill(status=500, body=error_page(language)))
        for name, address in addresses.items():
            page.goto(address)
            page.evaluate(Axe().axe_script)
            # Answers and the contents are looked at open, and on the category page a menu as well.
            page.evaluate("document.querySelectorAll('main details').forEach((details) => { details.open = true; })")
            if name == "category":
                page.locator("[data-menu] summary").filter(visible=True).last.click()
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                page.evaluate(NEXT_FRAME)
                for theme, options in THEMES.items():
                    page.emulate_media(color_scheme=theme)
                    complaints += [f"{name} {width} {theme} {line}" for line in axe_complaints(page, options)]
    assert complaints == []


@pytest.mark.browser
def test_what_is_touched_is_large_enough(browser: Browser, help_centre: HelpCentre):
    small = []
    with opened(browser, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True) as (_, page, _console):
        for name, address in help_centre.pages("en").items():
            page.goto(address)
            for summary in page.locator("summary").filter(visible=True).all():
                summary.click()
            page.evaluate("document.querySelectorAll('details').forEach((menu) => { menu.open = true; })")
            targets = page.evaluate(VISIBLE_TARGETS)
            assert targets
            small += [(name, target) for target in targets if min(target["width"], target["height"]) < TARGET - 0.5]
    assert small == []


@pytest.mark.browser
def test_a_reader_gets_everywhere_by_keyboard(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as (_, page, _console):
        page.goto(help_centre.at("/en/"))
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the content"
        assert page.locator(":focus").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").get_attribute("name") == "q"
        page.keyboard.type("close order")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=close+order")

        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Close a work order"
        page.keyboard.press("Enter")
        page.wait_for_url("**/close-a-work-order/")

        for _stop in range(120):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUS)
            assert stop["outlined"], stop["html"]
            if page.locator(":focus").get_attribute("href") == "#at-night" and "toc__link" in stop["html"]:
                break
        else:
            pytest.fail("the table of contents was not reached")
        page.keyboard.press("Enter")
        page.wait_for_url("**#at-night")
        assert page.locator("#at-night").bounding_box()["y"] < 800
        assert page.locator(".toc--wide [aria-current]").inner_text() == "At night"


@pytest.mark.browser
def test_escape_closes_a_menu_and_gives_the_focus_back(browser: Browser, help_centre: HelpCentre):
    with opened(browser, viewport={"width": 1280, "height": 800}) as (_, page, _console):
        page.goto(help_centre.at("/en/"))
        menu = page.get_by_role("navigation", name="Language", exact=True).locator("summary")
        menu.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "English"
        page.keyboard.press("Escape")
        assert menu.evaluate("(summary) => summary === document.activeElement && !summary.parentElement.open")
