"""Two tenants see nothing of each other in the admin: every address of it, asked by every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Locale

from helpportal.accounts.models import User
from tests.factories.tenants import TenantWorld, make_tenant

# Committed, as in production: what a tenant is stays in memory from one question to the next.
pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS = {
    "page": [
        "delete",
        "move",
        "publish",
        "unpublish",
        "submit",
        "archive",
        "set_review_date",
        "set_owner",
        "set_audience",
        "add_tag",
        "ready_for_translation",
    ],
    "portalimage": ["delete", "add_tags", "add_to_collection"],
    "portaldocument": ["delete", "add_tags", "add_to_collection"],
}
# Answer only to ids in the query.
LISTED_BY_ID = {"wagtail_bulk_action", "chosen_multiple", "wagtailadmin_choose_page_chosen_multiple"}
# Raises on purpose, or ends the session.
NOT_VISITED = {"wagtailadmin_error_test", "wagtailadmin_logout"}


@dataclass(frozen=True)
class Route:
    namespace: str
    name: str
    pattern: str
    parameters: tuple[str, ...]
    view: object = None

    def __str__(self) -> str:
        return f"{self.namespace}:{self.name} {self.pattern}"


def routes(resolver: URLResolver, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(part for part in (namespace, entry.namespace) if part)
            yield from routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            names = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
            view = getattr(entry.callback, "view_class", None) or entry.callback
            yield Route(namespace, entry.name or "", pattern, tuple(names), view)


def admin_routes() -> list[Route]:
    admin = [one for one in get_resolver().url_patterns if str(one.pattern) == "admin/"]
    return [
        route
        for part in admin
        for route in routes(part, "admin/")
        if route.name not in NOT_VISITED and not route.pattern.startswith("admin/^")
    ]


def values(world: TenantWorld, route: Route) -> Iterator[dict[str, object]]:
    """Yield the values of a route's parameters that name the world's objects."""
    page = world.article
    common: dict[str, object] = {
        "page_id": page.pk,
        "parent_page_id": world.category.pk,
        "page_to_move_id": page.pk,
        "destination_id": world.home.pk,
        "page_pk": world.home.pk,
        "workflow_pk": world.workflow.pk,
        "task_id": world.task_state.task_id,
        "task_state_id": world.task_state.pk,
        "workflow_state_id": world.workflow_state.pk,
        "revision_id": page.latest_revision_id,
        "revision_id_a": "earliest",
        "revision_id_b": "latest",
        "image_id": world.image.pk,
        "document_id": world.document.pk,
        "doc_id": world.document.pk,
        "collection_id": world.collection.pk,
        "uploaded_file_id": 1,
        "filter_spec": "width-20",
        "translation_source_id": world.translation.source_id,
        "translation_id": world.translation.pk,
        "string_segment_id": 1,
        "overridable_segment_id": 1,
        "redirect_id": Redirect.objects.get(site=world.site).pk,
        "query_id": SearchPromotion.objects.get(page=page.page_ptr).query_id,
        "section": "to-review",
        "session_id": 1,
        "action_name": "approve",
        "mode": "",
        "app_name": "content",
        "content_type_app_name": "content",
        "content_type_model_name": "articlepage",
        "uidb64": "x",
        "token": "x",
    }
    if route.namespace == "people":
        common["person_id"] = world.users["author"].pk
        common["tenant_group_id"] = world.users["reader"].groups.get().tenant_group.pk
    keys = {
        "wagtailadmin_pages": page.pk,
        "wagtailadmin_api:pages": page.pk,
        "wagtailadmin_api:images": world.image.pk,
        "wagtailadmin_api:documents": world.document.pk,
        "wagtailimages_chooser": world.image.pk,
        "wagtaildocs_chooser": world.document.pk,
        "wagtailadmin_collections": world.collection.pk,
        "wagtailadmin_workflows": world.workflow.pk,
        "wagtailsettings": world.site.pk,
        "wagtailsites": world.site.pk,
        "wagtaillocales": Locale.objects.get(language_code="hi").pk,
        "wagtailusers_users": world.users["author"].pk,
        "wagtailusers_groups": world.users["author"].groups.get().pk,
        "wagtailsnippets_content_fragment": world.fragment.pk,
        "wagtailsnippetchoosers_content_fragment": world.fragment.pk,
    }
    if "model_name" in route.parameters:
        named = {
            "articlepage": page.pk,
            "page": page.pk,
            "fragment": world.fragment.pk,
            "portalimage": world.image.pk,
            "portaldocument": world.document.pk,
            "tenantsettings": world.site.pk,
            "groupapprovaltask": world.task_state.task_id,
            "tag": 1,
        }
        for model_name, pk in named.items():
            app_label = {"page": "wagtailcore", "groupapprovaltask": "wagtailcore", "tag": "taggit"}.get(
                model_name, "content"
            )
            for action in ACTIONS.get(model_name, ["delete"]):
                yield {
                    **common,
                    "app_label": app_label,
                    "app_name": app_label,
                    "model_name": model_name,
                    "pk": pk,
                    "object_id": pk,
                    "action": action,
                }
                if "action" not in route.parameters:
                    break
    else:
        yield {**common, "pk": keys.get(route.namespace)}
    if "page_id" in route.parameters or "parent_page_id" in route.parameters:
        for other in (world.draft, world.hindi_article, world.home, world.category):
            yield {
                **common,
                "page_id": other.pk,
                "parent_page_id": other.pk,
                "revision_id": other.latest_revision_id or 1,
            }


def addresses(world: TenantWorld, route: Route) -> set[str]:
    """Return the route's addresses for a world's objects; fails for a parameter that nobody has thought about."""
    pattern = "/" + route.pattern.replace("^", "").replace("$", "").replace("\\.", ".")
    if not route.parameters:
        return {pattern}
    found = set()
    for known in values(world, route):
        address = pattern
        for name in route.parameters:
            assert known.get(name) is not None, f"say in values() what {name} of {route} stands for"
            address = re.sub(
                rf"\(\?P<{name}>(?:[^()]|\([^()]*\))*\)|<(?:\w+:)?{name}>", str(known[name]), address, count=1
            )
        found.add(address)
    return found


def listed_by(world: TenantWorld, address: str) -> list[str]:
    """What may be asked of a bulk action, or of a chooser that takes several."""
    kinds = {"image": world.image, "document": world.document, "fragment": world.fragment}
    rows = [row for kind, row in kinds.items() if kind in address] or [world.article, world.draft]
    everything = ["?id=all", f"?id=all&childOf={world.category.pk}", f"?id=all&q={world.word}"]
    return [*everything, *(f"?id={row.pk}" for row in rows)]


def questions(world: TenantWorld, route: Route) -> list[str]:
    """What may be asked of a listing, a chooser or the admin's API."""
    word, page = world.word, world.article
    if route.parameters:
        return [""]
    asked = ["", f"?q={word}", "?export=csv"]
    if route.namespace.startswith("wagtailadmin_api"):
        asked += [f"?child_of={world.category.pk}", f"?translation_of={page.pk}", f"?search={word}"]
    if "choos" in route.pattern or "choose" in route.name:
        asked += ["?page_type=content.ArticlePage", f"?parent_page_id={world.home.pk}", "?locale=hi"]
    if "tag" in route.pattern:
        asked.append(f"?term={word[:3]}")
    if "images" in route.pattern or "documents" in route.pattern:
        asked.append(f"?collection_id={world.collection.pk}")
    if "pages" in route.pattern or "reports" in route.pattern:
        asked += [f"?target_pages[]={page.pk}", f"?owner={page.owner_id}", f"?site={world.site.pk}"]
        asked += [
            f"?category={world.category.pk}",
            f"?audience={world.users['reader'].groups.get().pk}",
            "?review=none",
        ]
    return asked


