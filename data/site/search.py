"""One search over incidents, violations, names, quotes and articles: best first, copies counted once."""

import re
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from data.indexes import FULL_TEXT
from data.site.claims import LISTED, articles, claims, quotes, rows
from data.site.snippets import snippet
from data.site.words import Row

MANY = 600
"""Of more matches the newest come first: to rank one costs a hundred times as much as to find it."""
DENSE = 30_000
"""Of more matches than these each row is asked for itself, the newest first: listing them all would take longer."""
_ENOUGH = 120
"""So many of the newest are looked at, for copies and repetitions are left out of them."""
SHOWN = 10
SHOWN_ALONE = 50
KINDS = ("incidents", "violations", "names", "quotes", "articles")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One row that was found, with the words around the match."""

    row: Row
    snippet: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was found of one kind."""

    kind: str
    hits: list[Hit]
    total: int
    is_more: bool
    """There are more than ``total``: nobody counted further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer."""

    asked: Asked
    groups: list[Group]
    is_loose: bool
    """No row has all the words; these have some."""
    sources: list[Row]


def asked(args: Mapping[str, str]) -> Asked:
    """The question in the arguments of an address; what is no date is left out."""
    days = {name: (args.get(name) or "").strip() for name in ("since", "until")}
    return Asked(
        words=" ".join((args.get("q") or "").split())[:300],
        kind=args.get("kind") or "",
        source=args.get("source") or "",
        **{name: day if re.fullmatch(r"\d{4}(-\d\d){0,2}", day) else "" for name, day in days.items()},
    )


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


def search(conn: sqlite3.Connection, question: Asked) -> Found:
    """What the words are found in; if nothing has them all, with a longer last word, then with some of them.

    The beginning of a word is looked for last: in a large index it costs a hundred times as much as a word.
    """
    sources = rows(conn, "select id, name from sources order by name limit 300")
    groups: list[Group] = []
    is_loose = False
    for every, may_go_on in ((True, False), (True, True), (False, False), (False, True)):
        if expression := match(question.words, every=every, may_go_on=may_go_on):
            lookup = _Lookup(conn, question, expression)
            groups = [group for kind in _wanted(question) if (group := _FINDERS[kind](lookup)).hits]
        if groups:
            is_loose = not every and " " in question.words
            break
    return Found(asked=question, groups=groups, is_loose=is_loose, sources=sources)


def _wanted(question: Asked) -> tuple[str, ...]:
    return KINDS if question.wants_all else (question.kind,)


