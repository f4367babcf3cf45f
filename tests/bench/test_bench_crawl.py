"""What crawling costs: beside a bare Scrapy spider on the same pages, and when nothing has changed."""

import gzip
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from figures import Bench
from memory_queue import MemoryQueue
from news_web import LOOPBACK, NEWSWEB, Clock, Web, news_web, run

from crawler.items import Article
from crawler.settings import build_settings
from data.home import Home
from data.queue import add_job
from data.store import Store
from runs import running

pytestmark = pytest.mark.bench
EVAL = NEWSWEB.parent.parent
HOSTS, ARTICLES = 40, 50
SITES, EACH = 6, 30
CHEAPER = 0.95
"""CPU of a first run, start of the program included, beside a spider that reads with trafilatura and keeps no more than
a line of JSON an article; Blotter archives, judges, queues and stores each as well."""


def _pages(folder: Path, *names: str) -> Path:
    """Real pages to be served."""
    folder.mkdir()
    for name in names:
        for path in (EVAL / "articles" / name / "html").glob("*.gz"):
            (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    return folder


def test_a_first_run_beside_a_spider_that_reads_with_trafilatura(bench: Bench, tmp_path: Path) -> None:
    """Six sites and 180 articles, found from their feeds, and again when nothing has changed."""
    with news_web(8319, "--html", str(_pages(tmp_path / "pages", "sah")), hosts=SITES, articles=EACH) as web:
        sites = ",".join(web.url(site, "").removeprefix("http://") for site in range(SITES))
        options = ("-s", "LOG_LEVEL=INFO", "-s", "ROBOTSTXT_OBEY=True")
        spider = ("-m", "scrapy", "runspider", NEWSWEB.parent / "bare.py", "-O", tmp_path / "out.jsonl",
                  "-a", f"sites={sites}", "-a", "work=trafilatura", *options)  # fmt: skip
        mine = tmp_path / "mine.yml"
        entry = "s{n}: {{name: S, kind: feed, url: '{url}'}}\n"
        mine.write_text("".join(entry.format(n=n, url=web.url(n, "/feed.xml")) for n in range(SITES)))
        only = [word for n in range(SITES) for word in ("--source", f"s{n}")]
        own = ("-m", "blotter", "crawl", "--home", tmp_path / "home", "--sources", mine, *only, "--quiet", "--all-due",
               "--contact", "tests@example.com", "--allow-network", "127.0.0.0/8")  # fmt: skip
        costs = [(_cpu(*words), web.ask("_reset")) for words in (spider, own, own, spider)]
    (theirs, their_web), (ours, our_web), (_, our_second), (again, _) = costs
    assert [seen["kinds"]["article"] for seen in (their_web, our_web)] == [SITES * EACH] * 2
    assert our_web["requests"] <= their_web["requests"]
    bench.at_most("CPU of a first run, Scrapy with trafilatura = 1", 2 * ours / (theirs + again), CHEAPER)
    bench.at_most("requests of two runs, Scrapy with trafilatura = 1",
                  (our_web["requests"] + our_second["requests"]) / (2 * their_web["requests"]), 0.6)  # fmt: skip


def test_fetching_and_archiving_beside_a_bare_spider(bench: Bench, tmp_path: Path) -> None:
    pages = _pages(tmp_path / "pages", "sah", "naeb")
    with news_web(8344, "--html", str(pages), hosts=HOSTS, articles=ARTICLES) as web:
        urls = tmp_path / "urls.txt"
        urls.write_text("\n".join(web.ask("_urls")), "utf-8")
        bare = _cpu(
            "-m", "scrapy", "runspider", NEWSWEB.parent / "bare.py", "-a", f"urls={urls}", "-s", "LOG_LEVEL=INFO"
        )
        once = [sys.executable, str(Path(__file__).with_name("crawl_once.py")), str(urls), str(tmp_path / "archive")]
        ours = json.loads(subprocess.run(once, capture_output=True, text=True, check=True).stdout)
    assert ours["articles"] > 0.97 * HOSTS * ARTICLES
    bench.at_most("CPU of fetching and archiving a page, bare spider = 1", ours["fetching"] / bare, 1.5)
    bench.at_most("memory of a crawl of 2,000 pages", ours["megabytes"], 300, "MB")


def test_a_second_run_asks_for_next_to_nothing(bench: Bench, tmp_path: Path) -> None:
    clock = Clock()
    with news_web(8345, hosts=6, articles=30) as web:
        sources = [web.source(site) for site in range(6)]
        queue = MemoryQueue(*sources, now=clock())
        assert run(queue, tmp_path, clock, sources=sources).articles == 180
        web.ask("_reset")
        for source in sources:
            web.fetch(source.url)
        plain = web.ask("_reset")["bytes"]
        clock.pass_by(minutes=59)  # before the first re-check of an article
        for job in queue.jobs.values():
            if job.kind == "poll":
                queue.due[job.id] = clock()
        report = run(queue, tmp_path, clock, sources=sources)
        seen = web.ask("_stats")
    assert (report.requests, report.not_modified, seen["conditional"]) == (6, 6, 6)
    bench.at_least("bytes of an unconditional poll, those of a second run = 1", plain / seen["bytes"], 50)


@pytest.mark.slow
def test_a_hundred_new_articles_cost_the_same_beside_two_hundred_thousand_known_ones(
    bench: Bench, tmp_path: Path
) -> None:
    clock, seconds = Clock(), []
    for known in (0, 200_000):
        home = Home(tmp_path / str(known)).make()
        _know(home, known, clock)
        with news_web(8316, hosts=10, articles=10) as web:
            seconds.append(_crawl_seconds(home, web, clock))
        with Store(home.work_db) as store:
            assert store.counts()["articles"] == known + 100
    bench.at_most("crawl of 100 new articles, beside 200,000 known / alone", seconds[1] / seconds[0], 1.5)


def _know(home: Home, count: int, clock: Clock) -> None:
    """Keep so many articles, half of which are due to be looked at again, but not yet."""
    url, text = "https://outlet.example/0", "What the article says. " * 40
    with Store(home.work_db) as store, store.db.atomic():
        if count:
            store.add_article(Article(id=1, url=url, title="Title", text=text, fetched=clock()), now=clock())
            add_job(store.db, "article", url, source_id=None, now=clock())
        for table in ("articles", "article_text", "article_versions", "jobs"):
            store.db.execute(_many(store, table), [count - 1])


def _many(store: Store, table: str) -> str:
    """SQL that repeats the one row of a table under ids that are spread as hashes are."""
    spread = "(i * 2654435761) % 9007199254740881"
    url = "'https://outlet' || (i % 500) || '.example/' || i"
    new = {"articles.id": spread, "jobs.id": "1 + i", "article_versions.id": spread, "article_id": spread, "url": url}
    new |= {"host": "'outlet' || (i % 500) || '.example'", "due_at": "iif(i % 2, '2026-12-24T12:00:00Z', null)"}
    new |= {"text_sha256": "hex(randomblob(32))", "record_sha256": "hex(randomblob(32))"}
    names = [column.name for column in store.db[table].columns]
    values = ", ".join(new.get(f"{table}.{name}", new.get(name, name)) for name in names)
    return (
        f"insert into {table} ({', '.join(names)})"
        " with recursive n(i) as (select 1 union all select i + 1 from n where i < ?1)"
        f" select {values} from {table}, n where ?1 > 0"
    )


def _crawl_seconds(home: Home, web: Web, clock: Clock) -> float:
    """CPU of all that `blotter crawl` does, without room between requests; a clock tells of other programs, too."""
    sources = {source.id: source for source in map(web.source, range(10))}
    settings = build_settings("tests@example.com", LOOPBACK) | {"DOWNLOAD_DELAY": 0}
    begun = _spent()
    with running(home, "crawl", clock, quiet=True) as its:
        its.crawl(sources, settings, source_ids=(), all_due=False, budget=None)
    return _spent() - begun


def _spent() -> float:
    """CPU seconds of this process so far, and of those that it started and saw end: readers, not the web."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def _cpu(*words: object) -> float:
    """CPU seconds of a Python command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *map(str, words)], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
