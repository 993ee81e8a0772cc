"""Serving images and documents: through the access rule, and so that no upload can act as a page of ours."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import Storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe
from wagtail.documents.models import document_served

from helpportal.core.viewer import Viewer, stand_in_of

from .media import find_media, medium_of_staff, visible_medium
from .models import PortalDocument

# What a browser may show in place; it downloads everything else. Neither HTML nor SVG is here: they carry scripts.
SHOWN_IN_PLACE = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf"}


@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponse:
    """Serve a stored file by its name: a rendition, an original or a document. 404 for who may not see it."""
    media = find_media(path, Viewer.for_request(request), staff_asking(request))
    if media is None:
        raise Http404
    return stored_file(request, media.file.storage, path)


@require_safe
def serve_document(request: HttpRequest, document_id: int, filename: str) -> HttpResponse:
    """Serve a document by its id and file name, as Wagtail's links name it. 404 for who may not see it."""
    owner = PortalDocument.objects.filter(pk=document_id)
    document = visible_medium(owner, Viewer.for_request(request)) or medium_of_staff(owner, staff_asking(request))
    if document is None or document.filename != filename:
        raise Http404
    response = stored_file(request, document.file.storage, document.file.name)
    if response.status_code == 200 and request.method == "GET":
        document_served.send(sender=PortalDocument, instance=document, request=request)
    return response


def staff_asking(request: HttpRequest):
    """Return who may see more than readers do: nobody, for a page that is seen through the eyes of readers.

    The admin's own pictures stay where they are: it sends its address along, as every page of ours does.
    """
    from_admin = urlsplit(request.headers.get("Referer", "")).path.startswith(reverse("wagtailadmin_home"))
    return AnonymousUser() if stand_in_of(request) and not from_admin else request.user


def stored_file(request: HttpRequest, storage: Storage, name: str) -> HttpResponse:
    """Answer with a stored file, or 304 when the browser has it. Who may see it is decided before.

    A cache asks again each time, so that a restriction counts for the next request.
    """
    try:
        modified, size = storage.get_modified_time(name), storage.size(name)
    except OSError as error:
        raise Http404 from error
    etag = quote_etag(f"{int(modified.timestamp() * 1_000_000):x}-{size:x}")
    response = get_conditional_response(request, etag, int(modified.timestamp()))
    if response is None:
        filename = PurePosixPath(name).name
        kind = mimetypes.guess_type(filename)[0] or ""
        in_place = kind in SHOWN_IN_PLACE
        response = FileResponse(
            storage.open(name),
            as_attachment=not in_place,
            filename=filename,
            content_type=kind if in_place else "application/octet-stream",
        )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "public, no-cache"
    patch_vary_headers(response, ["Cookie"])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
