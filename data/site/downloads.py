"""Releases as they lie on the disk: what is in each, and their files, so that a download that broke off goes on."""

import mimetypes
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.releases import SUMS, sealed

_CHUNK = 1 << 18
_TYPES = {".db": "application/vnd.sqlite3", ".jsonl": "application/jsonl", ".md": "text/markdown; charset=utf-8",
          ".cff": "text/yaml; charset=utf-8", ".parquet": "application/vnd.apache.parquet",
          ".csv": "text/csv; charset=utf-8", "": "text/plain; charset=utf-8"}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a release."""

    name: str
    """Its path in the release."""
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What the page of a release shows."""

    name: str
    day: str
    files: tuple[File, ...]
    changes: str
    """What differs from the release before, as written beside it."""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def papers(self) -> tuple[File, ...]:
        """What is not the rows of one table."""
        return tuple(file for file in self.files if "/" not in file.name)

    @property
    def tables(self) -> dict[str, dict[str, File]]:
        """Table → form → file."""
        found: dict[str, dict[str, File]] = {}
        for file in self.files:
            form, _, name = file.name.partition("/")
            if name:
                found.setdefault(name.rpartition(".")[0], {})[form] = file
        return found


def all_releases(folder: Path) -> list[Release]:
    """The newest first."""
    return [_release(path) for path in reversed(sealed(folder))]


def one_release(folder: Path, name: str) -> Release | None:
    """That of this name; ``latest`` is the newest."""
    found = sealed(folder)
    if name == "latest" and found:
        return _release(found[-1])
    return next((_release(path) for path in found if path.name == name), None)


def release_file(folder: Path, name: str) -> Path | None:
    """A file of a release by its path below the folder; ``None`` if it is none, or lies elsewhere."""
    path = (folder / name).resolve()
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None


def _release(path: Path) -> Release:
    files = tuple(File(name=name, size=(path / name).stat().st_size, sha256=sha256) for sha256, name in _sums(path))
    changes = (path / "CHANGES.md").read_text("utf-8").partition("\n")[2].strip()
    return Release(name=path.name, day=path.name[:10], files=files, changes=changes)


def _sums(path: Path) -> Iterator[tuple[str, str]]:
    for line in (path / SUMS).read_text("utf-8").splitlines():
        sha256, _, name = line.partition("  ")
        if (path / name).is_file():
            yield sha256, name


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte that a Range header asks for; all if it says nothing we know, ``None`` if past the end.

    >>> wanted_range("bytes=5-", 10), wanted_range("bytes=-3", 10), wanted_range("bytes=2-90", 10), wanted_range("", 10)
    ((5, 9), (7, 9), (2, 9), (0, 9))
    >>> wanted_range("bytes=10-", 10) is None
    True
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header.strip())
    if not found or found[0] == "bytes=-":
        return 0, size - 1
    if not found[1]:
        return max(0, size - int(found[2])), size - 1
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """An answer that sends a file or a part of it."""

    path: Path
    asked: str
    """The Range header."""
    is_head: bool

    async def asgi_send(self, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        """Send it in pieces."""
        size, stamp = self.path.stat().st_size, self.path.stat().st_mtime_ns
        wanted = wanted_range(self.asked, size)
        first, last = wanted or (0, -1)
        status = 416 if wanted is None else 206 if self.asked and (first, last) != (0, size - 1) else 200
        headers = {
            "content-type": _content_type(self.path), "content-length": str(last - first + 1), "accept-ranges": "bytes",
            "etag": f'"{stamp:x}-{size:x}"', "cache-control": "public, max-age=3600",
        }  # fmt: skip
        if status != 200:
            headers["content-range"] = f"bytes {first}-{last}/{size}" if status == 206 else f"bytes */{size}"
        encoded = [[name.encode(), value.encode()] for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        with self.path.open("rb") as file:
            file.seek(first)
            left = 0 if self.is_head else last - first + 1
            while left > 0 and (piece := file.read(min(_CHUNK, left))):
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _content_type(path: Path) -> str:
    return _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
