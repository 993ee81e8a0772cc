"""What may stop a revision from being published, whichever door it comes through.

A room above this one registers a check. A workflow, a bulk action, the scheduler and a script all end in the object's
`publish()`, and there every check is asked; the page editor's button does not, and asks through a hook of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Revision

PublicationCheck = Callable[[models.Model, Revision], None]

_checks: list[PublicationCheck] = []
_publishing_user: ContextVar = ContextVar("publishing_user", default=None)


class PublicationRefusedError(ValidationError):
    """A revision may not be published; the message says why and what to do."""


def register_publication_check(check: PublicationCheck) -> None:
    """Have `check(instance, revision)` called before each publication. It raises PublicationRefusedError to refuse."""
    if check not in _checks:
        _checks.append(check)


def check_publication(instance: models.Model, revision: Revision) -> None:
    """Ask every check about a publication; raises PublicationRefusedError when one refuses it."""
    for check in _checks:
        check(instance, revision)


def publishing_user():
    """Return who publishes at this moment, which Wagtail's signals do not say; None for a program."""
    return _publishing_user.get()


class CheckedPublishing(models.Model):
    """A page or snippet whose revisions are checked before they are published."""

    class Meta:
        abstract = True

    def publish(self, revision, **kwargs):
        """Publish a revision; raises PublicationRefusedError, with nothing changed, when a check refuses it."""
        check_publication(self, revision)
        token = _publishing_user.set(kwargs.get("user"))
        try:
            return super().publish(revision, **kwargs)
        finally:
            _publishing_user.reset(token)
