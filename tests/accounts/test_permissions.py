"""Who may do what: every admin view of ours, and what is done to pages and fragments, by each role.

A role is one letter, and a string of them says who may:

    A author, R reviewer, P publisher, T translator of Hindi, M tenant administrator,
    X administrator of another tenant, on the objects of this one
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction, TaskState
from wagtail.test.utils.form_data import querydict_from_html

from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, CategoryPage, Fragment, Upkeep
from helpportal.content.upkeep.services import archive_article
from tests.accounts.test_admin_isolation import Route, addresses, admin_routes
from tests.factories.tenants import TenantWorld, make_tenant

pytestmark = pytest.mark.django_db

ROLES = {
    "A": "author",
    "R": "reviewer",
    "P": "publisher",
    "T": "translator",
    "M": "tenant_administrator",
    "X": "tenant_administrator",
}
STAFF = "ARPTM"
EVERYBODY = "ARPTMX"  # lists: each sees their own

# --- The views ----------------------------------------------------------------------------------

# View -> who may open it.
VIEWS = {
    # Wagtail's, narrowed to the tenant
    "DeskAccountView": EVERYBODY,
    "autocomplete_tags": EVERYBODY,
    "TenantImagesView": "APTMX",
    "TenantImageChooseView": "ARPTMX",
    "TenantDocumentsView": "APTMX",
    "TenantExternalLinkView": EVERYBODY,
    "TenantLockedPagesView": "RPMX",
    "TenantWorkflowView": EVERYBODY,
    "TenantWorkflowTasksView": EVERYBODY,
    "TenantLogEntriesView": EVERYBODY,
    "TenantTranslationsReportView": EVERYBODY,
    "TenantDocumentsAPIViewSet": EVERYBODY,
    "TenantImagesAPIViewSet": EVERYBODY,
    "FragmentCreateView": "APMX",
    "FragmentEditView": "ARPM",
    "FragmentDeleteView": "M",
    "FragmentUnpublishView": "PM",
    "FragmentChooseView": EVERYBODY,
    "FragmentChooseResultsView": EVERYBODY,
    # Translation
    "SubmitPageView": "APTM",
    "UpdateEveryTranslationView": "APTM",
    "refuse_alias": "ARPM",
    # People and groups
    "PeopleView": "MX",
    "AddPersonView": "MX",
    "EditPersonView": "M",
    "DeactivateView": "M",
    "ReactivateView": "M",
    "SendLinkView": "M",
    "FirstPasswordView": "M",
    "GroupsView": "MX",
    "AddGroupView": "MX",
    "EditGroupView": "M",
    "DeleteGroupView": "M",
    # The desk, review and audience
    "DeskSectionView": EVERYBODY,
    "page_audience": STAFF,
    "CalendarView": EVERYBODY,
    "NoticesView": EVERYBODY,
    "mark_notices_read": EVERYBODY,
    "ReviewStepsView": "MX",
    # Links, fragments and what an article says
    "BrokenLinksView": EVERYBODY,
    "FragmentIndexView": EVERYBODY,
    "FragmentUseView": "ARPM",
    "content_checks": "ARPM",
    # Upkeep
    "ArchiveView": "PM",
    "RestoreView": "PM",
    "ConfirmView": "ARPM",
    "ReviewDateView": "ARPM",
    "ReviewDatesView": EVERYBODY,
}


def our_views() -> dict[str, Route]:
    """Return one route for each view of ours in the admin, by the view's name."""
    found: dict[str, Route] = {}
    for route in admin_routes():
        if route.view.__module__.startswith(("helpportal.", "home.")):
            found.setdefault(route.view.__name__, route)
    return found


# --- What is done -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Deed:
    """Something that is done, who may do it, and how one sees that it is done."""

    who: str
    do: Callable[[Client, TenantWorld], HttpResponse]
    is_done: Callable[[TenantWorld], bool]


def page_url(name: str, *args) -> str:
    return reverse(f"wagtailadmin_pages:{name}", args=args)


def fresh(page: Page) -> Page:
    return Page.objects.get(pk=page.pk).specific


