"""The access rule in SQL against the same rule written slowly in Python, over random trees."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Locale, Page, PageViewRestriction, Site

from helpportal.core.access import visible_to
from helpportal.core.prepared import AnyViewer, PreparedQuery, written_once
from helpportal.core.viewer import Viewer

pytestmark = pytest.mark.django_db

KINDS = [
    PageViewRestriction.LOGIN,
    PageViewRestriction.GROUPS,
    PageViewRestriction.GROUPS,
    PageViewRestriction.PASSWORD,
    PageViewRestriction.NONE,
]


MOST_PAGES = 12


@dataclass
class Node:
    """A page of the random tree, as the slow rule sees it."""

    number: int
    parent: int | None
    family: int
    live: bool
    restrictions: list[tuple[str, frozenset[int]]] = field(default_factory=list)


@dataclass
class RandomTree:
    nodes: list[Node]
    site_roots: list[int]  # the node at the root of each site


@st.composite
def trees(draw) -> RandomTree:
    nodes: list[Node] = []
    for number in range(draw(st.integers(2, MOST_PAGES))):
        # Family members in any place of the tree: also where a move has left them.
        family = draw(st.integers(0, number))
        parent = draw(st.one_of(st.none(), st.integers(0, number - 1))) if number else None
        node = Node(number, parent, family, draw(st.booleans()) or draw(st.booleans()))
        for kind, groups in draw(
            st.lists(st.tuples(st.sampled_from(KINDS), st.frozensets(st.sampled_from([0, 1]))), max_size=1)
        ):
            node.restrictions.append((kind, groups if kind == PageViewRestriction.GROUPS else frozenset()))
        nodes.append(node)
    roots = draw(st.lists(st.integers(0, len(nodes) - 1), min_size=2, max_size=2))
    return RandomTree(nodes, roots)


def family_lets_in(tree: RandomTree, family: int, groups: frozenset[int] | None) -> bool:
    """Whether a family's own restrictions let a reader in; `groups` is None for an anonymous one."""
    rules = [
        (kind, allowed)
        for node in tree.nodes
        if node.family == family
        for kind, allowed in node.restrictions
        if kind != PageViewRestriction.NONE
    ]
    if any(kind == PageViewRestriction.PASSWORD for kind, _ in rules):
        return False
    if rules and groups is None:
        return False
    group_rules = [allowed for kind, allowed in rules if kind == PageViewRestriction.GROUPS]
    return not group_rules or bool(groups & frozenset().union(*group_rules))


def line_of(tree: RandomTree, node: Node) -> list[Node]:
    """The node and everything above it."""
    line = [node]
    while line[-1].parent is not None:
        line.append(tree.nodes[line[-1].parent])
    return line


def may_read(tree: RandomTree, node: Node, site: int, groups: frozenset[int] | None, superuser: bool) -> bool:
    root_family = tree.nodes[tree.site_roots[site]].family

    def in_site(one: Node) -> bool:
        return any(above.family == root_family for above in line_of(tree, one))

    if not node.live or not in_site(node):
        return False
    if superuser:
        return True
    return all(
        family_lets_in(tree, above.family, groups)
        for member in tree.nodes
        if member.family == node.family
        for above in line_of(tree, member)
        # What stands above the site's tree, or in another site's, says nothing about this one.
        if in_site(above)
    )


@pytest.fixture
def locales(db) -> list[Locale]:
    """A language for each page of a tree: a family has one page in each."""
    return Locale.objects.bulk_create(Locale(language_code=f"x-{number}") for number in range(MOST_PAGES))


@pytest.fixture
def groups(db) -> list[Group]:
    return Group.objects.bulk_create(Group(name=f"group {number}") for number in range(2))


def store(tree: RandomTree, locales: list[Locale], groups: list[Group]) -> list[Site]:
    root = Page.get_first_root_node()
    page_type = ContentType.objects.get_for_model(Page)
    pages: list[Page] = []
    keys = {node.family: uuid.uuid4() for node in tree.nodes}
    children: dict[int | None, int] = {None: 500}  # other pages stand below the root already
    for node in tree.nodes:
        children[node.parent] = place = children.get(node.parent, 0) + 1
        above = root if node.parent is None else pages[node.parent]
        page = Page(
            title=f"page {node.number}",
            slug=f"page-{node.number}",
            path=above.path + Page._int2str(place).rjust(Page.steplen, "0"),
            depth=above.depth + 1,
            url_path=f"/{node.number}/",
            content_type=page_type,
            locale=locales[node.number],
            translation_key=keys[node.family],
            live=node.live,
        )
        pages.append(page)
    Page.objects.bulk_create(pages)
    # Written past the signals that give a family one audience: the rule must hold for whatever stands there.
    rules = [
        (PageViewRestriction(page=page, restriction_type=kind), allowed)
        for node, page in zip(tree.nodes, pages, strict=True)
        for kind, allowed in node.restrictions
    ]
    PageViewRestriction.objects.bulk_create(restriction for restriction, _allowed in rules)
    membership = PageViewRestriction.groups.through
    membership.objects.bulk_create(
        membership(pageviewrestriction_id=restriction.pk, group_id=groups[number].pk)
        for restriction, allowed in rules
        for number in allowed
    )
    return Site.objects.bulk_create(
        Site(hostname=f"site{number}.example", root_page=pages[node]) for number, node in enumerate(tree.site_roots)
    )


