"""Rows in and out of a table."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

Row = dict[str, Any]


def insert(db: Database, table: str, rows: Sequence[Row]) -> None:
    """Add rows that have the same columns, two or more."""
    if rows:
        names = list(rows[0])
        sql = f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"
        db.conn.executemany(sql, map(itemgetter(*names), rows))


def replace(
    db: Database, table: str, rows: Sequence[Row], where: str, parameters: Sequence[object] = (), *, key: str = "id"
) -> None:
    """Make the rows of which ``where`` is true be these; what stays as it is, is not written."""
    new = {row[key]: row for row in rows}
    same = set()
    for old in list(db.query(f"select * from {table} where {where}", parameters)):
        if old == new.get(old[key]):
            same.add(old[key])
        else:
            db.execute(f"delete from {table} where {key} = ?", [old[key]])
    insert(db, table, [row for number, row in new.items() if number not in same])


def row_of(db: Database, table: str, number: int) -> Row | None:
    """The row of that id."""
    return next(iter(db.query(f"select * from {table} where id = ?", [number])), None)


def values(db: Database, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
    """The first column of the answer."""
    return [row[0] for row in db.execute(sql, parameters)]
