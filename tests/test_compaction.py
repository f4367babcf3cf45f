"""The archive of a month that is over becomes one file; whatever is read back from it is the same."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.archive import ArchiveWriter, Exchange, read_record, records
from crawler.items import Fetch
from data import compaction
from data.compaction import join_archive
from data.home import Home
from data.store import Store

FEBRUARY = [datetime(2026, 2, day, 7, tzinfo=UTC) for day in (1, 2, 3)]
MARCH = datetime(2026, 3, 1, 7, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Three runs in February and one in March: a page each, and an answer that nothing has changed."""
    home = Home(tmp_path).make()
    with Store(home.work_db) as store:
        for at in (*FEBRUARY, MARCH):
            writer = ArchiveWriter(home.archive, software="test", now=at)
            for path, status, body in ((f"page-{at:%m%d}", 200, f"<p>Of {at:%d %B}</p>"), ("feed", 304, "")):
                url = f"https://outlet.example/{path}"
                exchange = Exchange(url=url, status=status, body=body.encode(), at=at, notes={"source": "outlet"})
                file, offset = writer.write(exchange)
                store.log_fetch(
                    Fetch(url=url, final_url=url, status=status, at=at, size=len(body), warc_file=file,
                          warc_offset=offset)
                )  # fmt: skip
            writer.close()
    return home


def pages(home: Home) -> dict[str, bytes]:
    """What the fetch log leads to, by address and day."""
    with Store(home.work_db) as store:
        rows = list(store.db["fetches"].rows_where("warc_file is not null and status = 200"))
    found = {row["id"]: read_record(home.archive, row["warc_file"], row["warc_offset"]) for row in rows}
    return {f"{one.url} {one.fetched}": one.body for one in found.values()}


def join(home: Home, now: datetime = MARCH) -> int:
    with Store(home.work_db) as store:
        return join_archive(store.db, home.archive, now=now)


def names(home: Home) -> list[str]:
    return sorted(path.name for path in home.archive.iterdir())


def test_a_month_that_is_over_is_one_file_and_every_page_is_found_in_it(home):
    before = pages(home)
    assert join(home) == 3
    assert names(home) == ["blotter-202602-00001.warc.gz", "blotter-20260301070000-00000.warc.gz"]
    assert pages(home) == before
    assert len(before) == 4
    assert join(home) == 0


def test_answers_that_nothing_has_changed_are_let_go_with_what_belongs_to_them(home):
    join(home)
    joined = home.archive / "blotter-202602-00001.warc.gz"
    assert [record.status for record in records([joined])] == [200, 200, 200]
    with joined.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds == ["warcinfo", *["response", "request", "metadata"] * 3]
    with Store(home.work_db) as store:
        assert store.db["fetches"].count_where("warc_file is null") == 3
        assert store.db["fetches"].count == 8


@pytest.mark.parametrize("kept", [["archive"], ["archive", "work.db"]], ids=["log moved", "log not moved"])
def test_killed_before_the_old_files_went_it_is_done_again_and_nothing_is_there_twice(home, tmp_path, kept):
    before, aside = pages(home), tmp_path / "aside"
    shutil.copytree(home.path, aside, ignore=shutil.ignore_patterns("aside"))
    join(home)
    for name in kept:  # as they were before the kill
        if name == "archive":
            shutil.copytree(aside / name, home.archive, dirs_exist_ok=True)
        else:
            shutil.copyfile(aside / name, home.work_db)
    assert pages(home) == before
    assert join(home) == 3
    assert pages(home) == before
    urls = [record.url for record in records(sorted(home.archive.glob("*.warc.gz")))]
    assert len([url for url in urls if "page" in url]) == len(before)


def test_months_that_are_not_over_stay(home):
    assert join(home, FEBRUARY[-1]) == 0


def test_without_room_on_the_disk_it_waits(home, monkeypatch):
    monkeypatch.setattr(compaction, "LEAST_FREE", 1 << 60)
    assert join(home) == 0
    assert len(names(home)) == 4
