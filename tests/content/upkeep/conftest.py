"""A help centre in English and Hindi, with its people, for what the desk does."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone

from helpportal.accounts.enums import Role
from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, CategoryPage, TenantSettings, Upkeep
from tests.factories.articles import article, category
from tests.factories.people import staff


@dataclass
class Desk:
    """A tenant, its shelf, and doors to the admin for its people."""

    site: object
    shelf: CategoryPage

    def article(self, title: str, body=(), **fields) -> ArticlePage:
        return article(title, body, parent=self.shelf, **fields)

    def person(self, role: Role, language: str | None = None) -> User:
        name = f"{role}-{language or 'en'}"
        return User.objects.filter(username=name).first() or staff(self.site, role, language)

    def client(self, role: Role, language: str | None = None) -> Client:
        client = Client()
        client.force_login(self.person(role, language))
        return client

    def settings(self, **values) -> None:
        settings = TenantSettings.for_site(self.site)
        for name, value in values.items():
            setattr(settings, name, value)
        settings.save()

    def due(self, page: ArticlePage, days: int, **fields) -> Upkeep:
        """Give an article a review date so many days from today."""
        day = timezone.localdate() + datetime.timedelta(days=days)
        return Upkeep.objects.create(site=self.site, translation_key=page.translation_key, review_by=day, **fields)


@pytest.fixture
def desk(tenant) -> Desk:
    return Desk(tenant, category("Safety", slug="safety"))


def said(response) -> list[str]:
    """Return what the desk is told after an action."""
    return [str(message).strip() for message in get_messages(response.wsgi_request)]
