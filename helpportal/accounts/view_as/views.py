"""Choosing whose eyes to look through, and being oneself again."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from wagtail.models import Site

from ..queries import staff_sites
from . import session


@never_cache
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Offer the tenant's groups to its staff, and begin with the one that is chosen."""
    site = Site.find_for_request(request)
    if site is None or not staff_sites(request.user).filter(pk=site.pk).exists():
        raise PermissionDenied
    offered = session.choices(site)
    back = _back(request)
    if request.method == "POST":
        field = forms.ChoiceField(choices=offered)
        try:
            session.begin(request, site, field.clean(request.POST.get("choice")))
        except forms.ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return HttpResponseRedirect(back)
    else:
        problem = ""
    context = {
        "page_title": _("See the help centre as …"),
        "choices": offered,
        "chosen": request.session.get(session.KEY, {}).get("choice", offered[0][0]),
        "problem": problem,
        "next": back,
    }
    return render(request, "accounts/view_as.html", context)


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Be oneself again."""
    session.end(request)
    return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    return target if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else "/"
