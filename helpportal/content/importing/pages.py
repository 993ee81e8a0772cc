"""Writing pages: made, filled, moved, published, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from wagtail.models import COMMENTS_RELATION_NAME, Locale, Page, Revision, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.services import tenant_group
from helpportal.content.anchors import assign_anchors
from helpportal.content.audience import keep_to
from helpportal.content.enums import CategoryIcon, Difficulty, Severity
from helpportal.content.models import ArticlePage, CategoryPage, ImportedDocument, RelatedArticle
from helpportal.content.models.pages import body_text, reading_minutes

from .frontmatter import Meta
from .identity import Block

DRAFT, PUBLISH, SUBMIT = "draft", "publish", "submit"
# What of a page comes from its file: an edit of anything else in the admin is no conflict.
WRITTEN = ("title", "slug", "summary", "search_keywords", "body", "tags", "product_versions", "difficulty")


@dataclass(frozen=True)
class Author:
    """Who imports, and what becomes of the pages: `draft`, `publish` or `submit`."""

    user: Any = None
    mode: str = DRAFT


def add_page(parent: Page, page: Page, author: Author) -> Page:
    """Put a new page into the tree as a draft that was never live."""
    page.live = False
    page.has_unpublished_changes = True
    page.owner = author.user
    # Not asked of the database: no site begins at a page that is only being made.
    page._is_site_root = False
    # Wagtail logs the creation, with the page's owner as the user.
    parent.add_child(instance=page)
    return page


def place_page(page: Page, parent: Page, slug: str, author: Author) -> bool:
    """Move a page below its parent and give it its slug; return whether anything changed.

    Wagtail keeps redirects from the old address.
    """
    changed = False
    if page.path[: -Page.steplen] != parent.path:
        page.move(Page.objects.get(pk=parent.pk), pos="last-child", user=author.user)
        page.refresh_from_db()
        changed = True
    if page.slug != slug:
        page.slug = slug
        page.save(user=author.user)
        changed = True
    # As treebeard keeps it: checks of the slug and of the address ask for it again and again.
    page._cached_parent_obj = parent
    return changed


def fill_article(page: ArticlePage, meta: Meta, *, title: str, summary: str, body: Sequence[Block], order: int) -> None:
    """Write a document's content into an article; nothing is saved."""
    page.title = title[:255]
    page.summary = summary
    page.body = list(body)
    page.tags = meta.tags
    page.product_versions = meta.product_versions
    page.difficulty = meta.difficulty or Difficulty.BEGINNER
    page.search_keywords = keywords(meta)
    page.sort_order = order
    # What the last publication said of its edit does not hold for this one; a first publication is no edit.
    page.change_severity = meta.severity or Severity.NORMAL
    page.change_note = meta.change_note if page.live else ""
    page.ready_for_translation = True
    assign_anchors(page.body)
    page.reading_minutes = reading_minutes(page.title, page.summary, *body_text(page.body))


def keywords(meta: Meta) -> str:
    """Return search keywords as a page stores them."""
    text = ", ".join(meta.keywords)
    return text if len(text) <= 500 else text[:500].rpartition(",")[0]


def fill_category(page: CategoryPage, title: str, summary: str, meta: Meta, order: int) -> None:
    """Write a folder's content into a category; nothing is saved."""
    page.title = title[:255]
    page.summary = summary
    page.icon = meta.icon or CategoryIcon.BOOK
    page.sort_order = order
    page.search_keywords = keywords(meta)


def save_page(page: Page, author: Author, *, publish: bool, is_new: bool = False) -> Revision:
    """Save a page's content as a new revision, and publish or submit it as the author wants.

    The text of a page that is live stays as it is until it is published. `is_new` says that the page was made a
    moment ago: its log tells of that already.
    """
    going_live = author.mode == PUBLISH and publish
    if not page.live and not going_live:
        # Never published: what wagtail-localize translates is what stands in the page's own row.
        page.save(user=author.user)
    # Publishing checks the page in full, in the same transaction: once is enough.
    revision = page.save_revision(user=author.user, log_action=not is_new, clean=not going_live)
    if going_live:
        revision.publish(user=author.user)
    elif author.mode == SUBMIT:
        submit_page(page, author)
    return revision


def submit_page(page: Page, author: Author) -> bool:
    """Start the workflow of a page that has one and is in none; return whether it is in one."""
    workflow = page.get_workflow()
    if workflow is None:
        return False
    if not page.workflow_in_progress:
        workflow.start(page, author.user)
    return True


def set_related(page: ArticlePage, targets: Sequence[int]) -> None:
    """Choose the related articles of a page; nothing is saved."""
    if page.latest_revision_id is None:
        # Made a moment ago: it has none, and no comments either. Said here, nobody asks the database.
        setattr(page, COMMENTS_RELATION_NAME, [])
        page.related_articles = []
    if [one.target_id for one in page.related_articles.all()] == list(targets):
        return
    page.related_articles = [RelatedArticle(target_id=target, sort_order=n) for n, target in enumerate(targets)]


def set_audience(page: Page, site: Site, labels: Sequence[str] | None, author: Author) -> None:
    """Restrict a page to reader roles, made when they are not there; None leaves its restrictions alone.

    An empty list opens the page.
    """
    if labels is None:
        return
    keep_to(page, [tenant_group(site, Role.READER, label) for label in labels], author.user)


def was_edited(page: Page, row: ImportedDocument) -> bool:
    """Say whether somebody changed what the import wrote since it was written."""
    if row.revision_id is None or page.latest_revision_id == row.revision_id:
        return row.revision_id is None and bool(row.fingerprint) and page.latest_revision_id is not None
    ours = Revision.objects.filter(pk=row.revision_id).values_list("content", flat=True).first()
    latest = Revision.objects.filter(pk=page.latest_revision_id).values_list("content", flat=True).first()
    if ours is None or latest is None:
        return True
    return any(ours.get(name) != latest.get(name) for name in WRITTEN)


def remember(row: ImportedDocument, **values: Any) -> None:
    """Write down what was imported."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def take_offline(page: Page, author: Author) -> bool:
    """Take a page offline; return whether it was live."""
    if not page.live:
        return False
    with transaction.atomic():
        page.specific.unpublish(user=author.user)
    return True


def locale_of(code: str) -> Locale:
    return Locale.objects.get(language_code=code)
