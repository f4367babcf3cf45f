"""Pages are read in a process that may die without taking anything along."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from crawler.pages import PageError
from crawler.reading import Reader, Readers, Unread

NOW = datetime(2026, 11, 24, tzinfo=UTC)
WORDS = "The council voted on Tuesday, nine to two, and the system has to go by the end of the month. "
PAGE = f"<html><head><title>The vote</title></head><body><article><h1>The vote</h1><p>{WORDS * 4}</p></article></body>"


def page(html: str = PAGE) -> Unread:
    return Unread(html=html.encode(), url="https://paper.example/2026/11/vote", fetched=NOW)


def test_a_page_is_read_in_another_process() -> None:
    with Reader() as reader:
        article = reader.read(page())
        assert (article.title, article.url, article.fetched) == ("The vote", page().url, NOW)
        assert article.text.startswith("The council voted")
        first = reader._process
        reader.read(page())
        assert reader._process is first


def test_what_is_no_article_says_why() -> None:
    with Reader() as reader, pytest.raises(PageError) as error:
        reader.read(page("<html><title>Page not found</title><body></body></html>"))
    assert error.value.reason == "soft_404"


def test_a_reader_that_was_killed_is_replaced() -> None:
    with Reader() as reader:
        reader.read(page())
        assert reader._process
        reader._process.kill()
        assert reader.read(page()).title == "The vote"


@pytest.mark.slow
def test_a_page_without_end_is_given_up_and_the_next_is_read() -> None:
    flat = "<html><head><title>Flat</title></head><body>" + "".join(f"<p>news {n}</p>" for n in range(300_000))
    with Reader() as reader:
        with pytest.raises(PageError) as error:
            reader.read(page(flat))
        assert error.value.reason in ("read_timeout", "too_large")
        assert reader.read(page()).title == "The vote"


def test_a_reader_that_takes_too_long_by_the_clock_is_ended() -> None:
    with Reader(seconds=0.0) as reader:
        with pytest.raises(PageError) as error:
            reader.read(page(PAGE.replace("</article>", f"<p>{WORDS}</p>" * 20_000)))
        assert error.value.reason == "read_timeout"
        assert reader._process is None


def test_several_pages_wait_for_one_reader() -> None:
    async def read_all() -> list[str]:
        readers = Readers(1)
        try:
            return [article.title for article in await asyncio.gather(*(readers.read(page()) for _ in range(5)))]
        finally:
            readers.close()

    assert asyncio.run(read_all()) == ["The vote"] * 5


def test_a_page_that_is_broken_off_with_the_run_has_not_crashed() -> None:
    flat = "<html><head><title>Flat</title></head><body>" + "".join(f"<p>news {n}</p>" for n in range(300_000))
    with Reader() as reader:
        reader.read(page())
        ending = threading.Timer(0.2, reader.end)
        ending.start()
        with pytest.raises(PageError) as error:
            reader.read(page(flat))
        ending.join()
        assert error.value.reason == "stopped"
        assert reader._process is None
