"""The only place that makes Redis clients.

Everything kept there is a hint: it may vanish at any moment, and PostgreSQL still has the truth.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from django.conf import settings

# Seconds. Local Redis answers in less than a millisecond; a page does not wait long for one that hangs.
TIMEOUT = 2.0

_async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = WeakKeyDictionary()


def redis_client() -> redis.Redis:
    """Return this process's client for `REDIS_URL`; threads share it. Answers are bytes.

    Commands raise `redis.RedisError` when Redis is away. A blocking read (`XREAD BLOCK`, `BLPOP`) needs a client
    that waits longer: `blocking_redis_client`.
    """
    return _client(settings.REDIS_URL, TIMEOUT)


def blocking_redis_client(wait: float) -> redis.Redis:
    """Return a client of its own for reads that block for up to `wait` seconds. The caller closes it."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=wait + TIMEOUT)


def async_redis_client(wait: float = 0) -> redis.asyncio.Redis:
    """Return the asynchronous client of the running event loop, or one of its own for reads that block.

    `wait` is how long (seconds) a single command may block; with one, the caller closes the client.
    """
    if wait:
        return redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=wait + TIMEOUT
        )
    loop = asyncio.get_running_loop()
    client = _async_clients.get(loop)
    if client is None:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT
        )
        _async_clients[loop] = client
    return client


@lru_cache(maxsize=4)
def _client(url: str, timeout: float) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=timeout, socket_timeout=timeout)
