"""Whose eyes a session looks through. Nothing of it outlives the session, and signing out ends it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site

from helpportal.core.viewer import StandIn, Viewer

from ..models import TenantGroup
from ..people.forms import group_name
from ..queries import staff_sites

KEY = "view_as"
EVERYBODY = "everybody"
SIGNED_IN = "signed-in"
READING = ("GET", "HEAD")


def choices(site: Site) -> list[tuple[str, str]]:
    """Return what there is to choose from, as values and names: everybody, everybody signed in, and each group."""
    groups = TenantGroup.objects.filter(site=site).select_related("locale").order_by("label")
    return [
        (EVERYBODY, _("everybody")),
        (SIGNED_IN, _("everybody who is signed in")),
        *((str(row.pk), group_name(row)) for row in groups),
    ]


def begin(request: HttpRequest, site: Site, choice: str) -> None:
    """Look through other eyes from the next request on."""
    request.session[KEY] = {"site": site.pk, "choice": choice}


def end(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def is_standing_in(request: HttpRequest) -> bool:
    """Return whether the session looks through other eyes; asks for the session only where a cookie names one."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and KEY in request.session


def find_stand_in(request: HttpRequest) -> StandIn | None:
    """Return whose eyes a request looks through: only when reading, on the tenant it was chosen for, by its staff.

    What was chosen is looked up each time: a group that is gone, or a role that was taken, ends it.
    """
    if request.method not in READING or not is_standing_in(request):
        return None
    if request.path.startswith(reverse("wagtailadmin_home")):
        return None
    chosen = request.session[KEY]
    site = Site.find_for_request(request)
    if site is None or chosen["site"] != site.pk or not staff_sites(request.user).filter(pk=site.pk).exists():
        return None
    found = _stand_in(site, chosen["choice"], request.user.pk)
    if found is None:
        end(request)
    return found


def _stand_in(site: Site, choice: str, user_id: int) -> StandIn | None:
    if choice == EVERYBODY:
        return StandIn(Viewer.anonymous(site), _("everybody"))
    if choice == SIGNED_IN:
        return StandIn(Viewer(site.pk, user_id), _("everybody who is signed in"))
    row = TenantGroup.objects.filter(site=site, pk=choice).select_related("locale").first()
    return row and StandIn(Viewer(site.pk, user_id, frozenset({row.group_id})), group_name(row))
