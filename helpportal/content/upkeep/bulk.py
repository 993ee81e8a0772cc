"""What the desk's bulk actions have in common: each page by itself, and a word about every page that was not done."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.views.pages.bulk_actions.page_bulk_action import PageBulkAction
from wagtail.models import Page

from ..admin_filters import OwnGenericPageFilterSet
from ..models import ArticlePage
from ..tenancy import SCOPES
from .services import UpkeepRefusedError

MOST_NAMED = 10


class OwnRowsMixin:
    """Takes "all" in a bulk action for all of the user's own tenants that the list showed."""

    def get_all_objects_in_listing_query(self, parent_id):
        rows = self.model._default_manager.filter(pk__in=SCOPES[self.model](self.request.user).values("pk"))
        if self.model is Page:
            filters = OwnGenericPageFilterSet(data=self.request.GET, request=self.request)
            if filters.is_valid() and filters.form.has_changed():
                # A list that is narrowed shows all pages below its parent; Wagtail takes those right below it.
                if parent_id is not None and not self.request.GET.get("search_all"):
                    rows = rows.descendant_of(Page.objects.get(pk=parent_id))
                rows = filters.filter_queryset(rows)
                if not self.request.GET.get("q"):
                    return rows.values_list("pk", flat=True)
        chosen = super().get_all_objects_in_listing_query(parent_id)
        return rows.filter(pk__in=list(chosen)).values_list("pk", flat=True)


class DeskBulkAction(OwnRowsMixin, PageBulkAction):
    """Does one thing with each chosen page.

    A page that the user has no right for is left out; one that refuses is left as it was. Both are named.
    """

    template_name = "content/upkeep/confirm_bulk.html"
    articles_only = True
    header_icon = "tasks"
    question = ""
    yes = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.refused: list[tuple[Page, str]] = []
        self.left_out: list[Page] = []
        self._chosen: tuple | None = None
        if self.next_url == self.request.path:
            # Wagtail's own way back where it knows none, which leads nowhere without the pages' ids.
            self.next_url = reverse("wagtailadmin_explore_root")

    @classmethod
    def get_queryset(cls, model, object_ids):
        pages = model.objects.filter(pk__in=list(object_ids)).defer_streamfields().specific()
        found = list(pages.prefetch_workflow_states())
        if not found:
            raise Http404
        return found

    def get_actionable_objects(self):
        if self._chosen is None:
            self._chosen = super().get_actionable_objects()
        return self._chosen

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "question": self.question, "yes": self.yes, "action": self, "icon": self.header_icon}

    def prepare_action(self, objects, objects_without_access):
        self.left_out = objects_without_access["items_with_no_access"]

    def get_execution_context(self):
        return {"action": self}

    @classmethod
    def execute_action(cls, objects, action=None):
        return sum(action.do(page) for page in objects), 0

    def do(self, page: Page) -> bool:
        """Do it with one page; return whether it is done. What was begun with a page that refuses is taken back."""
        try:
            with transaction.atomic():
                if self.articles_only and not isinstance(page, ArticlePage):
                    raise UpkeepRefusedError(_("It is not an article."))
                self.act(page, self.request.user, self.cleaned_form.cleaned_data)
        except ValidationError as error:
            self.refused.append((page, " ".join(error.messages)))
        except PermissionDenied:
            self.left_out.append(page)
        else:
            return True
        return False

    def act(self, page: Page, user, data: dict) -> None:
        """Do it with one page; raises ValidationError to refuse."""
        raise NotImplementedError

    def done(self, count: int) -> str:
        """Say that it was done with so many pages."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects, num_child_objects):
        count = num_parent_objects + num_child_objects
        return self.done(count) if count else None

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        for page, reason in self.refused[:MOST_NAMED]:
            messages.error(self.request, _("Not done: “%(title)s”. %(reason)s") % {"title": page, "reason": reason})
        more = len(self.refused) - MOST_NAMED
        if more > 0:
            text = ngettext("Not done: %(count)d more page.", "Not done: %(count)d more pages.", more)
            messages.error(self.request, text % {"count": more})
        if self.left_out:
            names = ", ".join(f"“{page}”" for page in self.left_out[:MOST_NAMED])
            if len(self.left_out) > MOST_NAMED:
                names += ", …"
            text = _("Left out, because you may not do this with them: %(names)s")
            messages.warning(self.request, text % {"names": names})
        return response


def refuse_locked(page: Page, user) -> None:
    """Raise UpkeepRefusedError for a page that is locked for the user."""
    lock = page.get_lock()
    if lock and lock.for_user(user):
        raise UpkeepRefusedError(strip_tags(str(lock.get_description(user) or lock.get_locked_by(user))))
