"""How far each WARC file of a backfill was read, so that a run goes on where the last one ended."""

from dataclasses import dataclass

from sqlite_utils import Database

from data.ids import stable_id


@dataclass(slots=True)
class Backfill:
    """One file."""

    name: str
    offset: int | None = None
    """Of the last answer that was dealt with."""
    is_done: bool = False
    answers: int = 0
    pages: int = 0
    """Of the sources."""
    articles: int = 0
    """Kept."""


def backfill_of(db: Database, name: str) -> Backfill:
    """How far the file of that name was read."""
    sql = "select name, offset, is_done, answers, pages, articles from backfills where id = ?"
    row = db.execute(sql, [stable_id("backfill", name)]).fetchone()
    return Backfill(row[0], row[1], bool(row[2]), *row[3:]) if row else Backfill(name)


def keep_backfill(db: Database, found: Backfill) -> None:
    """Note how far a file was read."""
    row = (stable_id("backfill", found.name), found.name, found.offset, found.is_done, found.answers, found.pages,
           found.articles)  # fmt: skip
    with db.atomic():
        db.execute("insert or replace into backfills values (?, ?, ?, ?, ?, ?, ?)", row)
