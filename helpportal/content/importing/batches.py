"""Articles that were written, indexed some at a time: one by one it costs twice as much."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from helpportal.content.models import ArticlePage, ImportedDocument
from helpportal.core.coalescing import index_together

SIZE = 20


@dataclass
class Batch:
    """What was written since the last `finish()`.

    A document counts as imported only when its page is indexed too: its fingerprint is written in the same
    transaction. An import that is killed in between finds it without one and writes it again.
    """

    waiting: list[tuple[ImportedDocument, str]] = field(default_factory=list)

    def add(self, row: ImportedDocument, fingerprint: str) -> None:
        """Take in a document that was written; every so often this finishes the batch."""
        self.waiting.append((row, fingerprint))
        if len(self.waiting) >= SIZE:
            self.finish()

    def finish(self) -> None:
        """Index what waits and note it as imported."""
        waiting, self.waiting = self.waiting, []
        if not waiting:
            return
        with transaction.atomic():
            index_together(ArticlePage, [row.page_id for row, _fingerprint in waiting])
            for row, fingerprint in waiting:
                row.fingerprint = fingerprint
            ImportedDocument.objects.bulk_update([row for row, _fingerprint in waiting], ["fingerprint"])
