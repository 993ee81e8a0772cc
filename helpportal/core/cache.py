"""Django's cache in Redis, which goes on without Redis: then nothing is found and nothing is kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from .redis import redis_client

logger = logging.getLogger(__name__)


class SharedClient(RedisCacheClient):
    """Works on the process's own client.

    Django makes a cache object for each request where a request has a context of its own, and with it a pool of
    connections that lasts for that one request.
    """

    def get_client(self, key=None, *, write=False):
        return redis_client()


def without_redis(method: Callable, answer: Callable[..., Any]) -> Callable:
    """Return a method that answers `answer(*arguments)` when Redis is away."""

    @wraps(method)
    def tolerant(self, *args, **kwargs):
        try:
            return method(self, *args, **kwargs)
        except redis.RedisError as error:
            logger.warning("The cache goes without Redis, which does not answer: %s", error)
            return answer(*args, **kwargs)

    return tolerant


def the_default(_key: str, default: Any = None, **_arguments) -> Any:
    return default


def not_done(*_arguments, **_named) -> bool:
    return False


def nothing_found(*_arguments, **_named) -> dict:
    return {}


def all_failed(data: dict, **_arguments) -> list:
    return list(data)


class TolerantRedisCache(RedisCache):
    """For what can be worked out again at any time. Nothing else may be kept in a cache."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = SharedClient

    get = without_redis(RedisCache.get, the_default)
    add = without_redis(RedisCache.add, not_done)
    set = without_redis(RedisCache.set, not_done)
    touch = without_redis(RedisCache.touch, not_done)
    delete = without_redis(RedisCache.delete, not_done)
    get_many = without_redis(RedisCache.get_many, nothing_found)
    set_many = without_redis(RedisCache.set_many, all_failed)
    delete_many = without_redis(RedisCache.delete_many, not_done)
    has_key = without_redis(RedisCache.has_key, not_done)
    clear = without_redis(RedisCache.clear, not_done)
