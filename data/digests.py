"""The digest of a build's rows: a sum of one hash a row, so that what changed can be taken out and put in."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from data.schema import PUBLISHED

_SIZE = 1 << 256
_TABLES = {table: columns for table, columns in PUBLISHED.items() if table != "release"}


def digest(db: Database) -> int:
    """Of all rows but those of ``release``, which tell it; the order in which they came does not count."""
    total = 0
    for table, columns in _TABLES.items():
        for row in db.execute(f"select {', '.join(columns)} from {table}"):
            total += _hash(table, *row)
    return total % _SIZE


@contextmanager
def followed(db: Database, start: int) -> Iterator[list[int]]:
    """While it lasts the one number in the list is the digest, from ``start`` on, whatever is done to the rows."""
    current = [start]

    def add(*row: object) -> None:
        current[0] = (current[0] + _hash(*row)) % _SIZE

    def take_out(*row: object) -> None:
        current[0] = (current[0] - _hash(*row)) % _SIZE

    db.conn.create_function("add_row", -1, add)
    db.conn.create_function("take_out_row", -1, take_out)
    names = [db.execute(sql) and name for name, sql in _triggers()]
    yield current
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
