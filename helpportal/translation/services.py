"""Keeping translations and their sources true."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from wagtail.models import DraftStateMixin, Page, PageViewRestriction, Revision
from wagtail_localize.models import Translation, TranslationSource

from .models import SourceTextRevision


@transaction.atomic
def refresh_source(translation_key: UUID | str, locale_id: int) -> bool:
    """Bring a translation source up to what is live now; return False when there is nothing to refresh.

    It reads what is live when it runs, under a lock: two that run at once, or a late one, end in the same state.
    """
    source = (
        TranslationSource.objects.select_for_update().filter(object_id=translation_key, locale_id=locale_id).first()
    )
    if source is None:
        return False
    model = source.specific_content_type.model_class()
    if model is None or not model.objects.filter(translation_key=translation_key, locale_id=locale_id).exists():
        return False
    source.update_from_db()
    return True


def mark_source_text(revision: Revision | None) -> None:
    """Record that a revision still holds text of the source language."""
    if revision is not None:
        SourceTextRevision.objects.get_or_create(revision=revision)


@transaction.atomic
def keep_back_copy(source_page: Page, copy: Page) -> None:
    """Make the copy of a page for another language a draft that waits for translators.

    wagtail-localize makes the untranslated ancestors of a page it translates as aliases, which are live in the
    source language at once. An alias becomes an ordinary draft, and the page joins the translators' queue.
    """
    if copy.alias_of_id:
        Page.objects.filter(pk=copy.pk).update(
            alias_of=None,
            live=False,
            has_unpublished_changes=True,
            first_published_at=None,
            last_published_at=None,
            live_revision=None,
        )
        copy.refresh_from_db()
        specific = copy.specific
        specific.save_revision(changed=False, clean=False)
        copy.refresh_from_db()
        source, _created = TranslationSource.get_or_create_from_instance(source_page)
        Translation.objects.get_or_create(source=source, target_locale=copy.locale)
    mark_source_text(copy.latest_revision)


@transaction.atomic
def put_back_live_content(translation: DraftStateMixin) -> DraftStateMixin:
    """Give the row of a live page or fragment the content of its live revision again, and return it.

    wagtail-localize writes a draft into the row that readers are served from, and takes a fragment down with it. The
    draft itself stays, as the latest revision.
    """
    translation.refresh_from_db()
    draft_title = getattr(translation, "draft_title", None)
    live = translation.live_revision.as_object()
    # A revision's content names the publication before its own.
    live.live_revision = translation.live_revision
    live.last_published_at = translation.last_published_at
    live.live = True
    live.has_unpublished_changes = True
    if isinstance(live, Page):
        live.draft_title = draft_title
        live.save(clean=False)
    else:
        live.save()
    return live


def keep_back_unsaved_copy(copy: DraftStateMixin) -> None:
    """Make the copy of a fragment for another language, which is not saved yet, a draft that was never live.

    Wagtail copies the source's publication along with its text.
    """
    copy.live = False
    copy.has_unpublished_changes = True
    copy.first_published_at = copy.last_published_at = None
    copy.live_revision = copy.latest_revision = None


def adopt_family_restriction(restriction: PageViewRestriction) -> bool:
    """Give a new restriction the audience its page's family has already; return False when it is the first there."""
    other = (
        PageViewRestriction.objects.filter(page__translation_key=restriction.page.translation_key)
        .exclude(page=restriction.page)
        .first()
    )
    if other is None:
        return False
    PageViewRestriction.objects.filter(pk=restriction.pk).update(restriction_type=other.restriction_type)
    _copy_groups(other, [restriction.pk])
    return True


@transaction.atomic
def share_restriction(restriction: PageViewRestriction) -> None:
    """Give every page of a restriction's family the same restriction.

    The access rule adds up a family's restrictions anyway. Writing them to every translation makes the admin show
    what is true, and keeps wagtail-localize from deleting one that its source page does not have.
    """
    family = Page.objects.filter(translation_key=restriction.page.translation_key).exclude(pk=restriction.page_id)
    others = PageViewRestriction.objects.filter(page__in=family)
    others.update(restriction_type=restriction.restriction_type)
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page=page, restriction_type=restriction.restriction_type)
        for page in family.exclude(pk__in=others.values("page"))
    )
    _copy_groups(restriction, list(others.values_list("pk", flat=True)))


def lift_restriction(restriction: PageViewRestriction) -> None:
    """Take a deleted restriction away from the other pages of its family too."""
    PageViewRestriction.objects.filter(page__translation_key=restriction.page.translation_key).delete()


def _copy_groups(restriction: PageViewRestriction, targets: list[int]) -> None:
    # Through the table between, so that no signal answers and starts the round again.
    through = PageViewRestriction.groups.through
    groups = set(restriction.groups.values_list("pk", flat=True))
    through.objects.filter(pageviewrestriction_id__in=targets).exclude(group_id__in=groups).delete()
    through.objects.bulk_create(
        [through(pageviewrestriction_id=target, group_id=group) for target in targets for group in groups],
        ignore_conflicts=True,
    )
