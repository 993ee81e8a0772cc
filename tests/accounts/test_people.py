"""People and readers' groups, looked after by the administrators of their tenant and by nobody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageViewRestriction, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.people import services
from helpportal.accounts.people.queries import managed_sites
from helpportal.accounts.services import tenant_group
from helpportal.content.models import ArticlePage, CategoryPage
from home.services import create_tenant
from tests.factories.people import staff
from tests.factories.readers import restrict

pytestmark = pytest.mark.django_db


@dataclass
class Desk:
    """A tenant, its administrator and a browser in which that one is signed in."""

    site: Site
    administrator: User
    client: Client

    def group(self, role: Role, language: str | None = None) -> TenantGroup:
        return TenantGroup.objects.get(site=self.site, role=role, locale__language_code=language)

    def add(self, username: str, *groups: TenantGroup, **fields):
        data = {"username": username, "groups": [row.pk for row in groups], **fields}
        return self.client.post(reverse("people:add"), data)

    def person(self, username: str, role: Role = Role.AUTHOR, **fields) -> User:
        return services.add_person(self.site, username, fields, [self.group(role)], by=self.administrator)


def desk(site: Site) -> Desk:
    administrator = User.objects.get(groups__tenant_group__site=site)
    client = Client(headers={"host": site.hostname})
    client.force_login(administrator)
    return Desk(site, administrator, client)


@pytest.fixture(scope="module", autouse=True)
def sites(shared_rows) -> Callable[[], tuple[Site, Site]]:
    return shared_rows(make_sites)


def make_sites() -> tuple[Site, Site]:
    made = [create_tenant(f"{name}.example", name, ["en", "hi"]) for name in ("own", "other")]
    for site in made:
        staff(site, Role.TENANT_ADMINISTRATOR, name=f"{site.site_name}-boss")
    return tuple(made)


@pytest.fixture
def own(sites, db) -> Desk:
    return desk(sites()[0])


@pytest.fixture
def other(sites, db) -> Desk:
    return desk(sites()[1])


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def actions(site: Site) -> list[str]:
    rows = ModelLogEntry.objects.filter(data__site=site.pk).order_by("pk")
    return [action.removeprefix("accounts.") for action in rows.values_list("action", flat=True)]


# --- People -------------------------------------------------------------------------------------


def test_somebody_with_an_address_gets_a_link_and_sets_a_password(own):
    response = own.add("asha", own.group(Role.AUTHOR), first_name="Asha", email="asha@example.com", language="hi")
    assert response.url == reverse("people:index")
    asha = User.objects.get(username="asha")
    assert (asha.language, asha.has_usable_password(), asha.is_superuser) == ("hi", False, False)
    assert [row.tenant_group.role for row in asha.groups.all()] == [Role.AUTHOR]
    (message,) = mail.outbox
    assert message.to == ["asha@example.com"]
    link = re.search(r"http://own\.example/set-password/\S+", message.body)[0]
    browser = Client(headers={"host": "own.example"})
    form = browser.get(link, follow=True)
    assert 'name="new_password1"' in text(form)
    chosen = {"new_password1": "sunlit-Harbour-42", "new_password2": "sunlit-Harbour-42"}
    assert browser.post(form.redirect_chain[-1][0], chosen).url == reverse("login")
    assert browser.login(request=form.wsgi_request, username="asha", password="sunlit-Harbour-42")
    # Once is enough.
    assert "has been used already" in text(Client(headers={"host": "own.example"}).get(link, follow=True))
    assert actions(own.site) == ["person.added", "roles.given", "password.link_sent"]


def test_somebody_without_an_address_gets_a_first_password_that_is_shown_once(own):
    response = own.add("guard", tenant_group(own.site, Role.READER, "Guards").tenant_group)
    password = re.search(r"<code>([A-Za-z0-9]{14})</code>", text(response))[1]
    assert "no-store" in response.headers["Cache-Control"]
    assert User.objects.get(username="guard").check_password(password)
    assert password not in text(own.client.get(reverse("people:index")))
    assert password not in str(list(ModelLogEntry.objects.values_list("data", "label")))
    assert mail.outbox == []


def test_a_mail_server_that_is_away_loses_nothing(own, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = own.add("asha", own.group(Role.AUTHOR), email="asha@example.com")
    assert "could not be sent" in text(own.client.get(response.url))
    asha = User.objects.get(username="asha")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    own.client.post(reverse("people:send_link", args=[asha.pk]))
    assert len(mail.outbox) == 1


def test_a_taken_user_name_says_no_more_than_that(own, other):
    other.person("meera", email="meera@other.example", first_name="Meera")
    User.objects.create_superuser("root", "root@example.com")
    own.person("asha")
    answers = set()
    for taken in ("meera", "MEERA", "root", "asha", other.administrator.username):
        answer = text(own.add(taken, own.group(Role.AUTHOR)))
        assert "This user name is taken." in answer
        assert "meera@" not in answer
        answers.add(len(re.findall("error", answer)))
    assert len(answers) == 1
    # An e-mail address that somebody has elsewhere is no obstacle, and so tells nothing.
    assert own.add("mira", own.group(Role.AUTHOR), email="meera@other.example").status_code == 302


def test_roles_are_given_and_taken_and_other_tenants_groups_stay(own, other):
    asha = own.person("asha", email="asha@own.example")
    elsewhere = other.group(Role.AUTHOR)
    asha.groups.add(elsewhere.group)
    wanted = [own.group(Role.REVIEWER).pk, own.group(Role.TRANSLATOR, "hi").pk]
    address = reverse("people:edit", args=[asha.pk])
    page = text(own.client.get(address))
    assert "not of this help centre alone" in page
    assert "asha@own.example" not in page
    # What the form does not show cannot be posted either.
    own.client.post(address, {"groups": wanted, "email": "thief@own.example", "is_superuser": "on"})
    asha.refresh_from_db()
    assert (asha.email, asha.is_superuser) == ("asha@own.example", False)
    held = {(row.site_id, row.role) for row in TenantGroup.objects.filter(group__user=asha)}
    assert held == {
        (own.site.pk, Role.REVIEWER),
        (own.site.pk, Role.TRANSLATOR),
        (other.site.pk, Role.AUTHOR),
    }
    assert actions(own.site)[-2:] == ["roles.given", "roles.taken"]
    assert actions(other.site) == []


def test_nobody_reaches_past_the_own_tenant(own, other):
    asha = own.person("asha", email="asha@own.example")
    boss, stranger = User.objects.create_superuser("root"), other.person("meera")
    boss.groups.add(own.group(Role.AUTHOR).group)
    group = TenantGroup.objects.get(group=tenant_group(other.site, Role.READER, "Crew"))
    for name in ("edit", "deactivate", "activate", "send_link", "first_password"):
        for foreign in (boss, stranger):
            address = reverse(f"people:{name}", args=[foreign.pk])
            assert own.client.get(address).status_code == 404
            assert own.client.post(address, {"groups": own.group(Role.AUTHOR).pk}).status_code == 404
    for name in ("edit_group", "delete_group"):
        address = reverse(f"people:{name}", args=[group.pk])
        assert own.client.get(address).status_code == 404
        assert own.client.post(address, {"label": "Ours"}).status_code == 404
    # Another tenant's role, posted to one's own person: refused, and nothing of the form is saved.
    answer = own.client.post(
        reverse("people:edit", args=[asha.pk]),
        {"groups": [other.group(Role.TENANT_ADMINISTRATOR).pk], "first_name": "New"},
    )
    assert answer.status_code in (200, 404)
    assert not asha.groups.filter(tenant_group__site=other.site).exists()
    assert not User.objects.filter(first_name="New").exists()
    # A staff group is no readers' group: it cannot be renamed or deleted here.
    assert own.client.get(reverse("people:delete_group", args=[own.group(Role.AUTHOR).pk])).status_code == 404
    listed = text(own.client.get(reverse("people:index")))
    assert "asha" in listed
    assert "meera" not in listed
    assert ">root<" not in listed


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER, Role.READER])
def test_other_roles_look_after_nobody(own, role):
    person = User.objects.create_user("someone")
    person.groups.add(
        tenant_group(own.site, role, "Guards") if role == Role.READER else own.group(role).group,
    )
    assert not managed_sites(person).exists()
    client = Client(headers={"host": "own.example"})
    client.force_login(person)
    for name in ("index", "add", "groups", "add_group"):
        assert client.get(reverse(f"people:{name}")).status_code == 302
    home = client.get(reverse("wagtailadmin_home"))
    assert reverse("people:index") not in home.content.decode()


def test_a_permission_without_a_tenant_opens_nothing(own):
    person = User.objects.create_user("someone")
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["change_tenantgroup", "access_admin"]),
    )
    assert not managed_sites(person).exists()


def test_a_deactivated_person_is_kept_out_and_comes_back(own):
    asha = own.person("asha")
    browser = Client(headers={"host": "own.example"})
    browser.force_login(asha)
    assert browser.get(reverse("wagtailadmin_home")).status_code == 200
    own.client.post(reverse("people:deactivate", args=[asha.pk]))
    assert browser.get(reverse("wagtailadmin_home")).status_code == 302
    assert "deactivated" in text(own.client.get(reverse("people:index")))
    own.client.post(reverse("people:activate", args=[asha.pk]))
    asha.refresh_from_db()
    assert asha.is_active
    assert asha.groups.get().tenant_group.role == Role.AUTHOR
    assert actions(own.site)[-2:] == ["person.deactivated", "person.reactivated"]


def test_deactivating_a_shared_account_takes_only_this_tenants_roles(own, other):
    asha = own.person("asha", email="asha@own.example")
    asha.groups.add(other.group(Role.AUTHOR).group)
    own.client.post(reverse("people:deactivate", args=[asha.pk]))
    asha.refresh_from_db()
    assert asha.is_active
    assert asha.groups.get().tenant_group.site == other.site
    # Neither may one tenant's administrator take over what the person is elsewhere.
    asha.groups.add(own.group(Role.AUTHOR).group)
    for name in ("send_link", "first_password", "activate"):
        own.client.post(reverse(f"people:{name}", args=[asha.pk]))
    asha.refresh_from_db()
    assert not asha.has_usable_password()
    assert mail.outbox == []


def test_the_last_administrator_stays(own):
    address = reverse("people:edit", args=[own.administrator.pk])
    refusal = "is the only administrator of this help centre"
    assert refusal in text(own.client.post(address, {"groups": [own.group(Role.AUTHOR).pk], "first_name": "New"}))
    own.client.post(reverse("people:deactivate", args=[own.administrator.pk]))
    own.administrator.refresh_from_db()
    assert own.administrator.is_active
    assert own.administrator.groups.get().tenant_group.role == Role.TENANT_ADMINISTRATOR
    assert own.administrator.first_name == ""
    second = own.person("second", Role.TENANT_ADMINISTRATOR)
    second.is_active = False
    second.save()
    assert refusal in text(own.client.post(address, {"groups": [own.group(Role.AUTHOR).pk]}))
    second.is_active = True
    second.save()
    assert own.client.post(address, {"groups": [own.group(Role.AUTHOR).pk]}).status_code == 302


def test_the_list_costs_the_same_with_any_number_of_people(own):
    def cost(name: str) -> int:
        own.client.get(reverse(name))
        with CaptureQueriesContext(connection) as captured:
            own.client.get(reverse(name))
        return len(captured)

    own.person("asha")
    tenant_group(own.site, Role.READER, "Guards")
    one = cost("people:index"), cost("people:groups")
    for number in range(2):
        own.person(f"person-{number}", Role.TENANT_ADMINISTRATOR)
        tenant_group(own.site, Role.READER, f"Guards {number}")
    assert (cost("people:index"), cost("people:groups")) == one


# --- Readers' groups ----------------------------------------------------------------------------


def test_a_group_is_made_renamed_and_deleted(own):
    own.client.post(reverse("people:add_group"), {"label": "  Night   guards "})
    row = TenantGroup.objects.get(site=own.site, role=Role.READER)
    assert row.label == "Night guards"
    for taken in ("night guards", "Author"):
        assert "There is a group of this name" in text(
            own.client.post(reverse("people:add_group"), {"label": taken}),
        )
    own.client.post(reverse("people:edit_group", args=[row.pk]), {"label": "Guards"})
    row.refresh_from_db()
    assert (row.label, row.group.name) == ("Guards", "own.example · Guards")
    own.client.post(reverse("people:delete_group", args=[row.pk]))
    assert not Group.objects.filter(pk=row.group_id).exists()
    assert actions(own.site) == ["group.added", "group.renamed", "group.deleted"]


def test_a_group_that_pages_are_kept_to_is_not_deleted(own):
    category = own.site.root_page.specific.add_child(instance=CategoryPage(title="Keys", slug="keys"))
    article = category.add_child(instance=ArticlePage(title="Master key", slug="master-key"))
    group = tenant_group(own.site, Role.READER, "Guards")
    restrict(article, group)
    address = reverse("people:delete_group", args=[group.tenant_group.pk])
    for answer in (own.client.get(address), own.client.post(address)):
        assert "Master key" in text(answer)
        assert "Delete the group" not in answer.content.decode()
    assert Group.objects.filter(pk=group.pk).exists()
    # Even where a superuser deletes the group elsewhere the page stays closed.
    group.delete()
    browser = Client(headers={"host": "own.example"})
    assert browser.get("/en/keys/master-key/").status_code == 302
    browser.force_login(own.administrator)
    assert browser.get("/en/keys/master-key/").status_code == 403
    assert PageViewRestriction.objects.get(page=article).groups.count() == 0
