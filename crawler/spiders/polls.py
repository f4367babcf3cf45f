"""How links are found: a feed, a sitemap with those below it, or a listing with its next pages, polled when due."""

import hashlib
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from scrapy import Request
from scrapy.http import Response

from crawler.discovery import Found, links
from crawler.items import Job, Link, Validators
from crawler.outcomes import Outcome
from crawler.schedule import poll_at, retry_after, unchanged_at, wait_asked
from crawler.sources import Source
from crawler.spiders.base import QueueSpider, headers_of
from crawler.urls import article_id

SITEMAPS = 10
"""Below one index that are looked into at one poll, the newest."""
FIRST_PAGES, LATER_PAGES = 10, 2
"""Of a listing, at the first poll and at those after it."""


@dataclass(kw_only=True)
class Poll:
    """One poll under way, of as many pages as it takes."""

    job: Job
    source: Source
    pages: int
    """That may still be asked for."""
    links: list[Link] = field(default_factory=list)
    waiting: deque[str] = field(default_factory=deque)
    seen: set[int] = field(default_factory=set)
    top: Validators | None = None
    """Of the first page, once it is answered in full."""
    below: dict[str, Validators] = field(default_factory=dict)
    asked: timedelta | None = None
    welcome: datetime | None = None
    """Not before then: what Retry-After says, counted from the answer."""
    is_index: bool = False

    def known(self, url: str) -> Validators | None:
        """What we have to compare a page with."""
        before = self.job.validators
        return dict(before.below).get(url) if before else None

    def add(self, found: Found) -> None:
        """Take in the links of a page, and the pages it leads to."""
        self.links += found.links
        for url in found.next_pages:
            if (key := article_id(url)) not in self.seen and len(self.seen) < self.pages:
                self.seen.add(key)
                self.waiting.append(url)


class PollSpider(QueueSpider):
    """Polls sources."""

    def poll_request(self, job: Job) -> Request | None:
        """The request for a source's first page; ``None`` for a source that is itself the article."""
        source = self.run.sources.get(job.source_id or "")
        if source is None:
            source = Source(id=job.source_id or "", name=job.url, kind="feed", url=job.url)
        if source.kind == "page":
            self._single(job, source)
            return None
        poll = Poll(job=job, source=source, pages=self._pages(job, source), seen={article_id(job.url)})
        validators = poll.known(job.url) or job.validators
        return self.request(job.url, job, self.parse_poll, validators=validators, poll=poll)

    @staticmethod
    def _pages(job: Job, source: Source) -> int:
        if source.kind == "listing":
            return FIRST_PAGES if job.validators is None else LATER_PAGES
        return SITEMAPS + 1

    def _single(self, job: Job, source: Source) -> None:
        link = Link(url=source.url, source_id=source.id)
        again_at = self.run.since + timedelta(days=1)
        new = self.run.queue.keep_links(job, [link], validators=None, poll_at=again_at)
        self.run.polled(job, new=new)
        self.run.done(job)

    async def parse_poll(self, response: Response, job: Job, poll: Poll) -> AsyncIterator[Request]:
        """Take in one page of a source, then ask for the next or report them all."""
        with self.run.trouble:
            if self._take(response, job, poll):
                if poll.waiting:
                    url = poll.waiting.popleft()
                    yield self.request(url, job, self.parse_poll, validators=poll.known(url), poll=poll)
                else:
                    self._report(poll)

    def _take(self, response: Response, job: Job, poll: Poll) -> bool:
        """Read one page; whether the poll goes on."""
        digest = hashlib.sha256(response.body).hexdigest()
        outcome = self.outcome(response, job, sha256=digest)
        is_first = poll.top is None
        headers = headers_of(response)
        if is_first:
            now = self.run.now()
            poll.asked = wait_asked(headers, now=now)
            poll.welcome = now + (retry_after(headers.get("retry-after"), now=now) or timedelta())
        if response.status == 304 and not outcome:
            return self._not_modified(response, job, poll, is_first=is_first)
        found = Found() if outcome else self._found(response, poll)
        if found.kind == "none":
            outcome = outcome or Outcome(reason="bad_feed", detail=_strange(response, poll.source.kind))
            if is_first:
                self.give_up(job, outcome, status=response.status)
                return False
            return True  # one page of several; its time comes with the next poll
        validators = Validators(
            etag=headers.get("etag"), last_modified=headers.get("last-modified"), sha256=digest, since=self.run.now()
        )
        if is_first:
            poll.top = validators
            poll.is_index = found.kind == "index"
            poll.asked = max(filter(None, (poll.asked, found.ttl)), default=None)
        asked_url = response.request.meta.get("redirect_urls", [response.request.url])[0] if response.request else ""
        poll.below[asked_url] = validators
        poll.add(found)
        return True

    def _not_modified(self, response: Response, job: Job, poll: Poll, *, is_first: bool) -> bool:
        assert response.request
        url, before = response.request.url, job.validators
        if poll.known(url) is None:  # a source of one page, unchanged
            modified = before.last_modified if before else None
            again_at = unchanged_at(modified, since=self.run.since, asked=poll.asked, chance=self.run.random.random())
            self.run.unchanged(job, again_at=max(again_at, poll.welcome or again_at))
            self.run.polled(job)
            self.run.done(job)
            return False
        poll.below[url] = poll.known(url) or Validators()
        if is_first:
            poll.top, poll.is_index = poll.below[url], True
            poll.add(Found(next_pages=tuple(url for url, _ in before.below) if before else ()))
        return True

    def _found(self, response: Response, poll: Poll) -> Found:
        return links(
            response.body,
            response.url,
            content_type=headers_of(response).get("content-type"),
            kind=poll.source.kind,
            source_id=poll.job.source_id,
        )

    def _report(self, poll: Poll) -> None:
        """Hand all links to the queue at once, so that a poll that is cut short is made again."""
        job = poll.job
        dates = [moment for link in poll.links[:200] if (moment := _moment(link))]
        again_at = poll_at(dates, since=self.run.since, asked=poll.asked, chance=self.run.random.random())
        again_at = max(again_at, poll.welcome or again_at)
        validators = poll.top
        if poll.is_index and poll.top:  # its own stand among the others: without these it must not be asked by them
            validators = Validators(sha256=poll.top.sha256, since=poll.top.since, below=tuple(poll.below.items()))
        new = self.run.queue.keep_links(job, poll.links, validators=validators, poll_at=again_at)
        self.run.polled(job, new=new)
        self.run.done(job)


def _moment(link: Link) -> datetime | None:
    when = link.published
    if when is None:
        return None
    return when.at or (datetime.combine(when.start, time(), UTC) if when.start else None)


def _strange(response: Response, kind: str) -> str:
    start = " ".join(response.body[:200].decode("utf-8", "replace").split())[:80]
    return f"expected a {kind}, found {start!r}" if start else f"expected a {kind}, found nothing"
