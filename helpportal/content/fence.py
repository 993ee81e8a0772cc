"""The fence in front of the admin: an address that names another tenant's object is not there.

Every object that an admin address names in its path is declared here with its model; what the query and the posted
data name is read by `posted.py`. For everybody but superusers an object of another tenant answers 404 before the
view runs, and so does an address with a part that nobody declared: a view added by an upgrade is closed until
somebody has looked at it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from wagtail.models import Collection, Page, Site, TaskState, WorkflowState
from wagtail_localize.models import Translation, TranslationSource

from helpportal.accounts.models import TenantGroup, User

from .models import Fragment, PortalDocument, PortalImage
from .posted import Named, named_by_data
from .tenancy import known_row, of_staff

# (namespace, name of the part of the path) -> model; "" stands for every namespace.
OBJECTS: dict[tuple[str, str], type[Model]] = {
    ("", "page_id"): Page,
    ("", "parent_page_id"): Page,
    ("", "page_to_move_id"): Page,
    ("", "destination_id"): Page,
    ("", "image_id"): PortalImage,
    ("", "document_id"): PortalDocument,
    ("", "doc_id"): PortalDocument,
    ("", "collection_id"): Collection,
    ("", "translation_source_id"): TranslationSource,
    ("", "translation_id"): Translation,
    ("", "task_state_id"): TaskState,
    ("", "workflow_state_id"): WorkflowState,
    ("people", "person_id"): User,
    ("people", "tenant_group_id"): TenantGroup,
    ("wagtailadmin_pages", "pk"): Page,
    ("wagtailadmin_api:pages", "pk"): Page,
    ("wagtailadmin_api:images", "pk"): PortalImage,
    ("wagtailadmin_api:documents", "pk"): PortalDocument,
    ("wagtailimages_chooser", "pk"): PortalImage,
    ("wagtaildocs_chooser", "pk"): PortalDocument,
    ("wagtailadmin_collections", "pk"): Collection,
    ("wagtailsettings", "pk"): Site,
    ("wagtailsnippets_content_fragment", "pk"): Fragment,
    ("wagtailsnippetchoosers_content_fragment", "pk"): Fragment,
}
# Parts that name a row of a model named by two other parts.
OF_A_NAMED_MODEL = {"pk": ("app_label", "model_name"), "object_id": ("app_label", "model_name")}
# Parts that name no object, or one that its view looks up within an object declared above, or within the user's own.
PLAIN = {
    "action",
    "action_name",
    "app_label",
    "app_name",
    "content_type_app_name",
    "content_type_model_name",
    "filter_spec",
    "mode",
    "model_name",
    "overridable_segment_id",
    "revision_id",
    "revision_id_a",
    "revision_id_b",
    "section",
    "session_id",
    "string_segment_id",
    "task_id",
    "uploaded_file_id",
}
# Views of the install, that only superusers have permission for: their own check answers.
OF_THE_INSTALL = {
    "wagtailusers_users",
    "wagtailusers_groups",
    "wagtailsites",
    "wagtaillocales",
    "wagtailredirects",
    "wagtailsearchpromotions",
    "wagtailadmin_workflows",
}
# Views that show or set something for the whole install, though Wagtail gives them to everybody in the admin.
BEYOND_STAFF = {
    "wagtailadmin_reports:page_types_usage",  # counts and last edits of all tenants
    "wagtailadmin_reports:page_types_usage_results",
    "wagtailadmin_collections:set_privacy",  # images and documents follow the pages that show them
    "wagtail_localize:snippets_api_listing",
    "wagtailadmin_workflows:task_chooser",
    "wagtailadmin_workflows:task_chooser_results",
    "wagtailadmin_workflows:task_chosen",
    "wagtailsearchpromotions:chooser",
    "wagtailsearchpromotions:chooserresults",
}


class TenantFenceMiddleware:
    """Answers 404 to staff who name an object of another tenant in the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        user = request.user
        if not request.path.startswith(reverse("wagtailadmin_home")) or not user.is_authenticated:
            return
        if user.is_superuser and user.is_active:
            return
        if request.resolver_match.view_name in BEYOND_STAFF:
            raise Http404
        if not all_of_staff(user, named_rows(request, args, kwargs)):
            raise Http404


def named_rows(request: HttpRequest, args: tuple, kwargs: dict) -> Iterator[Named]:
    """Yield everything that a request names in its address and its data."""
    if request.resolver_match.namespace in OF_THE_INSTALL:
        return
    for model, value in named_objects(request, request.resolver_match, args, kwargs):
        yield Named(model, value, must_exist=True)
    yield from named_by_data(request, kwargs)


def all_of_staff(user, named: Iterable[Named]) -> bool:
    """Return whether everything named is in a tenant whose staff the user is. One query for each model.

    A form's chooser may name a row that somebody deleted meanwhile: the form says so, and the rest of what was
    written is not lost.
    """
    wanted: dict[type[Model], dict[object, bool]] = defaultdict(dict)
    for model, value, must_exist in named:
        if value in (None, ""):
            continue
        row = known_row(model, value)
        if row is None:
            return False
        keys = wanted[row.model]
        keys[row.pk] = keys.get(row.pk, False) or must_exist
    for kind, keys in wanted.items():
        others = keys.keys() - of_staff(user, kind, keys)
        if any(keys[pk] for pk in others) or (others and kind._base_manager.filter(pk__in=others).exists()):
            return False
    return True


def named_objects(
    request: HttpRequest, match: ResolverMatch, args: tuple, kwargs: dict
) -> Iterator[tuple[type[Model] | None, object]]:
    """Yield model and primary key of everything an address names; the model is None for what nobody declared."""
    namespace = match.namespace
    for value in args:
        yield None, value
    for name, value in kwargs.items():
        model = OBJECTS.get((namespace, name)) or OBJECTS.get(("", name))
        if model is None and name in OF_A_NAMED_MODEL:
            model = _named_model(*(kwargs.get(part) for part in OF_A_NAMED_MODEL[name]))
        if model is not None and value is not None:
            yield model, value
        elif model is None and name not in PLAIN:
            yield None, value
    yield from _listed_ids(request, match, kwargs)


def _listed_ids(request: HttpRequest, match: ResolverMatch, kwargs: dict) -> Iterator[tuple[type[Model] | None, str]]:
    """Yield what `?id=` names: the rows of a bulk action, or those chosen in a chooser."""
    everything = match.url_name == "wagtail_bulk_action"
    if everything:
        model = _named_model(kwargs.get("app_label"), kwargs.get("model_name"))
    elif match.url_name == "wagtailadmin_choose_page_chosen_multiple":
        model = Page
    else:
        model = OBJECTS.get((match.namespace, "pk")) if match.url_name == "chosen_multiple" else None
        if model is None:
            return
    for value in request.GET.getlist("id"):
        if not (everything and value == "all"):
            yield model, value


def _named_model(app_label: str | None, model_name: str | None) -> type[Model] | None:
    try:
        return apps.get_model(app_label or "", model_name or "")
    except LookupError:
        return None
