"""What of the shared admin belongs to which tenant.

Wagtail's permissions are by page tree and collection, but some of its views ask for less: choosers, previews and
reports take any id. `SCOPES` says for each model which rows a tenant's staff may meet at all; the fence in front of
the admin (`fence.py`) and the hooks ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import CharField, Count, Model, Q, QuerySet
from django.db.models.functions import Cast
from taggit.models import Tag, TaggedItem
from wagtail.models import AbstractPage, Collection, ModelLogEntry, Page, Site, TaskState, WorkflowState
from wagtail_localize.models import Translation, TranslationSource

from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.people.queries import managed_sites, people_of, reader_groups
from helpportal.accounts.queries import staff_pages, staff_sites, tenant_groups
from helpportal.core.access import StandsBelow

from .models import Fragment, PortalDocument, PortalImage, TenantSettings


def staff_collections(user) -> QuerySet[Collection]:
    """Return the collections of the tenants whose staff the user is, and those inside them."""
    if user.is_superuser and user.is_active:
        return Collection.objects.all()
    tops = TenantSettings.objects.filter(site__in=staff_sites(user)).exclude(collection=None)
    paths = Collection.objects.filter(pk__in=tops.values("collection")).order_by().values("path")
    return Collection.objects.filter(Q(StandsBelow(paths)))


def staff_fragments(user) -> QuerySet[Fragment]:
    """Return the fragments of the tenants whose staff the user is."""
    return Fragment.objects.filter(site__in=staff_sites(user))


def staff_translation_sources(user) -> QuerySet[TranslationSource]:
    """Return the translation records of those tenants' pages and fragments."""
    return TranslationSource.objects.filter(
        Q(object_id__in=staff_pages(user).values("translation_key"))
        | Q(object_id__in=staff_fragments(user).values("translation_key"))
    )


def _explorable_pages(user) -> QuerySet[Page]:
    # The root is where every explorer begins; its name is the same on every install.
    return staff_pages(user) | Page.objects.filter(depth=1)


SCOPES: dict[type[Model], Callable[..., QuerySet]] = {
    Page: _explorable_pages,
    Site: staff_sites,
    Collection: lambda user: staff_collections(user) | Collection.objects.filter(depth=1),
    Group: lambda user: tenant_groups(staff_sites(user)),
    Fragment: staff_fragments,
    PortalImage: lambda user: PortalImage.objects.filter(collection__in=staff_collections(user)),
    PortalDocument: lambda user: PortalDocument.objects.filter(collection__in=staff_collections(user)),
    User: lambda user: people_of(managed_sites(user)),
    TenantGroup: lambda user: reader_groups(managed_sites(user)),
    TranslationSource: staff_translation_sources,
    Translation: lambda user: Translation.objects.filter(source__in=staff_translation_sources(user)),
}


def own_log_entries(user, log_model: type[Model]) -> QuerySet:
    """Return the entries of one of Wagtail's logs that are of the user's own tenants.

    Of pages, what page permissions show; of fragments, those of the tenants whose staff the user is; of people,
    groups and settings, those of the tenants whose people the user looks after.
    """
    if log_model is not ModelLogEntry or user.is_superuser:
        return log_model.objects.viewable_by_user(user)
    fragments = staff_fragments(user).order_by().annotate(key=Cast("pk", CharField())).values("key")
    managed = list(managed_sites(user).values_list("pk", flat=True))
    settings_rows = TenantSettings.objects.filter(site__in=managed).annotate(key=Cast("pk", CharField())).values("key")
    kinds = ContentType.objects.get_for_models(Fragment, TenantSettings)
    return ModelLogEntry.objects.filter(
        Q(content_type=kinds[Fragment], object_id__in=fragments)
        | Q(content_type=kinds[TenantSettings], object_id__in=settings_rows)
        | Q(data__site__in=managed)
    )


def staff_tags(user, *models: type[Model]) -> QuerySet[Tag]:
    """Return the tags on those tenants' rows of these models, the most used first. Tags have no tenant themselves."""
    used = Q(pk__in=[])
    for model in models:
        used |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=SCOPES[model](user).values("pk"))
    items = TaggedItem.objects.filter(used)
    return (
        Tag.objects.filter(taggit_taggeditem_items__in=items)
        .annotate(uses=Count("taggit_taggeditem_items"))
        .order_by("-uses", "name")
    )


class Row(NamedTuple):
    model: type[Model]
    pk: Any


def known_row(model: type[Model] | None, value) -> Row | None:
    """Return the model whose scope decides, and the primary key that a form or a view makes of `value`.

    None for what can be no row's key. `value` may be written in any way that Django reads as a number.
    """
    if model is None:
        return None
    if issubclass(model, AbstractPage):
        model = Page
    try:
        return Row(model, model._meta.pk.to_python(value))
    except (ValidationError, OverflowError):
        return None


def of_staff(user, model: type[Model], pks: Iterable) -> set:
    """Return which of the primary keys are rows of the tenants whose staff the user is; one query for all of them.

    A model without a scope belongs to nobody but superusers, and a row that is not there to nobody else either.
    """
    if model in (TaskState, WorkflowState):
        return {pk for pk in pks if _state_belongs_to_staff(user, model, pk)}
    scope = SCOPES.get(model)
    if scope is None:
        return set()
    return set(scope(user).order_by().filter(pk__in=pks).values_list("pk", flat=True))


def _state_belongs_to_staff(user, model: type[Model], pk) -> bool:
    # Addresses name one at a time.
    row = model.objects.filter(pk=pk).first()
    state = row.workflow_state if isinstance(row, TaskState) else row
    return state is not None and belongs_to_staff(user, state.base_content_type.model_class(), state.object_id)


def belongs_to_staff(user, model: type[Model], pk) -> bool:
    """Return whether the row `pk` of `model` is in a tenant whose staff the user is."""
    row = known_row(model, pk)
    return row is not None and bool(of_staff(user, row.model, [row.pk]))
