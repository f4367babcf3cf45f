"""Taking records out of archive files: every record is a gzip member, so the others keep their bytes."""

import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from data.home import fsync, touch

DRAFT = ".new"
"""Ends the name of a file that is being written; a killed run leaves it."""
_PIECE = 65536
_TARGET = re.compile(rb"^WARC-Target-URI:\s*<?([^\s>]+)>?\s*$", re.MULTILINE | re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|del|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|time|u|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")
_VALUE = re.compile(r"=\s*\"([^\"]*)\"|=\s*'([^']*)'")
_ESCAPED = re.compile(r"(?:\\u[0-9a-fA-F]{4})+|\\[nrtbf]")
_ENCODED = re.compile(rb"^Content-Encoding:\s*(gzip|deflate)\s*$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record of an archive file."""

    packed: bytes
    content: bytes
    offset: int

    @property
    def kind(self) -> str:
        """response, request, metadata or warcinfo."""
        return self._named("WARC-Type")

    @property
    def id(self) -> str:
        """Its own, in all the world."""
        return self._named("WARC-Record-ID")

    @property
    def belongs_to(self) -> str:
        """The id of the record that it was written beside, "" if none."""
        return self._named("WARC-Concurrent-To")

    @property
    def body(self) -> bytes:
        """What follows the head of the record, as it is."""
        return self.content.partition(b"\r\n\r\n")[2]

    def _named(self, name: str) -> str:
        head = self.content[: self.content.find(b"\r\n\r\n")].decode("utf-8", "replace")
        lines = (line.partition(":") for line in head.splitlines())
        return next((value.strip() for key, _, value in lines if key.strip().lower() == name.lower()), "")

    @property
    def url(self) -> str:
        """The address it is about, "" if it is about none."""
        found = _TARGET.search(self.content[:4096])
        return found[1].decode("utf-8", "replace") if found else ""

    @property
    def text(self) -> str:
        """What it holds, as far as it is text; a packed body is unpacked."""
        head, _, rest = self.content.partition(b"\r\n\r\n")
        http, _, body = rest.partition(b"\r\n\r\n")
        if _ENCODED.search(http):
            body = _unpacked(body)
        return decoded(b"\n".join([head, http, body]))

    @property
    def words(self) -> str:
        """Its text out of its markup."""
        return bare_words(self.text)


def warc_records(path: Path) -> Iterator[WarcRecord]:
    """The records of a file; one cut short by a crash at its end is left out."""
    offset = 0
    with path.open("rb") as file:
        while True:
            file.seek(offset)
            unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
            pieces: list[bytes] = []
            while not unpacker.eof:
                if not (piece := file.read(_PIECE)):
                    return
                pieces.append(unpacker.decompress(piece))
            end = file.tell() - len(unpacker.unused_data)
            file.seek(offset)
            yield WarcRecord(packed=file.read(end - offset), content=b"".join(pieces), offset=offset)
            offset = end


def without(path: Path, is_doomed: Callable[[WarcRecord], bool]) -> tuple[Path, dict[int, int]] | None:
    """A new file without the doomed records, and where the others stand in it now; ``None`` if none is doomed."""
    if not holds(path, is_doomed):
        return None
    new = _next_to(path)
    draft = new.with_name(new.name + DRAFT)
    touch(draft)
    offsets: dict[int, int] = {}
    with draft.open("wb") as file:
        for record in warc_records(path):
            if not is_doomed(record):
                offsets[record.offset] = file.tell()
                file.write(record.packed)
    fsync(draft)
    draft.replace(new)
    fsync(path.parent)
    return new, offsets


def drop_drafts(folder: Path) -> None:
    """Let go of the drafts that killed runs left."""
    for path in folder.glob(f"*.warc.gz{DRAFT}"):
        path.unlink()


def holds(path: Path, is_sought: Callable[[WarcRecord], bool]) -> bool:
    """Is one of a file's records of that kind?"""
    return any(is_sought(record) for record in warc_records(path))


def bare_words(text: str) -> str:
    """What stands in HTML, in a feed with HTML in it or in JSON, as it is read: no tags and no escapes."""
    text = _INLINE.sub("", unescape(unescape(_ESCAPED.sub(_unescaped, text))))
    return _TAG.sub(_values, text)


def decoded(data: bytes) -> str:
    """Bytes as text: UTF-8, or else what older pages are written in."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unescaped(found: re.Match[str]) -> str:
    """Characters that JSON writes by their numbers; white space for its line ends and tabs."""
    if not found[0].startswith("\\u"):
        return " "
    units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in found[0].split("\\u")[1:])
    return units.decode("utf-16-be", "replace")


def _values(tag: re.Match[str]) -> str:
    """What the attributes of a tag say."""
    return " ".join(["", *(one or other for one, other in _VALUE.findall(tag[0])), ""])


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(body)
    except zlib.error:
        return body


def first_name(path: Path) -> Path:
    """The name that a file had before it was first written anew.

    >>> first_name(Path("archive/blotter-00001.p.p.warc.gz")).name
    'blotter-00001.warc.gz'
    """
    return path.with_name(re.sub(r"(?:\.p)+(?=\.warc\.gz$)", "", path.name))


def _next_to(path: Path) -> Path:
    """A free name with one more ``.p`` or several: a crash never mixes old and new offsets."""
    new = path
    while new.exists():
        new = new.with_name(new.name.removesuffix(".warc.gz") + ".p.warc.gz")
    return new
