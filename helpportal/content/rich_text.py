"""Rich text beyond Wagtail's own: links to a section of a page, and converter rules that Wagtail lacks.

A page link may carry the anchor of a section: `<a linktype="page" id="42" fragment="costs">`. It survives the
editor, wagtail-localize and the converters, and becomes `…/costs-page/#costs` where the text is shown.
"""

from __future__ import annotations

import re

from django.urls import reverse_lazy
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _
from draftjs_exporter import DOM
from wagtail.admin.rich_text.converters import contentstate
from wagtail.admin.rich_text.converters.editor_html import LinkTypeRule, PageLinkHandler, WhitelistRule
from wagtail.admin.rich_text.converters.html_to_contentstate import ExternalLinkElementHandler, PageLinkElementHandler
from wagtail.admin.rich_text.editors.draftail import features as draftail_features
from wagtail.rich_text.pages import PageLinkHandler as PageAddressHandler
from wagtail.whitelist import allow_without_attributes, attribute_rule, check_url

FRAGMENT = "fragment"
FRAGMENT_PATTERN = re.compile(r"[^\s\"'<>#]{1,200}")

# Wagtail registers these features for its editor only, not for its converter of stored rich text.
ELEMENTS_OF_FEATURES = {
    "code": ["code"],
    "blockquote": ["blockquote"],
    "strikethrough": ["s"],
    "superscript": ["sup"],
    "subscript": ["sub"],
}


def valid_fragment(fragment: str | None) -> str:
    """Return the fragment of a page link if it can stand in an address, else nothing."""
    return fragment if fragment and FRAGMENT_PATTERN.fullmatch(fragment) else ""


def with_fragment(address: str, attrs: dict) -> str:
    """Return a page's address with the section that a link's stored attributes name."""
    fragment = valid_fragment(attrs.get(FRAGMENT))
    return f"{address}#{fragment}" if fragment else address


class SectionLinkHandler(PageAddressHandler):
    """Writes the address of a page link where the text is shown."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        return [
            f'<a href="{escape(with_fragment(page.localized.url or "", attrs))}">' if page else "<a>"
            for page, attrs in zip(cls.get_many(attrs_list), attrs_list, strict=True)
        ]


class StoredPageLink(PageLinkHandler):
    """Keeps the section when stored rich text passes through Wagtail's converter."""

    @staticmethod
    def get_db_attributes(tag) -> dict:
        attributes = PageLinkHandler.get_db_attributes(tag)
        if fragment := valid_fragment(tag.get(f"data-{FRAGMENT}")):
            attributes[FRAGMENT] = fragment
        return attributes


class PageLinkToEditor(PageLinkElementHandler):
    """Hands the section to the editor as part of the link."""

    def get_attribute_data(self, attrs) -> dict:
        data = super().get_attribute_data(attrs)
        if fragment := valid_fragment(attrs.get(FRAGMENT)):
            data[FRAGMENT] = fragment
        return data


def link_from_editor(props):
    """Write a link of the editor back to stored rich text."""
    fragment = valid_fragment(props.get(FRAGMENT))
    if props.get("id") is None or not fragment:
        return contentstate.link_entity(props)
    attributes = {"linktype": "page", "id": props["id"], FRAGMENT: fragment}
    return DOM.create_element("a", attributes, props["children"])


def register_features(features) -> None:
    """Add the portal's rules to Wagtail's registry of rich text features."""
    features.register_link_type(SectionLinkHandler)
    features.register_converter_rule(
        "editorhtml",
        "link",
        [WhitelistRule("a", attribute_rule({"href": check_url})), LinkTypeRule("page", StoredPageLink)],
    )
    features.register_converter_rule(
        "contentstate",
        "link",
        {
            "from_database_format": {
                "a[href]": ExternalLinkElementHandler("LINK"),
                'a[linktype="page"]': PageLinkToEditor("LINK"),
            },
            "to_database_format": {"entity_decorators": {"LINK": link_from_editor}},
        },
    )
    features.register_editor_plugin("draftail", "link", _editor_link())
    for feature, elements in ELEMENTS_OF_FEATURES.items():
        rules = [WhitelistRule(element, allow_without_attributes) for element in elements]
        features.register_converter_rule("editorhtml", feature, rules)


def _editor_link() -> draftail_features.EntityFeature:
    # Wagtail's own, with the section among the attributes that copying and pasting keeps.
    choosers = {
        "pageChooser": "wagtailadmin_choose_page",
        "externalLinkChooser": "wagtailadmin_choose_page_external_link",
        "emailLinkChooser": "wagtailadmin_choose_page_email_link",
        "phoneLinkChooser": "wagtailadmin_choose_page_phone_link",
        "anchorLinkChooser": "wagtailadmin_choose_page_anchor_link",
    }
    return draftail_features.EntityFeature(
        {
            "type": "LINK",
            "icon": "link",
            "description": _("Link"),
            "attributes": ["url", "id", "parentId", FRAGMENT],
            "allowlist": {"href": "^(http:|https:|mailto:|#|undefined$)"},
            "chooserUrls": {name: reverse_lazy(view) for name, view in choosers.items()},
        },
        js=["wagtailadmin/js/page-chooser-modal.js"],
    )
