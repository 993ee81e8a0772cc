"""What links to a page, and where a fragment is shown: from Wagtail's index of references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.permissions import page_permission_policy

from helpportal.accounts.queries import staff_pages

from ..models import Fragment, Upkeep
from ..tenancy import staff_fragments


def state_of(live: bool, has_draft: bool) -> str:
    """Return what readers meet of a page or fragment, in a word or two."""
    if not live:
        return gettext("draft")
    return gettext("live + draft") if has_draft else gettext("live")


@dataclass(frozen=True)
class LinkingSource:
    """A page or a fragment in which something is linked or shown."""

    title: str
    language: str
    is_fragment: bool
    live: bool
    has_draft: bool
    archived: bool
    edit_url: str | None
    where: tuple[str, ...]  # names of the fields and blocks

    @property
    def state(self) -> str:
        """What readers meet of it, in a word or two."""
        return gettext("archived") if self.archived else state_of(self.live, self.has_draft)


@dataclass(frozen=True)
class WhatLinksHere:
    """What links to a page or to anything below it. `hidden`: how many more there are that the user may not open."""

    sources: tuple[LinkingSource, ...]
    hidden: int = 0
    languages: tuple[tuple[str, tuple[LinkingSource, ...]], ...] = field(default=())
    # Without this page, its links lead to the article in the source language.
    falls_back: bool = False

    def __len__(self) -> int:
        return len(self.sources) + self.hidden

    @property
    def live(self) -> int:
        """How many of the named ones readers see."""
        return sum(source.live for source in self.sources)


def links_to(page: Page, user) -> WhatLinksHere:
    """Return the pages and fragments of the user's tenants that link to a page, in any of its languages.

    For a category, links to what stands below it count too, except those among these pages themselves. The number of
    queries does not depend on how many there are.
    """
    family = Page.objects.filter(translation_key=page.translation_key).order_by()
    inside = _inside(family.values_list("path", flat=True))
    targets = staff_pages(user).filter(inside).order_by()
    sources = staff_pages(user).exclude(inside)
    references = ReferenceIndex.objects.filter(
        to_content_type=_base_type(Page), to_object_id__in=targets.annotate(key=_as_text()).values("key")
    )
    source = family.filter(locale__language_code=settings.SOURCE_LOCALE, live=True).exclude(pk=page.pk)
    return replace(_sources_of(references, user, sources), falls_back=source.exists())


def shown_in(fragment: Fragment, user) -> WhatLinksHere:
    """Return the pages of the user's tenants that show a fragment, in any of its languages."""
    family = Fragment.objects.filter(translation_key=fragment.translation_key)
    references = ReferenceIndex.objects.filter(
        to_content_type=_base_type(Fragment), to_object_id__in=family.annotate(key=_as_text()).values("key")
    )
    return _sources_of(references, user, staff_pages(user))


def with_use_count(fragments: QuerySet[Fragment]) -> QuerySet[Fragment]:
    """Annotate fragments with `use_count`: how many pages show them, in any language of theirs."""
    family = Fragment.objects.filter(translation_key=OuterRef(OuterRef("translation_key")))
    used = (
        ReferenceIndex.objects.filter(
            base_content_type=_base_type(Page),
            to_content_type=_base_type(Fragment),
            to_object_id__in=family.annotate(key=_as_text()).values("key"),
        )
        .order_by()
        .values("to_content_type")
        .annotate(pages=Count("object_id", distinct=True))
        .values("pages")
    )
    return fragments.annotate(use_count=Coalesce(Subquery(used, output_field=IntegerField()), 0))


def _sources_of(references: QuerySet, user, pages: QuerySet[Page]) -> WhatLinksHere:
    page_type, fragment_type = _base_type(Page), _base_type(Fragment)
    found: dict[tuple[int, int], list[ReferenceIndex]] = {}
    for reference in references.filter(base_content_type__in=[page_type, fragment_type]):
        found.setdefault((reference.base_content_type_id, int(reference.object_id)), []).append(reference)
    in_pages = {pk: _places(rows) for (kind, pk), rows in found.items() if kind == page_type.pk}
    in_fragments = {pk: _places(rows) for (kind, pk), rows in found.items() if kind == fragment_type.pk}
    names = {locale.pk: locale.get_display_name() for locale in Locale.objects.all()} if found else {}
    sources, hidden = _pages(in_pages, pages, user, names) if in_pages else ([], 0)
    if in_fragments:
        sources += _fragments(in_fragments, user, names)
    sources.sort(key=lambda one: (one.is_fragment, not one.live, one.title.casefold()))
    by_language = {name: tuple(one for one in sources if one.language == name) for name in names.values()}
    return WhatLinksHere(tuple(sources), hidden, tuple((name, ones) for name, ones in by_language.items() if ones))


def _pages(
    places: dict[int, tuple[str, ...]], pages: QuerySet[Page], user, names: dict[int, str]
) -> tuple[list[LinkingSource], int]:
    own = list(pages.filter(pk__in=places).order_by())
    known = set(
        page_permission_policy.explorable_instances(user)
        .filter(pk__in=[page.pk for page in own])
        .values_list("pk", flat=True)
    )
    editable = set(
        page_permission_policy.instances_user_has_any_permission_for(user, {"add", "change", "publish"})
        .filter(pk__in=known)
        .values_list("pk", flat=True)
    )
    archived = archived_families(page.translation_key for page in own)
    named = [
        LinkingSource(
            title=page.draft_title or page.title,
            language=names[page.locale_id],
            is_fragment=False,
            live=page.live,
            has_draft=page.has_unpublished_changes,
            archived=page.translation_key in archived,
            edit_url=reverse("wagtailadmin_pages:edit", args=[page.pk]) if page.pk in editable else None,
            where=places[page.pk],
        )
        for page in own
        if page.pk in known
    ]
    return named, len(own) - len(named)


def _fragments(places: dict[int, tuple[str, ...]], user, names: dict[int, str]) -> Iterator[LinkingSource]:
    for fragment in staff_fragments(user).filter(pk__in=places):
        yield LinkingSource(
            title=fragment.title,
            language=names[fragment.locale_id],
            is_fragment=True,
            live=fragment.live,
            has_draft=fragment.has_unpublished_changes,
            archived=False,
            edit_url=reverse("wagtailsnippets_content_fragment:edit", args=[fragment.pk]),
            where=places[fragment.pk],
        )


def archived_families(keys: Iterable[UUID]) -> set[UUID]:
    """Return which of these families are archived. One query."""
    return set(
        Upkeep.objects.filter(translation_key__in=set(keys), archived_at__isnull=False).values_list(
            "translation_key", flat=True
        )
    )


def _places(references: Iterable[ReferenceIndex]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(reference.describe_source_field()) for reference in references))


def _inside(places: Iterable[str]) -> Q:
    inside = Q(pk__in=[])
    for place in places:
        inside |= Q(path__startswith=place)
    return inside


def _as_text():
    return Cast("pk", CharField())


def _base_type(model) -> ContentType:
    return ContentType.objects.get_for_model(model)
