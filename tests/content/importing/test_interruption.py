"""An import that stops in the middle is run again; two do not run at once; what a page costs does not grow."""

from __future__ import annotations

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.models import IntegerField, QuerySet
from django.db.models.functions import Cast
from wagtail.models import ReferenceIndex
from wagtail.search.models import IndexEntry

from helpportal.content.importing.service import LOCK_SPACE, import_tree
from helpportal.content.importing.session import ImportOptions
from helpportal.content.models import ArticlePage, ImportedDocument
from helpportal.core.coalescing import coalesced

pytestmark = pytest.mark.django_db

DOCUMENTS = {f"{name}.md": f"# {name.upper()}\n\nSee [next](b.md).\n" for name in "abcde"}


def indexed() -> QuerySet[ArticlePage]:
    entries = IndexEntry.objects.annotate(page=Cast("object_id", IntegerField())).values("page")
    return ArticlePage.objects.filter(pk__in=entries)


def test_an_interrupted_import_goes_on_where_it_stopped(tree, sync, site):
    tree.write(DOCUMENTS)

    def stop_at_two(done: int, total: int, totals: dict[str, int]) -> None:
        if done == 2:
            raise KeyboardInterrupt

    options = ImportOptions(directory=str(tree.root), site=site, category="guide", mode="publish")
    with pytest.raises(KeyboardInterrupt):
        import_tree(options, stop_at_two)
    live = set(ArticlePage.objects.live().values_list("slug", flat=True))
    assert live == {"a", "b"}
    assert set(indexed().filter(live=True).values_list("slug", flat=True)) == {"a", "b"}
    result = sync("--publish")
    assert (result.totals["created"], result.totals["unchanged"]) == (3, 3)
    assert ArticlePage.objects.live().count() == 5
    assert sync("--publish").changes == 0


def test_an_article_that_was_not_indexed_before_the_import_was_killed_is_written_again(tree, sync, article):
    tree.write(DOCUMENTS)
    sync("--publish")
    page = article("b")
    # As it stands when the process is killed after the page was written, before its batch was finished.
    ImportedDocument.objects.filter(page=page).update(fingerprint="")
    IndexEntry.objects.filter(object_id=str(page.pk)).delete()
    assert sync("--publish").totals["unchanged"] == 5
    assert page in indexed()
    assert sync("--publish").changes == 0


def test_an_edit_after_the_import_was_killed_is_a_conflict(tree, sync, article):
    tree.write(DOCUMENTS)
    sync("--publish")
    page = article("b")
    ImportedDocument.objects.filter(page=page).update(fingerprint="")
    page.title = "Edited"
    page.save_revision().publish()
    assert sync("--publish").totals["conflicts"] == 1
    assert article("b").title == "Edited"


def test_a_second_import_into_the_same_site_waits_for_the_first(tree, sync, site):
    tree.write(DOCUMENTS)
    settings = connection.get_connection_params()
    wanted = {key: settings[key] for key in ("dbname", "user", "host", "port", "password") if settings.get(key)}
    with psycopg.connect(**wanted) as other:
        other.execute("select pg_advisory_lock(%s, %s)", [LOCK_SPACE, site.pk])
        with pytest.raises(CommandError, match="Another import"):
            sync("--publish")
    assert sync("--publish").totals["created"] == 6


def test_an_article_costs_the_same_in_a_tree_of_ten_as_in_one_of_three(tree, sync):
    def queries(count: int, category: str) -> int:
        tree.write({f"{category}/{number}.md": f"# {number}\n\nText.\n" for number in range(count)})
        sent: list[str] = []

        def note(execute, sql, params, many, context):
            sent.append(sql)
            return execute(sql, params, many, context)

        # Django's own log of queries is emptied after each document.
        with connection.execute_wrapper(note):
            sync("--publish", directory=tree.root / category, category=category)
        return len(sent)

    assert queries(1, "warm") > 0
    three, ten = queries(3, "three"), queries(10, "ten")
    assert 20 < (ten - three) / 7 <= 50


def test_imported_pages_are_found_and_their_links_are_known(tree, sync, article):
    tree.write(DOCUMENTS)
    sync("--publish")
    assert "b" in {page.slug for page in ArticlePage.objects.all().search("B")}
    assert ReferenceIndex.get_references_to(article("b")).count() >= 4


def test_tasks_that_repeat_run_once_at_the_end(tree, sync, article):
    tree.write(DOCUMENTS)
    sync("--publish")
    page = article("a")
    IndexEntry.objects.all().delete()
    with coalesced():
        page.title = "Later"
        page.save()
        page.save()
        assert not IndexEntry.objects.exists()
    assert "later" in str(IndexEntry.objects.get(object_id=str(page.pk)).title)
