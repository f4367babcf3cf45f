"""What `blotter add` is given: addresses, saved pages, plain text and WARC files, in any mixture."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from crawler.archive import Archived, ArchiveError, ArchiveWriter, Exchange, answers_from, read_record, records
from crawler.items import Article, Fetch, Link
from crawler.pages import PageError
from crawler.pages.decode import decoded
from crawler.pages.parts import followed
from crawler.pages.plain import read_plain
from crawler.pages.signals import is_later_page
from crawler.reading import Reader, Unread
from crawler.urls import canonical_url, file_url

MARKUP = re.compile(rb"<(?:!doctype|html|head|body|article|main|div|p|h1)\b", re.IGNORECASE)
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UNSEEN = re.compile(r"<(script|style|template|svg|noscript)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LEADS_ON = re.compile(rb"""<(?:a|link)\b[^>]*\brel\s*=\s*["']?next\b[^>]*>""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
MOST = 1_000_000
"""Bytes of a page whose words are looked at."""
START = 4096
"""Bytes that are looked at to tell what a file is."""


class InputError(ValueError):
    """Something that cannot be added, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing to add: an address to fetch, a file to read, or both."""

    url: str | None = None
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """The bytes of one saved page or text."""

    name: str
    """For messages: the file, or the address inside a WARC file."""
    url: str
    body: bytes
    content_type: str | None = None
    last_modified: str | None = None
    fetched: datetime | None = None
    link: Link | None = None


Kind = Literal["page", "plain", "binary", "empty"]


def given(words: Iterable[str], *, url: str | None, listed: Iterable[str]) -> list[Given]:
    """What the words of a command line name; ``-`` stands for the lines of ``listed``.

    Raises `InputError` for what is neither an address nor a readable file.
    """
    found: list[Given] = []
    for word in words:
        if word == "-":
            found += [_line(n, line) for n, line in enumerate(listed, 1) if line.strip()]
        else:
            found.append(Given(url=word) if _is_address(word) else Given(path=_file(word)))
    if url is None:
        return found
    if len(found) != 1 or found[0].path is None:
        raise InputError(f"--url names the address of one file, but {len(found)} inputs were given")
    if not _is_address(url):
        raise InputError(f"--url: expected an http or https address, not {url!r}")
    return [Given(url=url, path=found[0].path)]


def is_warc(path: Path) -> bool:
    """Whether a file is named as a WARC file is."""
    return path.name.endswith((".warc", ".warc.gz"))


class LaterPages:
    """Pages of WARC files to which another page there leads as the next one of its article."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Path, int]] = {}
        self._taken: set[str] = set()

    def __contains__(self, url: str) -> bool:
        return url in self._places

    def look_into(self, path: Path) -> None:
        """Note the places of those in one file."""
        places: dict[str, tuple[Path, int]] = {}
        led_to: set[str] = set()
        for found in records([path]):
            if found.status == 200:
                url = as_saved(found).url
                places[url] = path, found.offset
                led_to |= _later_addresses(found.body, found.url) - {url}
        self._places |= {url: places[url] for url in sorted(led_to & places.keys())}

    def at(self, url: str) -> Saved | None:
        """The one at an address."""
        path, offset = self._places.get(canonical_url(url), (None, 0))
        return as_saved(next(answers_from(path, offset))) if path else None

    def taken_by(self, first: Article, reader: Reader) -> dict[str, tuple[Saved, Article]]:
        """Those that go on with an article, in their order, by the addresses that lead there; they are taken."""
        asked: dict[str, Saved] = {}

        def read(url: str) -> Article | None:
            if page := self.at(url):
                asked[url] = page
            return read_if_any(page, reader) if page else None

        later = followed(first, read)
        found = {url: (page, part) for (url, page), part in zip(asked.items(), later, strict=False)}
        self._taken |= {page.url for page, _ in found.values()}
        return found

    def left(self) -> Iterator[Saved]:
        """Those that no article has taken."""
        for url in list(self._places):
            if url not in self._taken and (page := self.at(url)):
                self._taken.add(url)
                yield page


def _later_addresses(body: bytes, url: str) -> set[str]:
    """Where a page says that its article goes on."""
    links = _LEADS_ON.findall(body[:MOST]) if b"next" in body else []
    given = [unescape(found[1].decode("utf-8", "replace")) for link in links if (found := _ADDRESS.search(link))]
    return {canonical_url(urljoin(url, address)) for address in given if is_later_page(address, url)}


def saved_pages(items: Iterable[Given], later: LaterPages, *, fetched: datetime | None) -> Iterator[Saved]:
    """The pages in the files among the items, those of WARC files one by one, later pages of articles last."""
    for item in items:
        if item.path and is_warc(item.path):
            later.look_into(item.path)
            yield from (page for page in map(as_saved, records([item.path])) if page.url not in later)
            yield from later.left()
        elif item.path:
            yield saved(item, fetched=fetched)


@contextmanager
def archiving(
    archive: Path, *, now: datetime, forbids: Callable[[bytes], bool] | None = None
) -> Iterator[Callable[[Saved, Article], Fetch]]:
    """What puts a page into the archive, so that it can be read again from there, and says where it is now.

    What is forbidden (see `ArchiveWriter`) is nowhere.
    """
    software = f"Blotter/{version('ai-blotter')}"
    with closing(ArchiveWriter(archive, software=software, now=now, forbids=forbids)) as writer:

        def keep(page: Saved, article: Article) -> Fetch:
            exchange = _exchange(page, now)
            file, offset = writer.write(exchange) or (None, None)
            return Fetch(
                url=article.url, final_url=page.url, status=200, at=exchange.at, size=len(page.body), warc_file=file,
                content_type=page.content_type, sha256=digest(page), warc_offset=offset,
            )  # fmt: skip

        yield keep


def digest(page: Saved) -> str:
    """The SHA-256 of a page's bytes, as the fetch log has it."""
    return hashlib.sha256(page.body).hexdigest()


def archived_page(
    archive: Path, file: str, offset: int, *, url: str, fetched: datetime | None, link: Link | None
) -> Saved:
    """A page as it stands in the archive; raises `InputError` if it is not there."""
    try:
        found = as_saved(read_record(archive, file, offset))
    except (ArchiveError, OSError) as error:
        raise InputError(f"{url}: not in the archive: {error}") from error
    return replace(found, name=url, url=url, fetched=fetched, link=link)


def saved(item: Given, *, fetched: datetime | None) -> Saved:
    """The bytes of a file that is no WARC file. Raises `InputError` if it cannot be read."""
    assert item.path is not None
    try:
        body = item.path.read_bytes()
    except OSError as error:
        raise InputError(f"{item.path}: {error.strerror}") from error
    url = canonical_url(item.url) if item.url else file_url(body)
    return Saved(name=str(item.path), url=url, body=body, fetched=fetched)


def kind_of(body: bytes) -> Kind:
    """What the bytes hold, by their beginning.

    >>> kind_of(b"<!DOCTYPE html><title>A</title>"), kind_of(b"A headline"), kind_of(b"\\x89PNG\\x00"), kind_of(b" ")
    ('page', 'plain', 'binary', 'empty')
    """
    start = body[:START]
    if not body.strip():
        return "empty"
    if b"\0" in start and not start.startswith(UTF_16):
        return "binary"
    if start.startswith(UTF_16):
        start = start.replace(b"\0", b"")
    return "page" if MARKUP.search(start) else "plain"


def as_saved(found: Archived) -> Saved:
    """The page in an archived answer; its body is empty if it is no page but an error."""
    return Saved(
        name=found.url,
        url=found.url if found.url.startswith("urn:sha256:") else canonical_url(found.url),
        body=found.body if found.status == 200 else b"",
        content_type=found.content_type,
        last_modified=found.last_modified,
        fetched=found.fetched,
    )


def words_of(page: Saved) -> str:
    """All words of a page's markup, chrome and all: quick to have, to tell what is not worth reading."""
    markup = _UNSEEN.sub(" ", decoded(page.body[:MOST], page.content_type))
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def _exchange(page: Saved, now: datetime) -> Exchange:
    """A file as if it had been fetched; when it really was stands in the notes."""
    notes = {"via": "file", "fetched": page.fetched.isoformat() if page.fetched else "unknown"}
    headers = (("Content-Type", page.content_type),) if page.content_type else ()
    return Exchange(url=page.url, at=page.fetched or now, status=200, headers=headers, body=page.body, notes=notes)


def _line(number: int, line: str) -> Given:
    address, _, path = line.rstrip("\n").partition("\t")
    if not _is_address(address.strip()):
        raise InputError(f"-: line {number}: expected URL or URL<TAB>FILE, not {line.strip()[:80]!r}")
    return Given(url=address.strip(), path=_file(path.strip()) if path.strip() else None)


def _is_address(word: str) -> bool:
    return word.lower().startswith(("http://", "https://"))


def _file(word: str) -> Path:
    path = Path(word)
    if path.is_dir():
        raise InputError(f"{word}: is a folder, expected a file or an address")
    if not path.exists():
        raise InputError(f"{word}: no such file, expected an http(s) address, a saved page, a text or a WARC file")
    return path


def addresses(items: Iterable[Given]) -> Iterator[str]:
    """The addresses among them that have to be fetched."""
    return (canonical_url(item.url) for item in items if item.url is not None and item.path is None)


def read_saved(page: Saved, reader: Reader) -> Article:
    """The article in a saved page or text. Raises `PageError` for what is none."""
    kind = kind_of(page.body)
    if kind == "empty":
        raise PageError(page.url, "empty", f"{page.name}: an empty file, expected HTML or plain text")
    if kind == "binary":
        raise PageError(page.url, "bad_content", f"{page.name}: a binary file, expected HTML or plain text")
    if kind == "plain" and "html" not in (page.content_type or ""):
        return read_plain(decoded(page.body, page.content_type), page.url, fetched=page.fetched)
    return reader.read(
        Unread(
            html=page.body, url=page.url, fetched=page.fetched, link=page.link, content_type=page.content_type,
            last_modified=page.last_modified,
        )
    )  # fmt: skip


def read_if_any(page: Saved, reader: Reader) -> Article | None:
    """The article in a saved page or text, ``None`` if there is none."""
    try:
        return read_saved(page, reader)
    except PageError:
        return None
