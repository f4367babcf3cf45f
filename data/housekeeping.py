"""Keeping work.db from growing with what is only a log."""

from datetime import datetime, timedelta

from sqlite_utils import Database

from data.times import stamp

_FETCHES = timedelta(days=90)
"""An answer without a body, or one that is not in the archive, is of no use later than this."""
_FAILURES = timedelta(days=365)
_FREE = 0.25  # of the file; less is filled again soon enough


def tidy(db: Database, *, now: datetime) -> None:
    """Delete old lines of the logs, and give the disk back what has become free."""
    with db.atomic():
        db.execute("delete from fetches where at < ? and (warc_file is null or status = 304)", [stamp(now - _FETCHES)])
        db.execute("delete from failures where at < ?", [stamp(now - _FAILURES)])
        db.execute("delete from holds where until < ?", [stamp(now)])
    (free,), (pages,) = (db.execute(f"pragma {name}").fetchone() for name in ("freelist_count", "page_count"))
    if free > _FREE * pages and free > 10_000:
        db.execute("vacuum")
