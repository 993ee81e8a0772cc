"""The demo's second tenant and its people."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Revision, Site

from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, TenantSettings
from home.demo import load_second_tenant
from home.management.commands.load_demo import HARBOUR
from home.services import create_tenant

pytestmark = pytest.mark.django_db


def read(host: str, path: str, user: User | None = None):
    client = Client(headers={"host": host})
    if user:
        client.force_login(user)
    return client.get(path)


def test_the_second_tenant_has_its_own_articles_name_and_look(tenant):
    report = load_second_tenant(HARBOUR)
    assert report is not None
    assert not report.has_bad_files
    home = read("harbour.localhost", "/en/").content.decode()
    assert "What do you need on the quay?" in home
    assert "Book a gate slot" in home
    assert "desk@harbour.example" in home
    hindi = read("harbour.localhost", "/hi/on-the-quay/book-a-gate-slot/").content.decode()
    assert "गेट का स्लॉट बुक करें" in hindi
    assert "Every lorry" not in hindi
    settings = TenantSettings.for_site(Site.objects.get(hostname="harbour.localhost"))
    assert settings.colour != TenantSettings.for_site(tenant).colour
    # Nothing of it on the other portal, and a page for crane operators is for crane operators.
    assert read("localhost", "/en/on-the-quay/book-a-gate-slot/").status_code == 404
    assert "gate slot" not in read("localhost", "/en/search/?q=gate").content.decode()
    assert read("harbour.localhost", "/en/on-the-quay/hand-over-a-crane/").status_code == 302


def test_loading_it_again_changes_nothing(tenant):
    load_second_tenant(HARBOUR)
    site = Site.objects.get(hostname="harbour.localhost")
    TenantSettings.objects.filter(site=site).update(support_phone="1", colour="#112233")
    before = Page.objects.count(), Revision.objects.count(), TenantSettings.objects.filter(site=site).values().get()
    load_second_tenant(HARBOUR)
    assert before == (
        Page.objects.count(),
        Revision.objects.count(),
        TenantSettings.objects.filter(site=site).values().get(),
    )


def test_a_tenant_of_the_same_host_name_is_left_alone(tenant):
    create_tenant("harbour.localhost", "Real Harbour", ["en"])
    assert load_second_tenant(HARBOUR) is None
    assert not ArticlePage.objects.filter(slug="book-a-gate-slot").exists()


def people(**options) -> str:
    out = StringIO()
    call_command("create_demo_people", stdout=out, **options)
    return out.getvalue()


def test_people_for_each_role_get_random_passwords_that_are_shown_once(second_tenant):
    said = people(site="harbour.localhost")
    made = dict(re.findall(r"^  (\S+) .* password (\S+)$", said, re.M))
    assert set(made) == {
        "harbour-author",
        "harbour-reviewer",
        "harbour-publisher",
        "harbour-tenant-administrator",
        "harbour-translator-en",
        "harbour-translator-hi",
    }
    assert len(set(made.values())) == len(made)
    browser = Client(headers={"host": "harbour.localhost"})
    signed_in = browser.post("/login/", {"username": "harbour-author", "password": made["harbour-author"]})
    assert signed_in.status_code == 302
    again = people(site="harbour.localhost")
    assert "password" not in again
    assert again.count("is there already") == len(made)
    assert not User.objects.filter(is_superuser=True).exists()


def test_an_unknown_site_is_refused(tenant):
    with pytest.raises(CommandError, match=r"There is no site 'nowhere'\. The sites are: localhost"):
        people(site="nowhere")
