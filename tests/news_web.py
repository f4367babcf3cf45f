"""The synthetic news web of ../shared, started for a test, and what is needed to crawl it; tests skip without it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from memory_queue import MemoryQueue

from crawler.report import CrawlReport
from crawler.run import crawl
from crawler.settings import build_settings
from crawler.sources import Source, SourceKind

NEWSWEB = Path(__file__).parent.parent.parent / "shared" / "eval" / "crawl" / "newsweb.py"
LOOPBACK = ("127.0.0.0/8",)
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """A running news web."""

    port: int

    def url(self, site: int, path: str) -> str:
        """An address on the ``site``-th site, counted from 0."""
        return f"http://127.0.0.{site + 2}:{self.port}{path}"

    def ask(self, what: str) -> Any:
        """Answer of a control request: ``_stats``, ``_reset``, ``_mutate?new=2``, ``_log``."""
        with urlopen(f"http://127.0.0.1:{self.port}/{what}", timeout=20) as answer:
            return json.load(answer)

    def fetch(self, url: str) -> None:
        """Ask for an address as a plain client does, without conditions and compression."""
        with urlopen(url, timeout=120) as answer:
            answer.read()

    def source(self, site: int, path: str = "/feed.xml", kind: SourceKind = "feed") -> Source:
        """One of its sites as a source."""
        return Source(id=f"site-{site}", name=f"Site {site}", kind=kind, url=self.url(site, path))


@contextmanager
def news_web(port: int, *options: str, hosts: int = 4, articles: int = 5) -> Iterator[Web]:
    """A news web on a port of its own, ended with the test."""
    if not NEWSWEB.is_file():
        pytest.skip(f"{NEWSWEB} is not here")
    command = [sys.executable, str(NEWSWEB), "--port", str(port), "--hosts", str(hosts), "--articles", str(articles)]
    with subprocess.Popen([*command, "--seconds", "3000", *options], stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            assert process.stdout.readline().startswith(b"newsweb:")
            yield Web(port=port)
        finally:
            process.terminate()


class Clock:
    """The time of a test, moved by hand."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, **spans: float) -> None:
        self.time += timedelta(**spans)


class Ticking(Clock):
    """A clock that is a second further each time it is looked at, as a run takes its time."""

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time


def run(
    queue: MemoryQueue,
    archive: Path,
    clock: Clock,
    *,
    sources: Sequence[Source] = (),
    networks: Sequence[str] = LOOPBACK,
    budget: float | None = 60,
    limit: int | None = None,
    **settings: Any,
) -> CrawlReport:
    """One run with no delay between requests, but for the settings given."""
    return crawl(
        queue,
        sources={source.id: source for source in sources},
        archive=archive,
        settings=build_settings("tests@example.com", networks) | {"DOWNLOAD_DELAY": 0} | settings,
        now=clock,
        budget=budget,
        limit=limit,
    )
