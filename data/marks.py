"""Hashes by which an article that was removed is known again, wherever it turns up: they tell nothing else of it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from sqlite_utils import Database

from data.ids import stable_id, text_sha256
from data.rows import insert, values

_LEAST = 8  # words; shorter sentences stand in many texts
_MOST = 200  # words of a sentence that is looked for inside a text
_SHARE = 0.6  # of the removed article's sentences
_FEWEST = 2  # one sentence may be everybody's


def plain_words(text: str) -> list[str]:
    """The words in small letters, without what stands between them."""
    return re.findall(r"\w+", text.casefold())


def sentences(text: str) -> list[str]:
    """The sentences that are long enough to tell one text from another, in plain small words.

    >>> sentences("Short one. But this one, with its EIGHT words, is long enough.")
    ['but this one with its eight words is long enough']
    """
    parts = map(plain_words, re.split(r"[.!?…]+[\s”’\"']|\n+", text))
    return [" ".join(words) for words in parts if len(words) >= _LEAST]


def add_marks(db: Database, removal_id: int, texts: Iterable[str]) -> None:
    """Remember the texts, their sentences, and how each of these begins."""
    found = [text for text in texts if text]
    told = {sentence for text in found for sentence in sentences(text)}
    marks = {("text", text_sha256(text)) for text in found}
    marks |= {("sentence", text_sha256(sentence)) for sentence in told}
    marks |= {("start", text_sha256(" ".join(sentence.split()[:_LEAST]))) for sentence in told}
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


@dataclass(slots=True)
class Purged:
    """The sentences of all articles that were purged, looked for in any text, whatever stands between its words."""

    db: Database
    starts: frozenset[str]
    """Hashes of their first words."""
    whole: frozenset[str]
    _kept: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, db: Database) -> Self:
        """Those that the work database knows."""
        starts, whole = (frozenset(values(db, _PURGED, [kind])) for kind in ("start", "sentence"))
        return cls(db, starts, whole)

    def __bool__(self) -> bool:
        return bool(self.whole)

    def sentences_in(self, text: str) -> set[str]:
        """Those that stand in a text, in plain small words."""
        words, found = plain_words(text), set[str]()
        for i in range(len(words) - _LEAST + 1 if self.starts else 0):
            if text_sha256(" ".join(words[i : i + _LEAST])) in self.starts:
                ends = range(i + _LEAST, min(i + _MOST, len(words)) + 1)
                found.update(s for end in ends if text_sha256(s := " ".join(words[i:end])) in self.whole)
        return found

    def stand_in(self, text: str) -> bool:
        """Is one of them in the text that is in no article that is kept?"""
        return not all(map(self._is_kept, self.sentences_in(text)))

    def _is_kept(self, sentence: str) -> bool:
        if sentence not in self._kept and is_in_articles(self.db, sentence):
            self._kept.add(sentence)
        return sentence in self._kept


def is_in_articles(db: Database, sentence: str, *, but: Iterable[int] = ()) -> bool:
    """Does a sentence, in plain small words, stand in a version of an article, other than some?"""
    rare = sorted((word for word in sentence.split() if word.isascii()), key=len)[-3:]
    likely = " and ".join(["text like ?"] * len(rare)) or "true"
    sql = f"select text from article_versions where {likely} and article_id not in (select value from json_each(?))"
    texts = db.execute(sql, [*(f"%{word}%" for word in rare), json.dumps(list(but))])
    return any(f" {sentence} " in f" {' '.join(plain_words(text))} " for (text,) in texts)


_PURGED = """
    select distinct sha256 from removal_marks join removals on removals.id = removal_id
    where purged_at is not null and kind = ?
"""
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
