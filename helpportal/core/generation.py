"""The generation: a random word in Redis that changes whenever something that readers can see has changed.

Whatever a process keeps in memory about pages is kept under the generation it was made in, and used only while
that is still the current one. So one write to one key empties the caches of every process at once, and a Redis
that lost everything only makes a new word, under which nothing is kept yet.
"""

from __future__ import annotations

import logging
import secrets

import redis
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from .redis import redis_client

logger = logging.getLogger(__name__)

# Where the front of the web process leaves the generation that it has already asked for.
SCOPE_KEY = "helpportal.generation"


def key() -> str:
    """Name of the generation's key in Redis."""
    return f"{settings.CACHES['default'].get('KEY_PREFIX', 'helpportal')}:generation"


def new_word() -> str:
    return secrets.token_hex(8)


def current() -> str | None:
    """Return the generation, or None when Redis is away: then nothing may be taken from memory or kept there."""
    try:
        client = redis_client()
        word = client.get(key())
        if word is None:
            client.set(key(), new_word(), nx=True)
            word = client.get(key())
    except redis.RedisError:
        return None
    return word.decode() if word else None


def of_request(request: HttpRequest) -> str | None:
    """Return the generation that a request is answered in: asked for once, after the request came in.

    None inside a transaction: what is read there may never be committed, so nothing of it is kept.
    """
    if transaction.get_connection().in_atomic_block:
        return None
    if not hasattr(request, "_portal_generation"):
        scope = request.META.get("asgi.scope") or {}
        request._portal_generation = scope[SCOPE_KEY] if SCOPE_KEY in scope else current()
    return request._portal_generation


def renew() -> None:
    """Start a new generation now."""
    try:
        redis_client().set(key(), new_word())
    except redis.RedisError as error:
        # The front of every process drops an entry after a while even when it is never told of a change.
        logger.warning("Published pages in memory could not be renewed, Redis does not answer: %s", error)


def renew_on_commit(**_signal) -> None:
    """Start a new generation once the running transaction is committed. Fits as a signal receiver."""
    connection = transaction.get_connection()
    # Many signals in one transaction ask for one renewal.
    if any(function is renew for _savepoints, function, *_rest in connection.run_on_commit):
        return
    transaction.on_commit(renew)