class _Lookup:
    """One expression in the search indexes; each is asked once."""

    def __init__(self, conn: sqlite3.Connection, question: Asked, expression: str) -> None:
        self.conn, self.question, self.expression = conn, question, expression
        self.phrases = phrases(question.words)
        self.many: set[str] = set()
        """Tables with more matches than are ranked."""
        self._ranked: dict[str, list[int]] = {}

    def ranked(self, table: str) -> list[int]:
        """Ids of the rows that match, best first; of many, the newest of those that the filters let through."""
        if table not in self._ranked:
            index = f"{table}_fts"
            found = self._ids(f"select rowid from {index} where {index} match ? limit {MANY + 1}", [self.expression])
            if len(found) > MANY:
                self.many.add(table)
                self._ranked[table] = self._newest(table)
            else:
                order = f"bm25({index}{_WEIGHTS.get(table, '')})"
                sql = f"select rowid from {index} where {index} match ? order by {order}, rowid"
                self._ranked[table] = self._ids(sql, [self.expression]) if found else []
        return self._ranked[table]

    def _newest(self, table: str) -> list[int]:
        """Along the index of the days, until there are enough."""
        index, (key, sql, day) = f"{table}_fts", _NEWEST[table]
        dense = self._ids(f"select 1 from {index} where {index} match ? limit 1 offset {DENSE}", [self.expression])
        matches = (
            f"exists (select 1 from {index} where {index} match ? and {index}.rowid = {key})"
            if dense
            else f"+{key} in (select rowid from {index} where {index} match ?)"
        )
        is_dated = table not in ("entities", "aliases")  # a source or a date says nothing of a name
        filters, params = self._filters(day, with_source=table != "incidents") if is_dated else ("", [])
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

    def kept(self, sql: str, ids: list[int], *, day: str, with_source: bool = True) -> list[int]:
        """Those of the ids that the filters let through, in their order.

        The query gives ids; it ends where a condition may follow.
        """
        filters, params = self._filters(day, with_source=with_source)
        if not filters and " where id in ({marks})" in sql:
            return ids
        there = set(self._ids(sql.format(marks=_marks(ids)) + filters, [*ids, *params]))
        return [number for number in ids if number in there]

    def snippets(self, table: str, ids: list[int]) -> dict[int, Markup]:
        """Id → the words around the match."""
        key = "article_id" if table == "article_text" else "id"
        sql = f"select {', '.join([key, *FULL_TEXT[table]])} from {table} where {key} in ({_marks(ids)})"
        return {row[0]: snippet(row[1:], self.phrases) for row in self.conn.execute(sql, ids)}

    def page(self, ids: list[int]) -> list[int]:
        """As many as are shown."""
        return ids[: SHOWN if self.question.wants_all else SHOWN_ALONE]

    def group(self, kind: str, ids: list[int], found: list[Row], snippets: Mapping[int, Markup]) -> Group:
        """The rows in the order of the ids."""
        by_id = {row["id"]: row for row in found}
        hits = [Hit(row=by_id[n], snippet=snippets.get(n, Markup())) for n in self.page(ids) if n in by_id]
        is_more = bool(self.many & _SEARCHED[kind])
        return Group(kind=kind, hits=hits, total=MANY if is_more else len(ids), is_more=is_more)


def _incidents(look: _Lookup) -> Group:
    """By their titles, and by the violations and articles that are found."""
    words = look.snippets("incidents", look.page(look.ranked("incidents")))
    ranked = dict.fromkeys(look.ranked("incidents"), ("incidents", 0))
    for sql, table in ((_OF_VIOLATIONS, "violations"), (_OF_ARTICLES, "article_text"), (_OF_ARTICLES, "articles")):
        below = look.ranked(table)[:200]
        of_fact = {
            row["found_id"]: row["incident_id"] for row in rows(look.conn, sql.format(marks=_marks(below)), *below)
        }
        for number in below:
            if number in of_fact:
                ranked.setdefault(of_fact[number], (table, number))
    kept = look.kept(_KEPT["incidents"], list(ranked), day="incidents.last_on", with_source=False)
    for number in look.page(kept):
        table, below_id = ranked[number]
        if table != "incidents":
            words[number] = look.snippets(table, [below_id]).get(below_id, Markup())
    shown = look.page(kept)
    found = rows(look.conn, f"select * from incidents where id in ({_marks(shown)})", *shown)
    return look.group("incidents", kept, found, words)


def _violations(look: _Lookup) -> Group:
    kept = look.kept(_KEPT["violations"], look.ranked("violations"), day="violations.reported_on")
    shown = look.page(kept)
    found = claims(look.conn, f"violations.id in ({_marks(shown)})", *shown)
    return look.group("violations", kept, found, look.snippets("violations", shown))


def _names(look: _Lookup) -> Group:
    """Entities by name or alias, else those named in full among the words; a source or a date says nothing of them."""
    found, words = _named(look)
    if not found:
        loose = _Lookup(look.conn, look.question, match(look.question.words, every=False))
        asked_for = _letters(look.question.words)
        found, words = _named(loose)
        found = [row for row in found if _letters(row["name"]) <= asked_for]
    return look.group("names", [row["id"] for row in found], found, words)


def _named(look: _Lookup) -> tuple[list[Row], dict[int, Markup]]:
    """Entities, the most named first."""
    aliases = look.ranked("aliases")[:500]
    by_alias = rows(look.conn, f"select id, entity_id from aliases where id in ({_marks(aliases)})", *aliases)
    ids = list(dict.fromkeys([*look.ranked("entities")[:500], *(row["entity_id"] for row in by_alias)]))
    found = rows(look.conn, f"select * from entities where id in ({_marks(ids)}) order by articles desc, id", *ids)
    shown = look.page([row["id"] for row in found])
    words = look.snippets("entities", shown)
    for row in by_alias:
        if row["entity_id"] in shown and row["entity_id"] not in words:
            words[row["entity_id"]] = look.snippets("aliases", [row["id"]])[row["id"]]
    return found, words


