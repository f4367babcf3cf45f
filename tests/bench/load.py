"""Ten readers at once: how long each answer of a server takes, over plain sockets that stay open."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a number of requests took."""

    seconds: tuple[float, ...]
    """Of each request."""
    wall: float
    wrong: tuple[str, ...]
    """Status and address of what was not answered with 200."""
    bytes: int

    @property
    def p95(self) -> float:
        """Milliseconds below which 95 of 100 answers came."""
        return statistics.quantiles(self.seconds, n=20, method="inclusive")[-1] * 1000

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall


def load(root: str, paths: Sequence[str], *, clients: int = 10) -> Load:
    """Ask for every path once, so many at a time."""
    return asyncio.run(_load(root, paths, clients))


async def _load(root: str, paths: Sequence[str], clients: int) -> Load:
    waiting, found = list(reversed(paths)), list[tuple[float, int, str, int]]()
    begun = time.perf_counter()
    await asyncio.gather(*(_client(root, waiting, found) for _ in range(clients)))
    return Load(
        seconds=tuple(seconds for seconds, *_ in found),
        wall=time.perf_counter() - begun,
        wrong=tuple(f"{status} {path}" for _, status, path, _ in found if status != 200),
        bytes=sum(size for *_, size in found),
    )


async def _client(root: str, waiting: list[str], found: list[tuple[float, int, str, int]]) -> None:
    host = urlsplit(root)
    reader, writer = await asyncio.open_connection(host.hostname, host.port, limit=2**24)
    while waiting:
        path, begun = waiting.pop(), time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = await _body(reader, head)
        found.append((time.perf_counter() - begun, int(head.split(b" ", 2)[1]), path, size))
    writer.close()


async def _body(reader: asyncio.StreamReader, head: bytes) -> int:
    if b"content-length:" in head:
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return length
    size = 0
    while length := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(length + 2)
        size += length
    await reader.readexactly(2)
    return size
