"""A page of a table, read in one go: its rows, how many there are, and how often each value of a facet stands in them.

What is asked most is counted when the file is made (`row_counts`); what is not is counted here, up to `MOST`. The
search indexes are in the order of time, as most tables are: then a page of matches is read off the end of its index.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from data.ids import time_rank
from data.schema import PUBLISHED, TABLE
from data.site.addresses import number_in
from data.site.claims import reports, rows
from data.site.words import Row
from data.summaries import COUNT_PLACES, COUNTED

MOST = 10_000
"""Of more rows than these nobody counts further."""
SAMPLE = 2_000
"""So many of the first rows are looked through for facets that are not counted beforehand."""
SPARSE, DENSE = 2_000, 30_000
"""In any other order up to so many matches are sorted; from so many on, each row in order is asked for itself."""
FACET_VALUES = 30
POINTS_TO = {
    table: {
        column.name: column.sql.partition("references ")[2].partition("(")[0]
        for column in TABLE[table].columns
        if "references" in column.sql and column.in_public
    }
    for table in PUBLISHED
}
"""Table → column → the table that it points to."""
_IN_TIME = {
    ("articles", "published_from"), ("quotes", "reported_on"), ("violations", "reported_on"), ("incidents", "last_on"),
}  # fmt: skip
"""Table and the column by whose order its search index is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page begins: behind the row with this value and this key."""

    value: object
    key: str

    @property
    def day(self) -> str | None:
        """The value, if it is a day."""
        try:
            return str(date.fromisoformat(str(self.value)))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader wants to see of a table."""

    table: str
    columns: tuple[str, ...]
    """The key first."""
    exact: Mapping[str, str] = field(default_factory=dict)
    """Column → the value that it must have."""
    where: tuple[str, ...] = ()
    """Other conditions."""
    search: str = ""
    """An expression for the full-text index."""
    matches: int | None = None
    """How many rows fit, up to `DENSE` and one, if the search is all that is asked for and has been counted."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Of those."""
    sort: str | None = None
    is_down: bool = False
    after: Place | None = None
    size: int = 50
    facets: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    """Table → the column that names its rows."""

    @property
    def key(self) -> str:
        return self.columns[0]

    @property
    def is_in_time(self) -> bool:
        """Are the matches of a search all that is wanted, in the order in which their index has them."""
        alone = self.search and not (self.exact or self.where)
        return bool(alone) and self.is_down and (self.table, self.sort) in _IN_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """How often each value of a column stands in the rows."""

    name: str
    values: tuple[tuple[object, int], ...]
    """Most frequent first."""
    is_cut: bool
    """There are more values."""
    is_sample: bool
    """Only the first rows were looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """What a page of a table shows."""

    rows: list[Row]
    labels: dict[tuple[str, object], str]
    """Column and value → the name of the row that it points to."""
    count: int
    is_more: bool
    """There are more rows than ``count``."""
    facets: list[Facet]
    has_next: bool
    reports: dict[int, Row]
    """Article → its outlet and dates, where rows are facts of articles."""


def table_page(conn: sqlite3.Connection, wanted: Wanted) -> TablePage:
    """The page that is wanted."""
    if wanted.search and not wanted.is_in_time:
        wanted = _searched(conn, wanted)
    found = _newest(conn, wanted) if wanted.is_in_time else _rows(conn, wanted)
    shown = found[: wanted.size]
    count = _sum(conn, wanted) if _is_counted(wanted) else _count(conn, wanted)
    named = sorted({row["article_id"] for row in shown}) if wanted.table in ("violations", "quotes") else []
    return TablePage(
        rows=shown,
        labels=_labels(conn, wanted, shown),
        count=count if _is_counted(wanted) else min(count, MOST),
        is_more=not _is_counted(wanted) and count > MOST,
        facets=_facets(conn, wanted, is_all=count <= SAMPLE),
        has_next=len(found) > wanted.size,
        reports=reports(conn, named) if named else {},
    )


def _rows(conn: sqlite3.Connection, wanted: Wanted) -> list[Row]:
    """One row more than the page has, if there is one."""
    found: list[Row] = []
    for condition in _places(wanted):
        where, params = _where(wanted, condition)
        sql = f"select {', '.join(wanted.columns)} from {wanted.table}{where} order by {_order(wanted)} limit :_limit"
        params |= {"_limit": wanted.size + 1 - len(found)}
        if wanted.after:
            params |= {"_value": wanted.after.value, "_key": wanted.after.key}
        found += conn.execute(sql, params).fetchall()
        if len(found) > wanted.size:
            break
    return found


def _newest(conn: sqlite3.Connection, wanted: Wanted) -> list[Row]:
    """The same of the matches of a search, from the end of their index."""
    columns = ", ".join(f"{wanted.table}.{column}" for column in wanted.columns)
    where, params = "", {"search": wanted.search, "_limit": wanted.size + 1}
    if wanted.after:
        number = number_in(wanted.after.key) or 0
        where, params["_place"] = " and fts.rowid < :_place", time_rank(wanted.after.day, number)
    sql = f"select {columns} from {_matches(wanted)}{where} order by fts.rowid desc limit :_limit"
    found: list[Row] = conn.execute(sql, params).fetchall()
    return found


def _matches(wanted: Wanted) -> str:
    """The matches of a search with their rows."""
    table = wanted.table
    return f"{table}_fts fts cross join {table} on {table}.rowid = fts.rowid where {table}_fts match :search"


def _order(wanted: Wanted) -> str:
    """Upwards the index is read from its end: of equal values the largest key comes first."""
    if not wanted.sort:
        return wanted.key
    return f"{wanted.sort} desc, {wanted.key}" if wanted.is_down else f"{wanted.sort}, {wanted.key} desc"


def _places(wanted: Wanted) -> tuple[str, ...]:
    """The rows behind a place as one or more stretches, each of which an index holds in order."""
    sort, key = wanted.sort, f"{wanted.key} {'>' if wanted.is_down or not wanted.sort else '<'} :_key"
    if wanted.after is None:
        return ("",)
    if sort is None:
        return (key,)
    if wanted.after.value is None:
        return (
            (f"{sort} is null and {key}",) if wanted.is_down else (f"{sort} is null and {key}", f"{sort} is not null")
        )
    if wanted.is_down:
        return (f"{sort} = :_value and {key}", f"{sort} < :_value", f"{sort} is null")
    return (f"{sort} = :_value and {key}", f"{sort} > :_value")


def _where(wanted: Wanted, *more: str) -> tuple[str, dict[str, object]]:
    exact = {f"_is{n}": value for n, value in enumerate(wanted.exact.values())}
    conditions = [*(f"{column} = :_is{n}" for n, column in enumerate(wanted.exact)), *wanted.where, *filter(None, more)]
    return (f" where {' and '.join(conditions)}" if conditions else ""), {**wanted.params, **exact}


def _is_counted(wanted: Wanted, *more: str) -> bool:
    """Was every combination of the columns asked for counted when the file was made."""
    return not (wanted.where or wanted.search) and {*wanted.exact, *more} <= set(COUNTED.get(wanted.table, ()))


def _sum(conn: sqlite3.Connection, wanted: Wanted) -> int:
    where, params = _counted_where(wanted)
    (found,) = conn.execute(f"select coalesce(sum(rows), 0) from row_counts{where}", params).fetchone()
    return int(found)


def _counted_where(wanted: Wanted) -> tuple[str, dict[str, object]]:
    conditions = ["table_name = :_table", *(f"{_place(wanted, c)} = :_is{n}" for n, c in enumerate(wanted.exact))]
    params: dict[str, object] = {f"_is{n}": value for n, value in enumerate(wanted.exact.values())}
    return f" where {' and '.join(conditions)}", params | {"_table": wanted.table}


def _place(wanted: Wanted, column: str) -> str:
    """The column of ``row_counts`` that holds the values of one of the table's."""
    return COUNT_PLACES[COUNTED[wanted.table].index(column)]


