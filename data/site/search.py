"""One search over incidents, violations, names, quotes and articles: best first, copies counted once."""

import re
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from data.site.claims import articles, claims, quotes, rows
from data.site.lookup import KINDS, MANY, Asked, Lookup, marks, match
from data.site.words import Row

SHOWN = 10
SHOWN_ALONE = 50


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
    order: str
    """In which order the first are shown, if there are more than ``total``: nobody counted further."""


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
        **{name: day if _is_day(day) else "" for name, day in days.items()},
    )


def _is_day(words: str) -> bool:
    """Is this an ISO day, or a month or a year of one."""
    try:
        return bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", words)) and bool(date.fromisoformat(f"{words}-01-01"[:10]))
    except ValueError:
        return False


def search(conn: sqlite3.Connection, question: Asked) -> Found:
    """What the words are found in; if nothing has them all, with a longer last word, then with some of them.

    The beginning of a word is looked for last: in a large index it costs a hundred times as much as a word.
    """
    sources = rows(conn, "select id, name from sources order by name limit 300")
    groups: list[Group] = []
    is_loose = False
    for every, may_go_on in ((True, False), (True, True), (False, False), (False, True)):
        if expression := match(question.words, every=every, may_go_on=may_go_on):
            lookup = Lookup(conn, question, expression)
            groups = [group for kind in _wanted(question) if (group := _FINDERS[kind](lookup)).hits]
        if groups:
            is_loose = not every and " " in question.words
            break
    return Found(asked=question, groups=groups, is_loose=is_loose, sources=sources)


def _wanted(question: Asked) -> tuple[str, ...]:
    return KINDS if question.wants_all else (question.kind,)


def _incidents(look: Lookup) -> Group:
    """By their titles, and by the violations and articles that are found."""
    words = look.snippets("incidents", _page(look, look.ranked("incidents")))
    ranked = dict.fromkeys(look.ranked("incidents"), ("incidents", 0))
    for sql, table in ((_OF_VIOLATIONS, "violations"), (_OF_ARTICLES, "article_text"), (_OF_ARTICLES, "articles")):
        below = look.ranked(table)[:200]
        of_fact = {
            row["found_id"]: row["incident_id"] for row in rows(look.conn, sql.format(marks=marks(below)), *below)
        }
        for number in below:
            if number in of_fact:
                ranked.setdefault(of_fact[number], (table, number))
    kept = look.kept("incidents", list(ranked), day="last_on", with_source=False)
    shown = _page(look, kept)
    for table in ("violations", "article_text", "articles"):
        below_of = {number: ranked[number][1] for number in shown if ranked[number][0] == table}
        told = look.snippets(table, list(below_of.values()))
        words |= {number: told.get(below, Markup()) for number, below in below_of.items()}
    found = rows(look.conn, f"select * from incidents where id in ({marks(shown)})", *shown)
    return _group(look, "incidents", kept, found, words)


def _violations(look: Lookup) -> Group:
    kept = look.kept("violations", look.ranked("violations"), day="reported_on")
    shown = _page(look, kept)
    found = claims(look.conn, f"violations.id in ({marks(shown)})", *shown)
    return _group(look, "violations", kept, found, look.snippets("violations", shown))


def _names(look: Lookup) -> Group:
    """Entities by name or alias, else those named in full among the words; a source or a date says nothing of them."""
    found, words = _named(look)
    if not found:
        loose = Lookup(look.conn, look.question, match(look.question.words, every=False))
        asked_for = _letters(look.question.words)
        found, words = _named(loose)
        found = [row for row in found if _letters(row["name"]) <= asked_for]
    return _group(look, "names", [row["id"] for row in found], found, words)


