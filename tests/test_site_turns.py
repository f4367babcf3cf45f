"""Whose turn it is: pages one after another, and past them what costs nothing or takes as long as its reader."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from data.site.middleware import App, Message, wrap
from data.site.turns import Turns


class Pages:
    """An app whose pages wait until they may be made, and that counts how often each is."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.slow_may_end = asyncio.Event()

    async def __call__(self, scope: Message, receive: Any, send: Any) -> None:
        path = scope["path"]
        self.begun.append(path)
        if "slow" in path:
            await self.slow_may_end.wait()
        assert "broken" not in path, "this one fails"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": path.encode()})


async def ask(app: App, path: str, query: bytes = b"") -> bytes:
    """The body of the answer."""
    parts: list[bytes] = []

    async def send(message: Message) -> None:
        parts.append(message.get("body", b""))

    await app({"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}, None, send)
    return b"".join(parts)


def within_seconds(readers: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(readers(), 10))


@pytest.mark.parametrize(
    "path",
    ["/-/health", "/static/site.css", "/robots.txt", "/blotter.db", "/releases/latest/csv/quotes.csv",
     "/blotter/quotes.csv?_stream=on"],
)  # fmt: skip
def test_what_costs_nothing_or_streams_waits_for_no_page(path):
    async def readers() -> None:
        pages = Pages()
        app = wrap(pages, lambda: False, Turns(patience=60))
        slow = [asyncio.create_task(ask(app, f"/slow{n}")) for n in range(3)]
        await asyncio.sleep(0)
        address, _, query = path.partition("?")
        assert await ask(app, address, query.encode()) == address.encode()
        assert pages.begun == ["/slow0", address]
        pages.slow_may_end.set()
        assert await asyncio.gather(*slow) == [b"/slow0", b"/slow1", b"/slow2"]

    within_seconds(readers)


@pytest.mark.parametrize("path", ["/blotter/quotes", "/blotter/quotes.csv", "/releases/latest", "/blotter/a.db/x"])
def test_pages_wait_for_their_turn(path):
    async def readers() -> None:
        pages = Pages()
        app = wrap(pages, lambda: False, Turns(patience=60))
        both = [asyncio.create_task(ask(app, asked)) for asked in ("/slow", path)]
        for _ in range(10):
            await asyncio.sleep(0)
        assert pages.begun == ["/slow"]
        pages.slow_may_end.set()
        await asyncio.gather(*both)

    within_seconds(readers)


def test_a_page_that_two_ask_for_at_once_is_made_once():
    async def readers() -> None:
        pages = Pages()
        app = wrap(pages, lambda: False, Turns(patience=60))
        both = [asyncio.create_task(ask(app, "/slow")) for _ in range(2)]
        await asyncio.sleep(0)
        pages.slow_may_end.set()
        assert await asyncio.gather(*both) == [b"/slow", b"/slow"]
        assert pages.begun == ["/slow"]

    within_seconds(readers)


def test_a_failure_reaches_its_reader_and_leaves_the_turn_to_the_next():
    async def readers() -> None:
        app = wrap(Pages(), lambda: False, Turns(patience=60))
        failed, page = await asyncio.gather(ask(app, "/broken"), ask(app, "/page"), return_exceptions=True)
        assert isinstance(failed, AssertionError)
        assert page == b"/page"

    within_seconds(readers)


def test_many_that_wait_wait_no_longer_together_than_a_few():
    """Each of fifty slow pages would else be begun a whole patience after the one before."""

    async def readers() -> None:
        pages, patience, number = Pages(), 0.1, 50
        app = wrap(pages, lambda: False, Turns(patience))
        began = asyncio.get_running_loop().time()
        slow = [asyncio.create_task(ask(app, f"/slow{n}")) for n in range(number)]
        while len(pages.begun) < number:
            await asyncio.sleep(0.01)
        assert asyncio.get_running_loop().time() - began < patience * number / 2
        pages.slow_may_end.set()
        await asyncio.gather(*slow)

    within_seconds(readers)


def test_pages_are_made_one_after_another():
    """In the order in which they were asked for, one that failed among them."""
    at_work: list[int] = []
    made: list[int] = []

    async def page(number: int) -> None:
        at_work.append(number)
        await asyncio.sleep(0)
        assert at_work == [number]
        at_work.clear()
        made.append(number)
        assert number != 2, "this one fails"

    async def readers() -> None:
        turns = Turns(patience=60)
        found = await asyncio.gather(*(turns.take(lambda n=n: page(n)) for n in range(5)), return_exceptions=True)
        assert [bool(failure) for failure in found] == [False, False, True, False, False]

    asyncio.run(readers())
    assert made == [0, 1, 2, 3, 4]


def test_a_slow_page_does_not_hold_up_the_next():
    async def readers() -> None:
        turns, others_are_made = Turns(patience=0.01), asyncio.Event()

        async def others() -> None:
            others_are_made.set()

        slow = asyncio.create_task(turns.take(others_are_made.wait))
        await turns.take(others)
        await slow
        await turns.take(others)

    asyncio.run(asyncio.wait_for(readers(), 10))


def test_a_reader_who_leaves_while_waiting_leaves_the_turn_to_the_next():
    async def readers() -> None:
        turns, first_may_end = Turns(patience=60), asyncio.Event()
        first, gone, last = (asyncio.create_task(turns.take(work)) for work in (first_may_end.wait,) * 3)
        await asyncio.sleep(0)
        gone.cancel()
        first_may_end.set()
        await asyncio.gather(first, last)
        assert gone.cancelled()

    asyncio.run(asyncio.wait_for(readers(), 10))