def save(page: Page, *buttons: str) -> Callable[[Client, TenantWorld], HttpResponse]:
    """Change a category's description in the editor, and press a button."""

    def do(client: Client, world: TenantWorld) -> HttpResponse:
        address = page_url("edit", page(world).pk)
        return client.post(address, {**world.form, "summary": "Changed.", **dict.fromkeys(buttons, "on")})

    return do


def post(address: Callable[[TenantWorld], str], **data) -> Callable[[Client, TenantWorld], HttpResponse]:
    def do(client: Client, world: TenantWorld) -> HttpResponse:
        sent = {name: value(world) if callable(value) else value for name, value in data.items()}
        return client.post(address(world), sent)

    return do


def bulk(action: str, page: Callable[[TenantWorld], Page], **data):
    def address(world: TenantWorld) -> str:
        chosen = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        return f"{chosen}?id={page(world).pk}&next=/admin/"

    return post(address, **data)


def decide(action: str):
    """Decide at the step that the draft waits at."""

    def address(world: TenantWorld) -> str:
        state = fresh(world.draft).current_workflow_state.current_task_state
        return page_url("workflow_action", world.draft.pk, action, state.pk)

    return post(address, comment="Because.")


def decided(status: str, role: str):
    def is_done(world: TenantWorld) -> bool:
        return TaskState.objects.filter(status=status, finished_by=world.users[role]).exists()

    return is_done


def to_second_step(do):
    """The reviewer has approved already."""

    def with_approval(client: Client, world: TenantWorld) -> HttpResponse:
        state = fresh(world.draft).current_workflow_state.current_task_state
        state.specific.approve(user=world.users["reviewer"])
        return do(client, world)

    return with_approval


def shelf(world: TenantWorld) -> CategoryPage:
    return CategoryPage.objects.get(slug=f"{world.word}-shelf")


def plain(world: TenantWorld) -> ArticlePage:
    return ArticlePage.objects.get(slug=f"{world.word}-plain")


def fragment_url(name: str):
    return lambda world: reverse(f"wagtailsnippets_content_fragment:{name}", args=[world.fragment.pk])


def opened(address: Callable[[TenantWorld], str]) -> Callable[[Client, TenantWorld], HttpResponse]:
    return lambda client, world: client.get(address(world))


def upkeep(world: TenantWorld) -> Upkeep:
    """Return what is known of the plain article's upkeep."""
    found = Upkeep.objects.filter(translation_key=plain(world).translation_key).first()
    return found or Upkeep()


def archived(do):
    """The article is archived already."""

    def with_archive(client: Client, world: TenantWorld) -> HttpResponse:
        archive_article(plain(world), world.users["publisher"])
        return do(client, world)

    return with_archive


