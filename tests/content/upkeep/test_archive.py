"""The archive: readable at its address, named nowhere, and back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import PageLogEntry

from helpportal.accounts.enums import Role
from helpportal.content.models import Upkeep
from helpportal.content.upkeep.services import UpkeepRefusedError, archive_article
from tests.content.upkeep.conftest import Desk, said
from tests.factories.articles import block
from tests.factories.readers import audience, person, restrict, translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db

LISTS = ("/{}/", "/{}/safety/", "/{}/search/?q=locks", "/{}/safety/alarms/", "/sitemap.xml")


def archive(client: Client, page, successor=None):
    address = reverse("upkeep_archive", args=[page.pk])
    assert client.get(address).status_code == 200
    return client.post(address, {"successor": successor.pk if successor else ""})


@pytest.fixture
def locks(desk: Desk):
    """Two articles in both languages that share a tag, so that each is related to the other."""
    locks = desk.article("Locks", slug="locks", tags=["door"])
    alarms = desk.article("Alarms", slug="alarms", tags=["door"])
    translated(desk.shelf, title="सुरक्षा")
    translated(locks, title="Locks ताले")
    translated(alarms, title="अलार्म")
    return locks, alarms


def test_an_archived_article_is_read_at_its_address_and_named_nowhere(client: Client, desk: Desk, locks):
    locks, alarms = locks
    publisher = desk.client(Role.PUBLISHER)
    for language in ("en", "hi"):
        assert all("/safety/locks/" in client.get(path.format(language)).content.decode() for path in LISTS)
    assert archive(publisher, locks, successor=alarms).status_code == 302
    for language, title in (("en", "Alarms"), ("hi", "अलार्म")):
        for path in LISTS:
            assert "/safety/locks/" not in client.get(path.format(language)).content.decode(), path
        response = client.get(f"/{language}/safety/locks/")
        text = response.content.decode()
        assert response.status_code == 200
        assert "data-archived" in text
        assert '<meta name="robots" content="noindex">' in text
        assert response.context["successor"].title == title
        assert f'href="/{language}/safety/alarms/">{title}</a>' in text
        assert 'rel="prev"' not in text
        assert 'rel="next"' not in text
    response = publisher.post(reverse("upkeep_restore", args=[locks.pk]))
    assert response.status_code == 302
    for language in ("en", "hi"):
        assert all("/safety/locks/" in client.get(path.format(language)).content.decode() for path in LISTS)
        text = client.get(f"/{language}/safety/locks/").content.decode()
        assert "data-archived" not in text
        assert "noindex" not in text
    assert list(PageLogEntry.objects.filter(page=locks, action__startswith="content.").values_list("action")) == [
        ("content.restore",),
        ("content.archive",),
    ]


def test_counts_of_categories_leave_the_archive_out(client: Client, desk: Desk, locks):
    assert "2 articles" in client.get("/en/").content.decode()
    archive_article(locks[0], desk.person(Role.PUBLISHER))
    assert "1 article<" in client.get("/en/").content.decode()


def test_the_successor_is_named_to_those_who_may_open_it(client: Client, desk: Desk, locks):
    locks, alarms = locks
    guards = audience(desk.site, "Guards")
    archive_article(locks, desk.person(Role.PUBLISHER), successor=alarms)
    restrict(alarms, guards)
    assert "/safety/alarms/" not in client.get("/en/safety/locks/").content.decode()
    client.force_login(person("asha", guards))
    assert "/safety/alarms/" in client.get("/en/safety/locks/").content.decode()


def test_a_link_in_a_text_still_leads_to_an_archived_article(client: Client, desk: Desk, locks):
    link = f'<p><a linktype="page" id="{locks[0].pk}">the old way</a></p>'
    desk.article("Doors", [block("text", link, "link")], slug="doors")
    archive_article(locks[0], desk.person(Role.PUBLISHER))
    response = client.get("/en/safety/doors/")
    assert 'href="/en/safety/locks/">the old way</a>' in response.content.decode()
    around = [response.context["previous"], response.context["next"], *response.context["related"]]
    assert {item.title for item in around if item} == {"Alarms"}


def test_what_cannot_be_archived_says_why(desk: Desk, locks):
    locks, alarms = locks
    publisher, draft = desk.client(Role.PUBLISHER), desk.article("Draft", live=False)
    foreign = make_tenant("zebra").article
    hindi = locks.get_translations().get(locale__language_code="hi")
    refused = [
        (locks, locks, "An article cannot be its own successor."),
        (locks, hindi, "An article cannot be its own successor."),
        (locks, desk.shelf, "Choose an article of the same help centre."),
        (draft, None, "It is not published, so there is nothing to archive."),
    ]
    for page, successor, reason in refused:
        response = archive(publisher, page, successor)
        assert response.status_code == 200
        assert reason in response.content.decode()
    assert archive(publisher, locks, foreign).status_code == 404
    assert not Upkeep.objects.exists()
    # No circle: neither of two articles can become the other's successor once that one is archived.
    assert archive(publisher, locks, alarms).status_code == 302
    assert "“Locks” is archived itself." in archive(publisher, alarms, locks).content.decode()
    assert "It is archived already." in archive(publisher, locks).content.decode()
    assert said(publisher.post(reverse("upkeep_restore", args=[alarms.pk]))) == [
        "“Alarms”: It is not archived.",
    ]


def test_a_superuser_cannot_send_readers_to_another_tenant(desk: Desk, locks):
    boss, foreign = person("boss", superuser=True), make_tenant("zebra").article
    with pytest.raises(UpkeepRefusedError, match="same help centre"):
        archive_article(locks[0], boss, successor=foreign)


@pytest.mark.parametrize(
    ("role", "language", "may"),
    [
        (Role.AUTHOR, None, False),
        (Role.REVIEWER, None, False),
        (Role.TRANSLATOR, "hi", False),
        (Role.PUBLISHER, None, True),
        (Role.TENANT_ADMINISTRATOR, None, True),
    ],
)
def test_whoever_publishes_archives(desk: Desk, role, language, may):
    page = desk.article("Locks", slug="locks")
    client = desk.client(role, language)
    for name in ("upkeep_archive", "upkeep_restore"):
        client.post(reverse(name, args=[page.pk]))
        archived = Upkeep.objects.filter(archived_at__isnull=False).exists()
        assert archived == (may and name == "upkeep_archive")
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]), follow=True).content.decode()
    assert (reverse("upkeep_archive", args=[page.pk]) in editor) == may


def test_a_locked_article_is_not_archived(desk: Desk):
    page = desk.article("Locks", slug="locks", locked=True, locked_by=desk.person(Role.REVIEWER))
    response = archive(desk.client(Role.PUBLISHER), page)
    assert "It is locked." in response.content.decode()
    assert not Upkeep.objects.exists()
