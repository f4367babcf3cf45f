"""Whether words of purged articles stand anywhere in a home: they are known by the hashes of their sentences alone."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from data.home import Home
from data.marks import Purged
from data.progress import Step, untold
from data.warc import bare_words, warc_records

_PIECE = 1 << 20
_ROWS = 1_000
_SHARED = 1 << 12  # of two pieces: longer than a sentence
_NO_TEXT = re.compile(rb"[\x00-\x1f\x7f]+")
_SQLITE = b"SQLite format 3\x00"


def traces(home: Home, db: Database, step: Step = untold) -> Iterator[str]:
    """The files in which a sentence of a purged article stands that no kept article has; ``db`` is the work database.

    Archives are unpacked; of databases both the rows and the bytes are read, free pages and logs among them.
    """
    purged = Purged.of(db)
    every = sorted(path for path in home.path.rglob("*") if path.is_file() and not path.is_symlink())
    for path in every if purged else ():
        if any(purged.stand_in(text) for text in _told(path, step)):
            yield str(path.relative_to(home.path))


def _told(path: Path, step: Step) -> Iterator[str]:
    for text in _texts(path):
        step(path.name)
        yield text


def _texts(path: Path) -> Iterator[str]:
    if path.name.endswith(".warc.gz"):
        yield from (record.words for record in warc_records(path))
        return
    with path.open("rb") as file:
        is_database = file.read(len(_SQLITE)) == _SQLITE
    if is_database:
        with suppress(sqlite3.DatabaseError):  # a killed run leaves half a database; its bytes are read all the same
            yield from _rows(path)
    yield from _pieces(path)


def _pieces(path: Path) -> Iterator[str]:
    """The bytes as text, a piece at a time."""
    with path.open("rb") as file:
        while data := file.read(_PIECE):
            yield bare_words(_NO_TEXT.sub(b"\n", data).decode("utf-8", "replace"))
            if len(data) == _PIECE:
                file.seek(-_SHARED, 1)


def _rows(path: Path) -> Iterator[str]:
    """The cells of a database that hold text, a line each, many rows at a time."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        names = [name for (name,) in db.execute("select name from sqlite_schema where type = 'table'")]
        for name in names:
            if "_fts" not in name:  # an index has no sentences, and its content is another table
                rows = db.execute(f'select * from "{name}"')
                while some := rows.fetchmany(_ROWS):
                    yield "\n".join(bare_words(cell) for row in some for cell in row if isinstance(cell, str))
