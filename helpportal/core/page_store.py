"""What a response says about being kept in front of Django."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from .generation import SCOPE_KEY

# Only between Django and the front of the same process; the front takes it off before anything is sent.
STORABLE_HEADER = "X-Portal-Storable"


def mark_storable(request: HttpRequest, response: HttpResponse) -> None:
    """Allow the front to answer the same address from memory for everybody who is not signed in.

    For responses that are the same for all of them. Where no front stands before Django nothing happens.
    """
    scope = request.META.get("asgi.scope") or {}
    if scope.get(SCOPE_KEY):
        response.headers[STORABLE_HEADER] = "1"
