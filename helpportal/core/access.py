"""The one rule for who may read which page.

A page is visible to a viewer when

* it is live,
* it stands in the tree of the viewer's site, and
* neither its family, nor the family of any page above a member of its family, keeps the viewer out.

The family (all translations of one page) counts as a whole, because no single translation proves anything:
wagtail-localize copies a restriction late or without its groups, and a page moved into a restricted category
leaves its translations where they were.

Within one family the group rules add up to one list of groups, and the viewer must be in one of them; a
"signed in" rule asks for an account. Shared passwords are not offered, and a leftover one lets nobody in.
Superusers pass every restriction, as they do in Wagtail. A page whose parent is not live is judged by itself,
as Wagtail does.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import BooleanField, Expression, F, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from wagtail.models import Page, PageQuerySet, PageViewRestriction, Site
from wagtail.models.view_restrictions import BaseViewRestriction

from .prepared import AnyViewer, Parameter
from .viewer import Viewer

PageQuery = TypeVar("PageQuery", bound=QuerySet)


class StandsBelow(Expression):
    """True where the page at `path`, or one of its ancestors, is among the paths of a subquery.

    A treebeard path begins with the paths of its ancestors. The subquery does not depend on the row: PostgreSQL
    makes an array of it once. For a handful of paths: every row is compared with each.
    """

    output_field = BooleanField()

    def __init__(self, paths: QuerySet, path: str | Combinable = "path"):
        super().__init__()
        self.path = F(path) if isinstance(path, str) else path
        self.paths = Subquery(paths) if isinstance(paths, QuerySet) else paths

    def get_source_expressions(self):
        return [self.path, self.paths]

    def set_source_expressions(self, exprs):
        self.path, self.paths = exprs

    def as_sql(self, compiler, connection):
        path_sql, path_params = compiler.compile(self.path)
        paths_sql, paths_params = compiler.compile(self.paths)
        sql = f"{path_sql} ^@ ANY (ARRAY(SELECT top.path::text FROM {paths_sql} AS top (path)))"  # noqa: S608 - by Django
        return sql, (*path_params, *paths_params)


class FamilyStandsBelow(Expression):
    """True where any translation of the page with `translation_key` stands at or below one of a subquery's paths.

    The set of families is made once for a query, by one index range of `path` for each root, and hashed:
    its cost grows with the pages below the roots and not with the rows that are tested.
    """

    output_field = BooleanField()

    def __init__(self, roots: QuerySet, translation_key: str | Combinable = "translation_key"):
        super().__init__()
        self.translation_key = F(translation_key) if isinstance(translation_key, str) else translation_key
        self.roots = Subquery(roots) if isinstance(roots, QuerySet) else roots

    def get_source_expressions(self):
        return [self.translation_key, self.roots]

    def set_source_expressions(self, exprs):
        self.translation_key, self.roots = exprs

    def as_sql(self, compiler, connection):
        key_sql, key_params = compiler.compile(self.translation_key)
        roots_sql, roots_params = compiler.compile(self.roots)
        table = connection.ops.quote_name(Page._meta.db_table)
        # ~>=~ and ~<~ compare bytes, as the index that Django keeps for LIKE does; "~" sorts after every letter of
        # a path.
        sql = (
            f"{key_sql} IN (SELECT below.translation_key FROM {roots_sql} AS root (path) "  # noqa: S608 - by Django
            f"JOIN {table} below ON below.path ~>=~ root.path AND below.path ~<~ (root.path || '~'))"
        )
        return sql, (*key_params, *roots_params)


class IsAmong(Expression):
    """True where an expression equals one of a subquery's few values, or one of an array's.

    Unlike IN, it is worked out before the rows are read: an index on the expression then finds them, whatever
    PostgreSQL knows of the tables.
    """

    output_field = BooleanField()

    def __init__(self, name: str, values: QuerySet | Parameter):
        super().__init__()
        self.value = F(name)
        self.values = Subquery(values) if isinstance(values, QuerySet) else values

    def get_source_expressions(self):
        return [self.value, self.values]

    def set_source_expressions(self, exprs):
        self.value, self.values = exprs

    def as_sql(self, compiler, connection):
        value_sql, value_params = compiler.compile(self.value)
        values_sql, values_params = compiler.compile(self.values)
        array = f"ARRAY{values_sql}" if isinstance(self.values, Subquery) else values_sql
        return f"{value_sql} = ANY ({array})", (*value_params, *values_params)


def tree_of_site(site_id: int | Parameter | None) -> QuerySet:
    """Paths of a site's home pages, one for each language."""
    return (
        Page.objects.filter(translation_key__in=Site.objects.filter(pk=site_id).values("root_page__translation_key"))
        .order_by()
        .values("path")
    )


def closed_paths(viewer: Viewer | AnyViewer) -> QuerySet | None:
    """Paths of the pages whose family's own restrictions keep the viewer out; None when nothing can.

    Only pages of the viewer's site are among them: another tenant's restrictions cost this one nothing.
    """
    if viewer.is_superuser:
        return None
    restrictions = PageViewRestriction.objects.exclude(restriction_type=BaseViewRestriction.NONE)
    if viewer.is_authenticated:
        by_groups = restrictions.filter(restriction_type=BaseViewRestriction.GROUPS)
        # Families that open themselves to one of the viewer's groups, wherever in the family that is written.
        own = viewer.group_ids
        among_own = IsAmong("groups", own) if isinstance(own, Parameter) else Q(groups__in=list(own))
        opened = by_groups.filter(among_own).values("page__translation_key")
        closed = restrictions.filter(restriction_type=BaseViewRestriction.PASSWORD) | by_groups.exclude(
            page__translation_key__in=opened
        )
    else:
        closed = restrictions
    return (
        Page.objects.filter(
            IsAmong("translation_key", closed.values("page__translation_key")),
            StandsBelow(tree_of_site(viewer.site_id)),
        )
        .order_by()
        .values("path")
    )


def is_open_to(viewer: Viewer | AnyViewer) -> Q:
    """The rule without the live state, as a condition: used to tell "not allowed" from "not there"."""
    in_site = Q(StandsBelow(tree_of_site(viewer.site_id)))
    closed = closed_paths(viewer)
    return in_site if closed is None else in_site & ~Q(FamilyStandsBelow(closed))


def visible_to(queryset: PageQuery, viewer: Viewer | AnyViewer) -> PageQuery:
    """Keep the pages of `queryset` that `viewer` may read. Adds conditions only: no query runs here.

    `AnyViewer` stands for the viewer in a query that is prepared for all of one kind.
    """
    if viewer.site_id is None:
        return queryset.none()
    return queryset.filter(is_open_to(viewer), live=True)


class VisiblePageQuerySet(PageQuerySet):
    """Page queryset of the portal: reads start with `visible_to(viewer)`."""

    def visible_to(self, viewer: Viewer):
        return visible_to(self, viewer)