@pytest.fixture
def worlds(committed_rows) -> tuple[TenantWorld, TenantWorld]:
    return committed_rows(make_worlds)


def make_worlds() -> tuple[TenantWorld, TenantWorld]:
    return make_tenant("aardvark"), make_tenant("zebra")


class Visitor(RequestFactory):
    """Asks as somebody who is signed in. The test client would also copy the context of every template rendered."""

    def __init__(self, user: User, host: str):
        super().__init__(headers={"host": host, "x-requested-with": "XMLHttpRequest"})
        client = Client()
        client.force_login(user)
        self.cookies = client.cookies
        self._handler = ClientHandler(enforce_csrf_checks=False)

    def visit(self, address: str) -> tuple[int, str]:
        """Return status and text, in lower case."""
        response = self._handler(self.get(address).environ)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return response.status_code, content.decode("utf-8", "replace").lower()


def says(text: str, word: str, address: str) -> bool:
    """Return whether an answer says a word; it may repeat what was asked, in the search box and in its links."""
    text = text.replace('\\"', '"')  # HTML within JSON
    for echo in (f'value="{word}"', f"q={word}", f"<em>{word}</em>", address.lower()):
        text = text.replace(echo, "")
    return word in text


def searches(text: str) -> bool:
    """Return whether an address could answer to `?q=`: a page with a search box, or what is no whole page."""
    return "<html" not in text or 'name="q"' in text