def _count(conn: sqlite3.Connection, wanted: Wanted) -> int:
    """One more than `MOST` if there are more."""
    if wanted.matches is not None:
        return wanted.matches
    where, params = _where(wanted)
    source = f"{wanted.table}{where}"
    if wanted.is_in_time:
        source, params = f"{wanted.table}_fts where {wanted.table}_fts match :search", {"search": wanted.search}
    sql = f"select count(*) from (select 1 from {source} limit {MOST + 1})"
    (found,) = conn.execute(sql, params).fetchone()
    return int(found)


def _facets(conn: sqlite3.Connection, wanted: Wanted, *, is_all: bool) -> list[Facet]:
    uncounted = [name for name in wanted.facets if not _is_counted(wanted, name)]
    sampled = _sampled_values(conn, wanted, uncounted) if uncounted else {}
    return [
        _facet(name, sampled[name], is_sample=not is_all)
        if name in sampled
        else _facet(name, _counted_values(conn, wanted, name), is_sample=False)
        for name in wanted.facets
    ]


def _facet(name: str, counts: Mapping[Any, int], *, is_sample: bool) -> Facet:
    values = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    is_cut = len(values) > FACET_VALUES
    return Facet(name=name, values=tuple(values[:FACET_VALUES]), is_cut=is_cut, is_sample=is_sample)


