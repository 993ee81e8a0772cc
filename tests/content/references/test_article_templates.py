"""An article can be started from a template, in its own language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helpportal.accounts.enums import Role
from helpportal.content.models import ArticlePage
from helpportal.content.references.article_templates import TEMPLATES, body_of, instructions
from helpportal.content.references.checks import findings
from tests.factories.articles import article, category, site_in
from tests.factories.people import staff
from tests.factories.readers import translated

pytestmark = pytest.mark.django_db
SLUGS = [template.slug for template in TEMPLATES]


@pytest.fixture
def author() -> Client:
    client = Client()
    client.force_login(staff(site_in("hi"), Role.PUBLISHER))
    return client


def add_address(parent) -> str:
    return reverse("wagtailadmin_pages:add", args=["content", "articlepage", parent.pk])


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("slug", SLUGS)
def test_the_screen_that_adds_an_article_begins_with_the_template(author, slug):
    response = author.get(add_address(category()), {"template": slug})
    text = text_of(response)
    body = response.context["form"].instance.body
    assert [child.block_type for child in body] == [one["type"] for one in body_of(slug, "en")]
    assert 'aria-current="true"' in text


@pytest.mark.parametrize("query", [{}, {"template": ""}, {"template": "no-such-thing"}])
def test_every_template_is_offered_and_empty_is_the_first(author, query):
    response = author.get(add_address(category()), query)
    text = text_of(response)
    assert not response.context["form"].instance.body
    assert all(f"template={slug}" in text for slug in SLUGS)
    assert text.index('aria-current="true"') < text.index("template=how-to")


def test_a_template_speaks_the_language_of_its_category(author):
    hindi = translated(category(), "hi")
    response = author.get(add_address(hindi), {"template": "how-to"})
    raw = list(response.context["form"].instance.body.raw_data)
    assert [one["type"] for one in raw] == [one["type"] for one in body_of("how-to", "hi")]
    assert instructions("hi")


def test_templates_are_offered_for_new_articles_only(author):
    page = article("Here already")
    text = text_of(author.get(reverse("wagtailadmin_pages:edit", args=[page.pk]), {"template": "faq"}))
    assert "article-template" not in text.partition("</head>")[2]
    category_form = author.get(
        reverse("wagtailadmin_pages:add", args=["content", "categorypage", site_in().root_page_id]),
        {"template": "faq"},
    )
    assert category_form.status_code == 200


@pytest.mark.parametrize("slug", SLUGS)
def test_a_template_makes_an_article_that_can_be_published_and_is_found_to_be_unfinished(slug):
    page = article(f"From {slug}", body_of(slug, "en"))
    page.full_clean()
    page = ArticlePage.objects.get(pk=page.pk)
    assert page.live
    left = [finding for finding in findings(page) if "instruction of the template" in finding.message]
    assert left
    assert {finding.message for finding in findings(page)} - {finding.message for finding in left} == {
        "The summary is missing",
        "Search keywords are missing",
    }