DEEDS = {
    # Writing: authors in English, translators in Hindi, the others in every language.
    "open an English text": Deed("ARPM", opened(lambda w: page_url("edit", plain(w).pk)), None),
    "open a Hindi text": Deed("RPTM", opened(lambda w: page_url("edit", w.hindi_article.pk)), None),
    "save a draft": Deed("ARPM", save(shelf), lambda w: fresh(shelf(w)).has_unpublished_changes),
    "submit": Deed("ARPM", save(shelf, "action-submit"), lambda w: shelf(w).workflow_in_progress),
    "publish": Deed("PM", save(shelf, "action-publish"), lambda w: shelf(w).summary == "Changed."),
    "add a page": Deed("APM", opened(lambda w: page_url("add", "content", "articlepage", w.category.pk)), None),
    "copy": Deed(
        "APM",
        post(
            lambda w: page_url("copy", plain(w).pk),
            new_title="Copy",
            new_slug="copy",
            new_parent_page=lambda w: w.category.pk,
            alias="",
        ),
        lambda w: w.category.get_children().filter(slug="copy").exists(),
    ),
    "send to translation": Deed("APTM", opened(lambda w: f"/admin/localize/submit/page/{plain(w).pk}/"), None),
    # Review: only who is named at the step, in its turn.
    "approve": Deed("R", decide("approve"), decided("approved", "reviewer")),
    "return": Deed("R", decide("reject"), decided("rejected", "reviewer")),
    "approve at the second step": Deed("P", to_second_step(decide("approve")), decided("approved", "publisher")),
    "lock": Deed("RPM", post(lambda w: page_url("lock", plain(w).pk)), lambda w: fresh(plain(w)).locked),
    # What readers meet.
    "unpublish": Deed("PM", post(lambda w: page_url("unpublish", plain(w).pk)), lambda w: not fresh(plain(w)).live),
    "move": Deed(
        "PM",
        post(lambda w: page_url("move_confirm", plain(w).pk, shelf(w).pk)),
        lambda w: fresh(plain(w)).get_parent().pk == shelf(w).pk,
    ),
    "delete": Deed(
        "PM",
        post(lambda w: page_url("delete", plain(w).pk)),
        lambda w: not ArticlePage.objects.filter(slug=f"{w.word}-plain").exists(),
    ),
    "delete a branch": Deed(
        "M",
        post(lambda w: page_url("delete", w.category.pk)),
        lambda w: not Page.objects.filter(pk=w.category.pk).exists(),
    ),
    "set the audience": Deed(
        "PM",
        post(lambda w: page_url("set_privacy", plain(w).pk), restriction_type="login"),
        lambda w: PageViewRestriction.objects.filter(page=plain(w)).exists(),
    ),
    # The same, many at once.
    "bulk publish": Deed("PM", bulk("publish", lambda w: w.quiet), lambda w: fresh(w.quiet).live),
    "bulk unpublish": Deed("PM", bulk("unpublish", plain), lambda w: not fresh(plain(w)).live),
    "bulk move": Deed(
        "PM",
        bulk("move", plain, chooser=lambda w: shelf(w).pk),
        lambda w: fresh(plain(w)).get_parent().pk == shelf(w).pk,
    ),
    "bulk delete": Deed(
        "PM", bulk("delete", plain), lambda w: not ArticlePage.objects.filter(slug=f"{w.word}-plain").exists()
    ),
    "bulk submit": Deed(
        "ARPM",
        bulk("submit", lambda w: w.quiet, note=""),
        lambda w: fresh(w.quiet).workflow_in_progress,
    ),
    "bulk archive": Deed("PM", bulk("archive", plain), lambda w: upkeep(w).archived_at is not None),
    "bulk review date": Deed(
        "ARPM",
        bulk("set_review_date", plain, review_by="2031-01-31"),
        lambda w: str(upkeep(w).review_by) == "2031-01-31",
    ),
    "bulk owner": Deed(
        "ARPM",
        bulk("set_owner", plain, owner=lambda w: w.users["reviewer"].pk),
        lambda w: fresh(plain(w)).owner_id == w.users["reviewer"].pk,
    ),
    "bulk audience": Deed(
        "PM",
        bulk("set_audience", plain, groups=lambda w: w.users["reader"].groups.get().pk),
        lambda w: PageViewRestriction.objects.filter(page=plain(w)).exists(),
    ),
    "bulk tag": Deed(
        "ARPM", bulk("add_tag", plain, tag="gate"), lambda w: "gate" in plain(w).get_latest_revision_as_object().tags
    ),
    "bulk ready for translation": Deed(
        "ARPM", bulk("ready_for_translation", lambda w: w.unready), lambda w: fresh(w.unready).ready_for_translation
    ),
    # Upkeep: who may publish archives; who may edit the source says that it is still correct.
    "archive": Deed(
        "PM", post(lambda w: reverse("upkeep_archive", args=[plain(w).pk])), lambda w: upkeep(w).archived_at is not None
    ),
    "bring back": Deed(
        "PM",
        archived(post(lambda w: reverse("upkeep_restore", args=[plain(w).pk]))),
        lambda w: not upkeep(w).archived_at,
    ),
    "still correct": Deed(
        "ARPM",
        post(lambda w: reverse("upkeep_confirm", args=[plain(w).pk])),
        lambda w: upkeep(w).confirmed_at is not None,
    ),
    "set the review date": Deed(
        "ARPM",
        post(lambda w: reverse("upkeep_review_date", args=[plain(w).pk]), review_by="2031-01-31"),
        lambda w: str(upkeep(w).review_by) == "2031-01-31",
    ),
    # Fragments and the tenant itself.
    "open a fragment": Deed("ARPM", opened(fragment_url("edit")), None),
    "unpublish a fragment": Deed(
        "PM", post(fragment_url("unpublish")), lambda w: not Fragment.objects.get(pk=w.fragment.pk).live
    ),
    "delete a fragment": Deed(
        "M",
        post(lambda w: reverse("wagtail_bulk_action", args=["content", "fragment", "delete"]) + f"?id={w.lonely.pk}"),
        lambda w: not Fragment.objects.filter(pk=w.lonely.pk).exists(),
    ),
    "open the settings": Deed(
        "M", opened(lambda w: reverse("wagtailsettings:edit", args=["content", "tenantsettings", w.site.pk])), None
    ),
}


