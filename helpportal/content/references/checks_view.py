"""The content checks of one page, fetched anew by the editor after each save."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ..models import ArticlePage


@require_safe
def content_checks(request: HttpRequest, page_id: int) -> HttpResponse:
    """Answer the findings in the latest draft of an article that the user may edit."""
    page = get_object_or_404(ArticlePage, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    return render(request, "content/references/content_checks.html", {"article": page.get_latest_revision_as_object()})
