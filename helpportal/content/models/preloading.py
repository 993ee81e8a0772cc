"""Files that a body shows, read for all of its blocks at once.

Wagtail reads them for each type of block by itself; while `preloaded` is set, its look-ups are answered from there.
"""

from __future__ import annotations

from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass

from django.db import models
from wagtail.documents.models import DocumentQuerySet
from wagtail.images.models import ImageQuerySet


@dataclass(frozen=True)
class Preloaded:
    """What was found of the rows with the ids that were `asked` for."""

    asked: frozenset[int]
    found: dict[int, models.Model]


preloaded: ContextVar[dict[type[models.Model], Preloaded] | None] = ContextVar("preloaded", default=None)


class PreloadedLookUps:
    """For a queryset: looks up by primary key without a query what is preloaded."""

    def in_bulk(self, id_list=None, *, field_name="pk"):
        if id_list is None or field_name != "pk":
            return super().in_bulk(id_list, field_name=field_name)
        wanted = {pk for pk in id_list if pk is not None}
        if not wanted:
            # Blocks without an image: Django would build a query before it finds that there is nothing to ask.
            return {}
        known = (preloaded.get() or {}).get(self.model)
        if known is None or self.query.where or not wanted <= known.asked:
            return super().in_bulk(wanted, field_name=field_name)
        # Copies: a block writes the text alternative of its own use on the image.
        return {pk: copy(known.found[pk]) for pk in wanted if pk in known.found}


class PortalImageQuerySet(PreloadedLookUps, ImageQuerySet):
    pass


class PortalDocumentQuerySet(PreloadedLookUps, DocumentQuerySet):
    pass
