"""What came over the wire, kept as WARC files: written as one gzip member a record, read back by offset or in order."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

MAX_BODY = 10_000_000
"""What is read of one record, once unpacked."""
ROTATE = 1_000_000_000
"""A file that has grown this long is closed and another begun."""
_LEVEL = 4
"""Of compression: a twentieth more bytes than the usual 6, in two thirds of its time."""

Place = tuple[str, int]
"""Name of a WARC file, and where in it a record begins."""


class ArchiveError(ValueError):
    """A file that is no WARC file, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One archived answer."""

    url: str
    fetched: datetime | None
    status: int
    content_type: str | None
    last_modified: str | None
    body: bytes
    """As the page is, out of its transfer coding and compression; cut at `MAX_BODY`."""
    file: str
    """Name of the WARC file."""
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer, as they went over the wire."""

    url: str
    at: datetime
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes
    """As sent, still compressed if it was."""
    notes: Mapping[str, str]
    """For the metadata record: source, via, …"""


class ArchiveWriter:
    """Adds to a new WARC file in a folder; every record is on disk when `write` returns.

    ``forbids`` is asked of each record, as it would be written, whether the archive may not have it.
    """

    def __init__(
        self, folder: Path, *, software: str, now: datetime, forbids: Callable[[bytes], bool] | None = None
    ) -> None:
        self.folder = folder
        self._forbids = forbids
        self._software = software
        self._now = now
        self._file: IO[bytes] | None = None
        self._builder = WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")

    def write(self, exchange: Exchange) -> Place | None:
        """Keep an exchange as request, response and metadata records; where the response stands.

        ``None`` if one of them is forbidden: nothing is written.
        """
        response = self._record("response", exchange, _response_head(exchange), exchange.body)
        parent = {"WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        request = self._record("request", exchange, _request_head(exchange), b"", parent)
        metadata = self._fields("metadata", exchange.url, exchange.notes, {"WARC-Date": _stamp(exchange.at), **parent})
        is_packed = any(name.lower() == "content-encoding" for name, _ in exchange.headers)
        records = [self._bytes(record) for record in (response, request, metadata)]
        if self._forbids and any(map(self._forbids, records)):
            return None
        levels = 0 if is_packed else _LEVEL, _LEVEL, _LEVEL
        packed = [_packed(record, level) for record, level in zip(records, levels, strict=True)]
        file = self._open()
        offset = file.tell()
        file.write(b"".join(packed))
        file.flush()
        return Path(file.name).name, offset

    def close(self) -> None:
        """Close the file; nothing is left to be written."""
        if self._file:
            self._file.close()
            self._file = None

    def _open(self) -> IO[bytes]:
        if self._file and self._file.tell() >= ROTATE:
            self.close()
        if self._file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = _new_file(self.folder, self._now)
            info = {"software": self._software, "format": "WARC File Format 1.1", "robots": "obey"}
            headers = {"WARC-Date": _stamp(self._now), "WARC-Filename": Path(self._file.name).name}
            self._file.write(_packed(self._bytes(self._fields("warcinfo", "", info, headers)), _LEVEL))
        return self._file

    def _record(
        self,
        kind: str,
        exchange: Exchange,
        head: StatusAndHeaders,
        body: bytes,
        more: Mapping[str, str] | None = None,
    ) -> Any:
        headers = {"WARC-Date": _stamp(exchange.at), **(more or {})}
        return self._builder.create_warc_record(
            exchange.url, kind, payload=io.BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=headers
        )

    def _fields(self, kind: str, url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Any:
        """A record of names and values."""
        payload = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode("utf-8", "replace")
        return self._builder.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),  # or warcio makes a temporary file that it never closes
            warc_content_type="application/warc-fields",
            warc_headers_dict=dict(headers),
        )

    def _bytes(self, record: Any) -> bytes:
        out = self._builder.out = io.BytesIO()
        self._builder.write_record(record)
        return out.getvalue()


def read_record(folder: Path, file: str, offset: int) -> Archived:
    """The answer that stands at an offset of a file."""
    path = folder / file
    with path.open("rb") as stream:
        stream.seek(offset)
        found = next(_answers(stream, path), None)
    if found is None:
        raise ArchiveError(f"{path}: expected a response record at offset {offset}")
    return found


