"""What was done to people, groups and settings is in the site history of its own tenant, for who looks after it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helpportal.accounts.models import User
from helpportal.accounts.people import services
from helpportal.content.models import TenantSettings
from home.services import create_tenant
from tests.factories.tenants import make_staff

pytestmark = pytest.mark.django_db
HISTORY = "wagtailadmin_reports:site_history"


def act(word: str) -> dict[str, User]:
    """Make a tenant and let its administrator do one of everything; every name begins with the word."""
    site = create_tenant(f"{word}.localhost", f"{word} help", ["en"])
    users = make_staff(site, word, translator="en")
    boss = users["tenant_administrator"]
    group = services.add_reader_group(site, f"{word}-night", by=boss)
    services.rename_reader_group(group, f"{word}-day", by=boss)
    person = services.add_person(site, f"{word}-asha", {}, [group], by=boss)
    services.change_person(site, person, {"first_name": f"{word}-first"}, by=boss)
    services.set_groups(site, person, [users["author"].groups.get().tenant_group], by=boss)
    services.set_first_password(site, person, by=boss)
    services.note_link_sent(site, person, by=boss)
    services.deactivate(site, person, by=boss)
    services.reactivate(site, person, by=boss)
    services.delete_reader_group(group, by=boss)
    client = browser(boss, word)
    settings = TenantSettings.for_site(site)
    address = reverse("wagtailsettings:edit", args=["content", "tenantsettings", site.pk])
    names = ("name", "colour", "dark_colour", "default_language", "review_months", "overdue_rule", "overdue_days")
    data = {name: getattr(settings, name) for name in names}
    assert client.post(address, {**data, "name": f"{word}-name"}).status_code == 302
    return users


def browser(user: User, word: str) -> Client:
    client = Client(headers={"host": f"{word}.localhost"})
    client.force_login(user)
    return client


def test_each_tenant_sees_its_own_history_and_superusers_all(django_user_model):
    own, other = act("aardvark"), act("zebra")
    history = browser(own["tenant_administrator"], "aardvark").get(reverse(HISTORY)).content.decode()
    for said in (
        "Person added",
        "Details changed",
        "Given: aardvark-day",
        "Taken: aardvark-day",
        "First password set",
        "Link to set a password sent",
        "Person deactivated",
        "Person activated again",
        "Group added",
        "Group renamed; before: aardvark-night",
        "Group deleted",
    ):
        assert said in history, said
    assert "portal settings" in history.lower()
    assert "zebra" not in history
    assert other
    # Neither as a choice of a filter, nor by asking for it.
    filtered = browser(own["tenant_administrator"], "aardvark").get(
        reverse(HISTORY), {"action": "accounts.person.added", "user": other["tenant_administrator"].pk}
    )
    assert "zebra" not in filtered.content.decode()
    all_of_it = browser(django_user_model.objects.create_superuser("boss"), "aardvark").get(reverse(HISTORY))
    assert "zebra-asha" in all_of_it.content.decode()
    # People are the administrators' business alone.
    for role in ("author", "reviewer", "publisher"):
        assert "aardvark-asha" not in browser(own[role], "aardvark").get(reverse(HISTORY)).content.decode()