@written_once
def visible_titles(viewer: AnyViewer) -> PreparedQuery:
    return PreparedQuery(visible_to(Page.objects.filter(title__startswith="page "), viewer).values_list("title"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=trees())
def test_the_rule_in_sql_is_the_rule_in_python(tree, locales, groups):
    with transaction.atomic():
        sites = store(tree, locales, groups)
        for site_number, site in enumerate(sites):
            readers = [
                (Viewer.anonymous(site), None, False),
                (Viewer(site_id=site.pk, user_id=1), frozenset(), False),
                (Viewer(site_id=site.pk, user_id=1, is_superuser=True), frozenset(), True),
                *(
                    (
                        Viewer(
                            site_id=site.pk, user_id=1, group_ids=frozenset(groups[number].pk for number in members)
                        ),
                        frozenset(members),
                        False,
                    )
                    for members in ([0], [1], [0, 1])
                ),
            ]
            for viewer, members, superuser in readers:
                expected = {node.number for node in tree.nodes if may_read(tree, node, site_number, members, superuser)}
                visible = visible_to(Page.objects.filter(title__startswith="page "), viewer).values_list("title")
                assert {int(title.split()[1]) for (title,) in visible} == expected
                prepared = visible_titles(AnyViewer.like(viewer)).run(**AnyViewer.values_of(viewer))
                assert {int(title.split()[1]) for (title,) in prepared} == expected
        transaction.set_rollback(True)


@pytest.fixture
def big_site():
    """2,000 articles in two languages, every tenth one restricted."""
    locales = list(Locale.objects.filter(language_code__in=["en", "hi"]))
    page_type = ContentType.objects.get_for_model(Page)
    root = Page.get_first_root_node()
    home_key = uuid.uuid4()
    keys = [uuid.uuid4() for _ in range(2000)]
    pages = []
    for place, locale in enumerate(locales, start=500):
        home_path = root.path + Page._int2str(place).rjust(Page.steplen, "0")
        shared = {"content_type": page_type, "locale": locale, "live": True}
        pages.append(
            Page(title="big", slug=f"big-{place}", path=home_path, depth=2, translation_key=home_key, **shared)
        )
        for number, key in enumerate(keys):
            pages.append(
                Page(
                    title=f"big {number}",
                    slug=f"big-{number}",
                    path=home_path + Page._int2str(number + 1).rjust(Page.steplen, "0"),
                    depth=3,
                    translation_key=key,
                    **shared,
                )
            )
    Page.objects.bulk_create(pages)
    homes = [page for page in pages if page.depth == 2]
    site = Site.objects.create(hostname="big.example", root_page=homes[0])
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=page, restriction_type=PageViewRestriction.LOGIN)
        for page in pages
        if page.depth == 3 and page.locale == locales[0] and int(page.slug.split("-")[1]) % 10 == 0
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze wagtailcore_page; analyze wagtailcore_pageviewrestriction")
    return site


def plan_nodes(plan: dict):
    yield plan
    for child in plan.get("Plans", []):
        yield from plan_nodes(child)


def test_the_closed_set_is_hashed_once_at_two_thousand_pages(big_site):
    queryset = visible_to(Page.objects.filter(depth=3), Viewer.anonymous(big_site))
    sql, params = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, verbose, format json) {sql}", params)
        report = cursor.fetchone()[0][0]
    nodes = list(plan_nodes(report["Plan"]))
    assert report["Plan"]["Actual Rows"] == 3600
    assert any("hashed SubPlan" in node.get("Filter", "") for node in nodes), "the closed families are not hashed"
    once_a_row = [node for node in nodes if node["Actual Loops"] > 400]
    assert once_a_row == [], "something is looked up for every page"
    assert report["Execution Time"] < 250, "milliseconds; about 10 on the machine it was written on"
