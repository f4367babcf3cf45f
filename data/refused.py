"""The page of an article that was refused, as it repeats a removed one, leaves the archive, too, at the end of a run.

That is known only once it is read, and by then it is archived, unless it has a sentence of what was purged. Killed on
the way, the next run goes on.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from data.fetched import move_fetches
from data.queue import REMOVED
from data.warc import WarcRecord, drop_drafts, first_name, without


def drop_refused(db: Database, folder: Path) -> int:
    """Take what repeats a removed article out of the archive, and what links told of it; how many pages."""
    end_rewritings(db, folder)
    places: dict[str, set[int]] = defaultdict(set)
    for file, offset in db.execute(_REFUSED, [REMOVED]):
        if (folder / file).exists():  # an operator may keep old files elsewhere
            places[file].add(offset)
    for file, offsets in places.items():
        rewrite(db, folder / file, _of(offsets))
    db.execute("update jobs set link = null where reason = ? and article_id is null", [REMOVED])
    return sum(map(len, places.values()))


def end_rewritings(db: Database, folder: Path) -> None:
    """Let go of what killed runs left: drafts, and of a file and those that were to take its place all but one.

    It is the one that the fetch log names that counts, or else the last that was written.
    """
    drop_drafts(folder)
    families: dict[Path, list[Path]] = defaultdict(list)
    for path in folder.rglob("*.warc.gz"):
        families[first_name(path)].append(path)
    for paths in families.values():
        named = {path for path in paths if len(paths) > 1 and _is_named(db, path)}
        for path in set(paths) - (named or {max(paths, key=lambda path: len(path.name))}):
            path.unlink()


def _is_named(db: Database, path: Path) -> bool:
    return db.execute("select 1 from fetches where warc_file = ?", [path.name]).fetchone() is not None


def rewrite(db: Database, path: Path, is_doomed: Callable[[WarcRecord], bool]) -> bool:
    """Write an archive file anew without some records, if it has any of them; whether it had.

    The old file is let go when the fetch log no longer names it.
    """
    kept = without(path, is_doomed)
    if not kept:
        return False
    new, offsets = kept
    move_fetches(db, [path.name], {(path.name, old): (new.name, offset) for old, offset in offsets.items()})
    path.unlink()
    return True


def _of(offsets: set[int]) -> Callable[[WarcRecord], bool]:
    """Is a record one of the answers at these offsets, or was it written beside one?"""
    answers: set[str] = set()

    def is_doomed(record: WarcRecord) -> bool:
        if record.offset in offsets:
            answers.add(record.id)
        return record.offset in offsets or record.belongs_to in answers

    return is_doomed


# The page of an article that is only hidden stays until it is purged.
_REFUSED = """
    select distinct warc_file, warc_offset from fetches join jobs using (url)
    where jobs.reason = ? and jobs.kind = 'article' and jobs.article_id is null and warc_file is not null
      and url not in (select url from articles)
"""
