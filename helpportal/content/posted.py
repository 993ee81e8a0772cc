"""What a request's data names: the rows in its choosers, in the blocks of its streams and in its rich text.

Which posted names are choosers is read off the forms themselves. What no form of a model declares (a form that a view
builds, a kind of entity in rich text) is declared here, and tests/content/test_posted.py finds what is missing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db.models import Field, Model
from django.http import HttpRequest, QueryDict
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from wagtail.admin.widgets import BaseChooser
from wagtail.blocks import (
    BaseStreamBlock,
    BaseStructBlock,
    Block,
    FieldBlock,
    ListBlock,
    StaticBlock,
)
from wagtail.blocks.base import BlockField
from wagtail.contrib.settings.registry import registry as settings_registry
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.contrib.typed_table_block.blocks import BaseTypedTableBlock
from wagtail.documents.forms import get_document_form
from wagtail.fields import StreamField
from wagtail.images.forms import get_image_form
from wagtail.models import Collection, Locale, Page, get_page_models
from wagtail.snippets.models import get_snippet_models
from wagtail_localize.models import OverridableSegment

from .models import PortalDocument, PortalImage

# Forms that a view builds by itself, or that are no Django forms: the model that a posted name stands for.
DECLARED: dict[str, type[Model]] = {
    "chooser": Page,
    "childOf": Page,
    "destination_page_id": Page,
    "include_root_id": Page,
    "new_parent_page": Page,
    "parent_page": Page,
    "parent_page_id": Page,
    "successor": Page,
    "target_pages[]": Page,
    "collection": Collection,
    "collection_id": Collection,
    "parent": Collection,
    "groups": Group,
}
# Namespaces in which such a name stands for rows that its field offers from the user's own tenant only.
OWN_CHOICES = {"people": {"groups"}}
# Rows that all tenants share.
SHARED = (Locale,)
# Entities of Draftail's content that have an id, by their type.
ENTITIES: dict[str, type[Model]] = {"LINK": Page, "DOCUMENT": PortalDocument, "IMAGE": PortalImage}
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
OVERRIDE = "wagtail_localize:edit_override"


class Named(NamedTuple):
    """A row that a request names; the model is None where nobody declared what is named.

    A view fails at a row that must exist and is not there, a form explains it.
    """

    model: type[Model] | None
    value: Any
    must_exist: bool = False


@dataclass(frozen=True)
class PostedFields:
    """The fields of all forms by name: the models that choosers name, and the blocks that streams are made of."""

    choosers: dict[str, frozenset[type[Model]]]
    streams: dict[str, tuple[Block, ...]]


# --- What the forms declare ---------------------------------------------------------------------


@cache
def posted_fields() -> PostedFields:
    """Return the choosers and streams of the forms of every page, snippet, setting, image and document."""
    choosers: dict[str, set[type[Model]]] = defaultdict(set)
    streams: dict[str, list[Block]] = defaultdict(list)
    for form in _form_classes():
        for name, field in form.base_fields.items():
            if isinstance(field, BlockField):
                refuse_unknown(field.block)
                streams[name].append(field.block)
            elif (model := chosen_model(field)) and model not in SHARED:
                choosers[name].add(model)
    return PostedFields(
        {name: frozenset(models) for name, models in choosers.items()},
        {name: tuple(blocks) for name, blocks in streams.items()},
    )


def chosen_model(field: forms.Field) -> type[Model] | None:
    """Return the model whose rows a form field chooses from, or None for any other field."""
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.model
    return field.widget.model_class if isinstance(field.widget, BaseChooser) else None


def _form_classes() -> Iterator[type[forms.BaseForm]]:
    for model in get_page_models():
        yield from _with_formsets(model.get_edit_handler().get_form_class())
    for model in get_snippet_models():
        yield from _with_formsets(model.snippet_viewset.get_edit_handler().get_form_class())
    for model in settings_registry:
        yield from _with_formsets(get_setting_edit_handler(model).get_form_class())
    yield get_image_form(PortalImage)
    yield get_document_form(PortalDocument)


def _with_formsets(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    yield form
    for formset in getattr(form, "formsets", {}).values():
        yield from _with_formsets(formset.form)


def refuse_unknown(block: Block) -> None:
    """Raise TypeError for a kind of block of which nobody said what it posts."""
    if isinstance(block, ListBlock):
        refuse_unknown(block.child_block)
    elif isinstance(block, (BaseStreamBlock, BaseStructBlock, BaseTypedTableBlock)):
        for child in block.child_blocks.values():
            refuse_unknown(child)
    elif not isinstance(block, (FieldBlock, StaticBlock)):
        raise TypeError(f"say in posted.py what {type(block).__qualname__} posts")


# --- What a request names -----------------------------------------------------------------------


def named_by_data(request: HttpRequest, kwargs: dict) -> Iterator[Named]:
    """Yield every row that a request's query and body name."""
    for pairs in (request.GET.lists(), _body(request)):
        data = dict(pairs)
        for name, values in data.items():
            for value in values:
                yield from _named_in_rich_text(value)
            if name in OWN_CHOICES.get(request.resolver_match.namespace, ()):
                continue
            for model, must_exist in _models_of(name, data):
                yield from (Named(model, value, must_exist) for value in values)
        if request.resolver_match.view_name == OVERRIDE and "value" in data:
            for model in _replaced_by(kwargs["overridable_segment_id"]):
                yield from (Named(model, value) for value in data["value"])


