"""What the record of links hears: publications and withdrawals. Deletions take their rows along by themselves."""

from __future__ import annotations

from django.dispatch import receiver
from wagtail.signals import published, unpublished

from helpportal.core.queueing import enqueue_on_commit

from ..models import ArticlePage, Fragment
from . import tasks


@receiver([published, unpublished])
def record_links(instance, **_signal) -> None:
    if isinstance(instance, ArticlePage):
        enqueue_on_commit(tasks.record_article_links, instance.pk)
    elif isinstance(instance, Fragment):
        enqueue_on_commit(tasks.record_fragment_links, instance.pk)
