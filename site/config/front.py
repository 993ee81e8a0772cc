"""What stands before Django in the web process: published pages, answered from memory."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

from helpportal.core.generation import SCOPE_KEY
from helpportal.core.generation_check import GenerationCheck
from helpportal.core.page_store import (
    LARGEST_ENTRY,
    STORABLE_HEADER,
    STORE_BYTES,
    Headers,
    PageStore,
    StoredPage,
    is_storable,
    matches,
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

INTERNAL = STORABLE_HEADER.lower().encode()
# Files and the admin are never stored, and ask no question.
PASSED_ON = ("/static/", "/media/", "/documents/", "/admin/", "/healthz", "/readyz")


class Front:
    """An ASGI application that answers published pages for people who are not signed in, and passes on the rest."""

    def __init__(self, django: Application, max_bytes: int = STORE_BYTES):
        self.django = django
        self.store = PageStore(max_bytes)
        self.check = GenerationCheck(on_answer=self.store.begin)
        self.rendering: dict[tuple, asyncio.Future[StoredPage | None]] = {}
        self.background: set[asyncio.Future] = set()
        # A request with one of these belongs to somebody, or has something to tell only them.
        self.personal_cookies = tuple(
            f"{name}=".encode() for name in (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
        )
        proxy = settings.SECURE_PROXY_SSL_HEADER
        self.scheme_header = proxy[0].removeprefix("HTTP_").replace("_", "-").lower().encode() if proxy else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD") or scope["path"].startswith(PASSED_ON):
            await self.django(scope, receive, without_mark(send))
            return
        generation = await self.check.current()
        scope[SCOPE_KEY] = generation
        headers = dict(scope["headers"])
        if generation is None or scope["query_string"] or self.is_personal(headers):
            await self.django(scope, receive, without_mark(send))
            return
        key = self.key(scope, headers)
        page = self.store.get(key)
        if page is None:
            page = await self.render(key, generation, scope, receive, send)
        if page is not None:
            await answer(page, scope["method"], headers, send)

    def is_personal(self, headers: dict[bytes, bytes]) -> bool:
        cookies = headers.get(b"cookie", b"")
        return b"authorization" in headers or any(name in cookies for name in self.personal_cookies)

    def key(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple:
        forwarded = headers.get(self.scheme_header, b"") if self.scheme_header else b""
        return headers.get(b"host", b"").lower(), scope["scheme"], forwarded, scope["path"]

    async def render(
        self, key: tuple, generation: str, scope: Scope, receive: Receive, send: Send
    ) -> StoredPage | None:
        """Have Django answer: returns what may be sent to others too; sends the rest itself and returns None.

        Requests for one page that come while it is rendered wait for it. It may have been begun before they came,
        but in the generation that they found afterwards: nothing has changed in between.
        """
        if scope["method"] == "HEAD":
            await self.django(scope, receive, without_mark(send))
            return None
        same = (generation, *key)
        under_way = self.rendering.get(same)
        if under_way is not None:
            page = await asyncio.shield(under_way)
            if page is None:
                await self.django(scope, receive, without_mark(send))
            return page
        result = self.rendering[same] = asyncio.get_running_loop().create_future()
        page = None
        try:
            page = await self.capture(scope, receive, send)
            if page is not None:
                self.store.put(key, page, generation)
                self.improve(page)
        finally:
            del self.rendering[same]
            result.set_result(page)
        return page

    async def capture(self, scope: Scope, receive: Receive, send: Send) -> StoredPage | None:
        collecting: list[bytes] = []
        start: Message | None = None
        size = 0

        async def collect(message: Message) -> None:
            nonlocal start, size
            if message["type"] == "http.response.start":
                if is_storable(message["status"], message["headers"]):
                    start = message
                    return
                await without_mark(send)(message)
                return
            if start is None:
                await send(message)
                return
            collecting.append(message.get("body", b""))
            size += len(collecting[-1])
            if size > LARGEST_ENTRY:
                # Too large to keep: from here on it passes through.
                await send({**start, "headers": unmarked(start["headers"])})
                await send({**message, "body": b"".join(collecting)})
                start = None

        await self.django(scope, receive, collect)
        if start is None:
            return None
        return await asyncio.to_thread(StoredPage.of, unmarked(start["headers"]), b"".join(collecting))

    def improve(self, page: StoredPage) -> None:
        task = asyncio.get_running_loop().run_in_executor(None, page.improve)
        self.background.add(task)
        task.add_done_callback(self.background.discard)


async def answer(page: StoredPage, method: str, headers: dict[bytes, bytes], send: Send) -> None:
    """Send a stored page, or that the client has it already."""
    known = headers.get(b"if-none-match")
    if known and matches(known, page.etag):
        await send({"type": "http.response.start", "status": 304, "headers": page.not_modified_headers()})
        await send({"type": "http.response.body", "body": b""})
        return
    own, body = page.variant(headers.get(b"accept-encoding", b""))
    await send({"type": "http.response.start", "status": 200, "headers": own})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


def unmarked(headers: Headers) -> Headers:
    return [(name, value) for name, value in headers if name != INTERNAL]


def without_mark(send: Send) -> Send:
    """Send what Django answers without the header that is only for the front."""

    async def forward(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": unmarked(message["headers"])}
        await send(message)

    return forward
