"""What staff post is looked at before it is read: a form that names another tenant's row stores and shows nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import uuid4

import pytest
from django import forms
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import blocks
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.models import Collection, Locale, Page, PageViewRestriction, Revision
from wagtail.rich_text import features
from wagtail.test.utils.form_data import nested_form_data
from wagtail_localize.models import SegmentOverride

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup
from helpportal.content.fence import all_of_staff
from helpportal.content.models import (
    ArticlePage,
    Fragment,
    PortalDocument,
    PortalImage,
    RelatedArticle,
    TenantSettings,
)
from helpportal.content.posted import DECLARED, ENTITIES, Named, chosen_at, chosen_model, posted_fields, refuse_unknown
from tests.factories.articles import every_block
from tests.factories.tenants import TenantWorld, make_tenant, png
from tests.factories.translations import source_of, submit

pytestmark = pytest.mark.django_db

Choice = Callable[[TenantWorld], object]


@pytest.fixture(scope="module", autouse=True)
def worlds(shared_rows):
    return {word: shared_rows(lambda word=word: make_tenant(word)) for word in ("aardvark", "zebra")}


@pytest.fixture
def own(db, worlds) -> TenantWorld:
    return worlds["aardvark"]()


@pytest.fixture
def other(db, worlds) -> TenantWorld:
    return worlds["zebra"]()


@pytest.fixture
def client(own) -> Client:
    client = Client(headers={"host": own.site.hostname}, raise_request_exception=False)
    client.force_login(own.users["tenant_administrator"])
    return client


def stored() -> list:
    """Return what a refused request must leave as it is."""
    kinds = (Page, Revision, Fragment, RelatedArticle, Collection, PortalImage, PortalDocument, SegmentOverride)
    return [
        *(kind.objects.count() for kind in kinds),
        *Page.objects.order_by("pk").values_list("path", "title"),
        *TenantSettings.objects.order_by("pk").values_list("name", "logo"),
        *PortalImage.objects.order_by("pk").values_list("title", "collection"),
        *PortalDocument.objects.order_by("pk").values_list("title", "collection"),
        *PageViewRestriction.objects.values_list("page", "groups"),
    ]


def refused(response, word: str, label: str) -> None:
    assert response.status_code == 404, label
    assert word not in response.content.decode().lower(), label


# --- Forms as a browser posts them --------------------------------------------------------------


def rows(*values, kinds: tuple[str, ...] = ()) -> dict:
    """Return the posted form of a list, or of a stream whose blocks are of these kinds."""
    posted: dict = {"count": len(values)}
    for number, value in enumerate(values):
        posted[str(number)] = {"deleted": "", "order": number, "id": str(uuid4()), "value": value}
        if kinds:
            posted[str(number)]["type"] = kinds[number]
    return posted


def stream(kind: str, value: object) -> dict:
    return rows(value, kinds=(kind,))


def prose(kind: str = "", identifier: object = None) -> str:
    """Return what Draftail posts: a sentence, with a link of a kind in it."""
    data = {"id": identifier, "url": "/somewhere/"}
    entity = {"type": kind, "mutability": "MUTABLE", "data": data}
    ranges = [{"offset": 0, "length": 4, "key": 0}] if kind else []
    line = {"key": "a", "text": "Read this.", "type": "unstyled", "depth": 0, "inlineStyleRanges": []}
    return json.dumps({"blocks": [{**line, "entityRanges": ranges}], "entityMap": {"0": entity} if kind else {}})


def picture(identifier: object) -> dict:
    return {"image": identifier, "alt_text": "A screen", "decorative": ""}


def figure(identifier: object) -> dict:
    return {"image": picture(identifier), "caption": ""}


def callout(text: str) -> dict:
    return {"kind": "note", "title": "", "text": text}


def steps(text: str = "", image: object = "", details: dict | None = None) -> dict:
    item = {"text": text or prose(), "image": picture(image), "details": details or {"count": 0}}
    return {"start": "1", "items": rows(item)}


def table(cell: str) -> dict:
    column = {"type": "text", "order": 0, "heading": "Key", "deleted": ""}
    row = {"order": 0, "deleted": ""}
    return {
        "caption": "",
        "column-count": 1,
        "column": {"0": column},
        "row-count": 1,
        "row": {"0": row},
        "cell": {"0": {"0": cell}},
    }


def page_link(world: TenantWorld) -> str:
    return prose("LINK", world.article.pk)


# Every place of a body that names something, with the name of what is named.
IN_FRAGMENTS_TOO: dict[str, Choice] = {
    "image": lambda world: stream("figure", figure(world.image.pk)),
    "image of a step": lambda world: stream("steps", steps(image=world.image.pk)),
    "image below a step": lambda world: stream("steps", steps(details=stream("figure", figure(world.image.pk)))),
    "page link": lambda world: stream("text", page_link(world)),
    "document link": lambda world: stream("text", prose("DOCUMENT", world.document.pk)),
    "link in a callout": lambda world: stream("callout", callout(page_link(world))),
    "link in a step": lambda world: stream("steps", steps(text=page_link(world))),
    "link below a step": lambda world: stream("steps", steps(details=stream("callout", callout(page_link(world))))),
    "link in a cell": lambda world: stream("table", table(page_link(world))),
}
BODIES: dict[str, Choice] = {
    **IN_FRAGMENTS_TOO,
    "file": lambda world: stream("file", {"document": world.document.pk, "title": ""}),
    "fragment": lambda world: stream("fragment", world.fragment.pk),
    "link in an answer": lambda world: stream(
        "questions", {"items": rows({"question": "Why?", "answer": page_link(world)})}
    ),
}


def formset(*forms_: dict) -> dict:
    counts = {"TOTAL_FORMS": len(forms_), "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return {**counts, **{str(number): one for number, one in enumerate(forms_)}}


def article_form(body: object = None, related: object = None, title: str = "Mine") -> dict:
    targets = [{"target": related, "id": "", "ORDER": 1, "DELETE": ""}] if related else []
    form = {
        "title": title,
        "slug": f"mine-{uuid4().hex[:8]}",
        "difficulty": "beginner",
        "sort_order": 0,
        "body": body or {"count": 0},
        "related_articles": formset(*targets),
        "comments": formset(),
    }
    return nested_form_data(form)


# --- Pages and fragments ------------------------------------------------------------------------


def test_no_place_of_an_article_takes_what_is_another_tenants(client, own, other):
    add = reverse("wagtailadmin_pages:add", args=["content", "articlepage", own.category.pk])
    places = {place: {"body": make} for place, make in BODIES.items()}
    places["related article"] = {"related": lambda world: world.article.pk}
    for place, fields in places.items():
        before = stored()
        for title in ("Mine", ""):
            posted = article_form(**{name: make(other) for name, make in fields.items()}, title=title)
            refused(client.post(add, posted), "zebra", f"{place}, title {title!r}")
        assert stored() == before, place
        mine = {name: make(own) for name, make in fields.items()}
        assert client.post(add, article_form(**mine, title="")).status_code == 200, place
        assert client.post(add, article_form(**mine)).status_code == 302, place
    assert ArticlePage.objects.filter(title="Mine").count() == len(places)
    assert RelatedArticle.objects.get().target == own.article


def test_no_preview_and_no_edit_takes_it_either(client, own, other):
    page = own.category.add_child(instance=ArticlePage(title="Mine", slug="mine"))
    fragment = Fragment.objects.create(site=own.site, title="Mine", locale=page.locale, body=[])
    doors = {
        "edit": ("wagtailadmin_pages:edit", [page.pk], 302),
        "preview": ("wagtailadmin_pages:preview_on_edit", [page.pk], 200),
        "preview of a new page": (
            "wagtailadmin_pages:preview_on_add",
            ["content", "articlepage", own.category.pk],
            200,
        ),
        "new fragment": ("wagtailsnippets_content_fragment:add", [], 302),
        "fragment": ("wagtailsnippets_content_fragment:edit", [fragment.pk], 302),
    }
    for door, (name, args, accepted) in doors.items():
        address = reverse(name, args=args)
        for place in ("image below a step", "link in a cell"):
            before, kept = stored(), dict(client.session)
            for title in ("Mine", ""):
                posted = article_form(BODIES[place](other), title=title)
                refused(client.post(address, posted), "zebra", f"{door}, {place}")
            assert (stored(), dict(client.session)) == (before, kept), door
            response = client.post(address, article_form(BODIES[place](own)))
            assert response.status_code == accepted, door
            if accepted == 200:
                assert response.json()["is_valid"], door
    for place, make in IN_FRAGMENTS_TOO.items():
        posted = nested_form_data({"title": "Mine", "body": make(other)})
        refused(client.post(reverse("wagtailsnippets_content_fragment:add"), posted), "zebra", place)


def test_an_id_is_known_however_it_is_written(client, own, other):
    add = reverse("wagtailadmin_pages:add", args=["content", "articlepage", own.category.pk])

    def ways(number: int) -> list[str]:
        digits = str(number)
        fullwidth = "".join(chr(ord("０") + int(digit)) for digit in digits)
        tamil = "".join(chr(ord("௦") + int(digit)) for digit in digits)
        return [f" {digits}\n", f"000{digits}", f"+{digits}", f"0_{digits}", fullwidth, tamil]

    for way in ways(other.image.pk):
        refused(client.post(add, article_form(stream("figure", figure(way)))), "zebra", repr(way))
    for way in ways(other.article.pk):
        refused(client.post(add, article_form(related=way)), "zebra", repr(way))
        refused(client.post(add, article_form(stream("text", prose("LINK", way)))), "zebra", repr(way))
    refused(client.post(add, article_form(stream("text", prose("LINK", float(other.article.pk))))), "zebra", "float")
    # The last of several counts, whatever stands before it; a name may be posted in the address as well.
    both = article_form(stream("fragment", own.fragment.pk))
    both["body-0-value"] = [own.fragment.pk, other.fragment.pk]
    refused(client.post(add, both), "zebra", "twice")
    refused(client.get(f"{add}?target={other.article.pk}"), "zebra", "in the address")
    for way in ways(own.image.pk):
        assert client.post(add, article_form(stream("figure", figure(way)))).status_code == 302, repr(way)
    for nothing in ("x", "1e3", "[1]", "\0", "1" * 5000):
        assert client.post(add, article_form(stream("figure", figure(nothing)))).status_code == 404, nothing
    for nothing in ("x", [1], {"pk": 1}, float("inf"), True):
        assert client.post(add, article_form(stream("text", prose("LINK", nothing)))).status_code in (302, 404), nothing


def test_what_was_deleted_meanwhile_costs_nobody_the_rest_of_the_form(client, own):
    add = reverse("wagtailadmin_pages:add", args=["content", "articlepage", own.category.pk])
    for gone in (2**31 - 1, 2**63 - 1, 10**30):
        draft = article_form(stream("figure", figure(gone)), title=f"Long work {gone}")
        assert client.post(add, draft).status_code == 302, gone
        assert ArticlePage.objects.filter(title=f"Long work {gone}").exists()
        response = client.post(add, {**draft, "action-publish": "1"})
        assert response.status_code == 200, gone
        assert "Long work" in response.content.decode()


# --- The other forms ----------------------------------------------------------------------------


def settings_form(world: TenantWorld) -> dict:
    form = get_setting_edit_handler(TenantSettings).get_form_class()(instance=TenantSettings.for_site(world.site))
    kept = {name: value for name, value in form.initial.items() if value is not None}
    return {**kept, "name": "Ours", "logo": world.image.pk}


def test_no_other_form_takes_what_is_another_tenants(client, own, other):
    page, category = own.article.pk, own.category.pk
    spare = own.home.add_child(instance=type(own.category)(title="Spare", slug="spare"))
    PortalImage.objects.filter(pk=own.image.pk).update(uploaded_by_user=own.users["tenant_administrator"])

    def kept_in(world: TenantWorld) -> int:
        return TenantSettings.for_site(world.site).collection_id

    def place_for(world: TenantWorld) -> int:
        return spare.pk if world is own else world.category.pk

    def readers_of(world: TenantWorld) -> int:
        return TenantGroup.objects.get(site=world.site, role=Role.READER).group_id

    bulk = "wagtail_bulk_action"
    # Address, what is posted for a tenant's own row or another's, and the answer to the own one.
    doors: list[tuple[str, Callable[[TenantWorld], dict], int]] = [
        (reverse("wagtailsettings:edit", args=["content", "tenantsettings", own.site.pk]), settings_form, 302),
        (
            reverse("wagtailimages:edit", args=[own.image.pk]),
            lambda world: {"title": "Mine", "collection": kept_in(world)},
            302,
        ),
        (
            reverse("wagtaildocs:edit", args=[own.document.pk]),
            lambda world: {"title": "Mine", "collection": kept_in(world)},
            302,
        ),
        (
            reverse("wagtailimages:add"),
            lambda world: {"title": "Mine", "file": png("red"), "collection": kept_in(world)},
            302,
        ),
        (
            reverse("wagtailimages:add_multiple"),
            lambda world: {"title": "Mine", "files[]": png("green"), "collection": kept_in(world)},
            200,
        ),
        (
            reverse("wagtailimages_chooser:create"),
            lambda world: {
                "image-chooser-upload-title": "Mine",
                "image-chooser-upload-file": png("blue"),
                "image-chooser-upload-collection": kept_in(world),
            },
            200,
        ),
        (
            reverse(bulk, args=["content", "portalimage", "add_to_collection"]) + f"?id={own.image.pk}",
            lambda world: {"collection": kept_in(world)},
            302,
        ),
        (
            reverse("wagtailadmin_collections:add"),
            lambda world: {"name": "Photos", "parent": kept_in(world)},
            302,
        ),
        (
            reverse("wagtailadmin_pages:copy", args=[page]),
            lambda world: {"new_title": "Copy", "new_slug": "copy", "new_parent_page": place_for(world)},
            302,
        ),
        (reverse("wagtailadmin_pages:move", args=[page]), lambda world: {"new_parent_page": place_for(world)}, 302),
        (
            reverse(bulk, args=["wagtailcore", "page", "move"]) + f"?id={page}",
            lambda world: {"chooser": place_for(world)},
            302,
        ),
        (
            reverse("wagtailadmin_pages:choose_parent", args=["content", "articlepage"]),
            lambda world: {"parent_page": place_for(world)},
            302,
        ),
        (
            reverse("wagtailadmin_pages:set_privacy", args=[category]),
            lambda world: {"restriction_type": "groups", "groups": [readers_of(world)]},
            200,
        ),
    ]
    for address, form, accepted in doors:
        before = stored()
        refused(client.post(address, form(other)), "zebra", address)
        assert stored() == before, address
        assert client.post(address, form(own)).status_code == accepted, address


def test_no_action_of_the_admins_interface_takes_it_in_any_format(client, own, other):
    for action in ("copy", "move", "create_alias"):
        address = reverse("wagtailadmin_api:pages:action", args=[own.article.pk, action])
        before = stored()
        for destination in (other.category.pk, f"0{other.category.pk}", float(other.category.pk)):
            posted = json.dumps({"destination_page_id": destination})
            refused(client.post(address, posted, content_type="application/json"), "zebra", action)
        refused(client.post(address, {"destination_page_id": other.category.pk}), "zebra", action)
        assert stored() == before, action
    posted = json.dumps({"destination_page_id": own.category.pk, "title": "Twin", "slug": "twin"})
    address = reverse("wagtailadmin_api:pages:action", args=[own.article.pk, "copy"])
    assert client.post(address, posted, content_type="application/json").status_code == 201


def test_an_address_becomes_a_link_to_a_page_of_ones_own_only(client, own, other):
    address = reverse("wagtailadmin_choose_page_external_link")
    for world, leads_to in ((own, own.article.pk), (other, None)):
        url = world.article.full_url
        response = client.post(address, {"external-link-chooser-url": url, "external-link-chooser-link_text": "x"})
        result = response.json()["result"]
        assert result.get("id") == leads_to
        assert (f"{world.word} article" in response.content.decode()) is (world is own)


def test_no_translation_takes_it(client, own, other):
    page = own.category.add_child(
        instance=ArticlePage(
            title="Every block", slug="every-block", body=every_block(own.fragment, own.image, own.document)
        )
    )
    page.save_revision().publish()
    translation = submit(page)
    chosen = 0
    for segment in source_of(page).overridablesegment_set.select_related("context"):
        path = segment.context.field_path.split(".")
        models = list(chosen_at(ArticlePage, path))
        address = reverse("wagtail_localize:edit_override", args=[translation.pk, segment.pk])
        if not models:
            assert put(client, address, "7").status_code == 201
            continue
        chosen += 1
        foreign, mine = {PortalImage: (other.image, own.image), PortalDocument: (other.document, own.document)}[
            models[0]
        ]
        before = stored()
        for way in (str(foreign.pk), f"0{foreign.pk} "):
            refused(put(client, address, way), "zebra", ".".join(path))
        assert stored() == before
        assert put(client, address, str(mine.pk)).status_code == 201
    assert chosen == 4
    # A path that leads nowhere, as another version of the body may have left it, is closed.
    segment.context.field_path = "body.gone.image"
    segment.context.save()
    assert put(client, address, "7").status_code == 404


def put(client: Client, address: str, value: str):
    return client.put(address, f"value={value}", content_type="application/x-www-form-urlencoded")


# --- Closed by default --------------------------------------------------------------------------


def every_form() -> set[type[forms.BaseForm]]:
    found: set[type[forms.BaseForm]] = set()
    waiting: list[type] = [forms.BaseForm]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in found:
                found.add(kind)
                waiting.append(kind)
    return found


# Whose views only superusers have permission for.
OF_THE_INSTALL = (
    "django.contrib.auth",
    "helpportal.accounts.forms",
    "wagtail.admin.forms.workflows",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
)


def test_every_field_that_chooses_a_row_is_known(client):
    client.get(reverse("wagtailadmin_home"))  # the admin's forms are there
    known = DECLARED.keys() | posted_fields().choosers.keys()
    unknown = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if (model := chosen_model(field)) and model not in (Locale, ContentType, Permission)
        if name not in known and not form.__module__.startswith(OF_THE_INSTALL)
    }
    # Made by a factory, and so not in the module of their views.
    assert {one for one in unknown if "SearchPromotionForm" not in one and "WorkflowPageForm" not in one} == set()


def test_a_block_that_nobody_described_is_refused():
    class Strange(blocks.Block):
        pass

    with pytest.raises(TypeError, match="Strange"):
        refuse_unknown(blocks.StructBlock([("one", blocks.ListBlock(Strange()))]))


def test_every_kind_of_rich_text_entity_is_known(client, own):
    client.get(reverse("wagtailadmin_home"))
    features.get_default_features()
    rules = features.converter_rules_by_converter["contentstate"].values()
    kinds = {kind for rule in rules for kind in rule["to_database_format"].get("entity_decorators", {})}
    assert {"LINK", "DOCUMENT"} <= kinds
    # An embed names an address, a line names nothing.
    assert kinds - {"EMBED", "HORIZONTAL_RULE"} <= ENTITIES.keys()
    add = reverse("wagtailadmin_pages:add", args=["content", "articlepage", own.category.pk])
    refused(client.post(add, article_form(stream("text", prose("SOMETHING", own.article.pk)))), "zebra", "unknown")


def test_a_form_with_many_choosers_costs_one_query_a_model(own, other):
    user = own.users["author"]

    def queries(count: int) -> int:
        images = [
            PortalImage.objects.create(title="x", file=own.image.file, collection=own.image.collection)
            for _number in range(count)
        ]
        named = [Named(PortalImage, str(one.pk)) for one in images] + [Named(Page, own.article.pk)] * count
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert all_of_staff(user, named)
        return len(captured)

    assert queries(1) == queries(12) == 2
    assert not all_of_staff(user, [Named(PortalImage, own.image.pk), Named(PortalImage, other.image.pk)])
