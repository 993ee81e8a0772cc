"""A fragment shows where it appears, before a change of it is published."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage, Fragment
from tests.factories.articles import article, block, category, fragment, site_in
from tests.factories.people import staff
from tests.factories.readers import translated
from tests.factories.tenants import make_tenant

pytestmark = pytest.mark.django_db
LIST = reverse("wagtailsnippets_content_fragment:list")


@pytest.fixture
def editor() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.PUBLISHER))
    return client


def showing(shown: Fragment) -> list[dict]:
    return [block("fragment", shown.pk, f"shows {shown.pk}")]


def edit_address(shown: Fragment) -> str:
    return reverse("wagtailsnippets_content_fragment:edit", args=[shown.pk])


def use_address(shown: Fragment) -> str:
    return reverse("wagtailsnippets_content_fragment:usage", args=[shown.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", [edit_address, use_address])
def test_the_pages_that_show_it_are_named_with_their_language(editor, address):
    shown, shelf = fragment("Helmets"), category("Safety")
    page = article("On the roof", showing(shown), parent=shelf)
    article("In the cellar", showing(shown), parent=shelf, live=False)
    article("Elsewhere", parent=shelf)
    translated(page, "hi", title="छत पर")
    text = text_of(editor.get(address(shown)))
    assert all(title in text for title in ("On the roof", "In the cellar", "छत पर", "हिन्दी"))
    assert "Elsewhere" not in text


def test_what_publishing_changes_is_said_in_the_editor(editor):
    shown, shelf = fragment("Helmets"), category("Safety")
    assert "No page shows this fragment" in text_of(editor.get(edit_address(shown)))
    article("On the roof", showing(shown), parent=shelf, live=False)
    assert "changes it there at once" not in text_of(editor.get(edit_address(shown)))
    for title in ("In the cellar", "At the gate"):
        article(title, showing(shown), parent=shelf)
    assert "2 pages that readers see show this fragment" in text_of(editor.get(edit_address(shown)))


def test_the_list_tells_how_often_each_is_used(editor):
    used, _unused, shelf = fragment("Helmets"), fragment("Gloves"), category("Safety")
    for title in ("On the roof", "In the cellar"):
        article(title, [*showing(used), block("fragment", used.pk, f"again {title}")], parent=shelf)
    text = text_of(editor.get(LIST))
    assert text.index("2 pages") > text.index("Helmets")
    assert "nowhere" in text


@pytest.mark.parametrize("address", [edit_address, use_address, lambda _shown: LIST])
def test_the_number_of_queries_does_not_grow(editor, address):
    shown, shelf = fragment("Helmets"), category("Safety")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert editor.get(address(shown)).status_code == 200
        return len(captured)

    article("First", showing(shown), parent=shelf)
    cost()
    one = cost()
    for number in range(3):
        fragment(f"Other {number}")
        article(f"More {number}", showing(shown), parent=shelf)
    assert cost() == one


def test_another_tenants_pages_are_not_named(editor):
    shown, other = fragment("Helmets"), make_tenant("zebra")
    forged = ArticlePage.objects.get(pk=other.article.pk)
    forged.locked, forged.body = False, showing(shown)
    forged.save_revision().publish()
    for address in (edit_address(shown), use_address(shown)):
        assert "zebra" not in text_of(editor.get(address)).replace("zebra.localhost", "")


def test_a_fragment_cannot_be_put_into_itself(editor):
    shown = fragment("Helmets", "<p>Wear it.</p>")
    text = {"body-0-type": "text", "body-0-value": '{"blocks": [], "entityMap": {}}'}
    forged = {"body-1-type": "fragment", "body-1-value": str(shown.pk)}
    form = {"title": "Helmets", "body-count": "2"}
    for number in ("0", "1"):
        form |= {f"body-{number}-deleted": "", f"body-{number}-order": number, f"body-{number}-id": ""}
    editor.post(edit_address(shown), {**form, **text, **forged, "action-publish": "1"})
    shown.refresh_from_db()
    latest = shown.get_latest_revision_as_object()
    assert {child.block_type for version in (shown, latest) for child in version.body} == {"text"}
    # Nor by a program that writes the stored form.
    Fragment.objects.filter(pk=shown.pk).update(body=[*shown.body.raw_data, *showing(shown)])
    assert [child.block_type for child in Fragment.objects.get(pk=shown.pk).body] == ["text"]
