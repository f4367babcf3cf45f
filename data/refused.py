"""Pages that a crawl fetched and the home refused, as they repeat what was removed: they leave the archive, too.

Each is known only once it is read, and by then it is archived. Killed on the way, the next run goes on.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from data.fetched import move_fetches
from data.queue import REMOVED
from data.warc import WarcRecord, without


def drop_refused(db: Database, folder: Path) -> int:
    """Take the pages that were refused out of the archive, and what their links told of them; how many pages."""
    for path in folder.glob("*.p.warc.gz"):
        _end_rewriting(db, path)
    places: dict[str, set[int]] = defaultdict(set)
    for file, offset in db.execute(_REFUSED, [REMOVED]).fetchall():
        if (folder / file).exists():  # an operator may keep old files elsewhere
            places[file].add(offset)
    for file, offsets in places.items():
        rewrite(db, folder / file, _of(offsets))
    db.execute("update jobs set link = null where reason = ? and article_id is null", [REMOVED])
    return sum(map(len, places.values()))


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


def _end_rewriting(db: Database, new: Path) -> None:
    """Of a file and the one that is to take its place, a killed run left both: the one that counts stays."""
    old = new.with_name(new.name.removesuffix(".p.warc.gz") + ".warc.gz")
    for needless, named in ((new, old), (old, new)):
        sql = "select 1 from fetches where warc_file = ?"
        if old.exists() and db.execute(sql, [named.name]).fetchone():
            needless.unlink(missing_ok=True)


# The page of an article that is only hidden stays until it is purged.
_REFUSED = """
    select distinct warc_file, warc_offset from fetches join jobs using (url)
    where jobs.reason = ? and jobs.kind = 'article' and jobs.article_id is null and warc_file is not null
      and url not in (select url from articles)
"""
