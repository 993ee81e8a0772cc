from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .session import READING, is_standing_in


class LookingOnlyMiddleware:
    """Refuses to send anything to the portal while somebody looks through other eyes: it would count as theirs.

    The admin is not the portal; signing in and out and looking through one's own eyes again stay possible.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if request.method in (*READING, "OPTIONS"):
            return
        allowed = tuple(reverse(name) for name in ("wagtailadmin_home", "login", "logout", "view_as"))
        if not request.path.startswith(allowed) and is_standing_in(request):
            raise PermissionDenied
