"""What review hears: publications, and the steps of a workflow."""

from __future__ import annotations

from wagtail.signals import page_published

from ..models import ArticlePage
from . import services


def connect() -> None:
    """Connect everything. Called once, when the apps are ready."""
    page_published.connect(record_publication, sender=ArticlePage)


def record_publication(instance, revision, **_signal) -> None:
    services.record_change(instance, revision)
