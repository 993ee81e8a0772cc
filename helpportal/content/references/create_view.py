"""Adding an article from a template."""

from __future__ import annotations

from wagtail.admin.views.pages.create import CreateView

from . import article_templates


class TemplatedCreateView(CreateView):
    """Fills in the body of a new article when the address names a template. What was typed is never touched."""

    def get(self, request):
        if hasattr(self.page, "body"):
            blocks = article_templates.body_of(
                request.GET.get(article_templates.PARAMETER, ""), self.page.locale.language_code
            )
            if blocks:
                self.page.body = blocks
        return super().get(request)