def _named(look: Lookup) -> tuple[list[Row], dict[int, Markup]]:
    """Entities, the most named first; what no article names only if there is nothing else."""
    aliases = look.ranked("aliases")[:500]
    by_alias = rows(look.conn, f"select id, entity_id from aliases where id in ({marks(aliases)})", *aliases)
    ids = list(dict.fromkeys([*look.ranked("entities")[:500], *(row["entity_id"] for row in by_alias)]))
    found = rows(look.conn, f"select * from entities where id in ({marks(ids)}) order by articles desc, id", *ids)
    found = [row for row in found if row["articles"]] or found
    shown = _page(look, [row["id"] for row in found])
    words = look.snippets("entities", shown)
    for row in by_alias:
        if row["entity_id"] in shown and row["entity_id"] not in words:
            words[row["entity_id"]] = look.snippets("aliases", [row["id"]])[row["id"]]
    return found, words


def _quotes(look: Lookup) -> Group:
    """Quotes, the same words once."""
    kept = look.kept("quotes", look.ranked("quotes"), day="reported_on")
    sql = f"select id, coalesce(group_id, id) as of_group from quotes where id in ({marks(kept)})"
    group = {row["id"]: row["of_group"] for row in rows(look.conn, sql, *kept)}
    once = {group[number]: number for number in reversed(kept)}
    kept = [number for number in kept if once[group[number]] == number]
    shown = _page(look, kept)
    found = quotes(look.conn, f"quotes.id in ({marks(shown)})", *shown)
    return _group(look, "quotes", kept, found, look.snippets("quotes", shown))


def _articles(look: Lookup) -> Group:
    """Articles by headline and by text; a copy stands for the article it repeats."""
    by_title = look.ranked("articles")
    ids = list(dict.fromkeys([*by_title, *look.ranked("article_text")]))
    if "articles" in look.many:
        newest = rows(look.conn, f"select id from articles where id in ({marks(ids)}) order by rowid desc", *ids)
        ids = [row["id"] for row in newest]
    kept = look.kept("articles", ids, day="published_from")
    copies = rows(look.conn, f"select id from articles where copy_of_id in ({marks(kept)})", *kept)
    there = {row["id"] for row in copies}
    kept = [number for number in kept if number not in there]
    shown = _page(look, kept)
    found = articles(look.conn, f"articles.id in ({marks(shown)})", *shown)
    titled = set(by_title)
    words = look.snippets("articles", [n for n in shown if n in titled])
    words |= look.snippets("article_text", [n for n in shown if n not in titled])
    return _group(look, "articles", kept, found, words)


def _page(look: Lookup, ids: list[int]) -> list[int]:
    """As many as are shown."""
    return ids[: SHOWN if look.question.wants_all else SHOWN_ALONE]


def _group(look: Lookup, kind: str, ids: list[int], found: list[Row], snippets: Mapping[int, Markup]) -> Group:
    """The rows in the order of the ids."""
    by_id = {row["id"]: row for row in found}
    hits = [Hit(row=by_id[n], snippet=snippets.get(n, Markup())) for n in _page(look, ids) if n in by_id]
    order = next((words for table, words in _ORDERS[kind].items() if table in look.many), "")
    return Group(kind=kind, hits=hits, total=MANY if order else len(ids), order=order)


def _letters(words: str) -> set[str]:
    return set(re.findall(r"\w+", words.casefold()))


_NEWEST, _MOST_NAMED = "the newest first", "those that most articles name first"
_ORDERS = {
    "incidents": {"incidents": _NEWEST},
    "violations": {"violations": _NEWEST},
    "names": {"entities": _MOST_NAMED, "aliases": _MOST_NAMED},
    "quotes": {"quotes": _NEWEST},
    "articles": {"articles": _NEWEST, "article_text": "those with the words in the headline first, then the newest"},
}
"""Kind → the tables whose rows are counted for it, and in which order they are shown if there are very many."""
_OF_VIOLATIONS = """
    select incident_id, id as found_id from violations where id in ({marks}) and incident_id is not null
"""
_OF_ARTICLES = """
    select incident_id, article_id as found_id from incident_articles where article_id in ({marks})
"""
_FINDERS: dict[str, Callable[[Lookup], Group]] = {
    "incidents": _incidents,
    "violations": _violations,
    "names": _names,
    "quotes": _quotes,
    "articles": _articles,
}
