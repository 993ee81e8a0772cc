"""The screen on which a tenant's administrators choose the steps of their review."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from helpportal.accounts.models import User
from helpportal.accounts.people.managing import ManagedSiteMixin

from .forms import StepFormSet
from .services import Step, StepsError, change_steps, own_workflow, steps_of


class ReviewStepsView(ManagedSiteMixin, WagtailAdminTemplateMixin, TemplateView):
    template_name = "content/review_steps/form.html"
    page_title = gettext_lazy("Review steps")
    header_icon = "tasks"

    def get_page_subtitle(self):
        return self.site.site_name or self.site.hostname

    def formset(self) -> StepFormSet:
        steps = steps_of(own_workflow(self.site))
        data = self.request.POST if self.request.method == "POST" else None
        return StepFormSet(data, steps=steps, prefix="steps", form_kwargs={"site": self.site})

    def get_context_data(self, **kwargs):
        if "formset" not in kwargs:
            try:
                kwargs["formset"] = self.formset()
            except StepsError as error:
                kwargs["problem"] = str(error)
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            formset = self.formset()
            if request.POST.get("version") != formset.version:
                raise StepsError(_("Somebody else has changed the steps meanwhile. Look at them and choose again."))
            if not formset.is_valid():
                messages.error(request, _("The steps could not be saved: see below."))
                return self.render_to_response(self.get_context_data(formset=formset))
            steps = formset.chosen()
            change_steps(self.site, steps, by=request.user)
        except StepsError as error:
            messages.error(request, str(error))
            return redirect("review_steps")
        messages.success(request, _("The steps are saved."))
        for step in steps:
            if not _has_people(step):
                messages.warning(
                    request,
                    _("Nobody can decide at “%(step)s”: texts would wait there for ever. Give somebody the role.")
                    % {"step": step.name},
                )
        return redirect("review_steps")


def _has_people(step: Step) -> bool:
    groups = [group.group_id for group in step.groups]
    return User.objects.filter(groups__in=groups, is_active=True).exists()
