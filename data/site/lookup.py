"""One expression looked up in the search indexes: what it is found in, best first, or of much the newest first."""

import re
import sqlite3
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from data.ids import time_rank
from data.indexes import FULL_TEXT
from data.site.claims import LISTED
from data.site.snippets import snippet

KINDS = ("incidents", "violations", "names", "quotes", "articles")
MANY = 300
"""Of more matches the newest come first: to rank one costs a hundred times as much as to find it."""
COMMON = 5_000
"""A word that so many rows have does not count in ranking: its part of the index would be read from end to end."""
DENSE = 30_000
"""Of more matches than these each row of a source is asked for itself, the newest first: to list them takes longer."""
_ENOUGH = 120
"""So many of the newest are looked at, for copies and repetitions are left out of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader wants, as it stands in the address."""

    words: str
    kind: str = ""
    """One of `KINDS`; empty for all."""
    source: str = ""
    since: str = ""
    until: str = ""
    """ISO days."""

    @property
    def wants_all(self) -> bool:
        return self.kind not in KINDS


def match(words: str, *, every: bool = True, may_go_on: bool = False) -> str:
    """The words as an FTS5 expression that cannot be malformed; quoted words stay together, the last may go on.

    >>> match('ByteDance "terms of service')
    '"ByteDance" AND "terms" AND "of" AND "service"'
    >>> match('"terms of service" fin', every=False, may_go_on=True)
    '"terms of service" OR "fin"*'
    """
    kept = phrases(words)
    if not kept:
        return ""
    quoted = [f'"{phrase}"' for phrase in kept]
    if may_go_on and len(re.findall(r"\w", kept[-1])) > 2 and not words.rstrip().endswith('"'):
        quoted[-1] += "*"
    return (" AND " if every else " OR ").join(quoted)


def phrases(words: str) -> list[str]:
    """The words one by one, those in quotation marks together.

    >>> phrases('"terms of service" fined ...')
    ['terms of service', 'fined']
    """
    found = [phrase or word for phrase, word in re.findall(r'"([^"]*\w[^"]*)"|([^\s"]+)', words)]
    return [phrase for phrase in found if re.search(r"\w", phrase)][:12]


class Lookup:
    """One expression in the search indexes; each is asked once."""

    def __init__(self, conn: sqlite3.Connection, question: Asked, expression: str) -> None:
        self.conn, self.question, self.expression = conn, question, expression
        self.phrases = phrases(question.words)
        self._terms = re.findall(r'"[^"]*"\*?', expression)
        self.many: set[str] = set()
        """Tables with more matches than are ranked."""
        self._ranked: dict[str, list[int]] = {}

    def ranked(self, table: str) -> list[int]:
        """Ids of the rows that match, best first; of many, the newest of those that the filters let through."""
        if table not in self._ranked:
            number = self._count(table, self.expression, MANY + 1)
            if number > MANY:
                self.many.add(table)
                is_by_source = bool(self.question.source) and table not in ("incidents", *_NAMES)
                self._ranked[table] = self._of_source(table) if is_by_source else self._newest(table)
            else:
                self._ranked[table] = self._best(table) if number else []
        return self._ranked[table]

    def _best(self, table: str) -> list[int]:
        """Best first by the words that are not in very many rows."""
        telling = [term for term in self._terms if self._count(table, term, COMMON) < COMMON]
        order = f"bm25({table}_fts{_WEIGHTS.get(table, '')}), {table}_fts.rowid"
        if len(telling) == len(self._terms):
            return self._ids(f"{_found(table)} order by {order}", [self.expression])
        newest = self._ids(f"{_found(table)} order by {table}_fts.rowid desc", [self.expression])
        if not telling:
            return newest
        sql = f"{_found(table)} and +{table}_fts.rowid in ({_matches(table)}) order by {order}"
        return list(dict.fromkeys([*self._ids(sql, [" OR ".join(telling), self.expression]), *newest]))

    def _count(self, table: str, expression: str, most: int) -> int:
        """How many rows match, as far as ``most``."""
        return self._ids(f"select count(*) from ({_matches(table)} limit {most})", [expression])[0]

    def _newest(self, table: str) -> list[int]:
        """From the end of an index that is in the order of time; of names those most articles have."""
        if table in _NAMES:
            key, sql, most = _NAMES[table]
            sql = f"{sql} where +{key} in ({_matches(table)}) order by {most} desc, {key} limit {_ENOUGH}"
            return self._ids(sql, [self.expression])
        index, since, until = f"{table}_fts", self.question.since, self.question.until
        bounds = [(f"{index}.rowid >= ?", time_rank(_first_day(since), -1))] if since else []
        bounds += [(f"{index}.rowid <= ?", time_rank(_last_day(until), 0))] if until else []
        where = "".join(f" and {condition}" for condition, _ in bounds)
        sql = f"{_found(table)}{where} order by {index}.rowid desc limit {_ENOUGH}"
        return self._ids(sql, [self.expression, *(bound for _, bound in bounds)])

    def _of_source(self, table: str) -> list[int]:
        """The newest of one source: along the index of the days, until there are enough."""
        index, (key, sql, day) = f"{table}_fts", _OF_SOURCE[table]
        dense = self._ids(f"{_matches(table)} limit 1 offset {DENSE}", [self.expression])
        matches = (
            f"exists ({_matches(table)} and {index}.rowid = {table}.rowid)"
            if dense
            else f"+{table}.rowid in ({_matches(table)})"
        )
        filters, params = self._filters(day)
        sql = f"{sql} where {matches}{filters} order by {day} desc, {key} limit {_ENOUGH}"
        return self._ids(sql, [self.expression, *params])

    def _filters(self, day: str, *, with_source: bool = True) -> tuple[str, list[object]]:
        """Conditions that the reader set, to stand behind another."""
        wanted = (
            ("articles.source_id", "=", with_source and self.question.source),
            (day, ">=", self.question.since),
            (day, "<=", self.question.until and f"{self.question.until}~"),
        )
        kept = [(f" and {column} {operator} ?", value) for column, operator, value in wanted if value]
        return "".join(condition for condition, _ in kept), [value for _, value in kept]

    def _ids(self, sql: str, params: Sequence[object]) -> list[int]:
        return [row[0] for row in self.conn.execute(sql, params)]

    def kept(self, table: str, ids: list[int], *, day: str, with_source: bool = True) -> list[int]:
        """Those rows of a table that the filters let through, in the order of the ids."""
        filters, params = self._filters(f"{table}.{day}", with_source=with_source)
        if not filters:
            return ids
        tie = "join articles on articles.id = article_id" if "articles." in filters and table != "articles" else ""
        sql = f"select {table}.id from {table} {tie} where {table}.id in ({marks(ids)}){filters}"
        there = set(self._ids(sql, [*ids, *params]))
        return [number for number in ids if number in there]

    def snippets(self, table: str, ids: list[int]) -> dict[int, Markup]:
        """Id → the words around the match."""
        key = "article_id" if table == "article_text" else "id"
        sql = f"select {', '.join([key, *FULL_TEXT[table]])} from {table} where {key} in ({marks(ids)})"
        return {row[0]: snippet(row[1:], self.phrases) for row in self.conn.execute(sql, ids)}


