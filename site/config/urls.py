from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import views as auth_views
from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from helpportal.accounts.people.views import SetPasswordView
from helpportal.accounts.view_as import views as view_as_views
from helpportal.content import admin_urls, media_urls, tenant_views
from helpportal.content import urls as content_urls
from helpportal.content import views as content_views
from helpportal.content.languages import LANGUAGE_TAG
from helpportal.search import urls as search_urls

urlpatterns = [
    path("", content_views.front_door, name="front_door"),
    path("admin/", include(admin_urls)),
    path("admin/", include(wagtailadmin_urls)),
    path("", include(media_urls)),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("view-as/", view_as_views.choose, name="view_as"),
    path("view-as/end/", view_as_views.end, name="end_view_as"),
    path("set-password/<uidb64>/<token>/", SetPasswordView.as_view(), name="set_password"),
    path("language/<str:code>/", content_views.switch_language, name="switch_language"),
    path("theme/<slug:digest>.css", tenant_views.theme, name="theme"),
    path("robots.txt", tenant_views.robots),
    path("sitemap.xml", tenant_views.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", tenant_views.sitemap),
]

urlpatterns += i18n_patterns(
    path("search/", include(search_urls)),
    path("", include(content_urls)),
    prefix_default_language=True,
)

urlpatterns += [
    # What no pattern above took: an address that begins with a language this tenant does not have.
    re_path(rf"^(?P<tag>{LANGUAGE_TAG})(?:/(?P<rest>.*))?$", content_views.other_language),
]

handler403 = "helpportal.content.error_views.forbidden"
handler404 = "helpportal.content.error_views.not_found"
handler500 = "helpportal.content.error_views.server_error"
