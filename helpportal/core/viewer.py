"""Who reads: the one value that every read path hands to the access rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from wagtail.models import Site


@dataclass(frozen=True)
class Viewer:
    """Somebody reading one tenant's portal.

    `site_id` is None only where no site answers for the request's host; such a viewer sees nothing.
    """

    site_id: int | None
    user_id: int | None = None
    group_ids: frozenset[int] = field(default_factory=frozenset)
    is_superuser: bool = False

    @property
    def is_authenticated(self) -> bool:
        return self.user_id is not None

    @classmethod
    def anonymous(cls, site: Site) -> Viewer:
        return cls(site_id=site.pk)

    @classmethod
    def of(cls, user, site: Site | None) -> Viewer:
        """Build the viewer for a user object (which may be anonymous) on a site."""
        site_id = site.pk if site else None
        if user is None or not user.is_authenticated or not user.is_active:
            return cls(site_id=site_id)
        return cls(
            site_id=site_id,
            user_id=user.pk,
            group_ids=frozenset(user.groups.values_list("pk", flat=True)),
            is_superuser=user.is_superuser,
        )

    @classmethod
    def for_request(cls, request: HttpRequest) -> Viewer:
        """Return the request's viewer, worked out once a request."""
        cached = getattr(request, "_portal_viewer", None)
        if cached is None:
            stand_in = stand_in_of(request)
            if stand_in is not None:
                cached = stand_in.viewer
            else:
                cached = cls.of(getattr(request, "user", None), Site.find_for_request(request))
            request._portal_viewer = cached
        return cached


@dataclass(frozen=True)
class StandIn:
    """Somebody of the staff who looks at the portal with the eyes of other readers; `name` says whose."""

    viewer: Viewer
    name: str


FindStandIn = Callable[[HttpRequest], StandIn | None]

_finders: list[FindStandIn] = []


def register_stand_in(find: FindStandIn) -> None:
    """Have `find(request)` asked for each request whether its reader stands in for others."""
    if find not in _finders:
        _finders.append(find)


def stand_in_of(request: HttpRequest) -> StandIn | None:
    """Return for whom the request's reader stands in; None for readers who are themselves."""
    if not hasattr(request, "_portal_stand_in"):
        request._portal_stand_in = next(filter(None, (find(request) for find in _finders)), None)
    return request._portal_stand_in
