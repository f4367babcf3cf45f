"""Pages read in processes of their own, which can be killed: a thread cannot be, and some pages never end.

This module knows nothing of how a page is read, so that the process that fetches stays small; `crawler.reader` does.
"""

import asyncio
import pickle
import select
import signal
import struct
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import IO, Any, Self

from crawler.items import Article, Link
from crawler.pages import PageError

MAX_BYTES = 5_000_000
"""Of a page; what stands beyond is no article."""
SECONDS = 90
"""By the clock, for a page whose reader waits and burns no time."""
PAGES = 1_000
"""Read by one process before a fresh one takes its place."""

_SIZE = struct.Struct("<Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """One fetched page, before anybody has looked into it."""

    html: bytes
    url: str
    fetched: datetime | None
    link: Link | None = None
    content_type: str | None = None
    last_modified: str | None = None
    """As the server says, for a page that does not say when it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The page is no article."""

    reason: str
    detail: str


_STOPPED = Refused(reason="stopped", detail="the run was ended while the page was being read")


class ReaderError(RuntimeError):
    """The process that reads pages does not start."""


class Reader:
    """One process that reads pages; started at the first page, and again after a crash or a thousand of them."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._left = 0
        self._is_ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def read(self, page: Unread) -> Article:
        """The article on a page; raises `PageError` for what is none, takes too long or crashes its reader twice."""
        page = replace(page, html=page.html[:MAX_BYTES])
        answer = self._answer(page)
        if isinstance(answer, Refused) and answer.reason == "read_crashed":
            answer = self._answer(page)
        if isinstance(answer, Refused):
            raise PageError(page.url, answer.reason, answer.detail)
        return answer

    def end(self) -> None:
        """Break off what is being read and read nothing more; may be called from another thread."""
        self._is_ended = True
        if process := self._process:
            process.kill()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, self._errors):
            if stream:
                with suppress(BrokenPipeError):  # of a page that was half sent
                    stream.close()

    def _answer(self, page: Unread) -> Article | Refused:
        if self._is_ended:
            return _STOPPED
        process = self._running()
        assert process.stdin
        assert process.stdout
        poll = select.poll()
        poll.register(process.stdout, select.POLLIN | select.POLLHUP)
        try:
            send(process.stdin, page)
            if not poll.poll(self._seconds * 1000):
                self.close()
                return Refused(reason="read_timeout", detail=f"no outcome after {self._seconds:.0f} s")
            answer: Article | Refused | None = receive(process.stdout)
        except BrokenPipeError:
            answer = None
        return answer or self._crash(process)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._left <= 0:
            self.close()
        if self._process is None:
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the process)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crawler.reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                start_new_session=True,  # Ctrl-C is for the run, which then ends its readers
            )
            self._left = PAGES
            self._await_start(self._process)
        self._left -= 1
        return self._process

    def _await_start(self, process: "subprocess.Popen[bytes]") -> None:
        """Wait until the process is ready; one that never is has a bug of ours to show, and no page."""
        assert process.stdout
        if receive(process.stdout) is None:
            process.wait()
            last = _last_line(self._errors)
            self.close()
            raise ReaderError(f"no process to read pages can be started: {last}")

    def _crash(self, process: "subprocess.Popen[bytes]") -> Refused:
        """Why the process ended without an outcome."""
        code = process.wait()
        last = _last_line(self._errors)
        self.close()
        if self._is_ended:
            return _STOPPED
        if code == -signal.SIGPROF:
            return Refused(reason="read_timeout", detail="reading took all the CPU time a page may have")
        if last.startswith("MemoryError"):
            return Refused(reason="too_large", detail="reading took all the memory a page may have")
        return Refused(reason="read_crashed", detail=last or f"the reader ended with {code}")


class Readers:
    """Several readers at work beside an event loop."""

    def __init__(self, count: int) -> None:
        self._readers = [Reader() for _ in range(count)]
        self._free: asyncio.Queue[Reader] = asyncio.Queue()
        for reader in self._readers:
            self._free.put_nowait(reader)

    async def read(self, page: Unread) -> Article:
        """As `Reader.read`, by whichever reader is free first."""
        reader = await self._free.get()
        try:
            return await asyncio.to_thread(reader.read, page)
        finally:
            self._free.put_nowait(reader)

    def end(self) -> None:
        """Break off what is being read and read nothing more."""
        for reader in self._readers:
            reader.end()

    def close(self) -> None:
        """End all processes."""
        for reader in self._readers:
            reader.close()


def send(stream: IO[bytes], value: object) -> None:
    """Write a value with its length before it."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_SIZE.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value that `send` wrote; ``None`` at the end, or when it is cut short."""
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    size = _SIZE.unpack(head)[0]
    data = stream.read(size)
    return pickle.loads(data) if len(data) == size else None


def _last_line(stream: IO[bytes] | None) -> str:
    if stream is None:
        return ""
    stream.seek(0)
    lines = stream.read().decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