# --- The tests ----------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def made(shared_rows) -> Callable[[], tuple[TenantWorld, TenantWorld]]:
    return shared_rows(make_worlds)


def make_worlds() -> tuple[TenantWorld, TenantWorld]:
    own, other = make_tenant("aardvark"), make_tenant("zebra")
    home = own.site.root_page.specific
    home.add_child(instance=CategoryPage(title="Shelf", slug="aardvark-shelf", locale=home.locale))
    for slug, live in (("plain", True), ("quiet", False)):
        page = ArticlePage(title=slug, slug=f"aardvark-{slug}", locale=home.locale, live=live)
        own.category.add_child(instance=page).save_revision()
    own.quiet = ArticlePage.objects.get(slug="aardvark-quiet")
    own.unready = own.category.add_child(
        instance=ArticlePage(title="unready", slug="aardvark-unready", locale=home.locale, ready_for_translation=False)
    )
    own.lonely = Fragment.objects.create(site=own.site, title="Lonely", locale=home.locale)
    boss = Client(headers={"host": own.site.hostname})
    boss.force_login(User.objects.create_superuser("boss"))
    editor = boss.get(page_url("edit", shelf(own).pk))
    own.form = querydict_from_html(editor.content.decode(), form_id="page-edit-form").dict()
    return own, other


@pytest.fixture
def worlds(made, db) -> tuple[TenantWorld, TenantWorld]:
    return made()


def clients(own: TenantWorld, other: TenantWorld) -> dict[str, Client]:
    found = {}
    for letter, role in ROLES.items():
        world = other if letter == "X" else own
        found[letter] = Client(headers={"host": world.site.hostname}, raise_request_exception=False)
        found[letter].force_login(world.users[role])
    return found


def is_open(client: Client, address: str) -> bool:
    """Return whether a view answers; what only takes a POST is asked with one."""
    response = client.get(address)
    if response.status_code == 405:
        response = client.post(address)
    if response.status_code == 302:
        # Wagtail sends who may not come home.
        return response.url not in ("/admin/", "/login/")
    assert response.status_code in (200, 403, 404), (address, response.status_code)
    return response.status_code == 200


def test_every_view_of_ours_is_in_the_table():
    assert set(our_views()) == set(VIEWS)


def test_each_view_is_open_to_whom_the_table_says(worlds):
    own, other = worlds
    asked = clients(own, other)
    wrong = {}
    for name, route in our_views().items():
        # What can name several kinds of page is asked about the article.
        address = min(addresses(own, route), key=lambda one: (f"/{own.article.pk}/" not in one, one))
        with transaction.atomic():
            found = "".join(letter for letter, client in asked.items() if is_open(client, address))
            transaction.set_rollback(True)
        if found != VIEWS.get(name):
            wrong[name] = (address, found, VIEWS.get(name))
    assert wrong == {}


def test_each_thing_is_done_by_whom_the_table_says(worlds):
    own, other = worlds
    asked = clients(own, other)
    wrong = {}
    for name, deed in DEEDS.items():
        found = "".join(letter for letter, client in asked.items() if happens(deed, client, own))
        if found != deed.who:
            wrong[name] = (found, deed.who)
    assert wrong == {}


def happens(deed: Deed, client: Client, world: TenantWorld) -> bool:
    """Return whether somebody's attempt succeeds; nothing of it stays."""
    with transaction.atomic():
        response = deed.do(client, world)
        assert response.status_code < 500, response.status_code
        done = deed.is_done(world) if deed.is_done else response.status_code == 200
        transaction.set_rollback(True)
    return done
