"""Every read path asks the access rule: a listing written without it fails here."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

from .page_reads import RULE, Read, module_name, rule_names, source_files, unguarded_reads

# (module, function) as patterns -> why these reads need no rule.
ALLOWED: dict[tuple[str, str], str] = {
    ("helpportal.core.access", "*"): "is the rule",
    ("helpportal.accounts.queries", "staff_pages"): "what staff may meet in the admin, where page permissions decide",
    ("helpportal.accounts.people.queries", "pages_kept_to"): "the admin names what a readers' group is the audience of",
    ("helpportal.content.audience", "rules_on"): "the admin says of which pages above a rule comes",
    ("helpportal.content.wagtail_hooks", "refuse_copy_to_reserved_address"): "the depth of the page it is copied below",
    ("helpportal.content.models.pages", "HelpPage._check_slug_is_unique"): "the depth of the page that it stands below",
    ("helpportal.content.admin_views", "groups_of_page"): "privacy dialog: whose groups it offers",
    ("helpportal.content.tenancy", "_explorable_pages"): "the admin's explorer begins at the root",
    ("helpportal.content.admin_filters", "module"): "what the admin's filters offer: the user's own tenants'",
    ("helpportal.content.audience", "audiences_of"): "keys of families, for the admin's page list",
    ("helpportal.content.media", "_pages_that_show"): "visible_medium hands it to the rule",
    (
        "helpportal.content.models.pages",
        "ArticlePage._forget_last_edit",
    ): "a page being saved looks at its own live row",
    ("helpportal.content.review.planning", "with_subjects"): "the calendar's rows, which are of staff_pages",
    ("helpportal.content.review.queries", "site_of"): "families only, to find the tenant of a page that is at hand",
    ("helpportal.content.review.services", "mark_ready_for_translation"): "the page that its caller may change",
    ("helpportal.content.review.views", "ReviewedEditView.get_side_panels"): "the editor, as Wagtail's own does",
    ("helpportal.content.desk.queries", "*"): "counts languages of articles that staff_pages found",
    (
        "helpportal.content.review_steps.services",
        "_pages_of",
    ): "whether a workflow is a tenant's alone",
    ("helpportal.content.importing.*", "*"): "the importer writes pages with the rights of its command",
    ("helpportal.content.popularity", "most_linked"): "ranks families by their keys; popular_articles asks the rule",
    ("helpportal.content.queries", "_top_categories_query"): "ids for the query around them, which asks the rule",
    ("helpportal.content.queries", "family_places"): "tree paths only; what stands at them goes through the rule",
    ("helpportal.content.references.broken", "*"): "report of the admin: staff_pages narrows it",
    ("helpportal.content.references.move_view", "*"): "the admin's move, which asks for the permission on each page",
    ("helpportal.content.references.queries", "*"): "screens of the admin: staff_pages narrows them",
    ("helpportal.content.references.recording", "*"): "records where links stand, shows nothing",
    ("helpportal.content.references.redirects", "_family"): "new_address hands it to the rule",
    ("helpportal.content.references.report_view", "*"): "choices of a filter of the admin: staff_pages narrows them",
    ("helpportal.content.rendering", "render_page"): "previews for staff who may edit the page",
    ("helpportal.content.routing", "_candidates_query"): "carries the rule as a column, to tell forbidden from missing",
    ("helpportal.content.routing", "_walk"): "slugs on the way; the family it ends at goes through the rule",
    ("helpportal.content.surroundings", "_query"): "ids for the one query around them, which asks the rule",
    ("helpportal.content.tenants", "_homes_query"): "addresses of the tenant's home pages, no text of them",
    ("helpportal.translation.queries", "sources_behind"): "which translation sources to refresh, no text of pages",
    ("helpportal.content.upkeep.bulk_actions", "PublishAction.*"): "asks for the permission on each page",
    ("helpportal.content.upkeep.bulk", "OwnRowsMixin.*"): "the admin's lists, narrowed to the user's own tenants",
    ("helpportal.content.upkeep.daily", "*"): "what the clock does to all tenants' articles",
    ("helpportal.content.upkeep.filters", "*"): "conditions on the admin's lists",
    ("helpportal.content.upkeep.forms", "ArchiveForm"): "no page: its form fills in the user's own",
    ("helpportal.content.upkeep.listing", "_read_languages"): "counts for pages that the admin's list shows already",
    ("helpportal.content.upkeep.queries", "source_page"): "whose permissions decide on a family",
    ("helpportal.content.upkeep.reports", "*"): "a report of the admin, narrowed to the user's own tenants",
    ("helpportal.content.upkeep.services", "*"): "writes upkeep, with the permissions of its user",
    (
        "helpportal.content.upkeep.views",
        "OneArticle.setup",
    ): "behind the fence; asks for the permission on the page",
    ("helpportal.translation.queries", "translation_offers"): "for pages that the admin's list shows already",
    ("helpportal.translation.services", "*"): "writes translations and their restrictions",
    ("home.demo", "*"): "writes the demo's front pages",
    ("home.services", "*"): "makes tenants",
    ("home.management.commands.*", "*"): "commands run with the rights of the operator",
}


def is_allowed(read: Read) -> bool:
    return any(fnmatch(read.module, module) and fnmatch(read.function, function) for module, function in ALLOWED)


def all_reads() -> list[Read]:
    sources = {module_name(path): path.read_text() for path in source_files()}
    rule = rule_names(sources.values())
    return [read for module, source in sources.items() for read in unguarded_reads(source, module, rule)]


def test_every_page_read_asks_the_rule():
    forgotten = [str(read) for read in all_reads() if not is_allowed(read)]
    assert not forgotten, "Ask visible_to(pages, viewer), or add a reason to ALLOWED:\n" + "\n".join(forgotten)


def test_no_exception_outlives_its_reason():
    reads = all_reads()
    for module, function in ALLOWED:
        assert any(fnmatch(read.module, module) and fnmatch(read.function, function) for read in reads), (
            f"nothing in {module}.{function} reads pages any more: take it from ALLOWED"
        )


NAIVE = {
    "a listing in a view": """
