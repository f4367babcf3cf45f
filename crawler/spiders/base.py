"""What every spider of ours does: take jobs from the queue, ask for them, and tell the run what became of each."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from crawler.context import Run
from crawler.items import Fetch, Job, Validators
from crawler.outcomes import ERRORS, Outcome, outcome_of_error, outcome_of_status
from crawler.schedule import UNCONDITIONAL
from crawler.urls import host_of, is_web_address

WINDOW = 128
"""Jobs leased at a time; enough that hosts which answer slowly do not hold up the others."""
HOLD = timedelta(hours=1)
"""For a host that is to be left alone and does not say how long."""
_HOLDING = {"rate_limited", "robots_unreachable"}


class QueueSpider(scrapy.Spider):
    """Sends what the queue leases, one request at a time to each host."""

    name = "blotter"

    def __init__(self, run: Run, refused_hosts: set[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self.flights: set[asyncio.Future[Response]] = set()
        """Downloads under way, to be called off when the run ends."""
        self._refused_hosts = refused_hosts
        self._leased_articles = 0

    async def start(self) -> AsyncIterator[Any]:
        """A request for every job, as soon as its host is free."""
        with self.run.trouble:
            while not self.run.is_stopping:
                if job := self.run.frontier.next():
                    if request := self._begin(job):
                        yield request
                elif not self._lease():
                    if not len(self.run.frontier):
                        return
                    await self._wait()

    async def _wait(self) -> None:
        await self.run.progress.wait()
        self.run.progress.clear()

    def _lease(self) -> bool:
        """Take more work from the queue; whether there was any."""
        room = WINDOW - len(self.run.frontier)
        if self.run.limit is not None:
            room = min(room, self.run.limit - self._leased_articles)
        if room <= 0 or (room < WINDOW // 2 and self.run.limit is None):
            return False
        jobs = self.run.queue.lease(room, now=self.run.now())
        self._leased_articles += sum(job.kind == "article" for job in jobs)
        before = len(self.run.frontier)
        self.run.frontier.add(jobs)
        return len(self.run.frontier) > before

    def _begin(self, job: Job) -> Request | None:
        """The request for a job; ``None`` if there is nothing to be asked."""
        if not is_web_address(job.url):
            self.run.failed(job, Outcome(reason="bad_link", detail=f"{job.url!r} is no web address"), stage="link")
            self.run.done(job)
            return None
        if self.run.frontier.is_spent(job):
            self.run.hold(job, self.run.now() + HOLD)
        return self.first_request(job)

    def first_request(self, job: Job) -> Request | None:
        """The request that a job begins with; ``None`` if it is done without one."""
        raise NotImplementedError

    def request(
        self,
        url: str,
        job: Job,
        callback: Callable[..., Any],
        *,
        validators: Validators | None,
        **kept: Any,
    ) -> Request:
        """A request for a job, conditional if there is something to be compared with."""
        return Request(
            url,
            callback=callback,
            errback=self.on_error,
            headers=self._conditions(validators),
            meta={"job": job},
            dont_filter=True,
            cb_kwargs={"job": job, **kept},
        )

    def _conditions(self, validators: Validators | None) -> dict[str, str]:
        if validators is None or (validators.since and self.run.now() - validators.since > UNCONDITIONAL):
            return {}
        named = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        return {name: value for name, value in named.items() if value}

    def outcome(self, response: Response, job: Job, *, sha256: str | None = None) -> Outcome | None:
        """Log an answer; why it brings no page, ``None`` if it does or says that nothing changed."""
        self.log_fetch(response, job, sha256)
        if response.status == 304:
            if _is_conditional(response):
                self.run.tally.add(None, "not_modified")
                return None
            return Outcome(reason="bad_status", detail="the server answered 304 to an unconditional request")
        return outcome_of_status(response.status, headers_of(response), response.body, now=self.run.now())

    def log_fetch(self, response: Response, job: Job, sha256: str | None) -> None:
        """Add an answer to the fetch log."""
        assert response.request
        meta = response.request.meta
        file, offset = meta.get("kept_at") or (None, None)
        redirects = tuple(meta.get("redirect_urls", ()))
        self.run.queue.log_fetch(
            Fetch(
                url=redirects[0] if redirects else response.request.url,
                final_url=response.url,
                source_id=job.source_id,
                status=response.status,
                at=self.run.now(),
                size=len(response.body),
                content_type=headers_of(response).get("content-type"),
                sha256=sha256,
                redirects=redirects,
                warc_file=file,
                warc_offset=offset,
            )
        )

    def archive_withheld(self, response: Response) -> None:
        """Archive an answer that had to wait for its article, if the article was kept with what was forbidden."""
        assert response.request
        exchange = response.request.meta.get("withheld")
        if exchange and (place := self.run.archive.write(exchange)):
            self.run.queue.log_archived(response.url, *place)

    def on_error(self, failure: TwistedFailure) -> None:
        """A request brought no answer."""
        error = failure.value
        job: Job = failure.request.meta["job"]  # type: ignore[attr-defined]
        host = host_of(failure.request.url)  # type: ignore[attr-defined]
        if self.run.trouble.first is not None:
            return  # the run is ending over something else
        with self.run.trouble:
            if not isinstance(error, ERRORS):
                raise error  # type: ignore[misc]  # Twisted has no type for it
            outcome = outcome_of_error(error, is_private=host in self._refused_hosts, now=self.run.now())
            stage = "robots" if outcome.reason.startswith("robots") else "fetch"
            self.give_up(job, outcome, stage=stage)

    def give_up(self, job: Job, outcome: Outcome, *, stage: Any = "fetch", status: int | None = None) -> None:
        """Report a failure, and leave the host alone if that is what it asks for."""
        self.run.failed(job, outcome, stage=stage, status=status)
        self.run.done(job)
        if outcome.reason in _HOLDING:
            self.run.hold(job, self.run.now() + (outcome.asked or HOLD))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "QueueSpider":
        return super().from_crawler(crawler, *args, **kwargs)


def headers_of(response: Response) -> dict[str, str]:
    """The headers of an answer by lower-case name."""
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _is_conditional(response: Response) -> bool:
    assert response.request
    return "If-None-Match" in response.request.headers or "If-Modified-Since" in response.request.headers
