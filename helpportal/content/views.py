from django.http import Http404, HttpRequest, HttpResponse


def page(request: HttpRequest, path: str) -> HttpResponse:
    """Answer a page's address."""
    raise Http404
