"""What the parts of one run share: the queue, the archive, the readers, the counts, and the first thing that broke."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from types import TracebackType
from typing import Literal

from crawler.archive import ArchiveWriter
from crawler.failures import WALLS, weight
from crawler.frontier import Frontier
from crawler.items import Article, Failure, Job, Queue, Validators
from crawler.outcomes import Outcome
from crawler.reading import Readers
from crawler.report import Tally
from crawler.robots import RobotsMemory
from crawler.schedule import counted_from, retry_at
from crawler.sources import Source
from crawler.urls import article_id, canonical_url, host_of

Stage = Literal["link", "robots", "fetch", "read"]


class Trouble:
    """Remembers the first exception that passes, so that it ends the run and is not swallowed on its way."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.first: BaseException | None = None
        self._stop = stop

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception):
            self.first = self.first or error
            self._stop()


@dataclass(kw_only=True)
class Run:
    """One run under way. It reports to the queue; spiders and middlewares report to it."""

    queue: Queue
    sources: Mapping[str, Source]
    archive: ArchiveWriter
    readers: Readers
    robots: RobotsMemory
    now: Callable[[], datetime]
    limit: int | None = None
    on_article: Callable[[Article], None] | None = None
    on_failure: Callable[[Failure], None] | None = None
    on_poll: Callable[[str, int], None] | None = None
    frontier: Frontier = field(default_factory=Frontier)
    tally: Tally = field(default_factory=Tally)
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    progress: asyncio.Event = field(default_factory=asyncio.Event)
    """Set whenever a job is answered or done, or the run is to stop."""
    random: Random = field(default_factory=Random)

    def __post_init__(self) -> None:
        self.trouble = Trouble(self.stop)
        self._begun = self.now()

    @property
    def since(self) -> datetime:
        """From when waits of our own are counted."""
        return counted_from(self._begun, now=self.now())

    def stop(self) -> None:
        """Begin nothing new."""
        self.ending.set()
        self.progress.set()

    @property
    def is_stopping(self) -> bool:
        return self.ending.is_set()

    def landed(self, job: Job) -> None:
        """The job's request is answered."""
        self.frontier.landed(job)
        self.progress.set()

    def done(self, job: Job) -> None:
        """The job is reported to the queue."""
        self.frontier.done(job)
        self.progress.set()

    def kept(self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None) -> None:
        """An article was read."""
        has_changed = self.queue.keep_article(job, article, validators=validators, recheck_at=recheck_at)
        known = job.validators is not None
        what = ("changed" if known else "articles") if has_changed else "unchanged"
        self.tally.add(job.source_id, what)
        if self.on_article and has_changed:
            self.on_article(article)

    def unchanged(self, job: Job, *, again_at: datetime | None) -> None:
        """What was asked for is as it was."""
        self.queue.unchanged(job, again_at=again_at)
        if job.kind == "article":
            self.tally.add(job.source_id, "unchanged")

    def polled(self, job: Job, *, new: int = 0) -> None:
        """A source was asked what it has, and named so many new links."""
        self.tally.add(job.source_id, "polls")
        self.tally.add(job.source_id, "links", new)
        if self.on_poll:
            self.on_poll(job.source_id or job.url, new)

    def failed(self, job: Job, outcome: Outcome, *, stage: Stage, status: int | None = None) -> None:
        """No page or no article came; what is only walled off keeps its headline."""
        now = self.now()
        again_at = retry_at(
            job.kind,
            outcome.reason,
            tries=job.tries,
            weights=job.weight,
            now=now,
            since=self.since,
            asked=outcome.asked,
            chance=self.random.random(),
        )
        failure = Failure(
            url=job.url,
            source_id=job.source_id,
            stage=stage,
            reason=outcome.reason,
            detail=outcome.detail,
            status=status,
            weight=weight(outcome.reason),
            at=now,
        )
        if job.kind == "article" and (stub := _stub(job, outcome.reason, now)):
            self.queue.keep_article(job, stub, validators=None, recheck_at=None)
        self.queue.fail(job, failure, again_at=again_at)
        self.tally.failures[outcome.reason] += 1
        self.tally.add(job.source_id, "failures")
        if self.on_failure:
            self.on_failure(failure)

    def hold(self, job: Job, until: datetime) -> None:
        """Leave the job's host alone, and hand back what waits for it."""
        host = host_of(job.url)
        self.queue.hold(host, until=until)
        if waiting := self.frontier.drop(host):
            self.queue.release(waiting)
        self.progress.set()


def _stub(job: Job, reason: str, now: datetime) -> Article | None:
    """What is known of an article behind a wall; ``None`` if it is behind none, or was read before."""
    if reason not in WALLS or job.link is None or not job.link.title or job.validators is not None:
        return None
    link = job.link
    url = canonical_url(job.url)
    return Article(
        id=article_id(url),
        url=url,
        source_id=job.source_id,
        title=link.title or "",
        authors=link.authors,
        summary=link.summary,
        text="",
        access=WALLS[reason],
        published=link.published,
        fetched=now,
        signals=("stub",),
    )


def with_source(article: Article, job: Job) -> Article:
    """The article with the source that announced it."""
    return article if article.source_id else replace(article, source_id=job.source_id)
