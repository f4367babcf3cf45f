"""The next build out of the last one: a copy of it in which what was touched since is taken from work.db anew.

What is taken is built as a slice first, by the steps of a whole build, and then put in the place of what the copy had
of it. Sums are kept right by what the rows that go and those that come add to them; everything else that several
articles add to is made again for the keys that were touched. The result has the rows that a whole build has:
`data.digests` tells the same, and a test compares them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from data.correcting import apply
from data.corrections import Correction
from data.indexes import FULL_TEXT, PUBLIC_INDEXES, make_indexes
from data.rows import values
from data.schema import FACT_TABLES, PUBLISHED, ensure
from data.snapshot import Asked, take
from data.summaries import TARGETS, make_columns
from data.totals import ARTICLES, INCIDENTS, bring_up_to_date, note


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was touched since the last build."""

    articles: frozenset[int]
    incidents: frozenset[int]
    entities: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.articles or self.incidents or self.entities)


def fill_slice(db: Database, changes: Changes, corrections: Sequence[Correction]) -> Changes:
    """Build what changed into the empty ``db``, with what it hangs together with; back comes what is to be replaced."""
    with db.atomic():
        ensure(db, public=True)
        incidents = _incidents(db, changes, corrections)
        asked = Asked(
            articles=_whole(db, changes.articles, incidents), incidents=incidents, entities=sorted(changes.entities)
        )
        take(db, private=False, asked=asked)
        make_indexes(
            db, {table: PUBLIC_INDEXES[table] for table in ("spans", "violation_parties", "incident_violations")}
        )
        apply(db, corrections)
        make_columns(db)
    return Changes(articles=changes.articles, incidents=frozenset(incidents), entities=changes.entities)


def put_in(db: Database, changes: Changes, corrections: Sequence[Correction]) -> None:
    """Put the slice, attached as ``slice``, in the place of what ``db`` has of it, and bring all sums up to date.

    Beside it stand ``work`` and ``tallies``, whose pairs are brought up to date too.
    """
    for name, ids in (("gone_article", changes.articles), ("gone_incident", changes.incidents)):
        db.execute(f"create temp table {name} (id integer primary key)")
        db.conn.executemany(f"insert into {name} values (?)", [(number,) for number in sorted(ids)])
    db.execute("create temp table hidden as select article_id as id from work.removals where undone_at is null")
    note(db, "old")
    _replace_rows(db)
    _replace_entities(db, changes.entities)
    _replace_corrections(db, changes, corrections)
    db.execute(TARGETS.format(among=f"and (article_id in {ARTICLES} or url in (select url from slice.articles))"))
    note(db, "new")
    bring_up_to_date(db)
    _drop_unused(db)


def _incidents(db: Database, changes: Changes, corrections: Iterable[Correction]) -> list[int]:
    """Those touched, those of touched articles and of their firsts, and those that decisions are about."""
    slugs = {slug for c in corrections if c.incident is not None for slug in (c.incident, c.into) if slug}
    found = set(changes.incidents)
    found.update(_among(db, _INCIDENTS_OF, changes.articles))
    found.update(n for slug in sorted(slugs) for n in values(db, _OF_SLUG, [slug]))
    return sorted(found)


def _whole(db: Database, articles: Iterable[int], incidents: Iterable[int]) -> list[int]:
    """The articles with all of those incidents, with their firsts and all copies."""
    found = {*articles, *_among(db, _MEMBERS, incidents)}
    found.update(_among(db, _FIRSTS, found))
    found.update(_among(db, _COPIES, found))
    return sorted(found)


def _among(db: Database, sql: str, ids: Iterable[int]) -> list[int]:
    db.execute("create temp table if not exists given (id integer primary key)")
    db.execute("delete from temp.given")
    db.conn.executemany("insert into temp.given values (?)", [(number,) for number in ids])
    return [number for number in values(db, sql) if number is not None]