def records(paths: Iterable[Path]) -> Iterator[Archived]:
    """Every answer in the files, in their order; a file cut short by a crash is read as far as it goes."""
    for path in paths:
        with path.open("rb") as stream:
            yield from _answers(stream, path)


def answers_from(path: Path, offset: int) -> Iterator[Archived]:
    """Every answer in a file from the one at an offset on; a file cut short is read as far as it goes."""
    with path.open("rb") as stream:
        stream.seek(offset)
        yield from _answers(stream, path)


def _answers(stream: IO[bytes], path: Path) -> Iterator[Archived]:
    start = stream.read(5)
    if start and not start.startswith((b"\x1f\x8b", b"WARC/")):
        raise ArchiveError(f"{path}: expected a WARC file, found {start!r} at its start")
    stream.seek(-len(start), io.SEEK_CUR)
    iterator = ArchiveIterator(stream)
    begun = False
    while True:
        try:
            record = next(iterator)
        except StopIteration:
            return
        except ArchiveLoadFailed as error:
            if begun:
                return  # a last record without its end
            raise ArchiveError(f"{path}: expected a WARC file: {' '.join(str(error).split())[:100]}") from error
        begun = True
        _read_head(record)
        if record.rec_type == "response" and record.http_headers is not None:
            body = _body(record.content_stream())  # first: asking for the offset reads the record to its end
            yield _archived(record, body, path, iterator.get_record_offset())


def _read_head(record: Any) -> None:
    """warcio reads the heads of answers from web addresses alone; ours from files without an address have one too."""
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "response" and url.startswith("urn:sha256:"):
        record.http_headers = StatusAndHeadersParser(["HTTP/1.1"]).parse(record.raw_stream)


def _archived(record: Any, body: bytes, path: Path, offset: int) -> Archived:
    code = record.http_headers.get_statuscode()
    return Archived(
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        fetched=_moment(record.rec_headers.get_header("WARC-Date")),
        status=int(code) if code.isdigit() else 0,
        content_type=record.http_headers.get_header("Content-Type"),
        last_modified=record.http_headers.get_header("Last-Modified"),
        body=body,
        file=path.name,
        offset=offset,
    )


def _body(stream: IO[bytes]) -> bytes:
    pieces: list[bytes] = []
    size = 0
    try:
        while size < MAX_BODY and (piece := stream.read(min(1 << 18, MAX_BODY - size))):
            pieces.append(piece)
            size += len(piece)
    except (zlib.error, EOFError, OSError):
        pass  # damaged on the wire: what could be unpacked is what there is
    return b"".join(pieces)


def _packed(record: bytes, level: int) -> bytes:
    """A record as a gzip member of its own; what came compressed is not worth the time to do it again."""
    packer = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packer.compress(record) + packer.flush()


def _new_file(folder: Path, now: datetime) -> IO[bytes]:
    for number in range(100_000):
        path = folder / f"blotter-{now:%Y%m%d%H%M%S}-{number:05}.warc.gz"
        try:
            return path.open("xb")
        except FileExistsError:
            continue
    raise ArchiveError(f"{folder}: no name is left for another file of {now:%Y-%m-%d %H:%M:%S}")


def _response_head(exchange: Exchange) -> StatusAndHeaders:
    # the body was taken out of its chunks already
    headers = [(name, value) for name, value in exchange.headers if name.lower() != "transfer-encoding"]
    return StatusAndHeaders(f"{exchange.status} {_PHRASES.get(exchange.status, 'Unknown')}", headers, "HTTP/1.1")


def _request_head(exchange: Exchange) -> StatusAndHeaders:
    rest = quote(exchange.url, safe="%/:=&?~#+!$,;'@()*[]").partition("://")[2]
    host, slash, path = rest.partition("/")
    headers = [("Host", host.partition("?")[0]), *exchange.request_headers]
    return StatusAndHeaders(f"{exchange.method} {slash or '/'}{path} HTTP/1.1", headers, is_http_request=True)


_PHRASES = {
    200: "OK", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
    308: "Permanent Redirect", 401: "Unauthorized", 402: "Payment Required", 403: "Forbidden", 404: "Not Found",
    410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(stamp: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