def _body(request: HttpRequest) -> Iterator[tuple[str, list]]:
    """Yield the names in a request's body with their values, in the formats that the admin's views read."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if request.method == "POST" and request.content_type in FORM_TYPES:
        yield from request.POST.lists()
        return
    request.body  # noqa: B018 - Django keeps it for the view, whose turn to read comes after ours
    try:
        data = Request(request, parsers=[JSONParser(), FormParser(), MultiPartParser()]).data
    except APIException:
        return  # the view cannot read it either
    yield from data.lists() if isinstance(data, QueryDict) else _flattened(data)


def _flattened(data: Any) -> Iterator[tuple[str, list]]:
    found = defaultdict(list)
    waiting = [("", data)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.items())
        elif isinstance(value, list):
            waiting.extend((name, one) for one in value)
        else:
            found[name].append(value)
    yield from found.items()


def _models_of(name: str, data: dict[str, list]) -> Iterator[tuple[type[Model], bool]]:
    """Yield the models that a posted name chooses from, and whether what it names must exist."""
    fields = posted_fields()
    # A form's prefix or the number of a row may stand in front: `related_articles-0-target`.
    parts = name.split("-")
    streams = [place for place, part in enumerate(parts[:-1]) if part in fields.streams]
    for place in streams:
        for block in fields.streams[parts[place]]:
            for model in _chosen_in(block, parts[place + 1 :], "-".join(parts[: place + 1]), data):
                yield model, False
    if streams:
        return
    if parts[-1] in DECLARED:
        yield DECLARED[parts[-1]], True
    for model in fields.choosers.get(parts[-1], ()):
        yield model, False


def _chosen_in(block: Block, parts: list[str], prefix: str, data: dict[str, list]) -> Iterator[type[Model]]:
    """Yield the model that a posted name chooses from within a block; `parts` are what follows the block's `prefix`."""
    if isinstance(block, FieldBlock):
        model = chosen_model(block.field)
        if not parts and model is not None and model not in SHARED:
            yield model
        return
    child, used = None, 0
    if isinstance(block, BaseStructBlock):
        child, used = block.child_blocks.get(parts[0]) if parts else None, 1
    elif isinstance(block, BaseTypedTableBlock):
        if parts[:1] == ["cell"] and len(parts) > 2:
            child, used = _child_of_type(block, f"{prefix}-column-{parts[2]}-type", data), 3
    elif parts[1:2] == ["value"]:
        used = 2
        is_list = isinstance(block, ListBlock)
        child = block.child_block if is_list else _child_of_type(block, f"{prefix}-{parts[0]}-type", data)
    if child is not None:
        yield from _chosen_in(child, parts[used:], "-".join([prefix, *parts[:used]]), data)


def _child_of_type(block: Block, name: str, data: dict[str, list]) -> Block | None:
    kinds = data.get(name)
    return block.child_blocks.get(kinds[-1]) if kinds else None


def _named_in_rich_text(value: Any) -> Iterator[Named]:
    """Yield what the links, documents and images of Draftail's content name."""
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return
    try:
        content = json.loads(value)
    except RecursionError:
        yield Named(None, value)
        return
    except ValueError:
        return
    entities = content.get("entityMap")
    if isinstance(entities, dict):
        entities = list(entities.values())
    for entity in entities if isinstance(entities, list) else ():
        details = entity.get("data") if isinstance(entity, dict) else None
        if isinstance(details, dict) and details.get("id") is not None:
            yield Named(ENTITIES.get(str(entity.get("type"))), details["id"])


# --- Values that a translation replaces ---------------------------------------------------------


def _replaced_by(segment_id: int) -> Iterator[type[Model] | None]:
    """Yield the model that a translation's replacement of a value chooses from; nothing for a text."""
    segment = OverridableSegment.objects.select_related("context", "source").filter(pk=segment_id).first()
    if segment is None:
        return
    try:
        path = segment.context.field_path or segment.context.get_field_path(segment.source.get_source_instance())
        yield from chosen_at(segment.source.specific_content_type.model_class(), path.split("."))
    except (FieldDoesNotExist, LookupError, ObjectDoesNotExist):
        yield None


def chosen_at(model: type[Model], path: list[str]) -> Iterator[type[Model]]:
    """Yield the model that is chosen from at wagtail-localize's path of a field, such as `body.figure.image.image`.

    Raises FieldDoesNotExist or LookupError for a path that leads nowhere.
    """
    field = model._meta.get_field(path[0])
    if isinstance(field, StreamField):
        yield from _chosen_at_block(field.stream_block, path[1:])
    elif not isinstance(field, Field):
        yield from chosen_at(field.related_model, path[1:])
    elif field.related_model is not None and field.related_model not in SHARED:
        yield field.related_model


def _chosen_at_block(block: Block, path: list[str]) -> Iterator[type[Model]]:
    if isinstance(block, FieldBlock):
        model = chosen_model(block.field)
        if model is not None and model not in SHARED:
            yield model
    elif isinstance(block, ListBlock):
        yield from _chosen_at_block(block.child_block, path[1:])
    else:
        yield from _chosen_at_block(block.child_blocks[path[0]], path[1:])
