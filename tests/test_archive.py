"""The archive can be read back, by us, by offset, by others, and after a crash."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import MAX_BODY, ArchiveError, ArchiveWriter, Exchange, read_record, records

NOW = datetime(2026, 11, 24, 12, 0, 0, 250_000, tzinfo=UTC)
BODY = b"<html><p>Nine to two.</p></html>" * 40


def exchange(number: int, body: bytes = BODY, **headers: str) -> Exchange:
    return Exchange(
        url=f"https://paper.example/{number}?q=ä",
        at=NOW,
        request_headers=(("User-Agent", "Blotter/1"),),
        status=200,
        headers=(("Content-Type", "text/html"), *((name.replace("_", "-"), value) for name, value in headers.items())),
        body=body,
        notes={"source": "paper"},
    )


@pytest.fixture
def writer(tmp_path: Path) -> ArchiveWriter:
    return ArchiveWriter(tmp_path, software="Blotter/1", now=NOW)


def test_what_was_written_is_read_back_in_order_and_by_offset(writer: ArchiveWriter, tmp_path: Path) -> None:
    places = [writer.write(exchange(n, gzip.compress(BODY), Content_Encoding="gzip")) for n in range(3)]
    places.append(writer.write(exchange(3, Transfer_Encoding="chunked")))
    writer.close()
    read = list(records([tmp_path / places[0][0]]))
    assert [record.url for record in read] == [exchange(n).url for n in range(4)]
    assert {(record.body, record.status, record.content_type) for record in read} == {(BODY, 200, "text/html")}
    assert {record.fetched for record in read} == {NOW}
    assert [(record.file, record.offset) for record in read] == places
    assert [read_record(tmp_path, *place) for place in places] == read


def test_other_readers_find_three_records_for_an_exchange(writer: ArchiveWriter, tmp_path: Path) -> None:
    file, _ = writer.write(exchange(1))
    with (tmp_path / file).open("rb") as stream:
        found = [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(stream, check_digests=True)
        ]
    assert [kind for kind, _ in found] == ["warcinfo", "response", "request", "metadata"]
    assert found[1][1] == BODY
    assert b"source: paper" in found[3][1]
    writer.close()


@pytest.mark.parametrize("lost", [1, 200, 600])
def test_a_file_cut_by_a_crash_is_read_as_far_as_it_goes(writer: ArchiveWriter, tmp_path: Path, lost: int) -> None:
    file = ""
    for number in range(5):
        file, _ = writer.write(exchange(number))
    writer.close()
    path = tmp_path / file
    path.write_bytes(path.read_bytes()[:-lost])
    assert [record.body for record in records([path])][:4] == [BODY] * 4


def test_a_second_run_of_the_same_second_has_a_file_of_its_own(tmp_path: Path) -> None:
    writers = [ArchiveWriter(tmp_path, software="Blotter/1", now=NOW) for _ in range(2)]
    assert len({writer.write(exchange(1))[0] for writer in writers}) == 2
    for writer in writers:
        writer.close()


def test_a_run_that_fetches_nothing_leaves_no_file(writer: ArchiveWriter, tmp_path: Path) -> None:
    writer.close()
    assert list(tmp_path.iterdir()) == []


def test_a_bomb_in_the_archive_is_cut(writer: ArchiveWriter, tmp_path: Path) -> None:
    packed = gzip.compress(bytes(3 * MAX_BODY))
    place = writer.write(exchange(1, packed, Content_Encoding="gzip"))
    assert len(read_record(tmp_path, *place).body) == MAX_BODY
    writer.close()


def test_a_file_that_is_no_archive_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(BODY)
    with pytest.raises(ArchiveError, match=r"page\.html: expected a WARC file") as error:
        list(records([path]))
    assert "\n" not in str(error.value)


def test_a_file_that_has_grown_long_is_closed_and_another_begun(
    writer: ArchiveWriter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.ROTATE", 1_500)
    places = [writer.write(exchange(n)) for n in range(4)]
    writer.close()
    assert len({file for file, _ in places}) > 1
    assert [read_record(tmp_path, *place).url for place in places] == [exchange(n).url for n in range(4)]
