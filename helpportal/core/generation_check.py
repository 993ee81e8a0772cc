"""Asking for the generation from many requests at once, with one question to Redis for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import redis

from .generation import key, new_word
from .redis import async_redis_client

TIMEOUT = 0.5  # seconds; a request goes on without the store rather than wait longer
PAUSE = 1.0  # seconds without questions after Redis has failed to answer


class GenerationCheck:
    """Answers `current()` with a generation that was read after the call.

    Calls that come while a question is under way share the next one, as commits share a flush to disk. So under
    load a question serves dozens of requests, and no answer is older than the request it is for.
    """

    def __init__(self, on_answer: Callable[[str | None], None]):
        """`on_answer` hears every answer, in the order in which Redis gave them."""
        self._on_answer = on_answer
        self._waiting: asyncio.Future[str | None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._silent_until = 0.0

    async def current(self) -> str | None:
        """Return the generation, or None when Redis is away."""
        if self._waiting is None:
            self._waiting = asyncio.get_running_loop().create_future()
            if self._asking is None:
                self._asking = asyncio.create_task(self._ask_until_nobody_waits())
        return await asyncio.shield(self._waiting)

    async def _ask_until_nobody_waits(self) -> None:
        try:
            while self._waiting is not None:
                waiting, self._waiting = self._waiting, None
                word = await self._ask()
                self._on_answer(word)
                waiting.set_result(word)
        finally:
            self._asking = None

    async def _ask(self) -> str | None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._silent_until:
            return None
        try:
            async with asyncio.timeout(TIMEOUT):
                client = async_redis_client()
                name = key()
                word = await client.get(name)
                if word is None:
                    await client.set(name, new_word(), nx=True)
                    word = await client.get(name)
        except (redis.RedisError, OSError, TimeoutError):
            self._silent_until = loop.time() + PAUSE
            return None
        return word.decode() if word else None
