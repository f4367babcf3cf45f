"""The same words quoted in several places: which quotes belong together."""

import re
from collections import defaultdict

from sqlite_utils import Database

from data.ids import stable_id

_SHINGLE = 4  # words; a shorter run is an expression, not a quotation
_COMMON = 60  # quotes; words that so many share tell nothing
_ENOUGH = 0.6  # of the shorter quote's shingles


def group_quotes(db: Database) -> None:
    """Fill ``quote_groups`` and ``quotes.group_id``: quotes of which one repeats most of the other's words."""
    rows = db.execute("select id, content from quotes where not is_rule_text and kind != 'indirect' order by id")
    groups = similar(dict(rows.fetchall()))
    for members in groups:
        _add_group(db, members)


def similar(texts: dict[int, str]) -> list[tuple[int, ...]]:
    """The numbers of texts that belong together, by twos or more, sorted."""
    shingles = {number: _shingles(text) for number, text in texts.items()}
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, found in shingles.items():
        for shingle in found:
            holders[shingle].append(number)
    leader = {number: number for number in texts}
    for one, two in sorted(_pairs(holders)):
        shared = len(shingles[one] & shingles[two])
        if shared >= _ENOUGH * min(len(shingles[one]), len(shingles[two])):
            _join(leader, one, two)
    groups: dict[int, list[int]] = defaultdict(list)
    for number in sorted(texts):
        groups[_find(leader, number)].append(number)
    return [tuple(members) for members in groups.values() if len(members) > 1]


def _pairs(holders: dict[tuple[str, ...], list[int]]) -> set[tuple[int, int]]:
    return {
        (one, two)
        for numbers in holders.values()
        if 1 < len(numbers) <= _COMMON
        for i, one in enumerate(sorted(numbers))
        for two in sorted(numbers)[i + 1 :]
    }


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)}


def _find(leader: dict[int, int], number: int) -> int:
    while leader[number] != number:
        number = leader[number]
    return number


def _join(leader: dict[int, int], one: int, two: int) -> None:
    first, second = sorted((_find(leader, one), _find(leader, two)))
    leader[second] = first


def _add_group(db: Database, members: tuple[int, ...]) -> None:
    marks = ", ".join("?" * len(members))
    group = stable_id("quote_group", members[0])
    db.execute(
        "insert into quote_groups (id, content, speaker, quotes, articles, wordings, first_on)"
        " select ?, (select content from quotes where id = ?), max(speaker), count(*), count(distinct article_id),"
        f" count(distinct content), min(reported_on) from quotes where id in ({marks})",
        [group, members[0], *members],
    )
    db.execute(f"update quotes set group_id = ? where id in ({marks})", [group, *members])
