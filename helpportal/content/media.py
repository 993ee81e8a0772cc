"""Images and documents are as visible as the pages that show them."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, CharField, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer

from .models import Fragment, PortalDocument, PortalImage, TenantSettings

# The folder of the storage that Wagtail keeps each kind of file in, and how a row is found by a file's name.
FOLDERS: dict[str, tuple[type[Model], str]] = {
    "images": (PortalImage, "renditions__file"),
    "original_images": (PortalImage, "file"),
    "documents": (PortalDocument, "file"),
}


def visible_medium(owner: QuerySet, viewer: Viewer) -> Model | None:
    """Return the one image or document of `owner` if `viewer` may see it. One query; `owner` holds one row or none.

    Visible is what a page shows that is visible to the viewer, by itself or through a live fragment, and the logo of
    the viewer's site. Wagtail's reference index says which page shows what; it is made from the published content,
    in the request that publishes it, so a draft's image is nobody's yet.
    """
    condition = Q(Exists(visible_to(_pages_that_show(owner), viewer)))
    if owner.model is PortalImage:
        condition |= Q(Exists(TenantSettings.objects.filter(site_id=viewer.site_id, logo_id=OuterRef("pk"))))
    return owner.filter(condition).first()


def _pages_that_show(medium: QuerySet) -> QuerySet[Page]:
    kinds = ContentType.objects.get_for_models(Page, Fragment, medium.model)
    references = ReferenceIndex.objects.annotate(source=Cast("object_id", BigIntegerField()))
    to_medium = references.filter(to_content_type=kinds[medium.model], to_object_id__in=_keys(medium))
    fragments = Fragment.objects.filter(
        pk__in=to_medium.filter(base_content_type=kinds[Fragment]).values("source"), live=True
    )
    # A page refers to one translation of a fragment and may show another.
    families = Fragment.objects.filter(translation_key__in=fragments.values("translation_key"))
    to_fragments = references.filter(to_content_type=kinds[Fragment], to_object_id__in=_keys(families))
    return Page.objects.filter(
        Q(pk__in=to_medium.filter(base_content_type=kinds[Page]).values("source"))
        | Q(pk__in=to_fragments.filter(base_content_type=kinds[Page]).values("source"))
    )


def _keys(rows: QuerySet) -> QuerySet:
    # The reference index keeps primary keys as text.
    return rows.order_by().annotate(key=Cast("pk", CharField())).values("key")


def find_media(name: str, viewer: Viewer, user) -> Model | None:
    """Return the image or document that owns the stored file `name`, or None when this viewer gets none.

    Staff who may choose or change it see it in the admin before any page shows it.
    """
    model, lookup = FOLDERS.get(name.partition("/")[0], (None, ""))
    if model is None or "\0" in name:
        return None
    owner = model._default_manager.filter(**{lookup: name})
    return visible_medium(owner, viewer) or medium_of_staff(owner, user)


def medium_of_staff(owner: QuerySet, user) -> Model | None:
    """Return the one image or document of `owner` if the user may choose or change it in the admin."""
    if not user.is_authenticated:
        return None
    mine = policy_registry.get_by_type(owner.model).instances_user_has_any_permission_for(user, {"choose", "change"})
    return owner.filter(pk__in=mine.values("pk")).first()
