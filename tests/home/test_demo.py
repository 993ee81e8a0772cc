"""The demo's second tenant and its people."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from wagtail.models import Page, Revision, Site
from wagtail_localize.models import Translation

from helpportal.accounts.models import User
from helpportal.content.models import ArticleChange, ArticlePage, TenantSettings
from helpportal.translation.services import refresh_source
from home.demo import load_demo, load_second_tenant
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


HEAD = "---\nid: report\ntitle: {title}\nsummary: {title}.\n{more}---\n\n"


def test_an_earlier_document_leaves_an_edit_that_translators_have_not_taken_over(tenant, tmp_path):
    manual = tmp_path / "manual"
    files = {
        "manual/home.yaml": "settings: {name: Help}\nhome: {}\n",
        "manual/en/tools/report.md": HEAD.format(title="Report", more="severity: major\nchange_note: Two hours now.\n")
        + "Send it within two hours.\n\nStay safe.\n",
        "manual/hi/tools/report.md": HEAD.format(title="रिपोर्ट", more="") + "शाम तक भेजें।\n\nसुरक्षित रहें।\n",
        "manual-earlier/en/tools/report.md": HEAD.format(title="Report", more="")
        + "Send it by the evening.\n\nStay safe.\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = load_demo(manual)
    assert not report.has_bad_files
    change = ArticleChange.objects.get()
    assert (change.severity, change.note) == ("major", "Two hours now.")
    english = read("localhost", "/en/tools/report/").content.decode()
    assert "within two hours" in english
    assert "Two hours now." in english
    assert "शाम तक भेजें।" in read("localhost", "/hi/tools/report/").content.decode()
    page = ArticlePage.objects.get(slug="report", locale__language_code="en")
    refresh_source(page.translation_key, page.locale_id)
    total, done = Translation.objects.get(source__object_id=page.translation_key).get_progress()
    assert total - done == 2  # the changed paragraph and the note

    before = Page.objects.count(), Revision.objects.count()
    again = load_demo(manual)
    assert (again.entries["created"], again.entries["updated"], again.entries["conflicts"]) == ([], [], [])
    assert before == (Page.objects.count(), Revision.objects.count())


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
