"""A tenant with an author, two reviewers and a publisher, and an article of the author's that is live."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.test import Client
from wagtail.models import Site
from wagtail.test.utils.form_data import querydict_from_html

from helpportal.accounts.enums import Role
from helpportal.accounts.models import User
from helpportal.content.models import ArticlePage, CategoryPage, Notice
from tests.factories.articles import article, category
from tests.factories.people import staff


@dataclass
class Desk:
    """The people at work on one article, each with a signed-in client."""

    site: Site
    category: CategoryPage
    article: ArticlePage
    people: dict[str, User]
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = Client()
            self.clients[name].force_login(self.people[name])
        return self.clients[name]

    def fresh(self) -> ArticlePage:
        return ArticlePage.objects.get(pk=self.article.pk)

    @property
    def edit_path(self) -> str:
        return f"/admin/pages/{self.article.pk}/edit/"

    @property
    def review(self):
        """The review that runs now."""
        return self.fresh().current_workflow_task_state

    def form(self, name: str) -> dict:
        """Return what somebody's editor would send without any change. The body is empty."""
        shown = self.client(name).get(self.edit_path)
        assert shown.status_code == 200
        sent = querydict_from_html(shown.content.decode(), form_id="page-edit-form")
        # A box that is ticked and has no value of its own is sent as "on".
        ticked = {"ready_for_translation": "on"} if "ready_for_translation" in sent else {}
        return {**{key: sent[key] for key in sent}, **ticked, "body-count": "0"}

    def edit(self, name: str, action: str = "", **fields):
        """Save in the editor, or end with an action such as `action-submit`; return the answer."""
        sent = {**self.form(name), **fields}
        if action:
            sent[action] = "1"
        return self.client(name).post(self.edit_path, sent)

    def dialogue(self, action: str) -> str:
        return f"/admin/pages/workflow/action/{self.article.pk}/{action}/{self.review.pk}/"

    def act(self, name: str, action: str, **fields):
        """Take an action of the running review in its dialogue."""
        path = self.dialogue(action)
        return self.client(name).post(path, fields)


@pytest.fixture
def desk(tenant) -> Desk:
    """Asha writes, Ravi and Meena review, Bala publishes."""
    people = {
        "asha": staff(tenant, Role.AUTHOR, name="asha"),
        "ravi": staff(tenant, Role.REVIEWER, name="ravi"),
        "meena": staff(tenant, Role.REVIEWER, name="meena"),
        "bala": staff(tenant, Role.PUBLISHER, name="bala"),
    }
    for name, user in people.items():
        user.first_name, user.email = name.title(), f"{name}@example.com"
        user.save()
    shelf = category("Safety", slug="safety")
    page = article("Lock the gate", parent=shelf, slug="gate", summary="Old text.", owner=people["asha"])
    Notice.objects.all().delete()  # of the publication above
    return Desk(tenant, shelf, page, people)
