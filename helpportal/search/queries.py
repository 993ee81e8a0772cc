"""Finding articles by their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from wagtail.models import Page

from helpportal.content.queries import PageRow, best_in, rows
from helpportal.content.tenants import Tenant
from helpportal.core.access import visible_to
from helpportal.core.viewer import Viewer

LONGEST_QUERY = 200  # characters
MOST_WORDS = 8
MOST_RESULTS = 30


@dataclass(frozen=True)
class Found:
    """Articles in the reader's language, and those that only the source language has."""

    own: list[PageRow]
    fallback: list[PageRow]


def words_of(query: str) -> list[str]:
    """Return the words that are looked for, without punctuation around them."""
    return [word for word in re.split(r"[\s,;:!?\"“”()।]+", query[:LONGEST_QUERY]) if word][:MOST_WORDS]


def find_articles(query: str, tenant: Tenant, viewer: Viewer, language: str) -> Found:
    """Return the articles that have every word of `query` in their title, summary, keywords or tags.

    Titles come first. Nothing is found for a query without words.
    """
    words = words_of(query)
    if not words:
        return Found([], [])
    # Either language may have the words: somebody who reads Hindi may well type the English name of a thing.
    articles = _matching(visible_to(Page.objects.filter(articlepage__isnull=False), viewer), words)
    found = rows(
        best_in(articles, tenant, viewer, language).order_by(
            _in_title(words), "articlepage__sort_order", "title", "pk"
        )[:MOST_RESULTS]
    )
    own_locale = tenant.homes[language].locale_id
    own = [row for row in found if row.content_locale == own_locale]
    return Found(own, [row for row in found if row.content_locale != own_locale])


def _matching(articles: QuerySet, words: list[str]) -> QuerySet:
    for word in words:
        articles = articles.filter(
            Q(title__icontains=word)
            | Q(articlepage__summary__icontains=word)
            | Q(articlepage__search_keywords__icontains=word)
            | Q(articlepage__tags__icontains=word)
        )
    return articles


def _in_title(words: list[str]) -> Case:
    condition = Q()
    for word in words:
        condition &= Q(title__icontains=word)
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())
