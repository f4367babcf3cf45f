"""The same words quoted in several places: which quotes belong together."""

import re
from collections import defaultdict
from zlib import crc32

from sqlite_utils import Database

from data.ids import stable_id

_SHINGLE = 4  # words; a shorter run is an expression, not a quotation
_COMMON = 60  # quotes; words that so many share tell nothing
_ENOUGH = 0.6  # of the shorter quote's shingles


def group_quotes(db: Database) -> None:
    """Fill ``quote_groups`` and ``quotes.group_id``: quotes of which one repeats most of the other's words."""
    db.execute(
        "create temp table shingles (shingle integer, quote integer, primary key (shingle, quote)) without rowid"
    )
    db.conn.executemany(
        "insert into shingles values (?, ?)",
        ((shingle, number) for number, content in list(db.execute(_QUOTES)) for shingle in sorted(shingles(content))),
    )
    leader: dict[int, int] = {}
    for one, first, two, second in db.execute(_PAIRS, [_COMMON]).fetchall():
        if is_repeated(first, second):
            _join(leader, one, two)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in sorted(leader):
        groups[_find(leader, number)].append(number)
    for members in groups.values():
        _add_group(db, members)
    db.execute("drop table shingles")


def is_repeated(one: str, two: str) -> bool:
    """Does the shorter of two quotes stand, for the most part, in the other?

    >>> is_repeated("It is a sad day for all of us here", "“It is a sad day for all of us,” he said")
    True
    >>> is_repeated("It is a sad day for all of us here", "It is a sad day when nobody can be trusted any more")
    False
    """
    first, second = shingles(one), shingles(two)
    return len(first & second) >= _ENOUGH * min(len(first), len(second)) > 0


def shingles(text: str) -> set[int]:
    """A number for each run of words."""
    words = re.findall(r"\w+", text.casefold())
    return {crc32(" ".join(words[i : i + _SHINGLE]).encode()) for i in range(len(words) - _SHINGLE + 1)}


def _find(leader: dict[int, int], number: int) -> int:
    while (next_one := leader.setdefault(number, number)) != number:
        number = next_one
    return number


def _join(leader: dict[int, int], one: int, two: int) -> None:
    first, second = sorted((_find(leader, one), _find(leader, two)))
    leader[second] = first


def _add_group(db: Database, members: list[int]) -> None:
    marks = ", ".join("?" * len(members))
    group = stable_id("quote_group", members[0])
    db.execute(
        "insert into quote_groups (id, content, speaker, quotes, articles, wordings, first_on)"
        " select ?, (select content from quotes where id = ?), max(speaker), count(*), count(distinct article_id),"
        f" count(distinct content), min(reported_on) from quotes where id in ({marks})",
        [group, members[0], *members],
    )
    db.execute(f"update quotes set group_id = ? where id in ({marks})", [group, *members])


_SHINGLES = "create temp table shingles (shingle integer, quote integer, primary key (shingle, quote)) without rowid"
_QUOTES = "select id, content from quotes where not is_rule_text and kind != 'indirect' order by id"
_PAIRS = """
    with telling as (select shingle from shingles group by shingle having count(*) between 2 and ?),
    pairs as (
      select distinct a.quote as one, b.quote as two
      from telling join shingles a using (shingle) join shingles b using (shingle) where a.quote < b.quote
    )
    select one, first.content, two, second.content
    from pairs join quotes first on first.id = one join quotes second on second.id = two
    order by one, two
"""
