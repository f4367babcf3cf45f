"""Articles spread over several pages: followed while they go on, put together, and never with another article."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import blotter
from hosted import hosted
from matter import NOW
from memory_queue import MemoryQueue
from news_web import Clock, run

from crawler.archive import ArchiveWriter, Exchange
from crawler.items import Article
from crawler.pages.generic import read_page
from crawler.pages.parts import MAX_PAGES, is_same_article, joined

TITLE = "Harbour council votes for the tide mill"
DAY = "2026-11-20"


def html(number: int, *, last: int, title: str = TITLE, day: str = DAY, link: str = "/mill/{}") -> str:
    """One page of an article on a tide mill, of so many pages."""
    paragraphs = "".join(
        f"<p>Part {number} of the debate, point {point}: the council heard that the mill would turn with every tide, "
        f"and that speaker {number * 10 + point} of the evening wanted it built before the winter of next year.</p>"
        for point in range(4)
    )
    following = f'<link rel="next" href="{link.format(number + 1)}">' if number < last else ""
    intro = (
        "<p>This paragraph stands at the top of every page, as the first of the article and to remind its reader.</p>"
    )
    return (
        f'<html><head><title>{title}</title><meta property="article:published_time" content="{day}">{following}</head>'
        f"<body><main><h1>{title}</h1>{intro}{paragraphs}</main></body></html>"
    )


def page(number: int, *, last: int = 3, title: str = TITLE, day: str = DAY) -> Article:
    return read_page(html(number, last=last, title=title, day=day), f"https://a.example/mill/{number}", fetched=None)


def crawled(pages: dict[str, str], tmp_path: Path) -> tuple[Article, list[str], MemoryQueue]:
    clock = Clock()
    with hosted(pages) as (site, asked):
        queue = MemoryQueue(urls=[f"{site}/mill"], now=clock())
        run(queue, tmp_path, clock)
    (article,) = queue.articles.values()
    assert queue.leased == {}
    return article, asked, queue


def test_later_pages_are_joined_in_order_and_what_they_repeat_is_said_once() -> None:
    whole = joined(page(1), [page(2), page(3)])
    starts = [paragraph[:14] for paragraph in whole.text.split("\n\n")]
    assert starts == ["This paragraph", *["Part 1 of the "] * 4, *["Part 2 of the "] * 4, *["Part 3 of the "] * 4]
    assert whole.next_page is None
    assert "more_pages" not in whole.signals
    assert (whole.url, whole.title) == (page(1).url, TITLE)


def test_an_article_that_was_not_followed_to_its_end_says_so() -> None:
    whole = joined(page(1), [page(2)])
    assert whole.next_page == "https://a.example/mill/3"
    assert "more_pages" in whole.signals


@pytest.mark.parametrize(
    ("title", "day", "is_same"),
    [
        (f"{TITLE} - Page 2", DAY, True),
        (f"{TITLE} (2/3)", DAY, True),
        ("Harbour council votes against the lock", DAY, False),
        (TITLE, "2026-11-27", False),
    ],
)
def test_only_a_page_with_the_same_headline_and_day_goes_on_with_an_article(
    title: str, day: str, is_same: bool
) -> None:
    assert is_same_article(page(1), page(2, title=title, day=day)) is is_same


def test_the_crawler_follows_an_article_over_its_pages(tmp_path: Path) -> None:
    pages = {"/mill": html(1, last=3), "/mill/2": html(2, last=3), "/mill/3": html(3, last=3)}
    article, asked, queue = crawled(pages, tmp_path)
    assert "Part 3 of the debate, point 3" in article.text
    assert article.url.endswith("/mill")
    assert asked == ["/robots.txt", "/mill", "/mill/2", "/mill/3"]
    assert not queue.failures
    assert all(fetch.warc_file for fetch in queue.fetches)


def test_a_later_page_that_fails_leaves_what_was_read(tmp_path: Path) -> None:
    article, _, queue = crawled({"/mill": html(1, last=3), "/mill/2": html(2, last=3)}, tmp_path)
    assert "Part 2 of the debate, point 3" in article.text
    assert "more_pages" in article.signals
    assert not queue.failures


def test_the_next_article_of_a_series_is_not_added(tmp_path: Path) -> None:
    pages = {"/mill": html(1, last=2), "/mill/2": html(2, last=2, title="The mill before the court")}
    article, _, _ = crawled(pages, tmp_path)
    assert "Part 2" not in article.text


def test_pages_in_a_circle_and_without_end_are_left(tmp_path: Path) -> None:
    circle = {"/mill": html(1, last=3), "/mill/2": html(2, last=3, link="/mill/2?page={}")}
    circle |= {f"/mill/2?page={n}": html(n, last=n + 1, link=f"/mill/{n % 3 + 2}") for n in range(2, 5)}
    _, asked, _ = crawled(circle, tmp_path / "circle")
    assert len(asked) == len(set(asked))
    endless = {"/mill": html(1, last=99)} | {f"/mill/{n}": html(n, last=99) for n in range(2, 30)}
    _, asked, _ = crawled(endless, tmp_path / "endless")
    assert len(asked) == MAX_PAGES + 1


def test_an_article_of_several_pages_is_read_again_whole_from_the_archive(tmp_path: Path) -> None:
    home = tmp_path / "home"
    pages = {"/mill": html(1, last=3), "/mill/2": html(2, last=3), "/mill/3": html(3, last=3)}
    with hosted(pages) as (site, _):
        options = ("--contact", "desk@newsroom.example", "--allow-network", "127.0.0.0/8", "-q")
        added = blotter("add", f"{site}/mill", *options, home=home, cwd=tmp_path)
    assert added.returncode == 0, added.stdout + added.stderr
    with closing(sqlite3.connect(home / "work.db")) as db, db:
        ((text,),) = db.execute("select text from article_text").fetchall()
        db.execute("update article_text set text = 'Worse'")
        db.execute("update articles set text_sha256 = '0', record_sha256 = '0'")
    assert "Part 3 of the debate, point 3" in text
    again = blotter("rebuild", "--from", "archive", "--quiet", home=home, cwd=tmp_path)
    assert "read again: 1 replaced" in again.stdout, again.stdout + again.stderr
    with closing(sqlite3.connect(home / "work.db")) as db:
        assert db.execute("select text from article_text").fetchall() == [(text,)]


def warc(folder: Path, pages: dict[str, str]) -> Path:
    """A WARC file in which these pages stand in this order."""
    with closing(ArchiveWriter(folder / "given", software="test", now=NOW)) as writer:
        for path, words in pages.items():
            headers = (("Content-Type", "text/html; charset=utf-8"),)
            url = f"https://a.example{path}"
            writer.write(Exchange(url=url, at=NOW, status=200, headers=headers, body=words.encode(), notes={}))
    (file,) = (folder / "given").iterdir()
    return file


def texts_of(home: Path) -> dict[str, str]:
    with closing(sqlite3.connect(home / "work.db")) as db:
        return dict(
            db.execute("select url, text from articles join article_text on article_text.article_id = articles.id")
        )


def test_the_pages_of_one_article_in_a_warc_file_become_one_whatever_their_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    pages = {"/mill/3": html(3, last=3), "/mill": html(1, last=3), "/mill/2": html(2, last=3)}
    file = warc(tmp_path, pages | {"/lock": html(1, last=1, title="The old lock is for sale")})
    added = blotter("add", str(file), "-q", home=home, cwd=tmp_path)
    assert "added: 2 new" in added.stdout, added.stdout + added.stderr
    texts = texts_of(home)
    assert sorted(texts) == ["https://a.example/lock", "https://a.example/mill"]
    assert "Part 3 of the debate, point 3" in texts["https://a.example/mill"]
    with closing(sqlite3.connect(home / "work.db")) as db:
        kept = {url for (url,) in db.execute("select url from fetches where warc_file is not null")}
    assert kept == {f"https://a.example{path}" for path in ("/lock", "/mill", "/mill/2", "/mill/3")}


def test_a_later_page_in_a_warc_file_that_is_another_article_is_added_by_itself(tmp_path: Path) -> None:
    pages = {"/mill/2": html(2, last=2, title="The mill before the court"), "/mill": html(1, last=2)}
    added = blotter("add", str(warc(tmp_path, pages)), "-q", home=tmp_path / "home", cwd=tmp_path)
    assert "added: 2 new" in added.stdout, added.stdout + added.stderr
    assert "Part 2" not in texts_of(tmp_path / "home")["https://a.example/mill"]
