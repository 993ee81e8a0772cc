"""The one rule for who may read which page.

A page is visible to a viewer when

* it is live,
* it stands in the tree of the viewer's site, and
* every page on its way down from the root lets the viewer in. A level's restrictions are those of the whole
  translation family: wagtail-localize copies a restriction late, or without its groups, so one translation's
  own rows prove nothing.

At one level the group rules of the family add up to one list of groups, and the viewer must be in one of them;
a "signed in" rule asks for an account. Shared passwords are not offered, and a leftover one lets nobody in.
Superusers pass every restriction, as they do in Wagtail.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import BooleanField, Expression, F, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from wagtail.models import Page, PageQuerySet, PageViewRestriction, Site
from wagtail.models.view_restrictions import BaseViewRestriction

from .viewer import Viewer

PageQuery = TypeVar("PageQuery", bound=QuerySet)


class StandsBelow(Expression):
    """True where the page at `path`, or one of its ancestors, is among the paths of a subquery.

    A treebeard path is the paths of its ancestors in steps of `Page.steplen` letters, so the ancestors are read
    off the page's own row; the subquery does not depend on the row and PostgreSQL hashes it once.
    """

    output_field = BooleanField()

    def __init__(self, paths: QuerySet, path: str | Combinable = "path", depth: str | Combinable = "depth"):
        super().__init__()
        self.path = F(path) if isinstance(path, str) else path
        self.depth = F(depth) if isinstance(depth, str) else depth
        self.paths = Subquery(paths) if isinstance(paths, QuerySet) else paths

    def get_source_expressions(self):
        return [self.path, self.depth, self.paths]

    def set_source_expressions(self, exprs):
        self.path, self.depth, self.paths = exprs

    def as_sql(self, compiler, connection):
        path_sql, path_params = compiler.compile(self.path)
        depth_sql, depth_params = compiler.compile(self.depth)
        paths_sql, paths_params = compiler.compile(self.paths)
        sql = (
            f"EXISTS (SELECT 1 FROM generate_series(1, {depth_sql}) AS level "  # noqa: S608 - compiled by Django
            f"WHERE substr({path_sql}, 1, level * {Page.steplen}) IN {paths_sql})"
        )
        return sql, (*depth_params, *path_params, *paths_params)


def tree_of_site(site_id: int | None) -> QuerySet:
    """Paths of a site's home pages, one for each language."""
    return Page.objects.filter(
        translation_key__in=Site.objects.filter(pk=site_id).values("root_page__translation_key")
    ).values("path")


def denied_paths(viewer: Viewer) -> QuerySet | None:
    """Paths of the pages whose family's own restrictions keep the viewer out; None when nothing can."""
    if viewer.is_superuser:
        return None
    restrictions = PageViewRestriction.objects.exclude(restriction_type=BaseViewRestriction.NONE)
    by_groups = Q(restriction_type=BaseViewRestriction.GROUPS)
    if viewer.is_authenticated:
        # Families that open themselves to one of the viewer's groups, wherever in the family that is written.
        opened = restrictions.filter(by_groups, groups__in=list(viewer.group_ids)).values("page__translation_key")
        closed = restrictions.filter(Q(restriction_type=BaseViewRestriction.PASSWORD)) | restrictions.filter(
            by_groups
        ).exclude(page__translation_key__in=opened)
    else:
        closed = restrictions
    return Page.objects.filter(translation_key__in=closed.values("page__translation_key")).values("path")


def is_open_to(viewer: Viewer) -> Q | Expression:
    """The restriction half of the rule alone, as a condition: used to tell "not allowed" from "not there"."""
    denied = denied_paths(viewer)
    if denied is None:
        return Q()
    return ~Q(StandsBelow(denied))


def visible_to(queryset: PageQuery, viewer: Viewer) -> PageQuery:
    """Keep the pages of `queryset` that `viewer` may read. Adds conditions only: no query runs here."""
    if viewer.site_id is None:
        return queryset.none()
    return queryset.filter(is_open_to(viewer), Q(StandsBelow(tree_of_site(viewer.site_id))), live=True)


class VisiblePageQuerySet(PageQuerySet):
    """Page queryset of the portal: reads start with `visible_to(viewer)`."""

    def visible_to(self, viewer: Viewer):
        return visible_to(self, viewer)
