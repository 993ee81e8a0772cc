"""How links inside rich text find their addresses: all of a body's together, not one query for each."""

from __future__ import annotations

from wagtail.documents.rich_text import DocumentLinkHandler

from . import gaps
from .rich_text import FRAGMENT, SectionLinkHandler, valid_fragment

# A link to nothing keeps its words.
WITHOUT_TARGET = "<a>"


class PortalPageLinkHandler(SectionLinkHandler):
    """Links to the page's address in the reader's language, if the reader may open it."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        collected = gaps.being_collected()
        if collected is None:
            return super().expand_db_attributes_many(attrs_list)
        return [
            collected.leave(gaps.PageLink(int(attrs["id"]), valid_fragment(attrs.get(FRAGMENT))))
            if _has_id(attrs)
            else WITHOUT_TARGET
            for attrs in attrs_list
        ]


class PortalDocumentLinkHandler(DocumentLinkHandler):
    """Links to a document."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        collected = gaps.being_collected()
        if collected is None:
            return super().expand_db_attributes_many(attrs_list)
        return [
            collected.leave(gaps.DocumentLink(int(attrs["id"]))) if _has_id(attrs) else WITHOUT_TARGET
            for attrs in attrs_list
        ]


def _has_id(attrs: dict) -> bool:
    identifier = attrs.get("id", "")
    return identifier.isascii() and identifier.isdigit()


def register_handlers(features) -> None:
    """Take the place of the handlers that look up each link by itself."""
    features.register_link_type(PortalPageLinkHandler)
    features.register_link_type(PortalDocumentLinkHandler)
