"""The digest of a build's rows: a sum of one hash a row, so that what changed can be taken out and put in."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlite_utils import Database

from data.schema import PUBLISHED
from data.summaries import COUNTED

_SIZE = 1 << 256
_TABLES = {table: columns for table, columns in PUBLISHED.items() if table != "release"}


def digest(db: Database) -> int:
    """Of all rows but those of ``release``, which tell it; the order in which they came does not count."""
    total = 0
    for table, columns in _TABLES.items():
        for row in db.execute(f"select {', '.join(columns)} from {table}"):
            total += _hash(table, *row)
    return total % _SIZE


@dataclass(slots=True)
class Followed:
    """What has become of a build while it was changed."""

    digest: int
    counts: Counter[tuple[object, ...]] = field(default_factory=Counter)
    """By table and what its rows are counted by: how many more there are."""

    def add(self, table: str, *row: object) -> None:
        """A row came."""
        self._change(1, table, row)

    def take_out(self, table: str, *row: object) -> None:
        """A row went."""
        self._change(-1, table, row)

    def _change(self, sign: int, table: str, row: tuple[object, ...]) -> None:
        self.digest = (self.digest + sign * _hash(table, *row)) % _SIZE
        if table in _COUNTED_BY:
            self.counts[table, *(row[place] for place in _COUNTED_BY[table])] += sign


_COUNTED_BY = {table: tuple(PUBLISHED[table].index(c) for c in columns) for table, columns in COUNTED.items()}


@contextmanager
def followed(db: Database, start: int) -> Iterator[Followed]:
    """While it lasts the digest is kept right, from ``start`` on, whatever is done to the rows."""
    now = Followed(start)
    db.conn.create_function("add_row", -1, now.add)
    db.conn.create_function("take_out_row", -1, now.take_out)
    names = [db.execute(sql) and name for name, sql in _triggers()]
    yield now
    for name in names:
        db.execute(f"drop trigger temp.{name}")


def _triggers() -> Iterator[tuple[str, str]]:
    for table, columns in _TABLES.items():
        old, new = (", ".join([f"'{table}'", *(f"{row}.{c}" for c in columns)]) for row in ("old", "new"))
        bodies = {
            "delete": f"select take_out_row({old});",
            "insert": f"select add_row({new});",
            "update": f"select take_out_row({old}); select add_row({new});",
        }
        for event, body in bodies.items():
            name = f"digest_{table}_{event}"
            yield name, f"create temp trigger {name} after {event} on main.{table} begin {body} end"


def _hash(*row: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