def _quotes(look: _Lookup) -> Group:
    """Quotes, the same words once."""
    kept = look.kept(_KEPT["quotes"], look.ranked("quotes"), day="quotes.reported_on")
    sql = f"select id, coalesce(group_id, id) as of_group from quotes where id in ({_marks(kept)})"
    group = {row["id"]: row["of_group"] for row in rows(look.conn, sql, *kept)}
    once = {group[number]: number for number in reversed(kept)}
    kept = [number for number in kept if once[group[number]] == number]
    shown = look.page(kept)
    found = quotes(look.conn, f"quotes.id in ({_marks(shown)})", *shown)
    return look.group("quotes", kept, found, look.snippets("quotes", shown))


def _articles(look: _Lookup) -> Group:
    """Articles by headline and by text; a copy stands for the article it repeats."""
    by_title = look.ranked("articles")
    ids = list(dict.fromkeys([*by_title, *look.ranked("article_text")]))
    kept = look.kept(_KEPT["articles"], ids, day="articles.published_from")
    sql = f"select id, copy_of_id from articles where id in ({_marks(kept)}) and copy_of_id is not null"
    copies = {row["id"]: row["copy_of_id"] for row in rows(look.conn, sql, *kept)}
    there = set(kept)
    kept = [number for number in kept if copies.get(number) not in there]
    shown = look.page(kept)
    found = articles(look.conn, f"articles.id in ({_marks(shown)})", *shown)
    titled = set(by_title)
    words = look.snippets("articles", [n for n in shown if n in titled])
    words |= look.snippets("article_text", [n for n in shown if n not in titled])
    return look.group("articles", kept, found, words)


def _letters(words: str) -> set[str]:
    return set(re.findall(r"\w+", words.casefold()))


def _marks(ids: Collection[object]) -> str:
    return ",".join("?" * len(ids))


_WEIGHTS = {
    "articles": ", 8, 3, 1, 1",
    "entities": ", 10, 1",
    "quotes": ", 2, 4, 2",
    "violations": ", 2, 5, 2, 4, 1",
}
"""Of the columns, in their order in `FULL_TEXT`."""
_KEPT = {
    "incidents": "select id from incidents where id in ({marks})",
    "violations": """
        select violations.id from violations join articles on articles.id = article_id
        where not is_copy and violations.id in ({marks})
    """,
    "quotes": f"""
        select quotes.id from quotes join articles on articles.id = article_id
        where not is_copy and {LISTED} and quotes.id in ({{marks}})
    """,
    "articles": "select id from articles where id in ({marks})",
}
_NEWEST = {
    "incidents": ("incidents.id", "select id from incidents", "incidents.last_on"),
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
    "article_text": ("articles.id", "select id from articles", "articles.published_from"),
    "entities": ("entities.id", "select id from entities", "entities.articles"),
    "aliases": (
        "aliases.id", "select aliases.id from entities cross join aliases on entity_id = entities.id",
        "entities.articles",
    ),
}  # fmt: skip
"""Table → the key of its rows, the query for it, and what is largest in those to show first."""
_SEARCHED = {
    "incidents": {"incidents"},
    "violations": {"violations"},
    "names": {"entities", "aliases"},
    "quotes": {"quotes"},
    "articles": {"articles", "article_text"},
}
"""Kind → the tables whose rows are counted for it."""
_OF_VIOLATIONS = """
    select incident_id, id as found_id from violations where id in ({marks}) and incident_id is not null
"""
_OF_ARTICLES = """
    select incident_id, article_id as found_id from incident_articles where article_id in ({marks})
"""
_FINDERS: dict[str, Callable[[_Lookup], Group]] = {
    "incidents": _incidents,
    "violations": _violations,
    "names": _names,
    "quotes": _quotes,
    "articles": _articles,
}
