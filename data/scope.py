"""How far new articles reach: which older ones must be grouped anew beside them, and which can be left alone."""

import json
from collections.abc import Iterable

from sqlite_utils import Database

from extract.facts import Sketch, Sketches

WHOLE = 5000
"""Up to this many relevant articles all are grouped anew, at no cost to speak of."""
DAYS = 45
"""Around the new articles' days: what `extract.candidates` looks back on."""
LATEST = 40
"""So many of the latest claims of the same kind against the same violator."""
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
    given = {"new": new, "near": None if near is None else json.dumps(sorted(near)), "days": DAYS, "months": MONTHS}
    found = frozenset(row[0] for row in db.execute(_NEAR, given))
    found = _with_tied(db, found, f"{_TOGETHER} union {_COPIED}", most=relevant // 2)
    return found if len(found) <= relevant / 2 else None


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
    union select articles.id from articles join new using (id) where is_relevant
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
# New articles, the relevant ones of the days around theirs, and the latest that blame the same for a breach of the same
# kind of rule. One without a date is near to all of the last days. The order of the joins has each violator looked up
# once, and nothing of all the others.
_NEAR = f"""
    with {_NEW},
      blamed as (
        select distinct coalesce(entity_slug, name) as who, entity_slug, rule_type
        from new join violations on violations.article_id = new.id
          join violation_parties on violation_id = violations.id and role = 'violator'
      ),
      same as (
        select articles.id, row_number() over (
            partition by who, violations.rule_type order by published_from desc, articles.id
          ) as place
        from dated cross join (select distinct who, entity_slug from blamed) as once
          cross join violation_parties p on p.role = 'violator'
            and p.entity_slug is once.entity_slug and coalesce(p.entity_slug, p.name) = who
          cross join violations on violations.id = violation_id
            and (who, violations.rule_type) in (select who, rule_type from blamed)
          cross join articles on articles.id = violations.article_id
        where is_relevant and published_from
          between date(first, '-' || :months || ' months') and date(last, '+' || :months || ' months')
      )
    select id from new
    union
    select articles.id from articles, dated where :near is null and {_AROUND}
    union
    select value from json_each(:near)
    union
    select id from same where place <= {LATEST}
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
