"""Writing a translated document as a page of its source's family, through wagtail-localize."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from wagtail.models import Locale, Page, Revision
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import (
    SegmentOverride,
    String,
    StringTranslation,
    Translation,
    TranslationContext,
    TranslationSource,
)
from wagtail_localize.strings import StringValue

from helpportal.content.models import ArticlePage, HelpPage

from .identity import Block
from .pages import PUBLISH, SUBMIT, Author, submit_page
from .segments import Comparison

# Marks what the import wrote: a translation that a person edited later has another mark and is kept.
TOOL = "Markdown import"


@dataclass
class Written:
    """A translation that was written. `kept` counts texts that people had translated otherwise."""

    page: Page
    revision: Revision
    is_synced: bool
    kept: int


def translated_parent(source: Page, locale: Locale, author: Author) -> Page:
    """Return the translation of a page, made as a draft with the source's text where there is none.

    It is the place for translated articles below it; it goes live when somebody translates it.
    """
    existing = Page.objects.filter(translation_key=source.translation_key, locale=locale).first()
    if existing is not None:
        return existing.specific
    record, _created = TranslationSource.update_or_create_from_instance(source)
    translation, _created = Translation.objects.get_or_create(source=record, target_locale=locale)
    translation.save_target(user=author.user, publish=False)
    return translation.get_target_instance()


def write_translation(
    source: HelpPage,
    locale: Locale,
    comparison: Comparison,
    *,
    own: dict[str, Any],
    body: Sequence[Block] | None,
    author: Author,
    force: bool,
    publish: bool,
) -> Written:
    """Write the translation of `source` into a language.

    Where its texts line up with the source's (`comparison`), the page is kept in step by wagtail-localize and opens
    in its editor. Else the page has the translated document's own content (`own` and `body`), is edited by itself,
    and the texts that do line up wait in the translation memory.
    """
    record, _created = TranslationSource.update_or_create_from_instance(source)
    translation, _created = Translation.objects.get_or_create(source=record, target_locale=locale)
    kept = _store_texts(record, locale, comparison, author, force)
    _store_overrides(record, locale, comparison, author)
    if (
        comparison.is_complete
        or not Page.objects.filter(translation_key=source.translation_key, locale=locale).exists()
    ):
        record.create_or_update_translation(locale, user=author.user, publish=False, fallback=True)
    page = translation.get_target_instance()
    if not comparison.is_complete:
        copy_synchronised_fields(record.as_instance(), page)
        for name, value in own.items():
            setattr(page, name, value)
        if body is not None and isinstance(page, ArticlePage):
            page.body = list(body)
        if not page.live:
            page.save()
        page.save_revision(user=author.user)
    if translation.enabled != comparison.is_complete:
        translation.enabled = comparison.is_complete
        translation.save(update_fields=["enabled"])
    page.refresh_from_db()
    revision = page.latest_revision
    if author.mode == PUBLISH and publish:
        revision.publish(user=author.user)
    elif author.mode == SUBMIT:
        submit_page(page, author)
    return Written(page, revision, comparison.is_complete, kept)


def _store_texts(record: TranslationSource, locale: Locale, comparison: Comparison, author: Author, force: bool) -> int:
    """Fill the translation memory; return how many texts were left because a person translated them otherwise."""
    contexts = _contexts(record, {path for path, _text in comparison.strings})
    strings = _strings(record.locale, {text for _path, text in comparison.strings})
    known = {
        (one.context_id, one.translation_of_id): one
        for one in StringTranslation.objects.filter(locale=locale, context__object_id=record.object_id)
    }
    kept = 0
    new, changed = [], []
    for (path, text), translated in comparison.strings.items():
        context, string = contexts[path], strings[text]
        one = known.get((context, string))
        if one is None:
            new.append(
                StringTranslation(
                    translation_of_id=string,
                    locale=locale,
                    context_id=context,
                    data=translated,
                    translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
                    tool_name=TOOL,
                    has_error=not _is_valid(translated),
                )
            )
        elif one.data != translated:
            if not force and (one.tool_name != TOOL or one.last_translated_by_id is not None):
                kept += 1
                continue
            one.data, one.has_error, one.field_error = translated, not _is_valid(translated), ""
            one.translation_type, one.tool_name = StringTranslation.TRANSLATION_TYPE_MANUAL, TOOL
            one.last_translated_by = None
            changed.append(one)
    StringTranslation.objects.bulk_create(new, batch_size=500)
    for one in changed:
        one.save()
    return kept


def _is_valid(data: str) -> bool:
    try:
        StringValue.from_translated_html(data)
    except ValueError:
        return False
    return True


def _contexts(record: TranslationSource, paths: set[str]) -> dict[str, int]:
    known = dict(TranslationContext.objects.filter(object_id=record.object_id).values_list("path", "pk"))
    for path in paths - known.keys():
        known[path] = TranslationContext.objects.create(object_id=record.object_id, path=path).pk
    return known


def _strings(locale: Locale, texts: set[str]) -> dict[str, int]:
    hashes = {String._get_data_hash(text): text for text in texts}
    found = String.objects.filter(locale=locale, data_hash__in=list(hashes)).values_list("data_hash", "pk")
    known = {hashes[data_hash]: pk for data_hash, pk in found}
    for text in texts - known.keys():
        known[text] = String.from_value(locale, StringValue(text)).pk
    return known


def _store_overrides(record: TranslationSource, locale: Locale, comparison: Comparison, author: Author) -> None:
    """Write the values that differ from the source's, and take back those of former imports that no longer do."""
    contexts = _contexts(record, set(comparison.overrides))
    wanted = {contexts[path]: json.dumps(value) for path, value in comparison.overrides.items()}
    known = {
        one.context_id: one
        for one in SegmentOverride.objects.filter(locale=locale, context__object_id=record.object_id)
    }
    for context, data in wanted.items():
        one = known.pop(context, None)
        if one is None:
            SegmentOverride.objects.create(locale=locale, context_id=context, data_json=data)
        elif one.data_json != data and one.last_translated_by_id is None:
            one.data_json, one.has_error, one.field_error = data, False, ""
            one.save()
    stale = [one.pk for one in known.values() if one.last_translated_by_id is None]
    SegmentOverride.objects.filter(pk__in=stale).delete()


def reset_draft_title(page: Page) -> None:
    """Make the title that the admin lists agree with the page's own."""
    Page.objects.filter(pk=page.pk).update(draft_title=F("title"))
