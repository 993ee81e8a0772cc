from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .presentation import portal_context


def portal(request: HttpRequest) -> dict:
    """Give every template `portal`, worked out only where a template uses it."""
    return {"portal": SimpleLazyObject(lambda: portal_context(request))}
