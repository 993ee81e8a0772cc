"""A small help centre for the browser: every block, three languages of one article, one in English only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.template import loader
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page
from wagtail.models import Locale, PageViewRestriction

from helpportal.accounts.enums import Role
from helpportal.accounts.services import tenant_group
from helpportal.content.models import ArticlePage, CategoryPage, TenantSettings
from tests.factories import articles

VIDEO_PLAYERS = "https://www.youtube-nocookie.com/**"
TEXTS = {
    "en": {
        "title": "Close a work order",
        "summary": "What to check before an order is closed, and who can open it again.",
        "category": "Work orders",
        "heading": "When somebody else has to sign",
        "detail": "At night",
        "text": "The supervisor of the shift signs orders of more than one day. Ask in the control room who it is.",
    },
    "hi": {
        "title": "वर्क ऑर्डर बंद करें",
        "summary": "ऑर्डर बंद करने से पहले क्या देखें, और उसे दोबारा कौन खोल सकता है।",
        "category": "वर्क ऑर्डर",
        "heading": "जब किसी और को हस्ताक्षर करने हों",
        "detail": "रात में",
        "text": "एक दिन से लंबे ऑर्डर पर शिफ़्ट के सुपरवाइज़र हस्ताक्षर करते हैं। कंट्रोल रूम में पूछें कि वे कौन हैं।",
    },
    "ta": {
        "title": "பணி ஆணையை முடிக்கவும்",
        "summary": "ஆணையை முடிப்பதற்கு முன் எதைச் சரிபார்க்க வேண்டும், அதை மீண்டும் யார் திறக்கலாம்.",
        "category": "பணி ஆணைகள்",
        "heading": "வேறொருவர் கையொப்பமிட வேண்டியபோது",
        "detail": "இரவில்",
        "text": "ஒரு நாளுக்கு மேற்பட்ட ஆணைகளில் பணிநேர மேற்பார்வையாளர் கையொப்பமிடுவார். அவர் யார் என்று கட்டுப்பாட்டு அறையில் கேட்கவும்.",
    },
}


@dataclass(frozen=True)
class HelpCentre:
    """Addresses of a running help centre; `url` is its base."""

    url: str

    def at(self, path: str) -> str:
        return f"{self.url}{path}"

    def pages(self, language: str) -> dict[str, str]:
        """Return the address of each kind of page in a language, by a name for it."""
        paths = {
            "home": "",
            "category": "work-orders/",
            "article": "work-orders/close-a-work-order/",
            "fallback": "work-orders/print-a-work-order/",
            "results": "search/?q=order",
            "nothing found": "search/?q=zzzz",
            "404": "no-such-page/",
        }
        return {name: self.at(f"/{language}/{path}") for name, path in paths.items()}


def article_body(language: str, shown, picture, file) -> list[dict]:
    """Return a body with every block, and with headings and text in the language."""
    texts = TEXTS[language]
    block = articles.block
    wide = articles.table_value(
        [
            ["One", "Two", "Three", "Four"],
            [f"<p>{texts['text']}</p>", "<p>A</p>", "<p>B</p>", f"<p>{texts['text']}</p>"],
        ],
        caption=texts["detail"],
    )
    long_code = {"language": "python", "code": "print('a line that is longer than any telephone is wide', 1, 2, 3)"}
    return [
        *articles.every_block(shown, picture, file),
        block("heading", {"text": texts["heading"], "level": "2", "anchor": "signing"}, "signing"),
        block("text", f"<p>{texts['text']} <code>order_number</code></p>" * 3, "signing text"),
        block("heading", {"text": texts["detail"], "level": "3", "anchor": "at-night"}, "night"),
        block("callout", {"kind": "note", "title": "", "text": f"<p>{texts['text']}</p>"}, "night note"),
        block("callout", {"kind": "tip", "title": "", "text": f"<p>{texts['text']}</p>"}, "night tip"),
        block("table", wide, "wide table"),
        block("code", long_code, "long code"),
        *(block("text", f"<p>{texts['text']}</p>", f"more {number}") for number in range(12)),
    ]


def publish_translation(page, code: str, **fields):
    """Publish a page's translation as a translator would leave it."""
    translated = page.copy_for_translation(Locale.objects.get(language_code=code))
    for name, value in fields.items():
        setattr(translated, name, value)
    translated.save_revision().publish()
    return translated


@pytest.fixture
def help_centre(live_portal: str, committed_rows) -> HelpCentre:
    """A running help centre with content."""
    committed_rows(fill)
    return HelpCentre(live_portal)


def fill() -> None:
    """Make the help centre's content; one article can be read by supervisors only."""
    tenant = articles.site_in()
    configured = TenantSettings.for_site(tenant)
    configured.support_email, configured.support_phone = "help@example.org", "+91 40 5555 0100"
    configured.save()
    shown, picture, file = articles.fragment(), articles.image(), articles.document()
    texts = TEXTS["en"]
    category = articles.category(texts["category"], summary=texts["summary"], icon="clipboard")
    articles.category("Shift plans", parent=category, icon="clock")
    article = articles.article(
        texts["title"],
        article_body("en", shown, picture, file),
        parent=category,
        summary=texts["summary"],
        tags=["orders", "signing"],
        product_versions=["3.1", "3.2"],
    )
    articles.article("Print a work order", articles.every_block(shown, picture, file), parent=category, tags=["orders"])
    for code in ("hi", "ta"):
        own = TEXTS[code]
        publish_translation(
            CategoryPage.objects.get(pk=category.pk), code, title=own["category"], summary=own["summary"]
        )
        publish_translation(
            ArticlePage.objects.get(pk=article.pk),
            code,
            title=own["title"],
            summary=own["summary"],
            body=article_body(code, shown, picture, file),
        )
    restricted = articles.article("Change the rota", parent=category)
    restriction = PageViewRestriction.objects.create(page=restricted, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(tenant_group(tenant, Role.READER, "Supervisors"))


def error_page(language: str) -> str:
    """Return the page of a failure as it looks when nothing is known of the portal."""
    with translation.override(language):
        return loader.get_template("500.html").render()


@contextmanager
def opened(browser: Browser, **options) -> Iterator[tuple[BrowserContext, Page, list[str]]]:
    """Open a page of its own; the list fills with what the console complains about.

    The video players of other companies answer with an empty page: nothing leaves this machine.
    """
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: message.type in {"error", "warning"} and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    context.route(VIDEO_PLAYERS, lambda route: route.fulfill(body="<!doctype html><title>Video</title>"))
    try:
        yield context, page, complaints
    finally:
        context.close()
