"""What a translation lacks, and which sources are behind what was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigIntegerField, JSONField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import DraftStateMixin, Locale, Page, Revision
from wagtail_localize.models import Translation, TranslationSource
from wagtail_localize.strings import StringValue

from helpportal.content.models import Fragment
from helpportal.content.publishing import PublicationRefusedError

from .models import SourceTextRevision


@dataclass(frozen=True)
class MissingParts:
    """What stands between a translation and its readers."""

    texts: tuple[str, ...]  # source texts without a valid translation, in reading order
    fragments: tuple[str, ...]  # names of fragments that are not published in the language

    def __bool__(self) -> bool:
        return bool(self.texts or self.fragments)

    def explain(self) -> str:
        """Say to the translator what is left to do."""
        sentences = []
        if self.texts:
            sentences.append(
                ngettext(
                    "%(count)d text is not translated yet, the first: “%(text)s”.",
                    "%(count)d texts are not translated yet, the first: “%(text)s”.",
                    len(self.texts),
                )
                % {"count": len(self.texts), "text": self.texts[0][:60]}
            )
        if self.fragments:
            sentences.append(
                _("Publish these reusable fragments in this language first: %(names)s.")
                % {"names": ", ".join(self.fragments)}
            )
        return " ".join(sentences)


def missing_parts(source: TranslationSource, locale: Locale) -> MissingParts:
    """Return what a translation of `source` into `locale` still lacks. Three queries, and one for each fragment."""
    texts = (
        source.stringsegment_set.annotate_translation(locale)
        .filter(Q(translation__isnull=True) | Q(translation=""))
        .order_by("order")
        .values_list("string__data", flat=True)
    )
    fragments = []
    for segment in source.relatedobjectsegment_set.select_related("object", "source__locale"):
        translated = segment.object.get_instance_or_none(locale)
        if translated is None or (isinstance(translated, DraftStateMixin) and not translated.live):
            fragments.append(str(segment.get_source_instance()))
    return MissingParts(tuple(StringValue(text).render_text() for text in texts), tuple(fragments))


def enabled_translation(instance) -> Translation | None:
    """Return the translation that a page or snippet is edited through, None when it is edited by itself."""
    return (
        Translation.objects.filter(
            source__object_id=instance.translation_key, target_locale_id=instance.locale_id, enabled=True
        )
        .select_related("source", "target_locale")
        .first()
    )


def refuse_source_text(instance, revision: Revision) -> None:
    """Publication check: a revision that still holds text of the source language is for translators only."""
    if SourceTextRevision.objects.filter(revision=revision).exists():
        raise PublicationRefusedError(
            _("“%(title)s” is not translated yet: finish it in the translation editor and publish it there.")
            % {"title": str(instance)}
        )


def sources_behind() -> list[TranslationSource]:
    """Return the sources whose recorded content is not that of the live revision of their page or fragment.

    An article that is not ready for translation is left as it was recorded.
    """
    recorded = Cast(KeyTextTransform("live_revision", Cast("content_json", JSONField())), BigIntegerField())
    behind: list[TranslationSource] = []
    ready_pages = Page.objects.exclude(articlepage__ready_for_translation=False)
    for objects in (ready_pages, Fragment.objects.all()):
        live = {
            (key, locale): revision
            for key, locale, revision in objects.filter(live=True, live_revision__isnull=False)
            .filter(translation_key__in=TranslationSource.objects.values("object_id"))
            .values_list("translation_key", "locale_id", "live_revision_id")
        }
        for source in (
            TranslationSource.objects.defer("content_json")
            .filter(object_id__in={key for key, _locale in live})
            .annotate(recorded_revision=recorded)
        ):
            current = live.get((source.object_id, source.locale_id))
            if current is not None and current != source.recorded_revision:
                behind.append(source)
    return behind


@dataclass(frozen=True)
class TranslationOffer:
    """What the translation room offers beside a page in a list."""

    is_incomplete: bool  # there is a language that it is not translated into
    source_id: int | None  # the record that its translations can be brought up to date from


def translation_offers(pages: Sequence[Page]) -> dict[int, TranslationOffer]:
    """Return what is offered for each page, by its id: three queries for any number of pages."""
    families = {page.translation_key for page in pages}
    every = set(Locale.objects.values_list("pk", flat=True))
    written: dict = defaultdict(set)
    for key, locale in Page.objects.filter(translation_key__in=families, alias_of=None).values_list(
        "translation_key", "locale_id"
    ):
        written[key].add(locale)
    sources = {
        (key, locale): pk
        for pk, key, locale in TranslationSource.objects.filter(object_id__in=families, translations__enabled=True)
        .distinct()
        .values_list("pk", "object_id", "locale_id")
    }
    return {
        page.pk: TranslationOffer(
            is_incomplete=bool(every - written[page.translation_key]),
            source_id=sources.get((page.translation_key, page.locale_id)),
        )
        for page in pages
    }
