"""The fence around wagtail-localize's two doors to a translated page or fragment.

Its editor, its "update translations" view and its submissions end in `Translation.save_target`; that one and the
importer end in `TranslationSource.create_or_update_translation`. Left alone, these

* publish a page that is half in one language and half in the other;
* write a draft over the live row of a translation that exists, so that readers see it before anybody approved it;
* write the source's text over such a translation when a tree, or another article with the same fragment, is submitted.
"""

from __future__ import annotations

from functools import wraps

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from wagtail.models import DraftStateMixin, Page
from wagtail_localize.models import Translation, TranslationSource

from helpportal.content.publishing import PublicationRefusedError

from . import queries, services


def guard_localize() -> None:
    """Put the fence up, once."""
    if not hasattr(Translation.save_target, "__wrapped__"):
        Translation.save_target = _guard_target(Translation.save_target)
        TranslationSource.create_or_update_translation = _guard_draft(TranslationSource.create_or_update_translation)


def _target(source: TranslationSource, locale):
    try:
        return source.get_translated_instance(locale)
    except ObjectDoesNotExist:
        return None


def _guard_target(save_target):
    @wraps(save_target)
    @transaction.atomic
    def guarded(self: Translation, user=None, publish=True):
        """Save the target. Raises PublicationRefusedError when it would be published with texts missing."""
        if publish:
            missing = queries.missing_parts(self.source, self.target_locale)
            if missing:
                raise PublicationRefusedError(missing.explain())
            save_target(self, user=user, publish=True)
            return
        existing = _target(self.source, self.target_locale)
        if existing is None:
            save_target(self, user=user, publish=False)
        elif isinstance(existing, Page) and existing.alias_of_id:
            services.keep_back_copy(self.source.get_source_instance(), existing)

    return guarded


def _guard_draft(create_or_update_translation):
    @wraps(create_or_update_translation)
    @transaction.atomic
    def guarded(self: TranslationSource, locale, *args, publish=True, **kwargs):
        """Write the translation; as a draft it leaves what readers see alone and is marked while texts are missing."""
        before = _target(self, locale)
        was_live = isinstance(before, DraftStateMixin) and before.live and before.live_revision_id is not None
        translation, created = create_or_update_translation(self, locale, *args, publish=publish, **kwargs)
        if not publish:
            if was_live:
                translation = services.put_back_live_content(translation)
            if queries.missing_parts(self, locale):
                services.mark_source_text(translation.latest_revision)
        return translation, created

    return guarded