@dataclass
class Walk:
    """What one role was told on its way through the admin."""

    leaks: list[str] = field(default_factory=list)  # addresses that tell of the other tenant
    met: set[str] = field(default_factory=set)  # routes that tell of its own


def walk(own: TenantWorld, other: TenantWorld, role: str, *, objects: bool) -> Walk:
    """Ask the addresses of the admin, each once.

    `objects`: also those that name an object, for the objects of both tenants, and every filter of the listings.
    """
    visitor = Visitor(own.users[role], own.site.hostname)
    told, asked = Walk(), set()
    for route in admin_routes():
        by_id = route.name in LISTED_BY_ID
        if route.parameters and not objects and not by_id:
            continue
        for address in sorted(addresses(own, route) | (addresses(other, route) if route.parameters else set())):
            if by_id:
                its_questions = listed_by(other, address)
            else:
                its_questions = questions(other, route) if objects else ["", f"?q={other.word}"]
            plain = ""  # the answer to the address alone
            for question in its_questions:
                # A route in front of one of Wagtail's has its address; a page without a search box searches nothing.
                if address + question in asked or (question.startswith("?q=") and not searches(plain)):
                    continue
                asked.add(address + question)
                status, text = visitor.visit(address + question)
                plain = plain or text
                if status == 200 and says(text, other.word, address):
                    told.leaks.append(f"{role}: {address}{question}")
                elif status >= 500:
                    told.leaks.append(f"{role}: {address}{question} answered {status}")
                if status == 200 and own.word in text.replace(own.site.hostname, ""):
                    told.met.add(str(route))
                if status != 200 and not question and not by_id:
                    break  # closed to this role, whatever is asked
                if status == 404 and question == "?id=all" and route.name == "wagtail_bulk_action":
                    break  # this model has no such action
    return told


@pytest.mark.long
def test_a_superuser_meets_what_there_is(worlds):
    """The walk is worth something: its addresses lead to what a tenant has."""
    own, other = worlds
    boss = Visitor(User.objects.create_superuser("boss"), own.site.hostname)
    met = set()
    for route in admin_routes():
        for address in sorted(addresses(other, route))[:1]:
            status, text = boss.visit(address)
            if status == 200 and other.word in text:
                met.add(str(route))
    assert len(met) > 90


@pytest.mark.long
def test_no_address_of_the_admin_says_anything_of_another_tenant(worlds):
    """Asked by the role that may do most."""
    own, other = worlds
    told = walk(own, other, "tenant_administrator", objects=True)
    assert told.leaks == []
    assert len(told.met) > 60


@pytest.mark.long
def test_no_listing_says_anything_of_another_tenant(worlds):
    """Asked by the others: what an address names is closed by the fence, whoever asks."""
    own, other = worlds
    # One after the other on the same two tenants: making them takes longer than asking.
    for role in ("author", "reviewer", "publisher", "translator"):
        told = walk(own, other, role, objects=False)
        assert told.leaks == []
        assert len(told.met) > 10
