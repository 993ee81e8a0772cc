"""Articles to translate: one with every kind of block, and the pieces to make smaller ones."""

from __future__ import annotations

import io
import uuid

from django.core.files.base import ContentFile
from PIL import Image
from wagtail.models import Collection, Locale, Site

from helpportal.content.models import ArticlePage, CategoryPage, Fragment, PortalDocument, PortalImage, TenantSettings
from home.models import HomePage
from home.services import add_language

BLOCKS = uuid.UUID("5d1f1c8e-6a59-4c3a-9d3e-52b2a4d6d0a1")


def block(kind: str, value, name: str) -> dict:
    """Return one stored block whose id is always the same for the same name."""
    return {"type": kind, "value": value, "id": str(uuid.uuid5(BLOCKS, name))}


def item(value, name: str) -> dict:
    """Return one stored item of a list, with a fixed id."""
    return block("item", value, name)


def site_in(*languages: str) -> Site:
    """Return the first site, with home pages in English and in the given languages."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    homes = site.root_page.get_translations().values_list("locale__language_code", flat=True)
    for code in set(languages).difference(homes):
        add_language(site, code)
    return site


def category(title: str = "Work orders", parent=None, **fields) -> CategoryPage:
    """Publish a category in English below a page, by default the first site's home page."""
    parent = parent or HomePage.objects.get(pk=site_in().root_page_id)
    page = CategoryPage(title=title, locale=parent.locale, **fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def article(title: str = "Close a work order", body=(), parent=None, live: bool = True, **fields) -> ArticlePage:
    """Make an article in English below a category (a new one by default), published unless told otherwise."""
    parent = parent or category()
    page = ArticlePage(title=title, locale=parent.locale, live=False, body=list(body), **fields)
    parent.add_child(instance=page)
    revision = page.save_revision()
    if live:
        revision.publish()
    return ArticlePage.objects.get(pk=page.pk)


def collection_of(site: Site) -> Collection:
    """Return where a tenant keeps its images and documents."""
    return TenantSettings.for_site(site).collection or Collection.get_first_root_node()


def image(title: str = "Order screen", colour: str = "#336699") -> PortalImage:
    """Store a small real PNG."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "PNG")
    return PortalImage.objects.create(
        title=title,
        file=ContentFile(content.getvalue(), name="screen.png"),
        collection=collection_of(site_in()),
    )


def document(title: str = "Checklist") -> PortalDocument:
    """Store a small text file."""
    return PortalDocument.objects.create(
        title=title,
        file=ContentFile(b"1. Look\n2. Sign\n", name="checklist.txt"),
        collection=collection_of(site_in()),
    )


def fragment(title: str = "Safety note", text: str = "<p>Wear your helmet.</p>") -> Fragment:
    """Publish a reusable fragment in English."""
    made = Fragment.objects.create(
        site=site_in(),
        title=title,
        locale=Locale.objects.get(language_code="en"),
        body=[block("text", text, f"fragment {title}")],
    )
    made.save_revision().publish()
    return Fragment.objects.get(pk=made.pk)


def table_value(rows: list[list[str]], caption: str = "Keys") -> dict:
    """Return a stored table whose first row is its headings; all cells are rich text."""
    return {
        "columns": [{"type": "text", "heading": heading} for heading in rows[0]],
        "rows": [{"values": row} for row in rows[1:]],
        "caption": caption,
    }


def every_block(shown: Fragment, picture: PortalImage, file: PortalDocument) -> list[dict]:
    """Return a body that holds every block type there is, nested as deep as they go."""
    keys = table_value([["Key", "What it does"], ["<p>F2</p>", "<p>Opens the <b>order</b></p>"]])
    code = {"language": "bash", "code": "close --order 7  # by number", "caption": "From the shell"}
    callout = {"kind": "warning", "title": "Mind", "text": "<p>It cannot be undone.</p>"}
    figure = {
        "image": {"image": picture.pk, "alt_text": "The order screen", "decorative": False},
        "caption": "Where the button is",
    }
    return [
        block("heading", {"text": "Before you start", "level": "2", "anchor": "before"}, "heading"),
        block(
            "text",
            '<p>Open the <b>order</b> in <a href="https://example.com/orders">the list</a>.</p>'
            "<ul><li>Check the <i>asset</i></li><li>H<sub>2</sub>O off</li></ul>",
            "text",
        ),
        block(
            "steps",
            {
                "items": [
                    item(
                        {
                            "text": "<p>Press <b>Close</b></p>",
                            "image": {"image": picture.pk, "alt_text": "The Close button", "decorative": False},
                            "details": [
                                block("text", "<p>It is at the top.</p>", "detail text"),
                                block("code", {**code, "caption": "Or type"}, "detail code"),
                                block("callout", {**callout, "title": "Careful"}, "detail callout"),
                                block("figure", {**figure, "caption": "Top corner"}, "detail figure"),
                                block("table", {**keys, "caption": "More keys"}, "detail table"),
                            ],
                        },
                        "step 1",
                    ),
                    # Stored without an image and without details, as a program may write it.
                    item({"text": "<p>Sign</p>"}, "step 2"),
                ],
                "start": 1,
            },
            "steps",
        ),
        block("callout", callout, "callout"),
        block("code", code, "code"),
        block("table", keys, "table"),
        block("figure", figure, "figure"),
        block("file", {"document": file.pk, "title": "Download the checklist"}, "file"),
        block("video", {"url": "https://youtu.be/abcdefghijk", "title": "Closing in a minute"}, "video"),
        block(
            "questions",
            {"items": [item({"question": "Can I reopen it?", "answer": "<p>No.</p>"}, "question 1")]},
            "questions",
        ),
        block("fragment", shown.pk, "fragment"),
    ]
