"""What the translation room hears: publications, copies for other languages, and changed restrictions."""

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from wagtail.models import DraftStateMixin, Page, PageViewRestriction, TranslatableMixin
from wagtail.signals import copy_for_translation_done, published
from wagtail_localize.models import TranslationSource

from helpportal.content.signals import readied_for_translation
from helpportal.core.queueing import enqueue_on_commit

from . import services, tasks


@receiver(published)
def refresh_published_source(instance, **kwargs):
    if not isinstance(instance, TranslatableMixin) and not isinstance(instance, Page):
        return
    if not getattr(instance, "ready_for_translation", True):
        return
    _refresh_source_of(instance)


@receiver(readied_for_translation)
def refresh_readied_source(page, **kwargs):
    _refresh_source_of(page)


def _refresh_source_of(instance):
    key, locale_id = instance.translation_key, instance.locale_id
    if TranslationSource.objects.filter(object_id=key, locale_id=locale_id).exists():
        enqueue_on_commit(tasks.refresh_source, str(key), locale_id)


@receiver(copy_for_translation_done)
def keep_back_untranslated_copy(source_obj, target_obj, **kwargs):
    if isinstance(target_obj, Page):
        services.keep_back_copy(source_obj, target_obj)
    elif isinstance(target_obj, DraftStateMixin):
        services.keep_back_unsaved_copy(target_obj)


@receiver(post_save, sender=PageViewRestriction)
def share_saved_restriction(instance, created, raw=False, **kwargs):
    if raw or (created and services.adopt_family_restriction(instance)):
        return
    services.share_restriction(instance)


@receiver(m2m_changed, sender=PageViewRestriction.groups.through)
def share_restriction_groups(instance: Model, action, reverse, pk_set, **kwargs):
    if action not in {"post_add", "post_remove", "post_clear"}:
        return
    restrictions = PageViewRestriction.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
    for restriction in restrictions:
        services.share_restriction(restriction)


@receiver(post_delete, sender=PageViewRestriction)
def lift_deleted_restriction(instance, origin=None, **kwargs):
    # Only where somebody lifted this very restriction: not when its page went, nor when localize tidied up.
    if origin is instance:
        services.lift_restriction(instance)
