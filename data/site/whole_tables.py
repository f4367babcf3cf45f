"""A whole table as CSV: every row of one build, read from one end to the other.

Datasette would ask for page after page, each from whatever build is served by then, and count the table for each.
"""

import asyncio
import csv
import io
import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import AsgiStream

from data.exports import safe
from data.schema import PUBLISHED
from data.site.desk import Desk

if TYPE_CHECKING:
    from datasette.utils.asgi import AsgiWriter, Request

_ROWS = 2_000
"""Read and sent at a time."""
_PLAIN = {"_stream", "_size", "_dl"}
"""Arguments with which it is still the whole table, as it is."""


def whole_table(desk: Desk, request: "Request", table: str) -> AsgiStream | None:
    """The answer, if the address asks for all rows of a table and for nothing else."""
    if table not in PUBLISHED or not request.args.get("_stream") or not set(request.args) <= _PLAIN:
        return None
    assert desk.database is not None
    path, about = desk.database.path, desk.tables[table]
    sort, down = about.get("sort") or about.get("sort_desc"), " desc" if "sort_desc" in about else ""
    order = [f"{sort}{down}"] if sort else []

    async def write(writer: "AsgiWriter") -> None:
        async for lines in _lines(path, table, order):
            await writer.write(lines)

    is_file = bool(request.args.get("_dl"))
    headers = {"content-disposition": f'attachment; filename="{table}.csv"'} if is_file else {}
    return AsgiStream(write, headers=headers, content_type=f"text/{'csv' if is_file else 'plain'}; charset=utf-8")


async def _lines(path: str, table: str, order: list[str]) -> AsyncIterator[str]:
    """Some lines at a time. The connection stays with the file that it was opened on, whatever takes its place."""
    file = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    with closing(file) as db:
        columns = PUBLISHED[table]
        yield _csv([columns])
        found = db.execute(f"select {', '.join(columns)} from {table} order by {', '.join([*order, columns[0]])}")
        while rows := await asyncio.to_thread(found.fetchmany, _ROWS):
            yield _csv(rows)


def _csv(rows: list[tuple[object, ...]] | list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(map(safe, rows))
    return text.getvalue()


class Lines:
    """What Datasette writes the lines of its CSV with, in place of Python's own: no cell becomes a formula."""

    def __init__(self, file: Any) -> None:
        self._writer = csv.writer(file)

    def writerow(self, row: Iterable[Any]) -> Any:
        """Whatever the file says to the line: Datasette waits for that."""
        return self._writer.writerow(safe(row))
