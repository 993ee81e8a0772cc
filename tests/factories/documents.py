"""Files for trees of documents to import."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from helpportal.content.models import ArticlePage


def png(colour: str = "#336699", size: tuple[int, int] = (8, 6)) -> bytes:
    """Return a real PNG."""
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return content.getvalue()


def stored(page: ArticlePage) -> list[dict[str, Any]]:
    """Return a page's body in stored form."""
    return list(page.body.raw_data)
