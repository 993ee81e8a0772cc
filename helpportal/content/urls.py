from django.urls import re_path

from . import views

urlpatterns = [
    # Wagtail builds page addresses by this name; the view is ours.
    re_path(r"^((?:[^/]+/)*)$", views.page, name="wagtail_serve"),
]
