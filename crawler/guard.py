"""What we do not ask for: private addresses, whatever name leads there, and what robots.txt keeps us away from."""

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, Self, cast
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from twisted.internet.address import IPv4Address, IPv6Address

from crawler.outcomes import ERRORS, Refusal, outcome_of_error
from crawler.robots import Policy, robots_of
from crawler.urls import is_public_address

DNS_SECONDS = 20
ROBOTS_SECONDS = 15
_SAME_FOR_ALL = {"dns", "refused", "tls", "private_address"}


class Resolver:
    """Resolves names for every connection that Twisted opens, and gives it public addresses only.

    Numbers pass here too, in all their spellings, so this is the one gate: what is checked is what is connected to.
    """

    def __init__(self, allow_networks: Sequence[str] = ()) -> None:
        self._allowed = [ipaddress.ip_network(network) for network in allow_networks]
        self._known: dict[str, list[str]] = {}
        self.refused: set[str] = set()
        """Hosts that had addresses, none of which was public."""

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0, **kinds: Any
    ) -> "_Resolution":
        """Tell the receiver the public addresses of a host: Twisted's IHostnameResolver, names and all."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        resolution.task = asyncio.ensure_future(self._tell(resolutionReceiver, hostName, portNumber))
        return resolution

    async def _tell(self, receiver: Any, host: str, port: int) -> None:
        try:
            for address in await self.addresses(host):
                kind = IPv6Address if ":" in address else IPv4Address
                receiver.addressResolved(kind("TCP", address, port))
        finally:
            receiver.resolutionComplete()

    async def addresses(self, host: str) -> list[str]:
        """The public addresses of a host; none if it cannot be resolved or has private ones only."""
        if host not in self._known:
            try:
                found = await asyncio.wait_for(_look_up(host), DNS_SECONDS)
            except (OSError, UnicodeError, TimeoutError):
                return []
            self._known[host] = [address for address in found if self._is_open(address)]
            if found and not self._known[host]:
                self.refused.add(host)
        return self._known[host]

    def _is_open(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        return is_public_address(ip) or any(ip in network for network in self._allowed if network.version == ip.version)


class _Resolution:
    """Twisted's IHostResolution."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.task: asyncio.Future[None] | None = None

    def cancel(self) -> None:
        """Nobody waits for the addresses any more."""
        if self.task:
            self.task.cancel()


async def _look_up(host: str) -> list[str]:
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in answers))


class RobotsMiddleware:
    """Asks robots.txt before anything else of a site (RFC 9309): what is not there allows all, what fails nothing."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._policies: dict[str, asyncio.Future[Policy]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or raise the `Refusal` that says why not."""
        if request.meta.get("is_robots"):
            return
        policy = await self._policy(request)
        if policy.refusal:
            raise policy.refusal
        if not policy.is_allowed(request.url):
            raise Refusal("robots_disallowed", f"{_origin(request)}/robots.txt disallows this path")

    async def _policy(self, request: Request) -> Policy:
        origin = _origin(request)
        if origin not in self._policies:
            future: asyncio.Future[Policy] = asyncio.get_running_loop().create_future()
            self._policies[origin] = future
            policy = _unreachable("robots.txt was not asked for to the end")
            try:
                policy = await self._said(origin)
            finally:
                future.set_result(policy)  # others wait for it
            if delay := policy.delay:
                self._slow_down(request, delay)
        return await self._policies[origin]

    async def _said(self, origin: str) -> Policy:
        """What the site's robots.txt said within the last day, or says now."""
        assert self._crawler.spider
        run = self._crawler.spider.run  # type: ignore[attr-defined]
        now = run.now()
        if known := run.robots.get(origin, now=now):
            return cast(Policy, known.policy)
        url = f"{origin}/robots.txt"
        request = Request(
            url, callback=NO_CALLBACK, priority=1000, meta={"is_robots": True, "download_timeout": ROBOTS_SECONDS}
        )
        assert self._crawler.engine
        try:
            response = await self._crawler.engine.download_async(request)
        except ERRORS as error:
            outcome = outcome_of_error(error)
            if outcome.reason in _SAME_FOR_ALL:
                return Policy(refusal=error)  # the page would fail in the same way
            return _unreachable(f"{url}: {outcome.detail}")
        said = robots_of(response, now=now)
        if isinstance(said, Refusal):
            return Policy(refusal=said)
        run.robots.put(origin, said)
        return said.policy

    def _slow_down(self, request: Request, delay: float) -> None:
        """Give the host's slot its own delay, without jitter below it, now and when it is made anew."""
        assert self._crawler.engine
        downloader = self._crawler.engine.downloader
        host = downloader.get_slot_key(request)
        own = downloader.per_slot_settings.get(host, {}).get("delay", downloader.settings.getfloat("DOWNLOAD_DELAY"))
        if delay <= own:
            return
        downloader.per_slot_settings[host] = {"concurrency": 1, "delay": delay, "jitter": 0.0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.jitter = delay, 0.0


def _unreachable(detail: str) -> Policy:
    return Policy(refusal=Refusal("robots_unreachable", detail))


def _origin(request: Request) -> str:
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}"
