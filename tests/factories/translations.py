"""Doing a translator's work from a test, through wagtail-localize's own models."""

from __future__ import annotations

from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.operations import translate_object


def locale(code: str) -> Locale:
    """Return a language of the portal."""
    return Locale.objects.get(language_code=code)


def hindi(page):
    """Return a page's Hindi translation as it is in the database now."""
    return type(page).objects.get(translation_key=page.translation_key, locale=locale("hi"))


def submit(instance, code: str = "hi", user=None) -> Translation:
    """Submit a page or fragment for translation, as the admin's "Translate" view does."""
    translate_object(instance, [locale(code)], user=user)
    return Translation.objects.get(source__object_id=instance.translation_key, target_locale__language_code=code)


def translate(translation: Translation, texts: dict[str, str] | None = None) -> int:
    """Translate the segments of `texts` (by source text), or all by a mark in front; return how many were done."""
    done = 0
    for segment in translation.source.stringsegment_set.select_related("string"):
        if texts is not None and segment.string.data not in texts:
            continue
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={
                "data": f"हि {segment.string.data}" if texts is None else texts[segment.string.data],
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
            },
        )
        done += 1
    return done


def source_of(instance) -> TranslationSource:
    """Return the translation source of a page or fragment in its own language."""
    return TranslationSource.objects.get(object_id=instance.translation_key, locale_id=instance.locale_id)


def texts_of(source: TranslationSource) -> set[str]:
    """Return the texts a translator sees."""
    return set(source.stringsegment_set.values_list("string__data", flat=True))
