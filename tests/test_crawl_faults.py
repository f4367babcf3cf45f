"""A hostile web: every fault has its reason, none ends the run, fills the memory or becomes an article."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from memory_queue import MemoryQueue
from news_web import Clock, Web, news_web, run

from crawler.archive import records
from crawler.items import Link
from crawler.sources import Source

TLS_PORT = 8324
SHORT = {"DOWNLOAD_TIMEOUT": 4}
FAULTS = {
    "404": "not_found",
    "410": "gone",
    "500": "server_error",
    "402": "paywalled",
    "451": "forbidden",
    "429?after=30": "rate_limited",
    "retry/a?after=30&status=503&form=date": "rate_limited",
    "flaky/1": "server_error",
    "hang": "timeout",
    "drip": "timeout",
    "stall": "timeout",
    "endless": "too_large",
    "trunc": "connection_lost",
    "chunktrunc": "connection_lost",
    "reset": "connection_lost",
    "garbage": "connection_lost",
    "loop/a": "redirect_loop",
    "chain/30": "redirect_loop",
    "grow/0": "redirect_loop",
    "cookiewall": "consent_wall",
    "consent": "consent_wall",
    "soft404": "soft_404",
    "empty": "empty",
    "pdf": "not_html",
    "lyingtype": "bad_content",
    "paywall": "paywalled",
    "bot": "bot_wall",
    "weird304": "bad_status",
    "to?u=file%3A///etc/passwd": "bad_status",
    "to?u=ftp%3A//127.0.0.2/": "bad_status",
}
BOMBS = {
    "bomb?mb=100&kind=gzip": "too_large",
    "bomb?mb=100&kind=deflate": "too_large",
    "bomb?mb=100&kind=double": "too_large",
    "bomb?mb=300&kind=gzip": "too_large",
    "huge?mb=100": "too_large",
    "huge?mb=300&chunked=1": "too_large",
    "huge?mb=9": "too_large or not_an_article",
    "deep?n=20000": "empty or not_an_article",
    "wide?n=200000": "too_large or not_an_article",
}
FEEDS = {
    "xmlbomb": None,
    "quadratic": None,
    "xxe": None,
    "brokenfeed": None,
    "sitemapbomb": "bad_feed",
    "sitemaploop": None,
    "404": "not_found",
    "soft404": "bad_feed",
}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with news_web(8323, "--tls-port", str(TLS_PORT), hosts=40, articles=3) as started:
        yield started


@pytest.fixture
def clock(web: Web) -> Clock:
    web.ask("_reset")
    return Clock()


def test_every_fault_has_its_reason_and_no_fault_is_an_article(web: Web, clock: Clock, tmp_path: Path) -> None:
    urls = {web.url(site, f"/f/{fault}"): reason for site, (fault, reason) in enumerate(FAULTS.items())}
    urls[f"https://127.0.0.41:{TLS_PORT}/f/slow"] = "tls"
    queue = MemoryQueue(urls=urls, now=clock())
    report = run(queue, tmp_path, clock, **SHORT)
    assert queue.reasons() == urls
    assert not queue.articles
    assert not report.interrupted
    assert report.seconds < 30
    assert queue.leased == {}


def test_what_is_odd_and_harmless_is_read(web: Web, clock: Clock, tmp_path: Path) -> None:
    faults = ["slow?ms=500", "bighead", "chain/3", "metarefresh", "badcond"]
    urls = [web.url(site, f"/f/{fault}") for site, fault in enumerate(faults)]
    queue = MemoryQueue(urls=urls, now=clock())
    run(queue, tmp_path, clock, **SHORT)
    assert not queue.failures
    assert {fetch.url: len(fetch.redirects) for fetch in queue.fetches} == dict(zip(urls, [0, 0, 3, 1, 0], strict=True))


@pytest.mark.slow
def test_bombs_are_classed_and_the_memory_stays_small(web: Web, clock: Clock, tmp_path: Path) -> None:
    urls = {web.url(site, f"/f/{bomb}"): reason for site, (bomb, reason) in enumerate(BOMBS.items())}
    for url in urls:
        if "/f/bomb" in url:  # takes the web long to make, once
            web.fetch(url)
    queue = MemoryQueue(urls=urls, now=clock())
    with Memory() as memory:
        before = memory.own()
        run(queue, tmp_path, clock, budget=240, DOWNLOAD_TIMEOUT=120)
    assert [(url, reason) for url, reason in queue.reasons().items() if reason not in urls[url].split(" or ")] == []
    assert queue.reasons().keys() == urls.keys()
    assert not queue.articles
    assert memory.peak - before < 300e6  # on top of the test's own process, which holds more than the crawler needs


@pytest.mark.parametrize(("fault", "reason"), FEEDS.items(), ids=FEEDS)
def test_hostile_feeds_are_bounded(web: Web, clock: Clock, tmp_path: Path, fault: str, reason: str | None) -> None:
    source = Source(id="s", name="s", kind="sitemap" if "sitemap" in fault else "feed", url=web.url(0, f"/f/{fault}"))
    if fault == "sitemapbomb":  # takes the web long to make, once
        web.fetch(source.url)
        web.ask("_reset")
    queue, begun = MemoryQueue(source, now=clock()), time.process_time()
    report = run(queue, tmp_path, clock, sources=[source])
    assert queue.reasons().get(source.url) == reason
    assert time.process_time() - begun < 10
    assert not report.interrupted
    assert web.ask("_stats")["kinds"]["fault"] <= 12  # the source and ten below it
    if fault == "brokenfeed":
        assert (report.links, len(queue.articles)) == (2, 2)  # of the third, the address is cut off


def test_odd_characters_come_out_right(web: Web, clock: Clock, tmp_path: Path) -> None:
    kinds = ["wrong", "meta", "utf16", "bogus", "mojibake"]
    urls = [web.url(site, f"/f/charset/{kind}") for site, kind in enumerate(kinds)] + [web.url(6, "/f/badbytes")]
    queue = MemoryQueue(urls=urls, now=clock())
    run(queue, tmp_path, clock)
    texts = {article.url.rpartition("/")[2]: article.text for article in queue.articles.values()}
    assert set(texts) == {*kinds, "badbytes"}, queue.reasons()
    assert all("Café “quoted” naïve €100 –" in texts[kind] for kind in ("wrong", "utf16", "bogus", "mojibake"))
    assert all("Привет" in texts[kind] for kind in ("meta", "utf16", "bogus", "mojibake"))
    assert not any("\ufffd" in texts[kind] for kind in kinds)
    assert not any(char in texts["badbytes"] for char in "\x00\x0b\x1b\ud800")


def test_a_wall_keeps_headline_link_and_summary(web: Web, clock: Clock, tmp_path: Path) -> None:
    queue = MemoryQueue(now=clock())
    for fault, access in (("paywall", "paywalled"), ("bot", "bot_wall"), ("consent", "consent_wall")):
        url = web.url(0, f"/f/{fault}")
        link = Link(url=url, source_id="s", title=f"Behind {access}", summary="What the feed says")
        queue.add("article", url, "s", clock(), link)
    run(queue, tmp_path, clock)
    kept = {article.access: article for article in queue.articles.values()}
    assert set(kept) == {"paywalled", "bot_wall", "consent_wall"}
    assert all(article.title == f"Behind {access}" and article.text == "" for access, article in kept.items())
    assert {article.summary for article in kept.values()} == {"What the feed says"}
    assert len(queue.failures) == 3


def test_a_calendar_without_end_is_not_followed(web: Web, clock: Clock, tmp_path: Path) -> None:
    source = Source(id="s", name="s", kind="listing", url=web.url(0, "/cal/2026/11"))
    queue = MemoryQueue(source, now=clock())
    report = run(queue, tmp_path, clock, sources=[source])
    assert report.requests <= 12
    assert not queue.articles


DISGUISES = [
    "http://127.0.0.1:8323/_stats",
    "http://localhost:8323/_stats",
    "http://0x7f000001:8323/_stats",
    "http://2130706433:8323/_stats",
    "http://017700000001:8323/_stats",
    "http://127.1:8323/_stats",
    "http://[::ffff:127.0.0.1]:8323/_stats",
    "http://0.0.0.0:8323/_stats",
    "http://169.254.169.254/latest/meta-data/",
    "http://[64:ff9b::7f00:1]:8323/_stats",
    "http://[2002:7f00:1::]:8323/_stats",
    "http://224.0.0.1/",
    "http://10.0.0.1/",
    "http://[::1]:8323/",
]


@pytest.mark.parametrize("kind", ["article", "feed", "redirect"])
def test_no_connection_to_a_private_address(web: Web, clock: Clock, tmp_path: Path, kind: str) -> None:
    """A redirect is followed from one allowed address, all else of loopback is private as everywhere."""
    if kind == "redirect":
        addresses = [url for url in DISGUISES if "127.0.0.2" not in url]
        urls = [web.url(0, f"/f/to?u={quote(url, safe='')}") for url in addresses]
        queue = MemoryQueue(urls=urls, now=clock())
        run(queue, tmp_path, clock, networks=["127.0.0.2/32"])
    elif kind == "article":
        queue = MemoryQueue(urls=DISGUISES, now=clock())
        run(queue, tmp_path, clock, networks=())
    else:
        sources = [Source(id=f"s{n}", name="s", kind="feed", url=url) for n, url in enumerate(DISGUISES)]
        queue = MemoryQueue(*sources, now=clock())
        run(queue, tmp_path, clock, sources=sources, networks=())
    assert set(queue.reasons().values()) == {"private_address"}
    assert len(queue.reasons()) == len(DISGUISES)
    seen = web.ask("_stats")
    assert seen["requests"] == (len(DISGUISES) + 1 if kind == "redirect" else 0)


def test_a_run_ends_in_its_budget_and_gives_back_what_it_broke_off(web: Web, clock: Clock, tmp_path: Path) -> None:
    urls = [web.url(site, f"/f/{fault}") for site in range(3) for fault in ("hang", "slow?ms=1")]
    queue = MemoryQueue(urls=urls, now=clock())
    report = run(queue, tmp_path, clock, budget=1)
    assert report.interrupted
    assert report.seconds < 15
    assert queue.leased == {}
    assert set(queue.reasons().values()) == {"stopped"}
    assert all(due == clock() for due in queue.due.values())


def test_every_answer_is_in_the_archive(web: Web, clock: Clock, tmp_path: Path) -> None:
    queue = MemoryQueue(urls=[web.url(0, "/f/chain/3"), web.url(1, "/f/404"), web.url(2, "/f/slow?ms=1")], now=clock())
    report = run(queue, tmp_path, clock)
    kept = list(records(sorted(tmp_path.glob("*.warc.gz"))))
    assert len(kept) == report.answers == 9  # three robots.txt, four of the chain, two others
    places = {(record.file, record.offset): record for record in kept}
    for fetch in queue.fetches:
        record = places[fetch.warc_file or "", fetch.warc_offset or 0]
        assert (record.url, record.status, len(record.body)) == (fetch.final_url, fetch.status, fetch.size)


class Memory:
    """Watches the memory of this process and of those it starts."""

    def __enter__(self) -> "Memory":
        self.peak = 0
        self._stop = threading.Event()
        self._strangers = {child.pid for child in psutil.Process().children(recursive=True)}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stop.set()
        self._thread.join()

    def own(self) -> int:
        return int(psutil.Process().memory_info().rss)

    def _watch(self) -> None:
        while not self._stop.is_set():
            size = self.own()
            for child in psutil.Process().children(recursive=True):
                if child.pid not in self._strangers:
                    try:
                        size += child.memory_info().rss
                    except psutil.NoSuchProcess:
                        continue
            self.peak = max(self.peak, size)
            time.sleep(0.02)
