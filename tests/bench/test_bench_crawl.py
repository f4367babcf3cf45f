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
from news_web import NEWSWEB, Clock, news_web, run

pytestmark = pytest.mark.bench
EVAL = NEWSWEB.parent.parent
HOSTS, ARTICLES = 40, 50


def test_fetching_and_archiving_beside_a_bare_spider(bench: Bench, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for folder in ("sah", "naeb"):
        for path in (EVAL / "articles" / folder / "html").glob("*.gz"):
            (pages / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    with news_web(8314, "--html", str(pages), hosts=HOSTS, articles=ARTICLES) as web:
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
    with news_web(8315, hosts=6, articles=30) as web:
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


def _cpu(*words: object) -> float:
    """CPU seconds of a Python command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *map(str, words)], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
