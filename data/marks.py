"""Hashes by which an article that was removed is known again, wherever it turns up: they tell nothing else of it."""

import json
import re
from collections.abc import Iterable

from sqlite_utils import Database

from data.ids import stable_id, text_sha256
from data.rows import insert, values

_LEAST = 8  # words; shorter sentences stand in many texts
_SHARE = 0.6  # of the removed article's sentences
_FEWEST = 2  # one sentence may be everybody's


def sentences(text: str) -> list[str]:
    """The sentences that are long enough to tell one text from another, in plain small words.

    >>> sentences("Short one. But this one, with its EIGHT words, is long enough.")
    ['but this one with its eight words is long enough']
    """
    return list(_as_written(text))


def _as_written(text: str) -> dict[str, str]:
    """The sentences of `sentences`, and each as the text has it."""
    parts = re.split(r"[.!?…]+[\s”’\"']|\n+", text)
    plain = {" ".join(re.findall(r"\w+", part.casefold())): part.strip() for part in parts}
    return {words: part for words, part in plain.items() if words.count(" ") + 1 >= _LEAST}


def add_marks(db: Database, removal_id: int, texts: Iterable[str]) -> None:
    """Remember the texts and their sentences."""
    found = [text for text in texts if text]
    marks = {("text", text_sha256(text)) for text in found}
    marks |= {("sentence", text_sha256(sentence)) for text in found for sentence in sentences(text)}
    rows = [
        {"id": stable_id("mark", removal_id, kind, sha256), "removal_id": removal_id, "kind": kind, "sha256": sha256}
        for kind, sha256 in sorted(marks)
    ]
    insert(db, "removal_marks", rows)


def is_marked(db: Database, text: str) -> bool:
    """Is this a text that was removed, or one that repeats most of it?"""
    if not text or not db.execute("select 1 from removal_marks limit 1").fetchone():
        return False
    hashes = [text_sha256(text), *(text_sha256(sentence) for sentence in sentences(text))]
    return (
        db.execute(_REPEATED, {"hashes": json.dumps(hashes), "share": _SHARE, "fewest": _FEWEST}).fetchone() is not None
    )


def has_purged(db: Database) -> bool:
    """Was any article ever purged?"""
    return db.execute("select 1 from removals where purged_at is not null limit 1").fetchone() is not None


def repeats_purged(db: Database, text: str) -> bool:
    """Has this a sentence of an article that was purged, and of none that is kept?"""
    if not has_purged(db):
        return False
    written = {text_sha256(words): part for words, part in _as_written(text).items()}
    met = values(db, _PURGED, [json.dumps(list(written))])
    return any(not values(db, _KEPT, [written[sha256].rstrip(".!?…")]) for sha256 in met)


_PURGED = """
    select distinct sha256 from removal_marks join removals on removals.id = removal_id
    where purged_at is not null and kind = 'sentence' and sha256 in (select value from json_each(?))
"""
_KEPT = "select 1 from article_versions where instr(text, ?) limit 1"
_REPEATED = """
    with met as (
      select removal_id, kind, count(*) as n from removal_marks join removals on removals.id = removal_id
      where undone_at is null and sha256 in (select value from json_each(:hashes)) group by removal_id, kind
    )
    select 1 from met
    where kind = 'text' or n >= :fewest and n >= :share * (
      select count(*) from removal_marks m where m.removal_id = met.removal_id and m.kind = 'sentence'
    )
"""
