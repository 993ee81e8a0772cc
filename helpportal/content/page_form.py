"""What the form of every page checks besides Wagtail's own."""

from __future__ import annotations

from wagtail.admin.forms import WagtailAdminPageForm

from .addresses import is_reserved, reserved_message


class HelpPageForm(WagtailAdminPageForm):
    """Checks the slug of a new page too: its model does not know its parent before it is stored."""

    def clean(self):
        cleaned = super().clean()
        if is_reserved(cleaned.get("slug", ""), self.parent_page):
            self.add_error("slug", reserved_message(cleaned["slug"]))
        return cleaned
