"""The last step before the wire: downloads that can be called off, and every answer into the archive as it came."""

import asyncio
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

from crawler.archive import Exchange
from crawler.outcomes import CalledOff, Refusal


class Handler(HTTP11DownloadHandler):
    """Scrapy's HTTP client, with downloads that the end of a run can call off."""

    async def download_request(self, request: Request) -> Response:
        """The answer; raises `CalledOff` if the run ends before it is there."""
        task = asyncio.ensure_future(super().download_request(request))
        flights: set[asyncio.Future[Response]] = self._crawler.spider.flights  # type: ignore[union-attr]
        flights.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            raise CalledOff("the run was ended") from None
        finally:
            flights.discard(task)


class ArchiveMiddleware:
    """Writes each answer into the archive and notes on its request where it stands, or what was withheld."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Count the request."""
        self._run.tally.add(None, "requests")

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the answer; its place goes into ``request.meta["kept_at"]``, or it goes itself into ``"withheld"``."""
        run = self._run
        run.tally.add(None, "answers")
        run.tally.add(None, "bytes", len(response.body))
        job = request.meta.get("job")
        notes = {
            "source": job.source_id if job else None,
            "via": job.link.found_in if job and job.link else None,
            "redirectedFrom": " ".join(request.meta.get("redirect_urls", ())),
            "ipAddress": str(response.ip_address or ""),
        }
        exchange = Exchange(
            url=request.url,
            at=run.now(),
            method=request.method,
            request_headers=_headers(request),
            status=response.status,
            headers=_headers(response),
            body=response.body,
            notes={name: value for name, value in notes.items() if value},
        )
        with run.trouble:
            place = run.archive.write(exchange)
            request.meta.update(kept_at=place, withheld=None if place else exchange)
        return _undecided(response)

    @property
    def _run(self) -> Any:
        return self._crawler.spider.run  # type: ignore[union-attr]


def _undecided(response: Response) -> Response:
    """A packed answer without a guess at its characters, which Scrapy would make of the packed bytes at 2 ms each."""
    if "Content-Encoding" not in response.headers:
        return response
    return Response(
        response.url,
        status=response.status,
        headers=response.headers,
        body=response.body,
        request=response.request,
        ip_address=response.ip_address,
        protocol=response.protocol,
    )


class PageRedirects(MetaRefreshMiddleware):
    """Follows a page that names another in its head, as Scrapy does, without decoding every page to find out."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The answer, or the request it leads to."""
        if b"refresh" not in response.body[:8192].lower():
            return response
        return super().process_response(request, response)


class LoopMiddleware:
    """Stops at the first address that a chain of redirects comes back to."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Pass an answer on; raises `Refusal` for one that leads in a circle."""
        location = response.headers.get("Location")
        if not 300 <= response.status < 400 or location is None:
            return response
        target = response.urljoin(location.decode("latin-1")).partition("#")[0]
        if target in (request.url, *request.meta.get("redirect_urls", ())):
            if "Set-Cookie" in response.headers:
                raise Refusal("consent_wall", "the server sets a cookie and sends back to the same address")
            raise Refusal("redirect_loop", f"{request.url} leads back to {target}")
        return response


def _headers(message: Request | Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in message.headers.items()
        for value in values
    )
