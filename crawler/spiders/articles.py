"""How an article is fetched: asked for, read in another process, kept, and looked at again while it may change."""

import codecs
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.context import with_source
from crawler.failures import WALLS
from crawler.items import Article, Job, Validators
from crawler.outcomes import ERRORS, Outcome
from crawler.pages import PageError
from crawler.pages.parts import MAX_PAGES, is_same_article, joined
from crawler.reading import Unread
from crawler.schedule import recheck_at
from crawler.spiders.base import QueueSpider, headers_of

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"ID3", b"\x00\x00\x00")
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


@dataclass(kw_only=True)
class _Reading:
    """An article under way, of as many pages as it takes."""

    first: Response
    pages: list[Article]
    asked: set[str] = field(default_factory=set)
    answers: list[Response] = field(default_factory=list)
    """Of the later pages."""


class ArticleSpider(QueueSpider):
    """Fetches and reads single articles."""

    async def parse_article(self, response: Response, job: Job) -> AsyncIterator[Any]:
        """Keep the article on a page, or say why there is none."""
        self.run.landed(job)
        with self.run.trouble:
            if (request := await self._article(response, job)) is not None:
                yield request

    async def _article(self, response: Response, job: Job) -> Request | None:
        """Take in the first page of an article; the request for the next one if it has several."""
        digest = hashlib.sha256(response.body).hexdigest()
        if outcome := self.outcome(response, job, sha256=digest):
            self.give_up(job, outcome, status=response.status)
            return None
        known = job.validators
        if response.status == 304 or (known and known.sha256 == digest):
            again_at = recheck_at(known.first if known else None, now=self.run.now())
            self.run.unchanged(job, again_at=again_at)
            self.run.done(job)
            return None
        if outcome := _not_a_page(response):
            self.give_up(job, outcome, stage="read", status=response.status)
            return None
        try:
            article = await self.run.readers.read(self._unread(response, job))
        except PageError as error:
            outcome = Outcome(reason=error.reason, detail=error.detail)
            self.give_up(job, outcome, stage="read", status=response.status)
            return None
        return self._next(_Reading(first=response, pages=[article]), job)

    async def parse_later(self, response: Response, job: Job, reading: "_Reading") -> AsyncIterator[Any]:
        """Take in a later page of an article; one that cannot be read ends it where it is."""
        with self.run.trouble:
            digest = hashlib.sha256(response.body).hexdigest()
            article = None
            if not self.outcome(response, job, sha256=digest) and not _not_a_page(response):
                with suppress(PageError):
                    article = await self.run.readers.read(self._unread(response, job))
            if article and article.text and is_same_article(reading.pages[0], article):
                reading.pages.append(article)
                reading.answers.append(response)
                if (request := self._next(reading, job)) is not None:
                    yield request
            else:
                self._keep(reading, job)

    def _next(self, reading: "_Reading", job: Job) -> Request | None:
        """The request for the next page of an article; it is kept if there is none."""
        url = reading.pages[-1].next_page
        is_over = self.run.is_stopping or len(reading.pages) >= MAX_PAGES or reading.pages[0].access != "open"
        if url is None or is_over or url in reading.asked:
            self._keep(reading, job)
            return None
        reading.asked.add(url)
        request = self.request(url, job, self.parse_later, validators=None, reading=reading)
        return request.replace(errback=self._on_later_error)

    def _on_later_error(self, failure: Any) -> None:
        """A later page did not come: what was read is kept, and says that it goes on."""
        if self.run.trouble.first is not None:
            return  # the run is ending over something else
        with self.run.trouble:
            if not isinstance(failure.value, ERRORS):
                raise failure.value
            kept = failure.request.cb_kwargs
            self._keep(kept["reading"], kept["job"])

    def _unread(self, response: Response, job: Job) -> Unread:
        headers = headers_of(response)
        return Unread(
            html=response.body,
            url=response.url,
            fetched=self.run.now(),
            link=job.link,
            content_type=headers.get("content-type"),
            last_modified=headers.get("last-modified"),
        )

    def _keep(self, reading: "_Reading", job: Job) -> None:
        now, headers = self.run.now(), headers_of(reading.first)
        article = joined(reading.pages[0], reading.pages[1:])
        first = job.validators.first if job.validators else self.run.since
        validators = Validators(
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            sha256=hashlib.sha256(reading.first.body).hexdigest(),
            first=first,
            since=now,
        )
        again_at = recheck_at(first, now=now) if article.access == "open" else None
        self.run.kept(job, with_source(article, job), validators=validators, recheck_at=again_at)
        for response in (reading.first, *reading.answers):
            self.archive_withheld(response)
        self._tell_wall(replace(job, validators=validators), article, status=reading.first.status)
        self.run.done(job)

    def _tell_wall(self, job: Job, article: Article, *, status: int) -> None:
        """An article that kept no more than its headline is a failure as well."""
        if article.access != "open" and not article.text:
            reason = next(reason for reason, access in WALLS.items() if access == article.access)
            outcome = Outcome(reason=reason, detail="the page shows a headline, and a wall in place of its text")
            self.run.failed(job, outcome, stage="read", status=status)


def _not_a_page(response: Response) -> Outcome | None:
    """Why the bytes of an answer are nothing to read; ``None`` if they may be a page."""
    body = response.body
    declared = headers_of(response).get("content-type", "")
    kind = declared.partition(";")[0].strip().lower()
    if not body.strip():
        return Outcome(reason="empty", detail="the server answered 200 and sent nothing")
    if kind and "html" not in kind and kind not in ("application/octet-stream", "unknown/unknown"):
        return Outcome(reason="not_html", detail=f"expected a page, found {declared!r}")
    if body.startswith(_MAGIC):
        return Outcome(reason="not_html", detail=f"expected a page, found bytes that begin with {body[:8]!r}")
    start = body[:4096]
    if not body.startswith(_BOMS) and "utf-16" not in declared.lower():
        odd = len(start) - len(start.translate(None, _CONTROLS))
        if odd > len(start) / 20:
            return Outcome(reason="bad_content", detail=f"expected a page, found {odd} control bytes at its start")
    return None
