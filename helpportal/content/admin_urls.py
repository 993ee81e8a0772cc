"""Addresses of the admin that answer before Wagtail's own: see admin_views."""

from django.urls import include, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.urls import display_custom_404
from wagtail.utils.urlpatterns import decorate_urlpatterns

from . import admin_views as views
from .review.account import DeskAccountView

reports = [
    path("locked/", views.TenantLockedPagesView.as_view()),
    path("locked/results/", views.TenantLockedPagesView.as_view(results_only=True)),
    path("workflow/", views.TenantWorkflowView.as_view()),
    path("workflow/results/", views.TenantWorkflowView.as_view(results_only=True)),
    path("workflow_tasks/", views.TenantWorkflowTasksView.as_view()),
    path("workflow_tasks/results/", views.TenantWorkflowTasksView.as_view(results_only=True)),
    path("site-history/", views.TenantLogEntriesView.as_view()),
    path("site-history/results/", views.TenantLogEntriesView.as_view(results_only=True)),
]

urlpatterns = [
    path("account/", DeskAccountView.as_view()),
    path("tag-autocomplete/", views.autocomplete_tags),
    path("tag-autocomplete/<slug:app_name>/<slug:model_name>/", views.autocomplete_tags),
    path("images/", views.TenantImagesView.as_view()),
    path("images/results/", views.TenantImagesView.as_view(results_only=True)),
    path("images/chooser/", views.image_chooser.choose_view),
    path("documents/", views.TenantDocumentsView.as_view()),
    path("documents/results/", views.TenantDocumentsView.as_view(results_only=True)),
    path("choose-external-link/", views.TenantExternalLinkView.as_view()),
    path("reports/", include(reports)),
    path("localize/reports/translations/", views.TenantTranslationsReportView.as_view()),
    path("localize/reports/translations/results/", views.TenantTranslationsReportView.as_view(results_only=True)),
]

for decorator in (require_admin_access, display_custom_404, never_cache):
    urlpatterns = decorate_urlpatterns(urlpatterns, decorator)
