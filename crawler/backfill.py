"""Common Crawl's news: the WARC files that its path lists name, how one comes here, and which pages are of a source."""

import gzip
import shutil
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from crawler.archive import Archived, answers_from
from crawler.inputs import InputError, Saved, as_saved
from crawler.sources import Source
from crawler.urls import host_of, is_public_address

BASE = "https://data.commoncrawl.org/"
"""In front of the paths of its lists."""
SECONDS = 60
"""Without a byte, after which a server is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcFile:
    """One file of a path list."""

    name: str
    """As listed; how far it was read is kept under this name."""
    path: Path | None = None
    """Where it is, if it is here."""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer of a WARC file, or where the file ends."""

    offset: int
    page: Saved | None = None
    """If it is a page of one of the hosts."""


def listed(path: Path) -> list[WarcFile]:
    """The files that a path list names, in its order; the list may be packed with gzip.

    A line is the path of a file here, from the list's own folder on, an address, or a path at Common Crawl.
    """
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a list of paths of WARC files: {error}") from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if wrong := next((line for line in lines if not line.endswith((".warc", ".warc.gz"))), None):
        raise InputError(f"{path}: expected paths that end in .warc or .warc.gz, found {wrong[:80]!r}")
    return [_file(path.parent, line) for line in lines]


def hosts(sources: Iterable[Source]) -> frozenset[str]:
    """The hosts whose pages are those of these sources, without a leading ``www.``."""
    return frozenset(_bare(host_of(source.url)) for source in sources)


def pages(path: Path, *, offset: int | None, wanted: frozenset[str]) -> Iterator[Step]:
    """The answers of a WARC file, from the one behind ``offset`` on, with the pages of the hosts among them."""
    for found in answers_from(path, offset or 0):
        if offset is None or found.offset > offset:
            yield Step(offset=found.offset, page=as_saved(found) if _is_page(found, wanted) else None)


def fetch_file(file: WarcFile, folder: Path, *, contact: str, allow_networks: Sequence[str] = ()) -> Path:
    """The file, here; one that was cut short goes on where it ended. Raises `InputError` if it cannot be had."""
    if file.path:
        return file.path
    assert file.url
    _refuse_private(file.url, allow_networks)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file.name.rpartition("/")[2]
    part = target.with_name(f"{target.name}.part")
    if target.exists():
        return target
    there = part.stat().st_size if part.exists() else 0
    headers = {"User-Agent": f"Blotter ({contact})", **({"Range": f"bytes={there}-"} if there else {})}
    try:
        with urlopen(Request(file.url, headers=headers), timeout=SECONDS) as answer:
            with part.open("ab" if answer.status == 206 else "wb") as out:
                shutil.copyfileobj(answer, out, 1 << 20)
            if answer.length:
                raise InputError(f"{file.url}: {answer.length} bytes are missing; run again to go on")
    except (URLError, OSError) as error:
        raise InputError(f"{file.url}: {error}") from None
    return part.rename(target)


def _file(folder: Path, line: str) -> WarcFile:
    if line.startswith(("https://", "http://")):
        return WarcFile(name=line, url=line)
    here = folder / line
    return WarcFile(name=line, path=here) if here.exists() else WarcFile(name=line, url=BASE + line.lstrip("/"))


def _is_page(found: Archived, wanted: frozenset[str]) -> bool:
    host = _bare(host_of(found.url))
    is_wanted = any(host == one or host.endswith(f".{one}") for one in wanted)
    return is_wanted and found.status == 200 and "html" in (found.content_type or "html")


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _refuse_private(url: str, allow_networks: Sequence[str]) -> None:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host_of(url), None)}
    except OSError as error:
        raise InputError(f"{url}: {error}") from None
    allowed = [ip_network(network) for network in allow_networks]
    for address in sorted(str(one) for one in found):
        if not is_public_address(address) and not any(ip_address(address) in network for network in allowed):
            raise InputError(f"{url}: {address} is no public address")
