"""Starts a new generation after every change that readers could see."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction, Site
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from helpportal.accounts.models import TenantGroup
from helpportal.core.generation import renew_on_commit

from .models import Fragment, PortalDocument, PortalImage, PortalRendition, RelatedArticle, TenantSettings, Upkeep

PAGE_SIGNALS = (page_published, page_unpublished, page_slug_changed, post_page_move, published, unpublished)
# What saving a draft writes to a page.
DRAFT_FIELDS = frozenset({"latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes"})
# Rows that readers see, or that decide what they see.
MODELS = (
    Collection,
    CollectionViewRestriction,
    Fragment,
    Group,
    Locale,
    PageViewRestriction,
    PortalDocument,
    PortalImage,
    Redirect,
    RelatedArticle,
    Site,
    TenantGroup,
    TenantSettings,
    Upkeep,
)


def connect() -> None:
    """Connect everything. Called once, when the apps are ready."""
    for signal in PAGE_SIGNALS:
        signal.connect(renew_on_commit)
    for model in MODELS:
        post_save.connect(renew_on_commit, sender=model)
        post_delete.connect(renew_on_commit, sender=model)
    # A new rendition changes nothing that was sent; one that is deleted leaves a page with a broken image.
    post_delete.connect(renew_on_commit, sender=PortalRendition)
    for through in (PageViewRestriction.groups.through, CollectionViewRestriction.groups.through):
        m2m_changed.connect(renew_on_commit, sender=through)
    # A page can be saved without being published: importers, a new sort order, a scheduled expiry.
    for model in apps.get_models():
        if issubclass(model, Page):
            post_save.connect(renew_after_page_saved, sender=model)
            post_delete.connect(renew_on_commit, sender=model)


def renew_after_page_saved(update_fields=None, **_signal) -> None:
    """Renew for a page whose live row was written; saving a draft only notes which revision is the newest."""
    if not update_fields or not DRAFT_FIELDS.issuperset(update_fields):
        renew_on_commit()
