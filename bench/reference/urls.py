from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from helpportal.content import tenant_views

from . import views

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("login/", views.page, name="login"),
    path("logout/", views.page, name="logout"),
    path("language/<str:code>/", views.page, name="switch_language"),
    path("theme/<slug:digest>.css", tenant_views.theme, name="theme"),
    path("<str:language>/<path:path>", views.page, name="wagtail_serve_in"),
    path("<path:path>", views.page, name="wagtail_serve"),
]
