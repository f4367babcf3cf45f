"""What changed between two published files, by key and with the reason as far as the files tell."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from data.home import Refusal
from data.rows import values

TABLES = ("sources", "articles", "entities", "mentions", "relations", "quotes", "violations", "incidents")
_SUMMARY = {
    "copies", "quotes", "violations", "articles", "mentions", "reports", "group_id", "relevant_articles", "failures",
    "as_violator", "as_rule_owner", "as_speaker", "first_seen", "last_seen", "last_new_at",
}  # fmt: skip
"""Columns that only count or group what other tables hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """The keys of one table that differ."""

    table: str
    added: tuple[int | str, ...]
    changed: tuple[int | str, ...]
    """Other than in the columns that only count."""
    removed: tuple[tuple[int | str, str], ...]
    """With the reason."""


def diff(old: Path, new: Path) -> tuple[TableDiff, ...]:
    """The differences of the tables that both files have, those without any left out."""
    for path in (old, new):
        if not path.is_file():
            raise Refusal(f"{path}: no such file")
    with Database(memory=True) as db:
        try:
            db.attach("old", old)
            db.attach("new", new)
            found = tuple(_table_diff(db, table) for table in TABLES if _is_in_both(db, table))
        except sqlite3.DatabaseError as error:
            raise Refusal(f"{old} and {new}: cannot be compared: {error}") from None
    return tuple(one for one in found if one.added or one.changed or one.removed)


def told(differences: tuple[TableDiff, ...]) -> Iterator[str]:
    """One line a table and reason, for CHANGES and for the terminal."""
    for one in differences:
        yield f"{one.table}: {len(one.added)} added, {len(one.changed)} changed, {len(one.removed)} removed"
        for reason, number in sorted(Counter(reason for _, reason in one.removed).items()):
            yield f"  removed: {number}, {reason}"


def _is_in_both(db: Database, table: str) -> bool:
    return all(values(db, f"select 1 from {file}.sqlite_master where name = ?", [table]) for file in ("old", "new"))


def _table_diff(db: Database, table: str) -> TableDiff:
    keys = {file: f"select id from {file}.{table}" for file in ("old", "new")}
    columns = [name for name in _columns(db, "new", table) & _columns(db, "old", table) if name not in _SUMMARY]
    one, two = (", ".join(f"{alias}.{name}" for name in sorted(columns)) for alias in ("a", "b"))
    changed = f"select a.id from old.{table} a join new.{table} b using (id) where ({one}) is not ({two}) order by 1"
    gone = values(db, f"{keys['old']} except {keys['new']} order by 1")
    return TableDiff(
        table=table,
        added=tuple(values(db, f"{keys['new']} except {keys['old']} order by 1")),
        changed=tuple(values(db, changed)),
        removed=tuple((key, _reason(db, table, key)) for key in gone),
    )


def _columns(db: Database, file: str, table: str) -> set[str]:
    return {row[1] for row in db.execute(f"pragma {file}.table_info({table})")}


def _reason(db: Database, table: str, key: int | str) -> str:
    if table in _MERGES and values(db, f"select 1 from new.{_MERGES[table]} where id = ?", [key]):
        return "merged into another"
    if table in ("entities", "incidents"):
        return "no article names it any more"
    if table == "sources":
        return "no longer read"
    article = key if table == "articles" else values(db, f"select article_id from old.{table} where id = ?", [key])[0]
    if taken := values(db, "select reason from new.removals where article_id = ?", [article]):
        return f"the article was removed: {taken[0]}"
    if decided := values(db, "select why from new.corrections where target_id = ? and action = 'reject'", [key]):
        return f"rejected: {decided[0]}"
    if table != "articles" and (why := values(db, _WHY_NOT_READ, [article])):
        return str(why[0])
    return "no longer on topic" if table == "articles" else "its article is no longer shown"


_MERGES = {"entities": "entity_merges", "incidents": "incident_merges"}
_WHY_NOT_READ = """
    select case
        when a.text_sha256 is not b.text_sha256 then 'the article was edited'
        when a.extracted_with is not b.extracted_with then 'a newer version reads the article otherwise'
        else 'not told'
      end
    from old.articles a join new.articles b using (id) where id = ?
"""
