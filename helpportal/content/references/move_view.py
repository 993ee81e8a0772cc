"""Moving a page together with its translations."""

from __future__ import annotations

from django.db import transaction
from wagtail.admin.views.pages.move import MoveConfirmView
from wagtail.models import Page


def translations_to_move(pages: list[Page], action: str) -> dict[Page, list[Page]]:
    """Answer Wagtail's hook on actions that take translations along: a move does, so that all trees stay alike."""
    if action != "move":
        return {}
    return {page: list(page.get_translations().filter(alias_of__isnull=True).specific()) for page in pages}


class MoveFamilyView(MoveConfirmView):
    """Moves a page and those of its translations that the user may move, all of them or none."""

    def dispatch(self, request, *args, **kwargs):
        with transaction.atomic():
            return super().dispatch(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        self.pages_to_move = [page for page in self.pages_to_move if self._goes_along(page)]
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        self.pages_to_move = [page for page in self.pages_to_move if self._goes_along(page)]
        return super().get_context_data(**kwargs)

    def _goes_along(self, page: Page) -> bool:
        if page.pk == self.page_to_move.pk:
            return False
        destination = self.destination.get_translation_or_none(page.locale)
        return (
            destination is not None
            and Page._slug_is_available(page.slug, destination, page=page)
            and page.permissions_for_user(self.request.user).can_move_to(destination)
        )
