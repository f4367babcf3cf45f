"""Between Datasette and the pages: reads in its threads, and what every page knows of the build."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from datasette.utils import sqlite_timelimit
from datasette.views.base import DatasetteError

from data.site.addresses import DATABASE, Addresses
from data.site.claims import reports, rows
from data.site.front import release
from data.site.words import Row

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_LIMIT_MS = 2000
P = ParamSpec("P")
T = TypeVar("T")


_read_from: ContextVar[dict[str, str] | None] = ContextVar("_read_from", default=None)
"""What the file said of itself that the page at hand was read from: by now another may be served."""


def begin_page() -> None:
    """From here on another page is made."""
    _read_from.set(None)


def key_of(value: Any) -> Any:
    """The number in a cell of a table page, which Datasette may have joined with the label of the row it points to."""
    return value["value"] if isinstance(value, dict) else value


class Desk:
    """Reads of one served database; what does not change within a build is read once."""

    def __init__(self, datasette: "Datasette") -> None:
        self.datasette, self.addresses = datasette, Addresses(datasette)
        self._known: dict[str, Any] = {}
        self._known_of: object = None

    @cached_property
    def tables(self) -> Mapping[str, Mapping[str, Any]]:
        """Table → its words in metadata.yml."""
        return self.datasette.metadata("tables", database=DATABASE, fallback=False) or {}

    @cached_property
    def questions(self) -> Mapping[str, Mapping[str, Any]]:
        """Name → ready-made question, as in metadata.yml."""
        return self.datasette.metadata("queries", database=DATABASE, fallback=False) or {}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Table → the column that names its rows."""
        return {name: about["label_column"] for name, about in self.tables.items() if "label_column" in about}

    @property
    def database(self) -> "Database | None":
        """The published database, if it is what is served."""
        return self.datasette.databases.get(DATABASE)

    async def read(self, function: Callable[..., T], *args: object) -> T:
        """What a function of a connection gives back; it runs in one of Datasette's threads, within bounds."""
        assert self.database is not None

        def bounded(conn: sqlite3.Connection) -> tuple[T, dict[str, str]]:
            try:
                with sqlite_timelimit(conn, _LIMIT_MS):
                    return function(conn, *args), release(conn)
            except sqlite3.OperationalError as error:
                if str(error) != "interrupted":
                    raise
                raise DatasetteError("It took too long to find out. Ask for less, or try again.", status=503) from None

        found: tuple[T, dict[str, str]] = await self.database.execute_fn(bounded)
        if _read_from.get() is None:
            _read_from.set(found[1])
        return found[0]

    async def once(self, name: str, function: Callable[[sqlite3.Connection], T]) -> T:
        """The same, kept until another build is served."""
        if self._known_of is not self.database:
            self._known, self._known_of = {}, self.database
        known = self._known
        if name not in known:
            known[name] = await self.read(function)
        kept: T = known[name]
        return kept

    async def build(self) -> dict[str, str]:
        """What a reader must know of the file that the page is read from; empty if there is none of ours."""
        if found := _read_from.get():
            return found
        if self.database is None or "release" not in await self.database.table_names():
            return {}
        return await self.once("build", release)

    async def reports_of(self, numbers: Sequence[int]) -> dict[int, Row]:
        """Article → its outlet and dates."""
        return await self.read(reports, numbers) if numbers else {}

    async def choices(self) -> dict[str, list[str]]:
        """Parameter of a question → names to choose from."""
        return await self.once("choices", _choices)


def _choices(conn: sqlite3.Connection) -> dict[str, list[str]]:
    return {
        "company": [row["name"] for row in rows(conn, _NAMES, "company")],
        "person": [row["name"] for row in rows(conn, _NAMES, "person")],
        "rule_type": [row["rule_type"] for row in rows(conn, _RULE_TYPES)],
        "source": [row["name"] for row in rows(conn, "select name from sources order by name limit 300")],
    }


_NAMES = "select name from entities where kind = ? and mentions > 0 order by mentions desc, name limit 200"
_RULE_TYPES = "select rule_type from violations group by rule_type order by count(*) desc"