def _replace_rows(db: Database) -> None:
    """Put the slice's rows in the place of the copy's; what is the same in both stays untouched."""
    db.execute("create temp table stale (key integer primary key)")
    db.execute("create temp table fresh (key integer primary key)")
    for table, own in _OWN.items():
        columns, key = ", ".join(PUBLISHED[table]), PUBLISHED[table][0]
        mine, its = (f"select {columns} from {file}.{table} where {own}" for file in ("main", "slice"))
        for name, sql in (("stale", f"{mine} except {its}"), ("fresh", f"{its} except {mine}")):
            db.execute(f"delete from temp.{name}")
            db.execute(f"insert into temp.{name} select {key} from ({sql})")
        _unsearch(db, table, f"{key} in (select key from temp.stale)")
        db.execute(f"delete from main.{table} where {key} in (select key from temp.stale)")
        new = f"{key} in (select key from temp.fresh)"
        db.execute(f"insert into main.{table} ({columns}) select {columns} from slice.{table} where {new}")
        _search(db, table, new)


def _replace_entities(db: Database, touched: Iterable[int]) -> None:
    """Entities that are new, and those that are known under another name or in another place by now."""
    db.execute("create temp table new_entity (id integer primary key)")
    db.execute("insert into new_entity select id from slice.entities where id not in (select id from main.entities)")
    db.conn.executemany(
        "insert or ignore into new_entity select id from slice.entities where id = ?", [(n,) for n in sorted(touched)]
    )
    own, of_entity = "id in (select id from temp.new_entity)", "entity_id in (select id from temp.new_entity)"
    _unsearch(db, "entities", own)
    _unsearch(db, "aliases", of_entity)
    db.execute(f"delete from main.aliases where {of_entity}")
    told = "kind, name, subkind, country, parent_id, description, is_reviewed"
    db.execute(
        f"insert into main.entities (id, slug, {told}) select id, slug, {told} from slice.entities where {own}"
        f" on conflict (id) do update set ({told}) = ({', '.join(f'excluded.{c}' for c in told.split(', '))})"
    )
    names = ", ".join(PUBLISHED["aliases"])
    db.execute(f"insert into main.aliases ({names}) select {names} from slice.aliases where {of_entity}")
    _search(db, "entities", own)
    _search(db, "aliases", of_entity)
    merges = ", ".join(PUBLISHED["entity_merges"])
    db.execute(f"insert or replace into main.entity_merges ({merges}) select {merges} from slice.entity_merges")


def _replace_corrections(db: Database, changes: Changes, corrections: Iterable[Correction]) -> None:
    """What became of each decision, as far as the slice tells."""
    names = ", ".join(PUBLISHED["corrections"])
    told = [n for n, correction in enumerate(corrections) if correction.article in changes.articles]
    marks = ", ".join("?" * len(told))
    of_slice = f"select id from slice.corrections where state = 'applied' or n in ({marks})"
    db.execute(f"delete from main.corrections where id in ({of_slice})", told)
    db.execute(
        f"insert into main.corrections ({names}) select {names} from slice.corrections where id in ({of_slice})", told
    )


def _drop_unused(db: Database) -> None:
    """Entities that nothing names any more."""
    db.execute("create temp table unused as select id from temp.used_old union select id from temp.new_entity")
    while gone := values(db, _UNUSED):
        marks = ", ".join("?" * len(gone))
        db.execute(f"insert into unused select parent_id from main.entities where id in ({marks})", gone)
        for table, column in (("aliases", "entity_id"), ("entities", "id")):
            where = f"{column} in ({marks})"
            _unsearch(db, table, where, gone)
            db.execute(f"delete from main.{table} where {where}", gone)


def _unsearch(db: Database, table: str, where: str, parameters: Sequence[object] = ()) -> None:
    """Take rows out of the search index, before they go or change."""
    if columns := ", ".join(FULL_TEXT.get(table, ())):
        db.execute(
            f"insert into main.{table}_fts ({table}_fts, rowid, {columns})"
            f" select 'delete', rowid, {columns} from main.{table} where {where}", parameters
        )  # fmt: skip


