"""Runs one after another on a news web: everything once, then only what is new or may have changed."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from memory_queue import MemoryQueue
from news_web import LOOPBACK, Clock, Ticking, Web, news_web, run

from crawler.run import crawl
from crawler.settings import build_settings
from data.store import Store

PAGES = Path(__file__).parent.parent.parent / "shared" / "eval" / "articles" / "sah" / "html"
WAYS = [
    ("/feed.xml", "feed"),
    ("/atom.xml", "feed"),
    ("/sitemap.xml", "sitemap"),
    ("/news-sitemap.xml", "sitemap"),
    ("/news-sitemap.xml.gz", "sitemap"),
    ("/list", "listing"),
]


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with news_web(8320, hosts=6, articles=5) as started:
        yield started


@pytest.fixture
def clock(web: Web) -> Clock:
    web.ask("_reset")
    return Clock()


def test_everything_is_found_once_and_then_again_only_what_is_new(web: Web, clock: Clock, tmp_path: Path) -> None:
    sources = [web.source(n, path, kind) for n, (path, kind) in enumerate(WAYS)]
    queue = MemoryQueue(*sources, now=clock())
    first = run(queue, tmp_path, clock, sources=sources)
    assert (first.articles, first.links, dict(first.failures)) == (30, 30, {})
    assert {article.source_id for article in queue.articles.values()} == {source.id for source in sources}

    assert run(queue, tmp_path, clock, sources=sources).requests == 0  # nothing is due

    before = dict(queue.articles)
    web.ask("_reset")
    clock.pass_by(days=10)  # past the last re-check of articles that are looked at then for the last time
    again = run(queue, tmp_path, clock, sources=sources)
    assert (again.articles, again.changed, again.links, again.unchanged) == (0, 0, 0, 30)
    clock.pass_by(hours=25)
    web.ask("_reset")
    quiet = run(queue, tmp_path, clock, sources=sources)
    seen = web.ask("_stats")
    assert "article" not in seen["kinds"]
    assert quiet.not_modified == seen["conditional"] == 6  # five feeds and sitemaps, one of them of two parts
    assert {key: article.text for key, article in before.items()} == {k: a.text for k, a in queue.articles.items()}

    web.ask("_mutate?new=2")
    clock.pass_by(hours=25)
    assert run(queue, tmp_path, clock, sources=sources).articles == 12


def test_articles_are_looked_at_again_by_what_the_server_gave_to_compare(
    web: Web, clock: Clock, tmp_path: Path
) -> None:
    source = web.source(0)
    queue = MemoryQueue(source, now=clock())
    found = run(queue, tmp_path, clock, sources=[source]).articles
    for hours, rest in ((1, 5), (5, 18), (18, 144), (144, None)):
        web.ask("_reset")
        clock.pass_by(hours=hours)
        report = run(queue, tmp_path, clock, sources=[source])
        assert report.unchanged == found
        assert web.ask("_stats")["conditional"] >= found
        due = {queue.due[job.id] for job in queue.jobs.values() if job.kind == "article"}
        assert due == ({None} if rest is None else {clock() + timedelta(hours=rest)})


def test_what_is_due_hourly_is_asked_at_every_run_of_an_hourly_cron(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 12, 7, tzinfo=UTC)  # when the newest article of the web is minutes old
    queue, seen = MemoryQueue(now=start), []
    with news_web(8317, hosts=2, articles=5) as web:
        sources = [web.source(0), web.source(1, "/f/500")]
        for source in sources:
            queue.add("poll", source.url, source.id, start)
        for hour, late in enumerate((2, 0, 1, 0)):  # seconds, by which cron is never early
            web.ask("_mutate?new=2")
            web.ask("_reset")
            clock = Ticking(start + timedelta(hours=hour, seconds=late))
            report = run(queue, tmp_path, clock, sources=sources)
            kinds = web.ask("_stats")["kinds"]
            seen.append((kinds.get("feed", 0), kinds.get("fault", 0), report.unchanged))
    # the feed each time, what fails after one, two and four hours, the articles again after one hour
    assert seen == [(1, 1, 0), (1, 1, 7), (1, 0, 2), (1, 1, 2)]


def test_a_sitemap_index_is_asked_by_the_validators_of_all_its_parts(web: Web, clock: Clock, tmp_path: Path) -> None:
    source = web.source(1, "/sitemap.xml", "sitemap")
    queue = MemoryQueue(source, now=clock())
    run(queue, tmp_path, clock, sources=[source])
    web.ask("_reset")
    web.ask("_mutate?new=1")  # changes the sitemap below, not the index
    clock.pass_by(hours=25)
    assert run(queue, tmp_path, clock, sources=[source]).links == 1


def test_two_new_articles_and_one_edit_are_two_rows_and_one_version_a_site(
    web: Web, clock: Clock, tmp_path: Path
) -> None:
    sources = [web.source(site, *WAYS[site]) for site in range(6)]
    settings = build_settings("tests@example.com", LOOPBACK) | {"DOWNLOAD_DELAY": 0}
    seen: list[list[tuple[str, int, int]]] = []
    polls: list[tuple[str, int]] = []
    with Store(tmp_path / "work.db") as store:
        store.register_sources(sources, now=clock())
        for _ in range(3):
            crawl(
                store.queue(all_due=True), sources={source.id: source for source in sources},
                archive=tmp_path / "archive", settings=settings, now=clock,
                on_poll=lambda id, new: polls.append((id, new)),
            )  # fmt: skip
            rows = store.db.execute("select source_id, count(*), sum(versions) from articles group by 1 order by 1")
            seen.append(rows.fetchall())
            if len(seen) == 1:
                web.ask("_mutate?edit=1")  # first, or it would edit one of the new ones
                web.ask("_mutate?new=2")
            clock.pass_by(hours=1)
    ids = [source.id for source in sources]
    known = seen[0][0][1]
    assert seen[0] == [(id, known, known) for id in ids]
    assert sorted(polls[:6]) == [(id, known) for id in ids]
    assert seen[1] == seen[2] == [(id, known + 2, known + 3) for id in ids]


def test_what_the_server_calls_modified_is_noted(web: Web, clock: Clock, tmp_path: Path) -> None:
    source = web.source(3)
    queue = MemoryQueue(source, now=clock())
    run(queue, tmp_path, clock, sources=[source])
    before = {article.url: article.modified for article in queue.articles.values()}
    web.ask("_mutate?edit=1")
    clock.pass_by(hours=1)
    report = run(queue, tmp_path, clock, sources=[source])
    after = {article.url: article.modified for article in queue.articles.values()}
    later = [url for url in before if after[url] != before[url]]
    assert len(later) == 1
    assert (after[later[0]] or clock()) - (before[later[0]] or clock()) == timedelta(hours=1)
    assert report.articles == 0


def test_a_source_is_asked_without_conditions_once_a_week_as_validators_may_lie(
    web: Web, clock: Clock, tmp_path: Path
) -> None:
    source = web.source(4)
    queue = MemoryQueue(source, now=clock())
    run(queue, tmp_path, clock, sources=[source])
    conditional = []
    for _ in range(9):
        web.ask("_reset")
        clock.pass_by(hours=24)
        due = {number: at for number, at in queue.due.items() if queue.jobs[number].kind == "article"}
        queue.due |= dict.fromkeys(due)  # the source alone is due
        queue.due[1] = clock()
        run(queue, tmp_path, clock, sources=[source])
        conditional.append(web.ask("_stats")["conditional"])
    assert conditional == [1] * 7 + [0, 1]


def test_validators_that_never_change_hide_nothing(web: Web, clock: Clock, tmp_path: Path) -> None:
    queue = MemoryQueue(urls=[web.url(5, "/f/badcond")], now=clock())  # answers 200 to every condition
    run(queue, tmp_path, clock)
    for _ in range(4):
        clock.pass_by(days=8)
        assert run(queue, tmp_path, clock).not_modified == 0
    assert len(queue.versions) == 1
    assert not queue.failures


def test_a_short_address_is_the_article_that_it_leads_to(web: Web, clock: Clock, tmp_path: Path) -> None:
    story = web.ask("_urls?limit=1")[0]
    short = web.url(1, f"/f/to?u={quote(f'{story}?utm_source=short#top', safe='')}")
    shorter = web.url(2, f"/f/to?u={quote(short, safe='')}")
    queue = MemoryQueue(urls=[shorter, short, story], now=clock())
    run(queue, tmp_path, clock)
    assert {article.url for article in queue.articles.values()} == {story}
    assert (len(queue.versions), queue.failures) == (1, [])
    assert {fetch.url: len(fetch.redirects) for fetch in queue.fetches} == {shorter: 2, short: 1, story: 0}


def test_a_limit_of_articles_ends_the_run_and_leaves_the_rest(web: Web, clock: Clock, tmp_path: Path) -> None:
    source = web.source(2)
    queue = MemoryQueue(source, now=clock())
    run(queue, tmp_path, clock, sources=[source], limit=3)
    assert len(queue.articles) == 3
    assert queue.leased == {}


@pytest.mark.slow
def test_real_pages_of_ten_sites_are_all_there_once(tmp_path: Path) -> None:
    if not PAGES.is_dir():
        pytest.skip(f"{PAGES} is not here")
    pages = tmp_path / "pages"
    pages.mkdir()
    for path in PAGES.glob("*.gz"):
        (pages / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    clock = Clock()
    with news_web(8321, "--html", str(pages), hosts=10, articles=20) as web:
        sources = [web.source(n, *WAYS[n % 5]) for n in range(10)]
        queue = MemoryQueue(*sources, now=clock())
        report = run(queue, tmp_path / "archive", clock, sources=sources, budget=None)
        assert web.ask("_stats")["repeated_urls"] == 0
    walled = sum(article.access != "open" for article in queue.articles.values())
    assert (report.articles, dict(report.failures)) == (200, {"paywalled": walled} if walled else {})
