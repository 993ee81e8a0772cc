"""Somebody who is signed in reads the portal beside other things they do there."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse


@pytest.fixture
def editor(tenant) -> Client:
    """A browser in which an administrator is signed in; it sends the token of each form as a real one does."""
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("asha", password="secret"))
    return client


def test_reading_a_page_leaves_open_forms_valid(editor: Client):
    form = editor.get(reverse("wagtailadmin_account"))
    token = form.context["csrf_token"]
    assert "Sign out" in editor.get("/en/").content.decode()
    answer = editor.post(reverse("wagtailadmin_account"), {"csrfmiddlewaretoken": str(token)})
    assert answer.status_code == 200


def test_the_sign_out_button_signs_out(editor: Client):
    editor.get("/en/")
    token = editor.cookies["csrftoken"].value
    assert editor.post(reverse("logout"), {"csrfmiddlewaretoken": token}).status_code == 302
    assert "Sign in" in editor.get("/en/").content.decode()
