"""A tree becomes pages: where they go, what they link to, and that a second run changes nothing."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, PageLogEntry, PageViewRestriction, ReferenceIndex
from wagtail.rich_text import expand_db_html

from helpportal.accounts.models import TenantGroup, User
from helpportal.content.models import (
    CategoryPage,
    ImportedDocument,
    PortalDocument,
    PortalImage,
    TenantSettings,
    Upkeep,
)
from tests.factories.documents import png, stored

pytestmark = pytest.mark.django_db

BASIC = {
    "README.md": "# The guide\n\nEverything about work orders, from opening to closing.\n",
    "02-orders/README.md": "---\ntype: category\ntitle: Work orders\nicon: clipboard\nsummary: All of them.\n---\n",
    "02-orders/10-close.md": (
        "---\nid: close\ntags: [orders]\n---\n# Close an order\n\nFirst look. [Open](open.md#the-list)\n"
    ),
    "02-orders/9-open.md": "# Open an order\n\nPress it.\n",
    "02-orders/open.md": (
        "# The orders\n\nA list of them.\n\n## The list\n\nSee [closing](10-close.md) and [top](#the-list).\n"
    ),
}


def test_folders_become_categories_and_files_articles(tree, sync, article):
    tree.write(BASIC)
    result = sync("--publish")
    assert result.status == 0
    assert result.totals["created"] == 6
    top = CategoryPage.objects.get(slug="guide")
    assert (top.title, top.summary) == ("The guide", "Everything about work orders, from opening to closing.")
    orders = CategoryPage.objects.get(slug="02-orders")
    assert (orders.title, orders.summary, orders.icon, orders.sort_order) == (
        "Work orders",
        "All of them.",
        "clipboard",
        2,
    )
    assert orders.get_parent().specific == top
    close = article("10-close")
    assert close.get_parent().specific == orders
    assert (close.title, close.summary, close.tags, close.sort_order) == (
        "Close an order",
        "First look. Open",
        ["orders"],
        10,
    )
    assert article("overview").get_parent().specific == top
    assert all(page.live for page in (top, orders, close))
    actions = list(PageLogEntry.objects.filter(page_id=close.pk).order_by("pk").values_list("action", flat=True))
    assert actions == ["wagtail.create", "wagtail.publish"]


def test_links_between_documents_lead_to_pages_and_their_sections(tree, sync, article):
    tree.write(BASIC)
    sync("--publish")
    close, orders = article("10-close"), article("open")
    html = stored(close)[0]["value"]
    assert f'<a fragment="the-list" id="{orders.pk}" linktype="page">Open</a>' in html
    assert f'<a href="{orders.url}#the-list">Open</a>' in expand_db_html(html)
    assert f'<a id="{close.pk}" linktype="page">closing</a>' in stored(orders)[2]["value"]
    assert '<a href="#the-list">top</a>' in stored(orders)[2]["value"]
    assert ReferenceIndex.get_references_to(orders).filter(object_id=str(close.pk)).exists()


def test_a_second_run_changes_nothing_and_says_so(tree, sync, article):
    tree.write({**BASIC, "a.md": "# A\n\n[gone](gone.md)\n\n<marquee>x</marquee>\n"})
    first = sync("--publish")
    revisions = Page.objects.get(pk=article("a").pk).revisions.count()
    second = sync("--publish")
    assert second.changes == 0
    assert second.totals["unchanged"] == first.totals["created"]
    assert "0 changes" in second.output
    # What was found in the unchanged documents is still said.
    for key in ("dropped_markup", "unresolved_links"):
        assert second.report[key] == first.report[key]
        assert len(second.report[key]) == 1
    assert Page.objects.get(pk=article("a").pk).revisions.count() == revisions


def test_an_edited_file_makes_one_revision_of_one_page(tree, sync, article):
    tree.write(BASIC)
    sync("--publish")
    before = {page.pk: page.revisions.count() for page in Page.objects.all()}
    ids = {block["type"]: block["id"] for block in stored(article("open"))}
    tree.write(
        {"02-orders/open.md": BASIC["02-orders/open.md"].replace("## The list", "A new paragraph.\n\n## The list")}
    )
    result = sync("--publish")
    assert [entry["path"] for entry in result.report["updated"]] == ["02-orders/open.md"]
    after = {page.pk: page.revisions.count() for page in Page.objects.all()}
    changed = {pk: after[pk] - before[pk] for pk in after if after[pk] != before[pk]}
    assert changed == {article("open").pk: 1}
    body = stored(article("open"))
    assert "A new paragraph." in body[0]["value"]
    assert {block["type"]: block["id"] for block in body} == ids


def test_blocks_inserted_before_others_leave_their_ids(tree, sync, article):
    blocks = "# A\n\none\n\n```\ntwo\n```\n\nthree\n\n1. four\n2. five\n"
    tree.write({"a.md": blocks})
    sync()
    before = {str(block["value"]): block["id"] for block in stored(article("a"))[:3]}
    steps = stored(article("a"))[3]["value"]["items"]
    tree.write({"a.md": blocks.replace("one", "zero\n\n```\nnew\n```\n\none").replace("1. four", "1. before\n1. four")})
    sync()
    after = stored(article("a"))
    kept = [block["id"] for block in after if str(block["value"]) in before and "one" not in str(block["value"])]
    assert kept == [before[key] for key in before if "one" not in key]
    items = after[-1]["value"]["items"]
    assert [item["id"] for item in items[1:]] == [item["id"] for item in steps]


def test_a_renamed_file_keeps_its_page(tree, sync, article):
    tree.write(BASIC)
    sync("--publish")
    by_id, by_content = article("10-close").pk, article("9-open").pk
    (tree.root / "02-orders/10-close.md").unlink()
    (tree.root / "02-orders/9-open.md").rename(tree.root / "02-orders/begin.md")
    tree.write({"03-new/close.md": BASIC["02-orders/10-close.md"].replace("First look", "Look twice")})
    result = sync("--publish")
    assert article("close").pk == by_id
    assert article("close").get_parent().slug == "03-new"
    assert article("begin").pk == by_content
    assert "created" not in {entry["path"]: 1 for entry in result.report["created"] if entry["path"].endswith(".md")}
    assert sync("--publish").changes == 0


def test_an_edit_in_the_admin_is_a_conflict_until_forced(tree, sync, article):
    tree.write(BASIC)
    sync("--publish")
    page = article("open")
    page.title = "Edited by hand"
    page.save_revision().publish()
    tree.write({"02-orders/open.md": "# From the file\n\nText.\n"})
    result = sync("--publish")
    assert [entry["path"] for entry in result.report["conflicts"]] == ["02-orders/open.md"]
    assert article("open").title == "Edited by hand"
    sync("--publish", "--force")
    assert article("open").title == "From the file"
    assert sync("--publish").changes == 0


def test_drafts_are_the_default_and_live_text_stays_until_published(tree, sync, article):
    tree.write(BASIC)
    sync()
    assert not article("open").live
    sync("--publish")
    assert article("open").live
    tree.write({"02-orders/open.md": "# Changed\n\n## The list\n\nText.\n"})
    sync()
    page = article("open")
    assert (page.title, page.get_latest_revision_as_object().title) == ("The orders", "Changed")
    published = sync("--publish")
    assert published.totals["updated"] == 1
    assert article("open").title == "Changed"


def test_submit_starts_the_page_s_workflow(tree, sync, article, site):
    user = User.objects.create_user("ann")
    tree.write({"a.md": "# A\n\nText.\n"})
    sync("--submit", "--user", "ann")
    page = article("a")
    assert page.workflow_in_progress
    assert page.current_workflow_state.requested_by == user
    assert page.latest_revision.user == user
    assert sync("--submit").changes == 0


def test_a_dry_run_writes_nothing_and_reports_the_same(tree, sync):
    tree.write({**BASIC, "a.md": "# A\n\n![x](x.png) [gone](gone.md) <blink>x</blink>\n", "x.png": png()})
    dry = sync("--publish", "--dry-run")
    assert not CategoryPage.objects.filter(slug="guide").exists()
    assert not ImportedDocument.objects.exists()
    assert not PortalImage.objects.exists()
    real = sync("--publish")
    for key in ("created", "dropped_markup", "unresolved_links", "bad_files"):
        assert [(e["path"], e["line"], e["message"]) for e in dry.report[key]] == real.messages(key)


def test_prune_takes_pages_offline_whose_file_is_gone(tree, sync, article):
    tree.write(BASIC)
    sync("--publish")
    (tree.root / "02-orders/9-open.md").unlink()
    kept = sync("--publish")
    assert article("9-open").live
    assert "--prune" in kept.messages("warnings")[0][2]
    pruned = sync("--publish", "--prune", "archive")
    assert [entry["path"] for entry in pruned.report["archived"]] == ["02-orders/9-open.md"]
    assert not article("9-open").live
    assert sync("--publish", "--prune", "archive").changes == 0
    tree.write({"02-orders/9-open.md": BASIC["02-orders/9-open.md"]})
    sync("--publish")
    assert article("9-open").live


def test_images_and_files_go_to_the_tenant_s_collection_once(tree, sync, article, site):
    tree.write(
        {
            "a.md": "# A\n\n![Screen](img/one.png 'Where it is')\n\n[form](form.pdf)\n\n[again](form.pdf)\n",
            "b/b.md": "# B\n\n![](../img/two.png) [![Badge](https://img.example/x.png)](https://example.com)\n",
            "img/one.png": png(),
            "img/two.png": png(),
            "form.pdf": b"%PDF-1.4 form",
        }
    )
    result = sync("--publish")
    image = PortalImage.objects.get()
    document = PortalDocument.objects.get()
    collection = TenantSettings.for_site(site).collection
    assert (image.collection, document.collection) == (collection, collection)
    figure, links = stored(article("a"))
    assert figure["value"] == {
        "image": {"image": image.pk, "decorative": False, "alt_text": "Screen"},
        "caption": "Where it is",
    }
    assert links["value"].count(f'<a id="{document.pk}" linktype="document">') == 2
    text, plain = stored(article("b"))
    assert plain["value"]["image"] == {"image": image.pk, "decorative": True, "alt_text": ""}
    assert text["value"] == '<p><a href="https://example.com">Badge</a></p>'
    assert [entry["markup"] for entry in result.report["dropped_markup"]] == ["<img>"]
    tree.write({"img/one.png": png("#ff0000")})
    changed = sync("--publish")
    assert [entry["path"] for entry in changed.report["updated"]] == ["a.md"]


def test_an_audience_makes_a_reader_role_and_restricts_the_page(tree, sync, article, site):
    tree.write({"a.md": "---\naudience: [Supervisors, Guards]\n---\n# A\n\nSecret.\n"})
    sync("--publish")
    restriction = PageViewRestriction.objects.get(page=article("a"))
    roles = TenantGroup.objects.filter(site=site, role="reader", label__in=["Supervisors", "Guards"])
    assert set(restriction.groups.all()) == {role.group for role in roles}
    assert roles.count() == 2
    assert sync("--publish").changes == 0


def test_front_matter_fills_the_page(tree, sync, article):
    tree.write(
        {
            "a.md": (
                "---\nid: a\ntitle: Own title\nslug: own\nsummary: Own summary.\norder: 4\ntags: [x, y]\n"
                "product_versions: ['2.1']\ndifficulty: advanced\nreview_by: 2030-01-31\nkeywords: [bill, invoice]\n"
                "related: [b, c.md, nobody]\ncolour: red\n---\n# Heading stays\n\nText.\n"
            ),
            "b.md": "---\nid: b\n---\n# B\n\nText.\n",
            "c.md": "# C\n\nText.\n",
        }
    )
    result = sync("--publish")
    page = article("own")
    assert (page.title, page.summary, page.sort_order, page.tags) == ("Own title", "Own summary.", 4, ["x", "y"])
    assert (page.product_versions, page.difficulty) == (["2.1"], "advanced")
    assert str(Upkeep.objects.get(translation_key=page.translation_key).review_by) == "2030-01-31"
    assert page.search_keywords == "bill, invoice"
    assert [one.target.slug for one in page.related_articles.all()] == ["b", "c"]
    assert ("a.md", 13, "The front matter's “colour” means nothing here.") in result.messages("warnings")
    assert "nobody" in result.messages("unresolved_links")[0][2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dir", "/nowhere/at/all", "--site", "localhost"], "no directory"),
        (["--site", "nobody.example"], "no site"),
        (["--site", "localhost", "--locale", "xx"], "no language"),
        (["--site", "localhost", "--user", "nobody"], "no user"),
        (["--site", "localhost", "--layout", "translations"], "no layout"),
        (["--site", "localhost", "--layout", "../{locale}"], "no layout"),
        (["--site", "localhost", "--category", "Not A Slug"], "no slug"),
        (["--site", "localhost", "--category", "search"], "uses the address"),
        (["--site", "localhost", "--report", "/nowhere/at/all.json"], "cannot be written"),
    ],
)
def test_wrong_usage_is_one_clear_line(tree, site, arguments, message):
    if "--dir" not in arguments:
        arguments = ["--dir", str(tree.root), *arguments]
    with pytest.raises(CommandError, match=message) as refused:
        call_command("sync_documentation", *arguments)
    assert refused.value.returncode == 2
