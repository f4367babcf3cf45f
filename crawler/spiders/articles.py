"""How an article is fetched: asked for, read in another process, kept, and looked at again while it may change."""

import codecs
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy.http import Response

from crawler.context import with_source
from crawler.failures import WALLS
from crawler.items import Article, Job, Validators
from crawler.outcomes import Outcome
from crawler.pages import PageError
from crawler.reading import Unread
from crawler.schedule import recheck_at
from crawler.spiders.base import QueueSpider, headers_of

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"ID3", b"\x00\x00\x00")
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


class ArticleSpider(QueueSpider):
    """Fetches and reads single articles."""

    async def parse_article(self, response: Response, job: Job) -> AsyncIterator[Any]:
        """Keep the article on a page, or say why there is none."""
        self.run.landed(job)
        with self.run.trouble:
            await self._article(response, job)
        return
        yield  # makes this a generator, which is what Scrapy takes for one

    async def _article(self, response: Response, job: Job) -> None:
        digest = hashlib.sha256(response.body).hexdigest()
        if outcome := self.outcome(response, job, sha256=digest):
            self.give_up(job, outcome, status=response.status)
            return
        now = self.run.now()
        known = job.validators
        if response.status == 304 or (known and known.sha256 == digest):
            self.run.unchanged(job, again_at=recheck_at(known.first if known else None, now=now))
            self.run.done(job)
            return
        if outcome := _not_a_page(response):
            self.give_up(job, outcome, stage="read", status=response.status)
            return
        await self._read(response, job, digest, now)

    async def _read(self, response: Response, job: Job, digest: str, now: datetime) -> None:
        headers = headers_of(response)
        page = Unread(
            html=response.body,
            url=response.url,
            fetched=now,
            link=job.link,
            content_type=headers.get("content-type"),
            last_modified=headers.get("last-modified"),
        )
        try:
            article = await self.run.readers.read(page)
        except PageError as error:
            outcome = Outcome(reason=error.reason, detail=error.detail)
            self.give_up(job, outcome, stage="read", status=response.status)
            return
        first = job.validators.first if job.validators else now
        validators = Validators(
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            sha256=digest,
            first=first,
            since=now,
        )
        again_at = recheck_at(first, now=now) if article.access == "open" else None
        self.run.kept(job, with_source(article, job), validators=validators, recheck_at=again_at)
        self._tell_wall(replace(job, validators=validators), article, status=response.status)
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
