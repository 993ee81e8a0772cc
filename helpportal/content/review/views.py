"""Review in the page editor: who reviews, by when, and what was edited meanwhile."""

from __future__ import annotations

from django.utils.functional import cached_property
from wagtail.admin.ui.side_panels import PageStatusSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import CollectWorkflowActionDataView, WorkflowActionView
from wagtail.models import AbstractGroupApprovalTask, WorkflowState

from ..models.review import ASSIGN
from . import queries, services


class ReviewStatusSidePanel(PageStatusSidePanel):
    """Wagtail's panel, which also says whose the review is and who edited the text meanwhile."""

    def get_status_templates(self, context):
        templates = super().get_status_templates(context)
        if self.review:
            templates.insert(1, "content/review/status.html")
        return templates

    @cached_property
    def review(self) -> dict:
        page = self.object
        state = page.current_workflow_state if page.pk else None
        if state is None or state.current_task_state is None:
            return {}
        task_state = state.current_task_state.specific
        task = task_state.task.specific
        running = state.status == WorkflowState.STATUS_IN_PROGRESS
        by_groups = isinstance(task, AbstractGroupApprovalTask)
        return {
            "task": task,
            "running": running,
            "state": task_state,
            "nobody": running and by_groups and not queries.reviewers_of(task).exists(),
            "edits": queries.edits_in_review(state) if running else [],
        }

    def get_context_data(self, parent_context):
        return {**super().get_context_data(parent_context), "review": self.review}


class ReviewedEditView(EditView):
    """Edits a page; hands on who was chosen to review it, and marks what others edit during a review."""

    def form_valid(self, form):
        state = self.workflow_state
        in_review = state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS
        before = self.latest_revision.pk if self.latest_revision else None
        choose = getattr(form, "chosen_review", None)
        with services.review_chosen(choose() if choose else None):
            response = super().form_valid(form)
        if in_review and self.has_content_changes and self.page.latest_revision_id is not None:
            overwritten = self.page.latest_revision_id == before
            if not overwritten or self.request.POST.get("overwrite_revision_id"):
                services.mark_edit_in_review(self.page, self.request.user, state)
        return response

    def get_side_panels(self):
        panels = super().get_side_panels()
        panels[0] = ReviewStatusSidePanel(
            self.page,
            self.request,
            show_schedule_publishing_toggle=self.form.show_schedule_publishing_toggle,
            live_object=self.real_page_record,
            scheduled_object=self.scheduled_page,
            locale=self.locale,
            translations=self.translations,
            parent_page=self.page.get_parent(),
        )
        return panels


class AssignmentMixin:
    """Shows the form of an assignment with what is assigned now."""

    def get_form_class(self):
        form_class = super().get_form_class()
        if self.action_name == ASSIGN and hasattr(form_class, "for_task"):
            return form_class.for_task(self.task, self.task_state)
        return form_class


class ReviewActionView(AssignmentMixin, WorkflowActionView):
    pass


class CollectReviewActionDataView(AssignmentMixin, CollectWorkflowActionDataView):
    pass
