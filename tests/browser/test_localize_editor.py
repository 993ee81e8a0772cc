"""A translator translates a page by hand in the translation editor, and a reader reads it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from helpportal.accounts.enums import Role
from tests.factories.articles import article, block, category, image, item, table_value
from tests.factories.people import staff

TRANSLATIONS = {
    "Close a work order": "कार्य आदेश बंद करें",
    "What to do when the work is done.": "काम पूरा होने पर क्या करें।",
    "Before you start": "शुरू करने से पहले",
    "Open the <b>order</b> in the list.": "सूची में <b>आदेश</b> खोलें।",
    "Press <b>Close</b>": "<b>बंद करें</b> दबाएँ",
    "The Close button": "बंद करने का बटन",
    "Sign": "हस्ताक्षर करें",
    "Key": "कुंजी",
    "What it does": "यह क्या करती है",
    "F2": "F2 कुंजी",
    "Opens the order": "आदेश खोलती है",
    "Keys": "कुंजियाँ",
}


@pytest.fixture
def order(tenant):
    picture = image()
    return article(
        body=[
            block("heading", {"text": "Before you start", "level": "2", "anchor": "before"}, "heading"),
            block("text", "<p>Open the <b>order</b> in the list.</p>", "text"),
            block(
                "steps",
                {
                    "items": [
                        item(
                            {
                                "text": "<p>Press <b>Close</b></p>",
                                "image": {"image": picture.pk, "alt_text": "The Close button", "decorative": False},
                                "details": [],
                            },
                            "step 1",
                        ),
                        item({"text": "<p>Sign</p>"}, "step 2"),
                    ],
                    "start": 1,
                },
                "steps",
            ),
            block(
                "table",
                table_value([["Key", "What it does"], ["<p>F2</p>", "<p>Opens the order</p>"]]),
                "table",
            ),
        ],
        summary="What to do when the work is done.",
        parent=category(),
    )


@pytest.fixture
def sign_in(browser: Browser, live_portal: str):
    """Open a browser window of one person's own, signed in to the admin."""
    windows = []

    def open_window(user) -> Page:
        context = browser.new_context(base_url=live_portal)
        windows.append(context)
        window = context.new_page()
        window.goto("/admin/login/")
        window.get_by_label("Username").fill(user.username)
        window.get_by_label("Password").fill("secret")
        window.get_by_role("button", name="Sign in").click()
        window.wait_for_url(re.compile(r"/admin/$"))
        return window

    yield open_window
    for context in windows:
        context.close()


def open_from_the_queue(window: Page) -> None:
    """Go to the Hindi article the way a translator finds it: in the report of translations."""
    window.goto("/admin/localize/reports/translations/")
    window.get_by_role("row").filter(has_text="Article").get_by_role("link", name="(हिन्दी)").click()
    expect(window.get_by_text("English to हिन्दी translation").first).to_be_visible()


def translate_what_is_shown(window: Page, count: int | None = None) -> None:
    """Translate the texts that wait on the open tab, all or the first `count`, one by one."""
    waiting = window.locator("li.incomplete")
    expect(waiting.first).to_be_visible()
    for _text in range(count or waiting.count()):
        before = waiting.count()
        source = waiting.first.locator("p").first.inner_text()
        waiting.first.get_by_role("button", name="Translate").click()
        window.locator("textarea").filter(visible=True).fill(TRANSLATIONS[source])
        window.get_by_role("button", name="Save").click()
        expect(waiting).to_have_count(before - 1)


@pytest.mark.long
def test_a_page_is_translated_by_hand_published_and_read(order, tenant, live_portal, sign_in, page):
    address = f"{live_portal}/hi/work-orders/close-a-work-order/"
    author = sign_in(staff(tenant, Role.AUTHOR))
    author.goto(f"/admin/localize/submit/page/{order.pk}/")
    author.get_by_label("हिन्दी").check()
    author.get_by_role("button", name="Submit").click()
    expect(author.get_by_text("successfully submitted for translation")).to_be_visible()
    expect(author.get_by_text("you do not have permission")).to_have_count(0)

    # Submitted, it is no translation yet: the reader is told so and reads English.
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Close a work order")
    expect(page.get_by_role("main").locator("[lang=en]").first).to_be_visible()

    publisher = sign_in(staff(tenant, Role.PUBLISHER))
    translator = sign_in(staff(tenant, Role.TRANSLATOR, "hi"))
    open_from_the_queue(translator)
    translate_what_is_shown(translator, 3)

    # Half of it is not enough.
    open_from_the_queue(publisher)
    publisher.get_by_role("button", name="Publish in").click()
    expect(publisher.get_by_text("texts are not translated yet")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Close a work order")

    translate_what_is_shown(translator)
    expect(translator.locator("li.incomplete")).to_have_count(0)
    publisher.reload()
    publisher.get_by_role("button", name="Publish in").click()
    expect(publisher.get_by_text("Published 'कार्य आदेश बंद करें' in हिन्दी.")).to_be_visible()

    response = page.goto(address)
    assert response.status == 200
    expect(page.locator("html")).to_have_attribute("lang", "hi")
    expect(page.get_by_role("heading", level=1)).to_have_text("कार्य आदेश बंद करें")
    main = page.get_by_role("main")
    for text in ("शुरू करने से पहले", "सूची में आदेश खोलें।", "बंद करें दबाएँ", "हस्ताक्षर करें", "कुंजियाँ", "आदेश खोलती है"):
        expect(main.get_by_text(text).filter(visible=True).first).to_be_visible()
    expect(main.get_by_alt_text("बंद करने का बटन")).to_have_count(1)
    assert "Open the" not in main.inner_text()
