"""What a crawl fetched and the home must not have, as it repeats what was removed: it leaves the archive, too.

That is the page of an article that was refused, and any answer, such as a feed or the second page of a copy, that
prints a sentence of what was purged. Each is known only once it is read, and by then it is archived. Killed on the way,
the next run goes on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlite_utils import Database

from data.fetched import Place, move_fetches
from data.marks import Purged
from data.queue import REMOVED
from data.warc import WarcRecord, drop_drafts, warc_records, without


def drop_refused(db: Database, folder: Path) -> int:
    """Take what repeats a removed article out of the archive, and what links told of it; how many answers."""
    drop_drafts(folder)
    for path in sorted(folder.glob("*.p.warc.gz"), key=lambda path: len(path.name)):
        _end_rewriting(db, path)
    places: dict[str, set[int]] = defaultdict(set)
    for file, offset in [*db.execute(_REFUSED, [REMOVED]), *_repeating(db, folder)]:
        if (folder / file).exists():  # an operator may keep old files elsewhere
            places[file].add(offset)
    for file, offsets in places.items():
        rewrite(db, folder / file, _of(offsets))
    db.execute("update jobs set link = null where reason = ? and article_id is null", [REMOVED])
    return sum(map(len, places.values()))


def _repeating(db: Database, folder: Path) -> Iterator[Place]:
    """Where in the files of this run, and of killed ones before it, a sentence of a purged article stands."""
    purged = Purged.of(db)
    for (file,) in db.execute(_OF_THIS_RUN).fetchall() if purged else ():
        if (folder / file).exists():
            for record in warc_records(folder / file):
                if record.kind == "response" and purged.stand_in(record.words):
                    yield file, record.offset


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
    """Of a file and the one that is to take its place, a killed run left both: the old one counts while it is named."""
    old = new.with_name(new.name.removesuffix(".p.warc.gz") + ".warc.gz")
    if old.exists():
        is_named = db.execute("select 1 from fetches where warc_file = ?", [old.name]).fetchone()
        (new if is_named else old).unlink(missing_ok=True)


# The page of an article that is only hidden stays until it is purged.
_REFUSED = """
    select distinct warc_file, warc_offset from fetches join jobs using (url)
    where jobs.reason = ? and jobs.kind = 'article' and jobs.article_id is null and warc_file is not null
      and url not in (select url from articles)
"""
# Clocks can be set back, so a run notes after which answer it began.
_OF_THIS_RUN = """
    select distinct warc_file from fetches
    where warc_file is not null and id > coalesce(
      (select min(json_extract(report, '$.after_fetch')) from runs where finished_at is null
       and id > coalesce((select max(id) from runs where finished_at is not null), 0)), 0)
"""
