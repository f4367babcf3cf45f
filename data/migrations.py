"""From the work.db of an older version to this one's: a backup first, then every step once."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database, Migrations

from data.home import Refusal, touch
from data.schema import TABLES, VERSION, Table, ensure

steps = Migrations("blotter")
"""What `upgrade` cannot do by itself: a decorated function a change, oldest first; none so far."""


def upgrade(db: Database, path: Path) -> None:
    """Bring work.db to the tables of this version; refuses a file made by a newer one."""
    found = db.execute("pragma user_version").fetchone()[0]
    if found > VERSION:
        raise Refusal(f"{path}: made by a newer Blotter (tables of version {found}, this one knows {VERSION})")
    is_old = bool(db.table_names()) and (found < VERSION or bool(steps.pending(db)) or any(_outdated(db)))
    if is_old:
        back_up(path, path.with_name(f"{path.name}.v{found}.bak"))
    with db.atomic():
        for table in _outdated(db):
            _reshape(db, table)
        ensure(db)
        if found != VERSION:  # a reader must not wait for the writer's lock
            db.execute(f"pragma user_version = {VERSION}")
    steps.apply(db)


def back_up(path: Path, copy: Path) -> None:
    """A whole copy of a database that may be in use."""
    touch(copy)
    with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def _outdated(db: Database) -> list[Table]:
    """The tables that have not the columns declared for them."""
    there = set(db.table_names())
    return [t for t in TABLES if t.name in there and _columns(db, t.name) != set(t.work_columns)]


def _reshape(db: Database, table: Table) -> None:
    """A derived table is made anew, and every article read again; a kept one gains what it lacks."""
    if table.kind == "derived":
        db.execute(f"drop table {table.name}")
        db.execute("update articles set extracted_with = null")
        return
    missing = set(table.work_columns) - _columns(db, table.name)
    for column in table.columns:
        if column.name in missing:
            db.execute(f"alter table {table.name} add column {column.sql}")


def _columns(db: Database, table: str) -> set[str]:
    return {row[1] for row in db.execute(f"pragma table_info({table})")}
