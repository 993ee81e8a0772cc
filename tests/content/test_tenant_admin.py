"""The shared admin, door by door: what a tenant's staff find there, and what is not there for them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.http import Http404, HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from wagtail.models import Collection, PageViewRestriction

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.content.fence import TenantFenceMiddleware, named_objects
from helpportal.content.models import Fragment, PortalImage
from helpportal.content.tenancy import belongs_to_staff
from tests.factories.tenants import TenantWorld, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def worlds(shared_rows):
    return {word: shared_rows(lambda word=word: make_tenant(word)) for word in ("aardvark", "zebra")}


@pytest.fixture
def own(db, worlds) -> TenantWorld:
    return worlds["aardvark"]()


@pytest.fixture
def other(db, worlds) -> TenantWorld:
    return worlds["zebra"]()


def as_role(world: TenantWorld, role: str) -> Client:
    client = Client(headers={"host": world.site.hostname})
    client.force_login(world.users[role])
    return client


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode().lower()


# --- The fence ----------------------------------------------------------------------------------


def foreign_addresses(world: TenantWorld) -> list[str]:
    page, fragment = world.article.pk, world.fragment.pk
    return [
        reverse("wagtailadmin_explore", args=[world.category.pk]),
        reverse("wagtailadmin_pages:edit", args=[page]),
        reverse("wagtailadmin_pages:usage", args=[page]),
        reverse("wagtailadmin_pages:history", args=[page]),
        reverse("wagtailadmin_pages:view_draft", args=[page]),
        reverse("wagtailadmin_pages:set_privacy", args=[page]),
        reverse("wagtailadmin_choose_page_child", args=[world.category.pk]),
        reverse("wagtailadmin_api:pages:detail", args=[page]),
        reverse("wagtailadmin_api:images:detail", args=[world.image.pk]),
        reverse("wagtailimages:edit", args=[world.image.pk]),
        reverse("wagtailimages:preview", args=[world.image.pk, "width-20"]),
        reverse("wagtailimages_chooser:chosen", args=[world.image.pk]),
        reverse("wagtaildocs_chooser:chosen", args=[world.document.pk]),
        reverse("wagtaildocs:document_usage", args=[world.document.pk]),
        reverse("wagtailsnippets_content_fragment:edit", args=[fragment]),
        reverse("wagtailsnippets_content_fragment:usage", args=[fragment]),
        reverse("wagtailsnippets_content_fragment:history", args=[fragment]),
        reverse("wagtailsnippetchoosers_content_fragment:chosen", args=[fragment]),
        reverse("wagtailadmin_collections:edit", args=[world.collection.pk]),
        reverse("wagtailsettings:edit", args=["content", "tenantsettings", world.site.pk]),
        reverse("wagtail_localize:submit_page_translation", args=[page]),
        reverse("wagtail_localize:submit_snippet_translation", args=["content", "fragment", fragment]),
        reverse("wagtail_localize:update_translations", args=[world.translation.source_id]),
        reverse("wagtail_localize:download_pofile", args=[world.translation.pk]),
        reverse("wagtail_localize:preview_translation", args=[world.translation.pk]),
        reverse("wagtailadmin_choose_page") + f"?parent_page_id={page}",
        reverse("wagtailadmin_choose_page_chosen_multiple") + f"?id={page}",
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={page}",
        reverse("wagtail_bulk_action", args=["content", "portalimage", "delete"]) + f"?id={world.image.pk}",
        reverse("wagtail_bulk_action", args=["content", "fragment", "delete"]) + f"?id={fragment}",
    ]


def test_another_tenants_objects_are_not_there(own, other):
    administrator = as_role(own, "tenant_administrator")
    for address in foreign_addresses(other):
        assert administrator.get(address).status_code == 404, address
        assert administrator.post(address).status_code == 404, address


def test_the_same_addresses_lead_somewhere_at_home_and_for_superusers(own, other):
    boss = Client(headers={"host": own.site.hostname})
    boss.force_login(User.objects.create_superuser("boss"))
    administrator = as_role(own, "tenant_administrator")
    for address in foreign_addresses(own):
        assert administrator.get(address).status_code != 404, address
    for address in foreign_addresses(other):
        assert boss.get(address).status_code != 404, address


def test_a_page_cannot_be_moved_or_copied_to_another_tenant(own, other):
    administrator = as_role(own, "tenant_administrator")
    move = reverse("wagtailadmin_pages:move_confirm", args=[own.article.pk, other.category.pk])
    assert administrator.post(move).status_code == 404
    copy = reverse("wagtailadmin_pages:copy", args=[own.article.pk])
    data = {"new_title": "x", "new_slug": "x", "new_parent_page": other.category.pk}
    assert administrator.post(copy, data).status_code == 404


def test_a_part_of_an_address_that_nobody_declared_is_closed(own, rf):
    request = rf.get("/admin/pages/1/edit/")
    match = resolve("/admin/pages/1/edit/")
    assert list(named_objects(request, match, (), {"something_new": 7})) == [(None, 7)]
    assert list(named_objects(request, match, (7,), {})) == [(None, 7)]
    request.user, request.resolver_match = own.users["publisher"], match
    fence = TenantFenceMiddleware(HttpResponse)
    fence.process_view(request, match.func, (), {"page_id": own.article.pk})
    with pytest.raises(Http404):
        fence.process_view(request, match.func, (), {"something_new": 7})


def test_a_model_without_a_scope_belongs_to_nobody(own):
    assert not belongs_to_staff(own.users["publisher"], Permission, Permission.objects.first().pk)
    assert not belongs_to_staff(own.users["publisher"], PortalImage, "no number")


def test_reader_groups_open_no_admin(own):
    response = as_role(own, "reader").get("/admin/")
    assert response.status_code == 302
    assert "login" in response["Location"]


def test_staff_on_another_tenants_host_still_see_only_their_own(own, other):
    client = as_role(own, "publisher")
    for name in ("wagtailadmin_home", "wagtailadmin_explore_root", "wagtailimages:index", "wagtailadmin_choose_page"):
        text = text_of(client.get(reverse(name), headers={"host": other.site.hostname}, follow=True))
        assert "aardvark" in text
        assert "zebra" not in text.replace("zebra.localhost", "")


# --- Fragments ----------------------------------------------------------------------------------


def test_a_new_fragment_belongs_to_its_authors_tenant(own, other):
    author = as_role(own, "author")
    data = {
        "title": "Numbers to call",
        "body-count": 1,
        "body-0-deleted": "",
        "body-0-order": 0,
        "body-0-type": "callout",
        "body-0-id": "5f6f3c5e-0f0c-4d13-9c63-4d8f5b3c2a11",
        "body-0-value-kind": "note",
        "body-0-value-title": "Call",
        "body-0-value-text": '{"blocks": [{"key": "a", "text": "Call.", "type": "unstyled", "depth": 0, '
        '"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}',
    }
    response = author.post(reverse("wagtailsnippets_content_fragment:add"), data)
    assert response.status_code == 302
    fragment = Fragment.objects.get(title="Numbers to call")
    assert fragment.site == own.site
    assert not fragment.live
    assert fragment.get_workflow() == own.workflow
    assert "numbers to call" not in text_of(
        as_role(other, "author").get(reverse("wagtailsnippets_content_fragment:list"))
    )


def test_translators_reach_the_fragments_of_their_language(own):
    translator = as_role(own, "translator")
    hindi = Fragment.objects.get(translation_key=own.fragment.translation_key, locale__language_code="hi")
    edit = "wagtailsnippets_content_fragment:edit"
    assert translator.get(reverse(edit, args=[hindi.pk])).status_code == 200
    assert translator.get(reverse(edit, args=[own.fragment.pk])).status_code == 302


def test_authors_do_not_publish_or_delete_fragments(own):
    author = as_role(own, "author")
    assert author.get(reverse("wagtailsnippets_content_fragment:delete", args=[own.fragment.pk])).status_code == 302
    assert author.post(reverse("wagtailsnippets_content_fragment:unpublish", args=[own.fragment.pk])).status_code == 302
    own.fragment.refresh_from_db()
    assert own.fragment.live


# --- Audience -----------------------------------------------------------------------------------


def test_the_privacy_dialog_offers_the_tenants_own_groups_by_their_names(own, other):
    dialog = reverse("wagtailadmin_pages:set_privacy", args=[own.article.pk])
    text = text_of(as_role(own, "publisher").get(dialog))
    assert "aardvark guards" in text
    assert "zebra" not in text


def test_no_other_tenants_group_can_be_made_an_audience(own, other):
    dialog = reverse("wagtailadmin_pages:set_privacy", args=[own.article.pk])
    publisher = as_role(own, "publisher")
    foreign = other.users["reader"].groups.get()
    publisher.post(dialog, {"restriction_type": "groups", "groups": [foreign.pk]})
    assert not PageViewRestriction.objects.exists()
    mine = TenantGroup.objects.get(site=own.site, role=Role.READER).group
    publisher.post(dialog, {"restriction_type": "groups", "groups": [mine.pk]})
    assert PageViewRestriction.objects.get(page=own.article).groups.get() == mine


# --- Tags, counts, languages --------------------------------------------------------------------


def test_tags_are_offered_from_the_tenants_own_images_and_documents(own, other):
    client = as_role(own, "author")
    for name, args in (("autocomplete", []), ("model_autocomplete", ["taggit", "tag"])):
        address = reverse(f"wagtailadmin_tag_{name}", args=args)
        assert client.get(address, {"term": "aard"}).json() == ["aardvark-document-tag", "aardvark-image-tag"]
        assert client.get(address, {"term": "zeb"}).json() == []
        assert client.get(address).json() == []


def test_the_summary_counts_the_tenants_own(own):
    before = text_of(as_role(own, "publisher").get("/admin/"))
    walrus = make_tenant("walrus")
    PortalImage.objects.create(title="More", file=walrus.image.file, collection=walrus.image.collection)
    after = text_of(as_role(own, "publisher").get("/admin/"))
    assert [line for line in before.splitlines() if "w-summary" in line or "<span>" in line] == [
        line for line in after.splitlines() if "w-summary" in line or "<span>" in line
    ]


def test_collections_of_a_tenant_are_managed_by_its_administrator(own, other):
    client = as_role(own, "tenant_administrator")
    text = text_of(client.get(reverse("wagtailadmin_collections:index")))
    assert "aardvark pictures" in text
    assert "zebra" not in text
    parent = Collection.objects.get(pk=own.image.collection_id)
    client.post(reverse("wagtailadmin_collections:add"), {"name": "Photos", "parent": parent.pk})
    assert Collection.objects.get(name="Photos").is_child_of(parent)
    foreign = Collection.objects.get(pk=other.image.collection_id)
    client.post(reverse("wagtailadmin_collections:add"), {"name": "Spy", "parent": foreign.pk})
    assert not Collection.objects.filter(name="Spy").exists()
