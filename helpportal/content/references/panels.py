"""What the editor shows beside the fields of articles and fragments."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from . import article_templates
from .article_templates import PARAMETER


class TemplatesPanel(Panel):
    """Offers the templates above the form of an article that nobody has begun to write."""

    def __init__(self, **kwargs):
        super().__init__(**{"heading": _("Start from"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/references/templates_panel.html"

        def is_shown(self) -> bool:
            return not self.instance.pk and self.request is not None and self.request.method == "GET"

        def get_context_data(self, parent_context=None):
            chosen = self.request.GET.get(PARAMETER, "")
            beside = {key: value for key, value in self.request.GET.items() if key != PARAMETER}
            choices = [("", _("Empty"), _("Nothing but a title"))]
            choices += [(one.slug, one.label, one.about) for one in article_templates.TEMPLATES]
            known = {slug for slug, _label, _about in choices}
            return {
                **super().get_context_data(parent_context),
                "choices": [
                    {
                        "label": label,
                        "about": about,
                        "url": f"?{urlencode({**beside, PARAMETER: slug})}",
                        "chosen": slug == (chosen if chosen in known else ""),
                    }
                    for slug, label, about in choices
                ],
            }


class FragmentUsePanel(Panel):
    """Says where a fragment is shown: what publishing a change of it will change for readers."""

    def __init__(self, **kwargs):
        super().__init__(**{"heading": _("Where it is shown"), **kwargs})

    class BoundPanel(Panel.BoundPanel):
        template_name = "content/references/fragment_use_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and self.request is not None

        def get_context_data(self, parent_context=None):
            return {**super().get_context_data(parent_context), "request": self.request, "fragment": self.instance}
