"""One run of the crawler: the only place that starts Scrapy. May be called again and again in one process."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerRunner
from twisted.internet import asyncioreactor
from twisted.logger import globalLogBeginner

from crawler.archive import ArchiveWriter
from crawler.context import Run
from crawler.downloader import Handler
from crawler.guard import Resolver
from crawler.items import Article, Failure, Queue
from crawler.reading import Readers
from crawler.report import CrawlReport
from crawler.robots import RobotsMemory
from crawler.sources import Source
from crawler.spiders.news import NewsSpider
from crawler.urls import host_of

log = logging.getLogger(__name__)

GRACE = 8.0
"""Seconds that downloads and pages under way get when a run is to end."""
READERS = 1
"""One reads 40 pages a second, more than politeness lets us fetch, in 110 MB."""


def crawl(
    queue: Queue,
    *,
    sources: Mapping[str, Source],
    archive: Path,
    settings: Mapping[str, Any],
    now: Callable[[], datetime],
    on_article: Callable[[Article], None] | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    on_poll: Callable[[str, int], None] | None = None,
    budget: float | None = None,
    limit: int | None = None,
) -> CrawlReport:
    """Do what the queue has due, until nothing is left, ``budget`` seconds are over or ``limit`` articles asked for.

    ``on_poll`` is told the id of each source that answered and how many new links it named. SIGINT and SIGTERM end
    the run early and in order. What breaks in our own code or on our own disk is raised.
    """
    begun, loop = time.monotonic(), _loop()
    writer = ArchiveWriter(archive, software=str(settings["USER_AGENT"]), now=now(), forbids=queue.forbids)
    run = Run(
        queue=queue, sources=sources, archive=writer, readers=Readers(READERS),
        robots=RobotsMemory(archive / "robots.json"), now=now, limit=limit,
        on_article=on_article, on_failure=on_failure, on_poll=on_poll,
    )  # fmt: skip
    try:
        with _signals(run):
            interrupted = loop.run_until_complete(_run(run, _with_delays(settings, sources), budget))
    finally:
        run.readers.close()
        writer.close()
    run.robots.save(now=now())
    if run.trouble.first:
        raise run.trouble.first
    report = run.tally.report(seconds=time.monotonic() - begun, interrupted=interrupted)
    log.info("crawled articles=%d changed=%d failures=%s", report.articles, report.changed, dict(report.failures))
    return report


async def _run(run: Run, settings: dict[str, Any], budget: float | None) -> bool:
    """Run the spider to its end; whether it was stopped before that."""
    from twisted.internet import reactor  # the one that `_loop` installed

    resolver = Resolver(settings["BLOTTER_ALLOW_NETWORKS"])
    before = reactor.installNameResolver(resolver)
    handlers = {"http": Handler, "https": Handler}  # not their names: Scrapy imports them in the midst of the run
    runner = AsyncCrawlerRunner({"DOWNLOAD_HANDLERS": handlers, **settings})
    crawler = runner.create_crawler(NewsSpider)
    timer = asyncio.get_running_loop().call_later(budget, run.stop) if budget else None
    watch = asyncio.ensure_future(_end_in_time(run, crawler))
    try:
        await runner.crawl(crawler, run=run, refused_hosts=resolver.refused)
    finally:
        watch.cancel()
        if timer:
            timer.cancel()
        reactor.installNameResolver(before)
    if left := run.frontier.drop():
        run.queue.release(left)
    return run.is_stopping


async def _end_in_time(run: Run, crawler: Any) -> None:
    """Once the run is to stop, give what is under way its grace, then call it off."""
    await run.ending.wait()
    if left := run.frontier.drop():
        run.queue.release(left)
    end = time.monotonic() + GRACE
    while len(run.frontier) and time.monotonic() < end and not run.trouble.first:
        await asyncio.sleep(0.05)
    for flight in list(crawler.spider.flights):
        flight.cancel()
    run.readers.end()
    await crawler.stop_async()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all runs in this process, with Scrapy's reactor on it.

    The reactor can be started once, so it is never stopped: it stands still between two runs.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    asyncioreactor.install(loop)  # type: ignore[no-untyped-call]
    from twisted.internet import reactor

    reactor.startRunning(installSignalHandlers=False)
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)  # what they have to say comes back as outcomes
    globalLogBeginner.beginLoggingTo([], redirectStandardIO=False, discardBuffer=True)
    return loop


@contextmanager
def _signals(run: Run) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the run."""
    loop = _loop()
    ends = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in ends}
    for number in ends:
        loop.add_signal_handler(number, run.stop)
    try:
        yield
    finally:
        for number in ends:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])


def _with_delays(settings: Mapping[str, Any], sources: Mapping[str, Source]) -> dict[str, Any]:
    """The settings with the delays that single sources ask for."""
    usual = settings.get("DOWNLOAD_DELAY", 0)
    slots = {
        host_of(source.url): {"concurrency": 1, "delay": source.delay}
        for source in sources.values()
        if source.delay and source.delay > usual
    }
    return {**settings, "DOWNLOAD_SLOTS": slots}
