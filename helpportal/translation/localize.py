"""The fence around wagtail-localize's one door to a translated page.

Its editor, its "update translations" view and its submissions all end in `Translation.save_target`, and that
writes the source's text wherever a translation is missing. Two things must not happen there:

* publishing puts a page before readers that is half in one language and half in the other;
* submitting a page or fragment again (as part of a tree, or because another article shows it) writes a draft over
  the live row of a translation that exists, or takes a live fragment down.
"""

from __future__ import annotations

from functools import wraps

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from wagtail.models import Page
from wagtail_localize.models import Translation

from helpportal.content.publishing import PublicationRefusedError

from . import queries, services


def guard_localize() -> None:
    """Put the fence up, once."""
    if not hasattr(Translation.save_target, "__wrapped__"):
        Translation.save_target = _guarded(Translation.save_target)


def _guarded(save_target):
    @wraps(save_target)
    @transaction.atomic
    def guarded(self: Translation, user=None, publish=True):
        """Save the target. Raises PublicationRefusedError when it would be published with texts missing."""
        missing = queries.missing_parts(self.source, self.target_locale)
        if publish:
            if missing:
                raise PublicationRefusedError(missing.explain())
            save_target(self, user=user, publish=True)
            return
        try:
            existing = self.get_target_instance()
        except ObjectDoesNotExist:
            save_target(self, user=user, publish=False)
            if missing:
                services.mark_source_text(self.get_target_instance().latest_revision)
            return
        if isinstance(existing, Page) and existing.alias_of_id:
            services.keep_back_copy(self.source.get_source_instance(), existing)

    return guarded