def _matches(table: str) -> str:
    """The query for the places in the index of a table that an expression is found at; a condition may follow."""
    return f"select rowid from {table}_fts where {table}_fts match ?"


def _found(table: str) -> str:
    """The query for the ids of what may be shown of it."""
    index = f"{table}_fts"
    return (
        f"select {table}.{_IN_TIME.get(table, 'id')} from {index} cross join {table} on {table}.rowid = {index}.rowid"
        f" where {index} match ?{_SHOWN.get(table, '')}"
    )


def _first_day(day: str) -> str:
    """Of a year, a month or a day.

    >>> _first_day("2025"), _first_day("2025-03"), _first_day("2025-03-04")
    ('2025-01-01', '2025-03-01', '2025-03-04')
    """
    return f"{day}-01-01"[:10]


def _last_day(day: str) -> str:
    """The same from the other end.

    >>> _last_day("2025"), _last_day("2025-02")
    ('2025-12-31', '2025-02-28')
    """
    if len(day) == 7:
        return f"{day}-{monthrange(int(day[:4]), int(day[5:]))[1]}"
    return f"{day}-12-31"[:10]


def marks(ids: Collection[object]) -> str:
    """As many question marks as there are ids."""
    return ",".join("?" * len(ids))


_WEIGHTS = {
    "articles": ", 8, 3, 1, 1",
    "entities": ", 10, 1",
    "quotes": ", 2, 4, 2",
    "violations": ", 2, 5, 2, 4, 1",
}
"""Of the columns, in their order in `FULL_TEXT`."""
_IN_TIME = {"articles": "id", "article_text": "article_id", "quotes": "id", "violations": "id", "incidents": "id"}
"""Table whose search index is in the order of time → the column with the id of what is found."""
_SHOWN = {"violations": " and not is_copy", "quotes": f" and not is_copy and {LISTED}"}
_NAMES = {
    "entities": ("entities.id", "select id from entities", "entities.articles"),
    "aliases": (
        "aliases.id", "select aliases.id from entities cross join aliases on entity_id = entities.id",
        "entities.articles",
    ),
}  # fmt: skip
"""Table of names → the key of its rows, the query for it, and what is largest in those to show first."""
_OF_SOURCE = {
    "violations": (
        "violations.id",
        "select violations.id from violations cross join articles on articles.id = article_id and not is_copy",
        "violations.reported_on",
    ),
    "quotes": (
        "quotes.id",
        f"select quotes.id from quotes cross join articles on articles.id = article_id and not is_copy and {LISTED}",
        "quotes.reported_on",
    ),
    "articles": ("articles.id", "select id from articles", "articles.published_from"),
    "article_text": (
        "articles.id", "select id from articles cross join article_text on article_id = id", "articles.published_from",
    ),
}  # fmt: skip
"""Table of what sources give → the key of its rows, the query for it, and the day they are in order of."""
