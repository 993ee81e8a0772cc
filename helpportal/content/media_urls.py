from django.conf import settings
from django.urls import path

from . import media_views

urlpatterns = [
    path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media_views.serve_media, name="media"),
    # Wagtail builds a document's address by this name.
    path("documents/<int:document_id>/<str:filename>", media_views.serve_document, name="wagtaildocs_serve"),
]
