"""Around every request: the newest build, a page cache that goes with it, headers."""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from data.site.desk import begin_page
from data.site.guard import HEADERS, tamed
from data.site.turns import Turns

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Any, Send], Awaitable[None]]

_ROOM = 64_000_000
_PAGE = 1_000_000
_NO_TURN = re.compile(r"/(-|static)/|/(robots\.txt|favicon\.ico)$|/releases/[^/]+/.|/[^/]+\.db$")
"""Paths of what costs next to nothing, or is a file that is sent for as long as its reader takes."""
_KEPT_TYPES = (b"text/html", b"application/json", b"application/atom+xml", b"text/css", b"image/svg+xml")


@dataclass(slots=True)
class Answer:
    """A page as it was sent."""

    start: Message
    body: bytes


@dataclass(slots=True)
class PageCache:
    """The pages asked for last, up to a number of bytes."""

    room: int = _ROOM
    size: int = 0
    build: int = 0
    """Counts up with each build: what was begun on an older one is not kept."""
    pages: OrderedDict[bytes, Answer] = field(default_factory=OrderedDict)

    def get(self, key: bytes) -> Answer | None:
        """The page, if it is kept."""
        if found := self.pages.get(key):
            self.pages.move_to_end(key)
        return found

    def keep(self, key: bytes, answer: Answer, *, build: int) -> None:
        """Keep a page of the build that is served, and forget those that nobody asked for the longest."""
        if build != self.build:
            return
        self.size += len(answer.body) - (len(self.pages[key].body) if key in self.pages else 0)
        self.pages[key] = answer
        self.pages.move_to_end(key)
        while self.size > self.room:
            self.size -= len(self.pages.popitem(last=False)[1].body)

    def clear(self) -> None:
        """Forget everything: another build is served."""
        self.pages.clear()
        self.size = 0
        self.build += 1


def wrap(app: App, look: Callable[[], bool], turns: Turns | None = None) -> App:
    """The app with the newest build, kept pages and headers; ``look`` says whether another build has come."""
    cache, turns = PageCache(), turns or Turns()

    async def wrapped(scope: Message, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if look():
            cache.clear()
        begin_page()
        scope = {**scope, "query_string": tamed(scope["query_string"])}
        key = _key(scope)
        if _takes_no_turn(scope):
            await made(scope, receive, send, key)
        elif not await _is_sent(cache, key, send):
            await turns.take(lambda: made(scope, receive, send, key))

    async def made(scope: Message, receive: Any, send: Send, key: bytes | None) -> None:
        if not await _is_sent(cache, key, send):  # another reader may have had the same page made by now
            await app(scope, receive, _recording(send, cache, key))

    return wrapped


def _takes_no_turn(scope: Message) -> bool:
    path: str = scope["path"]
    return bool(_NO_TURN.match(path)) or (path.endswith(".csv") and b"_stream" in scope["query_string"])


async def _is_sent(cache: PageCache, key: bytes | None, send: Send) -> bool:
    """Is the page kept; if so, it has been sent."""
    kept = cache.get(key) if key else None
    if kept is None:
        return False
    await send(kept.start)
    await send({"type": "http.response.body", "body": kept.body})
    return True


def _key(scope: Message) -> bytes | None:
    """What tells one page from another; ``None`` for what is not kept."""
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    if scope["method"] != "GET" or b"sql=" in query or b"_stream" in query or re.search(r"/(-|releases)(/|$)", path):
        return None
    hosts = [value for name, value in scope["headers"] if name in (b"host", b"x-forwarded-proto")]
    return b"\n".join([scope.get("raw_path") or path.encode(), query, *hosts])


def _recording(send: Send, cache: PageCache, key: bytes | None) -> Send:
    """A ``send`` that adds the headers and keeps the whole page if it is one to keep."""
    start: Message = {}
    body = bytearray()
    build = cache.build

    async def recorded(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", [])}
            added = [header for header in HEADERS if header[0] not in present]
            message = start = {**message, "headers": [*message.get("headers", []), *added]}
        elif key and message["type"] == "http.response.body" and len(body) <= _PAGE:
            body.extend(message.get("body", b""))
            if not message.get("more_body") and _is_kept(start, body):
                cache.keep(key, Answer(start, bytes(body)), build=build)
        await send(message)

    return recorded


def _is_kept(start: Message, body: bytearray) -> bool:
    headers = dict(start.get("headers", []))
    kind = headers.get(b"content-type", b"")
    return (
        start.get("status") == 200
        and len(body) <= _PAGE
        and kind.startswith(_KEPT_TYPES)
        and b"set-cookie" not in headers
    )
