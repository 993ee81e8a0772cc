"""How links inside rich text find their addresses: all of a body's together, not one query for each."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from wagtail.documents.rich_text import DocumentLinkHandler

from .rich_text import SectionLinkHandler, with_fragment

LINK = re.compile(r"<a\b[^>]*\blinktype=\"(page|document)\"[^>]*>")
LINK_ID = re.compile(r"\bid=\"(\d+)\"")


@dataclass(frozen=True)
class Targets:
    """Addresses that a text's links lead to, by the id that the link names."""

    pages: dict[int, str] = field(default_factory=dict)
    documents: dict[int, str] = field(default_factory=dict)


# Set while a body is rendered; without it the handlers do what Wagtail's do.
targets: ContextVar[Targets | None] = ContextVar("link_targets", default=None)


def linked_ids(raw: Any, kind: str) -> list[int]:
    """Return the ids that links of a kind (`page` or `document`) name anywhere in a stream's stored form."""
    text = json.dumps(raw).replace('\\"', '"')
    found = (LINK_ID.search(match[0]) for match in LINK.finditer(text) if match[1] == kind)
    return list(dict.fromkeys(int(match[1]) for match in found if match))


def _opening_tags(attrs_list: list[dict], addresses: dict[int, str]) -> list[str]:
    tags = []
    for attrs in attrs_list:
        identifier = attrs.get("id", "")
        address = addresses.get(int(identifier)) if identifier.isdigit() else None
        # A link to what the reader may not open keeps its words and loses its target.
        tags.append(f'<a href="{escape(with_fragment(address, attrs))}">' if address else "<a>")
    return tags


class PortalPageLinkHandler(SectionLinkHandler):
    """Links to the page's address in the reader's language, if the reader may open it."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        known = targets.get()
        if known is None:
            return super().expand_db_attributes_many(attrs_list)
        return _opening_tags(attrs_list, known.pages)


class PortalDocumentLinkHandler(DocumentLinkHandler):
    """Links to a document."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        known = targets.get()
        if known is None:
            return super().expand_db_attributes_many(attrs_list)
        return _opening_tags(attrs_list, known.documents)


def register_handlers(features) -> None:
    """Take the place of the handlers that look up each link by itself."""
    features.register_link_type(PortalPageLinkHandler)
    features.register_link_type(PortalDocumentLinkHandler)