def _sampled_values(conn: sqlite3.Connection, wanted: Wanted, names: Sequence[str]) -> dict[str, dict[Any, int]]:
    """Column → value → how often it stands in the first rows, counted where they are read."""
    where, params = _where(wanted)
    source, order = f"{wanted.table}{where}", _order(wanted)
    if wanted.is_in_time:
        source, order, params = _matches(wanted), "fts.rowid desc", {"search": wanted.search}
    columns = ", ".join(f"{wanted.table}.{name}" for name in names)
    each = " union all ".join(
        f"select {n}, {name}, count(*) from sample where {name} is not null group by {name}"
        for n, name in enumerate(names)
    )
    sample = f"select {columns} from {source} order by {order} limit {SAMPLE}"
    found: dict[str, dict[Any, int]] = {name: {} for name in names}
    for n, value, count in conn.execute(f"with sample as materialized ({sample}) {each}", params):
        found[names[n]][value] = count
    return found


def _counted_values(conn: sqlite3.Connection, wanted: Wanted, name: str) -> dict[Any, int]:
    where, params = _counted_where(wanted)
    column = _place(wanted, name)
    sql = f"select {column} as value, sum(rows) as n from row_counts{where} and {column} is not null group by 1"
    return {row["value"]: row["n"] for row in conn.execute(sql, params)}


def _searched(conn: sqlite3.Connection, wanted: Wanted) -> Wanted:
    """With the search as a condition, in the form that is quickest for as many matches as there are."""
    index, key = f"{wanted.table}_fts", f"{wanted.table}.rowid"
    matches = f"select rowid from {index} where {index} match :search"
    sql = f"select count(*) as n from ({matches} limit {DENSE + 1})"
    number = conn.execute(sql, {"search": wanted.search}).fetchone()["n"]
    if number > DENSE:
        condition = f"exists ({matches} and {index}.rowid = {key})"
    else:
        condition = f"{'+' if number > SPARSE else ''}{key} in ({matches})"
    alone = not (wanted.exact or wanted.where)
    return replace(
        wanted,
        matches=number if alone else None,
        where=(*wanted.where, condition),
        params={**wanted.params, "search": wanted.search},
        search="",
    )


def _labels(conn: sqlite3.Connection, wanted: Wanted, shown: Sequence[Row]) -> dict[tuple[str, object], str]:
    found: dict[tuple[str, object], str] = {}
    for column, table in POINTS_TO[wanted.table].items():
        if column in wanted.columns and table in wanted.labels:
            numbers = sorted({row[column] for row in shown if row[column] is not None})
            key, label = PUBLISHED[table][0], wanted.labels[table]
            sql = f"select {key}, {label} from {table} where {key} in ({','.join('?' * len(numbers))})"
            found |= {(column, row[key]): row[label] for row in rows(conn, sql, *numbers)}
    return found
