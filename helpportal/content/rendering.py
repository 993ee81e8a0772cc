from django.http import HttpRequest
from django.template.response import TemplateResponse
from wagtail.models import Page


def render_page(request: HttpRequest, page: Page) -> TemplateResponse:
    """Render one page of the portal for one request."""
    return TemplateResponse(request, page.get_template(request), page.get_context(request))
