"""What is measured: one tenant in two languages with an article of the usual size among others."""

from __future__ import annotations

import io
import uuid

from django.core.files.base import ContentFile
from django.db import connection
from PIL import Image
from wagtail.models import Collection, Locale

from helpportal.content.models import ArticlePage, CategoryPage, PortalImage
from home.services import create_tenant

SENTENCE = "Open the work order, check the asset on site and write down what you found before you close it. "
MEASURED = "/en/measured/article-5/"
SMALL, LARGE = "/en/small/", "/en/large/"


def build() -> None:
    """Make the content in an empty, migrated database."""
    site = create_tenant("localhost", "Measured Help", ["en", "hi"], default=True)
    home = site.root_page.specific
    for title in ("Work orders", "Shifts", "Assets", "Security"):
        _publish(home, CategoryPage(title=title, slug=title.lower().replace(" ", "-"), locale=home.locale))
    shelf = _publish(home, CategoryPage(title="Measured", slug="measured", locale=home.locale))
    picture = _picture()
    articles = []
    for number in range(10):
        page = ArticlePage(
            title=f"Article {number}",
            slug=f"article-{number}",
            summary=SENTENCE,
            locale=shelf.locale,
            tags=["orders", "assets"] if number % 2 else ["shifts"],
            body=_body(picture, [article.pk for article in articles] or [shelf.pk]),
        )
        articles.append(_publish(shelf, page))
    for page in (shelf, articles[5]):
        copy = page.copy_for_translation(Locale.objects.get(language_code="hi"))
        copy.title = f"हिन्दी {page.title}"
        copy.save_revision().publish()
    for slug, count in (("small", 3), ("large", 200)):
        category = _publish(home, CategoryPage(title=slug.title(), slug=slug, locale=home.locale))
        for number in range(count):
            category.add_child(
                instance=ArticlePage(
                    title=f"Entry {number}", slug=f"entry-{number}", locale=home.locale, summary=SENTENCE
                )
            )
    # As autovacuum does soon after so many rows.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _publish(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def _picture() -> PortalImage:
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "#336699").save(content, "PNG")
    return PortalImage.objects.create(
        title="Screen",
        file=ContentFile(content.getvalue(), name="screen.png"),
        collection=Collection.get_first_root_node(),
    )


def _block(kind: str, value) -> dict:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _body(picture: PortalImage, linked: list[int]) -> list[dict]:
    blocks = []
    for number in range(5):
        links = " ".join(f'<a linktype="page" id="{pk}">see also</a>' for pk in linked[:2])
        image = {"image": picture.pk, "alt_text": "The screen", "decorative": False}
        table = {
            "columns": [{"type": "text", "heading": "Key"}, {"type": "text", "heading": "Meaning"}],
            "rows": [{"values": [f"<p>F{row}</p>", "<p>Opens the order</p>"]} for row in range(4)],
            "caption": "Keys",
        }
        blocks += [
            _block("heading", {"text": f"Part {number}", "level": "2", "anchor": f"part-{number}"}),
            _block("text", f"<p>{SENTENCE * 6}{links}</p>"),
            _block("steps", {"items": [_step(image), _step(), _step()], "start": 1}),
            _block("callout", {"kind": "note", "title": "Mind", "text": f"<p>{SENTENCE}</p>"}),
            _block("table", table),
        ]
    return blocks


def _step(image: dict | None = None) -> dict:
    picture = {"image": image} if image else {}
    return _block("item", {"text": f"<p>{SENTENCE}</p>", "details": [], **picture})
