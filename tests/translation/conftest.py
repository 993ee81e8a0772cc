"""What tests of translation share."""

from __future__ import annotations

import pytest

from tests.factories.articles import site_in


@pytest.fixture
def site(db):
    """The first site, in English, Hindi and Tamil."""
    return site_in("hi", "ta")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Run a call the way a committed transaction would."""

    def run(call, *args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return call(*args, **kwargs)

    return run
