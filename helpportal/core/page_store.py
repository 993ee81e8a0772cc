"""Published pages in memory, as they go over the wire: what the front of the web process answers from.

The front asks for the generation after a request has come in, so an answer is never older than the last change that
was committed before the request. The entries of a generation that has ended are dropped at once.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import brotli
from django.http import HttpRequest, HttpResponse

from .generation import SCOPE_KEY
from .memory import BoundedStore

# Only between Django and the front of the same process; the front takes it off before anything is sent.
STORABLE_HEADER = "X-Portal-Storable"

STORE_BYTES = 64 * 1024 * 1024
LARGEST_ENTRY = 4 * 1024 * 1024
SMALLEST_COMPRESSED = 400
QUICK_BROTLI, BEST_BROTLI = 5, 11
GZIP_LEVEL = 6
COMPRESSIBLE = (b"text/", b"application/xml", b"application/json", b"image/svg+xml")

Headers = list[tuple[bytes, bytes]]


def mark_storable(request: HttpRequest, response: HttpResponse) -> None:
    """Allow the front to answer the same address from memory for everybody who is not signed in.

    For responses that are the same for all of them: what decides is the address, and neither cookie nor language of
    the browser. Where no front stands before Django nothing is marked.
    """
    response.same_for_everybody = True
    scope = request.META.get("asgi.scope") or {}
    if scope.get(SCOPE_KEY):
        response.headers[STORABLE_HEADER] = "1"


@dataclass
class StoredPage:
    """One response in all the encodings it is sent in."""

    headers: Headers
    etag: bytes
    bodies: dict[bytes, bytes]
    ready: dict[bytes, Headers] = field(default_factory=dict)

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> StoredPage:
        """Make an entry of a response. Takes a millisecond or so for compression; see `improve`."""
        etag = b'W/"' + hashlib.blake2b(body, digest_size=12).hexdigest().encode() + b'"'
        kept = [(name, value) for name, value in headers if name not in (b"content-length", b"etag", b"vary")]
        varying = ", ".join(value.decode("latin1") for name, value in headers if name == b"vary")
        vary = f"{varying}, Accept-Encoding" if varying else "Accept-Encoding"
        page = cls([*kept, (b"vary", vary.encode("latin1")), (b"etag", etag)], etag, {b"identity": body})
        content_type = next((value for name, value in headers if name == b"content-type"), b"")
        if len(body) >= SMALLEST_COMPRESSED and content_type.startswith(COMPRESSIBLE):
            page.bodies[b"br"] = brotli.compress(body, quality=QUICK_BROTLI)
            page.bodies[b"gzip"] = gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)
        page._prepare()
        return page

    def improve(self) -> None:
        """Compress as well as possible: some thirty times the work, for a page that is read more than once."""
        if b"br" in self.bodies:
            self.bodies = {**self.bodies, b"br": brotli.compress(self.bodies[b"identity"], quality=BEST_BROTLI)}
            self._prepare()

    def _prepare(self) -> None:
        ready = {}
        for encoding, body in self.bodies.items():
            extra = [] if encoding == b"identity" else [(b"content-encoding", encoding)]
            ready[encoding] = [*self.headers, *extra, (b"content-length", str(len(body)).encode())]
        self.ready = ready

    @property
    def size(self) -> int:
        return 2000 + sum(map(len, self.bodies.values()))

    def not_modified_headers(self) -> Headers:
        return [(name, value) for name, value in self.headers if name != b"content-type"]

    def variant(self, accept_encoding: bytes) -> tuple[Headers, bytes]:
        """Return headers and body in the best encoding that the client takes."""
        # The two are replaced one after the other by `improve`: a length must belong to its body.
        for encoding in encodings(accept_encoding):
            body = self.bodies.get(encoding)
            if body is not None:
                headers = self.ready[encoding]
                if headers[-1][1] != str(len(body)).encode():
                    headers = [*headers[:-1], (b"content-length", str(len(body)).encode())]
                return headers, body
        return self.ready[b"identity"], self.bodies[b"identity"]


@lru_cache(maxsize=512)
def encodings(accept_encoding: bytes) -> tuple[bytes, ...]:
    """Return what we can send of what an Accept-Encoding header allows, best first."""
    refused, named = set(), set()
    for part in accept_encoding.lower().split(b","):
        name, _, parameters = part.partition(b";")
        weight = parameters.replace(b" ", b"").partition(b"q=")[2]
        try:
            zero = bool(weight) and float(weight) == 0
        except ValueError:
            zero = True
        (refused if zero else named).add(name.strip())
    wanted = [name for name in (b"br", b"gzip") if name in named or (b"*" in named and name not in refused)]
    return (*wanted, b"identity")


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Tell whether an If-None-Match header names this entity tag, by the weak comparison of RFC 9110."""
    opaque = etag.removeprefix(b"W/")
    return any(
        candidate == b"*" or candidate.removeprefix(b"W/") == opaque
        for candidate in (part.strip() for part in if_none_match.split(b","))
    )


class PageStore:
    """The stored pages of one generation."""

    def __init__(self, max_bytes: int = STORE_BYTES):
        self.generation: str | None = None
        self.entries: BoundedStore[StoredPage] = BoundedStore(max_bytes)

    def begin(self, generation: str | None) -> None:
        """Go over to a generation; the pages of any other are dropped."""
        if generation != self.generation:
            self.generation = generation
            self.entries.clear()

    def get(self, key: Hashable) -> StoredPage | None:
        return self.entries.get(key)

    def put(self, key: Hashable, page: StoredPage, generation: str) -> None:
        """Keep a page that was rendered in `generation`, unless that has ended meanwhile."""
        if generation == self.generation:
            self.entries.put(key, page, page.size)


def is_storable(status: int, headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Tell whether a response may be given to others: marked by its view, and with nothing personal in it."""
    storable = STORABLE_HEADER.lower().encode()
    names = {name for name, _value in headers}
    if status != 200 or storable not in names or b"set-cookie" in names or b"content-encoding" in names:
        return False
    varying = {part.strip().lower() for name, value in headers if name == b"vary" for part in value.split(b",")}
    # Who is signed in never comes here: nothing else that a response may vary by is part of the key.
    return varying <= {b"cookie", b"accept-encoding", b""}
