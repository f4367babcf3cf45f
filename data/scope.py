"""How far new articles reach: which older ones must be grouped anew beside them, and which can be left alone."""

import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from extract.facts import Sketch, Sketches

WHOLE = 5000
"""Up to this many relevant articles all are grouped anew, at no cost to speak of."""
DAYS = 45
"""Around the new articles' days: what `extract.candidates` looks back on."""
LATEST = 25
"""So many of the latest articles that claim the same of the same violator; the grouping looks at fewer."""
CLAIMS = 30_000
"""Of a violator with more claims against it the latest are found sooner by their days."""
OTHERS = 5000
"""So many articles of all other days tell how rare words are: those of the smallest ids, which are hashes."""
MONTHS = 13
"""Before and after them: what an incident with the same claim may lie apart."""


def is_small(db: Database) -> bool:
    """Are there so few relevant articles that all are grouped anew?"""
    (relevant,) = db.execute("select count(*) from articles where is_relevant").fetchone()
    return bool(relevant <= WHOLE)


def sketches(db: Database, articles: Iterable[int]) -> Sketches | None:
    """The sketches of the relevant articles of the days around these and of others; ``None`` if a near one has none."""
    near: dict[int, Sketch] = {}
    titles: dict[int, str] = {}
    given = {"new": json.dumps(sorted(articles)), "days": DAYS}
    for number, title, words, shingles in db.execute(_SKETCHES, given):
        if words is None:
            return None
        near[number], titles[number] = Sketch(words=words, shingles=shingles), title
    others = [words for (words,) in db.execute(_OTHERS, {**given, "most": OTHERS})]
    (relevant,) = db.execute("select count(*) from articles where is_relevant").fetchone()
    return Sketches(near=near, titles=titles, others=tuple(others), beyond=max(relevant - len(near), len(others)))


def scope(db: Database, articles: Iterable[int], near: Iterable[int] | None = None) -> frozenset[int] | None:
    """The ids of the relevant articles that these can touch, themselves included; ``None`` means all there are.

    ``near`` says which of the days around are worth looking at, if not all are. No copy is torn from its first, and no
    incident from any of its articles.
    """
    new = json.dumps(sorted(articles))
    (relevant,) = db.execute("select count(*) from articles where is_relevant").fetchone()
    if relevant <= WHOLE:
        return None
    given: dict[str, Any] = {
        "new": new,
        "near": None if near is None else json.dumps(sorted(near)),
        "days": DAYS,
        "months": MONTHS,
    }
    found = frozenset(row[0] for row in db.execute(_NEAR, given)) | _same_claims(db, given)
    found = _with_tied(db, found, f"{_TOGETHER} union {_COPIED}", most=relevant // 2)
    return found if len(found) <= relevant / 2 else None


def _same_claims(db: Database, given: dict[str, Any]) -> frozenset[int]:
    """The latest articles that blame the same as the new ones for a breach of the same kind of rule."""
    since, until = db.execute(_MONTHS_AROUND, given).fetchone()
    found: set[int] = set()
    for who, slug, rule_type in db.execute(_BLAMED, given).fetchall():
        claims = "select count(*) from violation_parties where entity_slug is ?"
        sql = _OF_DAYS if db.execute(claims, [slug]).fetchone()[0] > CLAIMS else _OF_CLAIMS
        blamed = {"who": who, "slug": slug, "rule_type": rule_type, "since": since, "until": until}
        found.update(row[0] for row in db.execute(sql, blamed))
    return frozenset(found)


def copies_of(db: Database, articles: Iterable[int]) -> frozenset[int]:
    """These articles, the firsts that they copy, and all copies of either."""
    return _with_tied(db, articles, _COPIED)


def _with_tied(db: Database, articles: Iterable[int], ties: str, *, most: int | None = None) -> frozenset[int]:
    """These with what they are tied to, and so on until there is no more, or more than ``most``."""
    found, size = set(articles), -1
    while size != len(found) and (most is None or len(found) <= most):
        size = len(found)
        found.update(row[0] for row in db.execute(f"{_FOUND} {ties}", {"found": json.dumps(sorted(found))}))
    return frozenset(found)


_NEW = """
    new as (select value as id from json_each(:new)),
    dated as (
      select coalesce(min(published_from), max(date(first_seen_at))) as first,
        coalesce(max(published_from), max(date(first_seen_at))) as last
      from articles join new using (id)
    )
"""
_AROUND = """
    is_relevant and (published_from
      between date(first, '-' || :days || ' days') and date(last, '+' || :days || ' days'))
"""
_NEAR_OR_NEW = f"""
    select articles.id from articles, dated where {_AROUND}
    union select id from articles where id in (select id from new) and is_relevant
"""
_SKETCHES = f"""
    with {_NEW}
    select articles.id, title, words, shingles
    from articles left join sketches on article_id = articles.id
    where articles.id in ({_NEAR_OR_NEW})
"""
_OTHERS = f"""
    with {_NEW}
    select words from sketches join articles on articles.id = article_id
    where is_relevant and article_id not in ({_NEAR_OR_NEW})
    order by article_id limit :most
"""
# New articles and those near to them; one without a date is near to all of the last days.
_NEAR = f"""
    with {_NEW}
    select id from new
    union
    select articles.id from articles, dated where :near is null and {_AROUND}
    union
    select value from json_each(:near)
"""
_BLAMED = """
    select distinct coalesce(entity_slug, name), entity_slug, rule_type
    from violations join violation_parties on violation_id = violations.id
    where article_id in (select value from json_each(:new)) and role = 'violator'
"""
_BLAMES = """
    rule_type = :rule_type and role = 'violator' and p.entity_slug is :slug and coalesce(p.entity_slug, p.name) = :who
"""
# Two ways to the same articles: from the claims against a violator, or back through the days until there are enough.
_OF_CLAIMS = f"""
    select id from articles
    where is_relevant and +published_from between :since and :until and id in (
      select article_id from violation_parties p join violations on violations.id = violation_id where {_BLAMES}
    )
    order by published_from desc, id desc limit {LATEST}
"""
_OF_DAYS = f"""
    select id from articles
    where is_relevant and published_from between :since and :until and exists (
      select 1 from violations join violation_parties p on violation_id = violations.id
      where violations.article_id = articles.id and {_BLAMES}
    )
    order by published_from desc, id desc limit {LATEST}
"""
_MONTHS_AROUND = f"""
    with {_NEW}
    select date(first, '-' || :months || ' months'), date(last, '+' || :months || ' months') from dated
"""
_FOUND = "with found as (select value as id from json_each(:found))"
# Firsts with all of their copies.
_COPIED = """
    select copy_of_id from found join article_copies on article_id = found.id
    union
    select article_id from found join article_copies on copy_of_id = found.id
"""
# What belongs to the same incidents.
_TOGETHER = """
    select others.article_id from found
      join incident_articles as own on own.article_id = found.id
      join incident_articles as others on others.incident_id = own.incident_id
"""
