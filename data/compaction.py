"""Joining the archive: the files of a month that is over become one, without the answers that only say "as it was".

Nothing is lost if it is killed: a record that stands in the joined file already is not written twice, the fetch log
moves over in one transaction, and the old files go last.
"""

import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from data.fetched import Place, move_fetches
from data.home import LEAST_FREE, fsync, touch
from data.warc import DRAFT, WarcRecord, warc_records

_OF_A_RUN = re.compile(r"blotter-(\d{6})\d{8}-\d{5}(?:\.p)*\.warc\.gz")
_LARGEST = 1_000_000_000
"""Bytes of the files that are joined to one."""


def join_archive(db: Database, folder: Path, *, now: datetime) -> int:
    """Join the files of each month before this one; how many went. What finds no room on the disk waits."""
    months: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(folder.glob("blotter-*.warc.gz")):
        if (found := _OF_A_RUN.fullmatch(path.name)) and found[1] < f"{now:%Y%m}":
            months[found[1]].append(path)
    went = 0
    for month, paths in sorted(months.items()):
        for group in _groups(paths):
            size = sum(path.stat().st_size for path in group)
            if len(group) > 1 and shutil.disk_usage(folder).free > size + LEAST_FREE:
                _join(db, folder, month, group)
                went += len(group)
    return went


def _groups(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in their order, as many at a time as make one file."""
    group: list[Path] = []
    size = 0
    for path in paths:
        if group and size + path.stat().st_size > _LARGEST:
            yield group
            group, size = [], 0
        group.append(path)
        size += path.stat().st_size
    yield group


def _join(db: Database, folder: Path, month: str, paths: Sequence[Path]) -> None:
    joined = sorted(folder.glob(f"blotter-{month}-*.warc.gz"))
    known = {record.id: (path.name, record.offset) for path in joined for record in warc_records(path)}
    numbers = [int(path.name.split("-")[2][:5]) for path in joined]
    target = folder / f"blotter-{month}-{max(numbers, default=0) + 1:05}.warc.gz"
    draft = target.with_name(target.name + DRAFT)
    moved = _write(draft, target.name, paths, known)
    fsync(draft)
    draft.replace(target)
    fsync(folder)
    move_fetches(db, [path.name for path in paths], moved)
    for path in paths:
        path.unlink()


def _write(draft: Path, name: str, paths: Sequence[Path], known: dict[str, Place]) -> dict[Place, Place | None]:
    """Write the records of the files one after another; where each stands now, ``None`` for one that was left out."""
    draft.unlink(missing_ok=True)  # what a killed run left
    touch(draft)
    moved: dict[Place, Place | None] = {}
    left_out: set[str] = set()
    with draft.open("wb") as file:
        for path in paths:
            for record in warc_records(path):
                place = known.get(record.id)
                if place is None and not _is_needless(record, left_out, is_first=not file.tell()):
                    place = name, file.tell()
                    file.write(record.packed)
                moved[path.name, record.offset] = place
    return moved


def _is_needless(record: WarcRecord, left_out: set[str], *, is_first: bool) -> bool:
    """Does a record tell nothing: that a page is as it was, what belongs to that, or one more head of a file?"""
    if record.kind == "warcinfo":
        return not is_first
    is_unchanged = record.kind == "response" and record.body.startswith(b"HTTP/1.1 304")
    if is_unchanged or record.belongs_to in left_out:
        left_out.add(record.id)
        return True
    return False
