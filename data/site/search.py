"""One search over incidents, violations, names, quotes and articles: best first, copies counted once."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from data.site.claims import articles, claims, quotes, rows
from data.site.words import Row

MANY = 3000
"""Of more matches than these only so many are ranked: ranking 300,000 takes longer than a reader waits."""
SHOWN = 10
KINDS = ("incidents", "violations", "names", "quotes", "articles")
_OPEN, _CLOSE = "\x02", "\x03"


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


def match(words: str, *, every: bool = True) -> str:
    """The words as an FTS5 expression that cannot be malformed; quoted words stay together, the last may go on.

    >>> match('ByteDance "terms of service')
    '"ByteDance" AND "terms" AND "of" AND "service"*'
    >>> match('"terms of service" fin', every=False)
    '"terms of service" OR "fin"*'
    """
    phrases = [phrase or word for phrase, word in re.findall(r'"([^"]*\w[^"]*)"|([^\s"]+)', words)]
    kept = [phrase for phrase in phrases if re.search(r"\w", phrase)][:12]
    if not kept:
        return ""
    quoted = [f'"{phrase}"' for phrase in kept]
    if len(re.findall(r"\w", kept[-1])) > 2 and not words.rstrip().endswith('"'):
        quoted[-1] += "*"
    return (" AND " if every else " OR ").join(quoted)


def search(conn: sqlite3.Connection, question: Asked) -> Found:
    """What the words are found in; with any of them if nothing has them all."""
    sources = rows(conn, "select id, name from sources order by name limit 300")
    groups: list[Group] = []
    is_loose = False
    for every in (True, False):
        if expression := match(question.words, every=every):
            groups = [group for kind in _wanted(question) if (group := _FINDERS[kind](conn, question, expression)).hits]
        if groups or " " not in question.words:
            is_loose = bool(groups) and not every
            break
    return Found(asked=question, groups=groups, is_loose=is_loose, sources=sources)


def _wanted(question: Asked) -> tuple[str, ...]:
    return KINDS if question.wants_all else (question.kind,)


def _ranked(conn: sqlite3.Connection, table: str, expression: str, weights: str = "") -> list[tuple[int, str]]:
    """Row ids and marked words, best first."""
    rank = f"bm25({table}_fts{weights})"
    snippet = f"snippet({table}_fts, {{}}, '{_OPEN}', '{_CLOSE}', '…', 28)"
    found = conn.execute(
        f"select rowid, iif(instr({snippet.format(0)}, '{_OPEN}'), {snippet.format(0)}, {snippet.format(-1)})"
        f" from {table}_fts"
        f" where {table}_fts match ? and rowid in"
        f" (select rowid from {table}_fts where {table}_fts match ? limit {MANY}) order by {rank} limit 400",
        [expression, expression],
    ).fetchall()
    return [(row[0], row[1]) for row in found]


def _shown(snippet: str) -> Markup:
    """The words around a match, the match marked."""
    return Markup(str(escape(snippet)).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>"))


def _group(kind: str, hits: list[Hit], question: Asked) -> Group:
    shown = SHOWN if question.wants_all else 50
    return Group(kind=kind, hits=hits[:shown], total=len(hits), is_more=len(hits) >= 400)


def _where(question: Asked, ids: list[int], table: str, day: str) -> tuple[str, list[object]]:
    """The filters of the question on rows of a table that is joined with ``articles``."""
    where, params = f"{table}.id in ({','.join('?' * len(ids))})", list[object](ids)
    for column, operator, value in (
        ("articles.source_id", "=", question.source),
        (day, ">=", question.since),
        (day, "<=", question.until and f"{question.until}~"),
    ):
        if value and (table != "incidents" or column == day):
            where += f" and {column} {operator} ?"
            params.append(value)
    return where, params


def _in_order(ranked: list[tuple[int, str]], found: list[Row]) -> list[Hit]:
    by_id = {row["id"]: row for row in found}
    return [Hit(row=by_id[number], snippet=_shown(snippet)) for number, snippet in ranked if number in by_id]


def _incidents(conn: sqlite3.Connection, question: Asked, expression: str) -> Group:
    """By their titles, and by the violations and articles that are found."""
    ranked: dict[int, str] = dict(_ranked(conn, "incidents", expression))
    for sql, table in ((_OF_VIOLATIONS, "violations"), (_OF_ARTICLES, "article_text"), (_OF_ARTICLES, "articles")):
        below = dict(_ranked(conn, table, expression)[:100])
        for row in rows(conn, sql.format(marks=",".join("?" * len(below))), *below):
            ranked.setdefault(row["incident_id"], below[row["found_id"]])
    where, params = _where(question, list(ranked), "incidents", "incidents.last_on")
    found = rows(conn, f"select incidents.* from incidents where {where}", *params)
    return _group("incidents", _in_order(list(ranked.items()), found), question)


def _violations(conn: sqlite3.Connection, question: Asked, expression: str) -> Group:
    ranked = _ranked(conn, "violations", expression, ", 2, 5, 2, 4, 1")
    where, params = _where(question, [number for number, _ in ranked], "violations", "violations.reported_on")
    found = claims(conn, f"not is_copy and {where}", *params, limit=400)
    return _group("violations", _in_order(ranked, found), question)


def _names(conn: sqlite3.Connection, question: Asked, expression: str) -> Group:
    """Entities by name or alias, else those named in full among the words; a source or a date says nothing of them."""
    hits = _named(conn, expression)
    if not hits:
        asked_for = _letters(question.words)
        hits = [h for h in _named(conn, match(question.words, every=False)) if _letters(h.row["name"]) <= asked_for]
    return _group("names", sorted(hits, key=lambda hit: -hit.row["articles"]), question)


def _letters(words: str) -> set[str]:
    return set(re.findall(r"\w+", words.casefold()))


def _named(conn: sqlite3.Connection, expression: str) -> list[Hit]:
    ranked = dict(_ranked(conn, "entities", expression, ", 10, 1"))
    aliases = dict(_ranked(conn, "aliases", expression)[:100])
    for row in rows(conn, f"select id, entity_id from aliases where id in ({','.join('?' * len(aliases))})", *aliases):
        ranked.setdefault(row["entity_id"], aliases[row["id"]])
    found = rows(conn, f"select * from entities where id in ({','.join('?' * len(ranked))})", *ranked)
    return _in_order(list(ranked.items()), found)


def _quotes(conn: sqlite3.Connection, question: Asked, expression: str) -> Group:
    """Quotes, the same words once."""
    ranked = _ranked(conn, "quotes", expression, ", 2, 4, 2")
    where, params = _where(question, [number for number, _ in ranked], "quotes", "quotes.reported_on")
    found = _in_order(ranked, quotes(conn, f"not is_copy and {where}", *params, limit=400))
    once = {hit.row["group_id"] or hit.row["id"]: hit for hit in reversed(found)}
    return _group("quotes", [hit for hit in found if once[hit.row["group_id"] or hit.row["id"]] is hit], question)


def _articles(conn: sqlite3.Connection, question: Asked, expression: str) -> Group:
    """Articles by headline and by text; a copy stands for the article it repeats."""
    ranked = _ranked(conn, "articles", expression, ", 8, 3, 1, 1")
    known = {number for number, _ in ranked}
    ranked += [(number, s) for number, s in _ranked(conn, "article_text", expression) if number not in known]
    numbers = [number for number, _ in ranked]
    where, params = _where(question, numbers, "articles", "articles.published_from")
    hits = _in_order(ranked, articles(conn, where, *params, limit=800))
    there = {hit.row["id"] for hit in hits}
    return _group("articles", [hit for hit in hits if hit.row["copy_of_id"] not in there], question)


_OF_VIOLATIONS = """
    select incident_id, id as found_id from violations where id in ({marks}) and incident_id is not null
"""
_OF_ARTICLES = """
    select incident_id, article_id as found_id from incident_articles where article_id in ({marks})
"""
_FINDERS = {
    "incidents": _incidents,
    "violations": _violations,
    "names": _names,
    "quotes": _quotes,
    "articles": _articles,
}