def latest(request):
    return ArticlePage.objects.live().order_by("-last_published_at")[:10]
""",
    "a manager under another name": """
def count(): return Page._default_manager.filter(live=True).count()
""",
    "a qualified model": """
def every(): return models.CategoryPage.objects.all()
""",
    "children in a template tag": """
@register.simple_tag
def menu(page):
    return page.get_children().live().in_menu()
""",
    "translations in a view": """
def switcher(page):
    return [one.url for one in page.get_translations()]
""",
    "wagtail's public()": """
def sitemap(site):
    return site.root_page.get_descendants(inclusive=True).public()
""",
    "the rule beside the read": """
def both(viewer):
    seen = visible_to(Page.objects.all(), viewer)
    return seen, Page.objects.filter(live=True)
""",
    "the rule on something else": """
def listing(viewer, others):
    pages = ArticlePage.objects.all()
    return pages, visible_to(others, viewer)
""",
    "the read as the viewer": """
def odd(pages): return visible_to(pages, Page.objects.first())
""",
    "an asynchronous view": """
async def latest(): return [page async for page in ArticlePage.objects.all()]
""",
    "a class attribute": """
class Feed:
    queryset = ArticlePage.objects.all()
""",
    "only a mention": """
def latest():
    visible_to
    return ArticlePage.objects.all()
""",
}
GUARDED = {
    "around": """
def latest(viewer): return visible_to(ArticlePage.objects.all(), viewer)[:10]
""",
    "on the queryset": """
def latest(viewer): return ArticlePage.objects.live().visible_to(viewer)
""",
    "on the name": """
def latest(viewer):
    pages = page.get_children().live()
    pages = visible_to(pages, viewer)
    return pages
""",
    "on the name, later and chained": """
def latest(viewer):
    pages: PageQuerySet = Page.objects.filter(depth=3)
    return visible_to(pages.order_by("title"), viewer)
""",
    "as a condition": """
def latest(viewer): return Page.objects.filter(is_open_to(viewer), live=True)
""",
    "through a function that hands it on": """
def best(pages, viewer): return visible_to(pages.order_by(), viewer).first()
def latest(viewer): return best(Page.objects.all(), viewer)
""",
    "another manager": """
def images(): return PortalImage.objects.all()
""",
}


@pytest.mark.parametrize("source", NAIVE.values(), ids=NAIVE)
def test_a_naive_read_is_found(source):
    assert unguarded_reads(source, "helpportal.sample", rule_names([source]))


@pytest.mark.parametrize("source", GUARDED.values(), ids=GUARDED)
def test_a_guarded_read_is_left_alone(source):
    assert unguarded_reads(source, "helpportal.sample", rule_names([source])) == []


def test_a_function_that_only_filters_by_its_argument_is_not_the_rule():
    source = "def of_tag(tag, viewer): return visible_to(Page.objects.filter(tag=tag), viewer)"
    assert rule_names([source]) == RULE


def test_a_module_with_a_naive_listing_fails_the_build(tmp_path):
    sample = tmp_path / "sample.py"
    sample.write_text(NAIVE["a listing in a view"])
    reads = unguarded_reads(sample.read_text(), "helpportal.content.sample", RULE)
    assert [read for read in reads if not is_allowed(read)] == reads
    assert "helpportal.content.sample:3 in latest()" in str(reads[0])