def _search(db: Database, table: str, where: str) -> None:
    if columns := ", ".join(FULL_TEXT.get(table, ())):
        db.execute(
            f"insert into main.{table}_fts (rowid, {columns}) select rowid, {columns} from main.{table} where {where}"
        )


def wrong(db: Database) -> Iterator[str]:
    """What does not hold of the rows that came: their words, and what they point to."""
    for table in FACT_TABLES:
        wordless = f"article_id in {ARTICLES} and id not in (select fact_id from spans)"
        for number in values(db, f"select id from {table} where {wordless}"):
            yield f"{table}: {number} has no words"
    for table, own in _OWN.items():
        for key in list(db.query(f"pragma foreign_key_list({table})")):
            lost = values(
                db, f"select {key['from']} from main.{table} where {own} and {key['from']} is not null"
                f" and {key['from']} not in (select {key['to']} from main.{key['table']})"
            )  # fmt: skip
            yield from (f"{table}: a row points to {number} of {key['table']}, which is not there" for number in lost)


PUT_IN = "s.article_id in (select id from temp.gone_article)"
"""Of a span: it came with the slice."""
LOST = "l.id in (select id from temp.gone_article)"
"""Of an article of the last build: it was touched."""
_OF_SLUG = "select id from work.incidents where slug = ?1 union select id from main.incidents where slug = ?1"
_INCIDENTS_OF = """
    select incident_id from work.incident_articles where article_id in (
      select id from temp.given union select copy_of_id from work.articles join temp.given using (id)
    )
"""
_MEMBERS = """
    select article_id from work.incident_articles where incident_id in (select id from temp.given)
    union select article_id from work.incident_status where incident_id in (select id from temp.given)
"""
_FIRSTS = "select copy_of_id from work.article_copies where article_id in (select id from temp.given)"
_COPIES = "select article_id from work.article_copies where copy_of_id in (select id from temp.given)"
# Table → which of its rows are replaced.
_OF_ARTICLES, _OF_INCIDENTS = f"article_id in {ARTICLES}", f"incident_id in {INCIDENTS}"
_OWN = {
    "articles": f"id in {ARTICLES}",
    "article_text": _OF_ARTICLES,
    "article_versions": _OF_ARTICLES,
    "hops": _OF_ARTICLES,
    "article_copies": _OF_ARTICLES,
    "mentions": _OF_ARTICLES,
    "relations": _OF_ARTICLES,
    "quotes": _OF_ARTICLES,
    "violations": _OF_ARTICLES,
    "violation_parties": f"""
        violation_id in (select id from temp.violations_old union select id from slice.violations where {_OF_ARTICLES})
    """,
    "spans": _OF_ARTICLES,
    "incidents": f"id in {INCIDENTS}",
    "incident_articles": _OF_INCIDENTS,
    "incident_violations": _OF_INCIDENTS,
    "incident_status": _OF_INCIDENTS,
    "contradictions": _OF_INCIDENTS,
    "incident_merges": f"(into_id in {INCIDENTS} or id in {INCIDENTS})",
}
_UNUSED = """
    select distinct id from temp.unused e
    where id in (select id from entities) and id not in (select id from work.entities where is_reviewed)
      and not exists (select 1 from mentions where entity_id = e.id)
      and not exists (select 1 from violation_parties where entity_id = e.id)
      and not exists (select 1 from violations where rule_entity_id = e.id)
      and not exists (select 1 from quotes where speaker_entity_id = e.id)
      and not exists (select 1 from quotes where affiliation_entity_id = e.id)
      and not exists (select 1 from relations where subject_entity_id = e.id)
      and not exists (select 1 from relations where object_entity_id = e.id)
      and not exists (select 1 from entities child where child.parent_id = e.id)
"""
