"""Removal, the first step: an article is hidden with all that was found in it, until that is undone or purged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from data.articles import find_article, spellings
from data.home import Refusal
from data.ids import stable_id, text_sha256
from data.marks import add_marks
from data.queue import REMOVED
from data.rows import insert, row_of, values
from data.times import stamp

REASONS = ("publisher", "person", "legal", "privacy", "error", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """An article that is to be hidden, or was."""

    article_id: int
    url: str
    title: str
    facts: int
    is_copy: bool
    """Of the one that was named."""


def to_remove(db: Database, target: str, *, with_copies: bool = False) -> tuple[Removed, ...]:
    """The article of that address or id and, if asked for, its copies; refuses what it does not know."""
    article_id = _article_id(db, target)
    numbers = [article_id]
    if with_copies:
        numbers += _copies(db, article_id)
    return tuple(_described(db, number, is_copy=number != article_id) for number in numbers)


def remove(db: Database, found: tuple[Removed, ...], *, reason: str, note: str | None, now: datetime) -> None:
    """Hide these articles; whoever reads must publish afterwards."""
    with db.atomic():
        for one in found:
            removal_id = stable_id("removal", one.article_id)
            row = {
                "id": removal_id, "article_id": one.article_id, "url": one.url, "url_sha256": text_sha256(one.url),
                "reason": reason, "note": note, "removed_at": stamp(now), "undone_at": None,
                "of_incident": values(db, _INCIDENT, [one.article_id])[0],
            }  # fmt: skip
            db.execute("delete from removal_marks where removal_id = ?", [removal_id])
            db.execute("delete from removals where id = ?", [removal_id])
            insert(db, "removals", [row])
            add_marks(db, removal_id, _texts(db, one.article_id))


def undo(db: Database, target: str, *, now: datetime, with_copies: bool = False) -> tuple[int, ...]:
    """Show an article again that was removed and not purged and, if asked for, its copies that were; their ids."""
    rows = db.execute(_STANDING, [json.dumps([int(target)] if target.isdecimal() else spellings(target))]).fetchone()
    if rows is None:
        raise Refusal(f"{target}: was not removed; expected the address or the id of a removed article")
    if rows[1]:
        raise Refusal(f"{target}: was purged on {rows[1]}; what was destroyed cannot be shown again")
    numbers = [int(rows[0])]
    if with_copies:
        hidden = set(values(db, "select article_id from removals where undone_at is null and purged_at is null"))
        numbers += [number for number in _copies(db, numbers[0]) if number in hidden]
    with db.atomic():
        for number in numbers:
            db.execute("update removals set undone_at = ? where article_id = ?", [stamp(now), number])
        db.execute("update jobs set due_at = ?, reason = null where reason = ?", [stamp(now), REMOVED])
    return tuple(numbers)


def _copies(db: Database, article_id: int) -> list[int]:
    """The other articles with the same text."""
    first = values(db, "select coalesce(copy_of_id, id) from articles where id = ?", [article_id])[0]
    return values(
        db, "select id from articles where ? in (id, copy_of_id) and id != ? order by id", [first, article_id]
    )


def _article_id(db: Database, target: str) -> int:
    found = find_article(db, target)
    if found is None:
        raise Refusal(f"{target}: no such article; expected the id or an address of one that is known")
    return found


def _described(db: Database, number: int, *, is_copy: bool) -> Removed:
    row = row_of(db, "articles", number) or {}
    facts = values(db, "select count(distinct fact_id) from spans where article_id = ?", [number])[0]
    return Removed(article_id=number, url=row["url"], title=row["title"], facts=facts, is_copy=is_copy)


def _texts(db: Database, number: int) -> Iterator[str]:
    for column in ("text", "title"):
        yield from values(db, f"select {column} from article_versions where article_id = ?", [number])


_STANDING = """
    with given as (select value from json_each(?))
    select article_id, purged_at from removals where undone_at is null and (article_id in given or url in given)
"""
_INCIDENT = """
    select min(incident_id) from incident_articles
    where article_id = (select coalesce(copy_of_id, id) from articles where id = ?)
"""
