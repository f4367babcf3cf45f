"""How far new articles reach: which older ones must be grouped anew beside them, and which can be left alone."""

import json
from collections.abc import Iterable

from sqlite_utils import Database

WHOLE = 5000
"""Up to this many relevant articles all are grouped anew, at no cost to speak of."""
DAYS = 45
"""Around the new articles' days: what `extract.candidates` looks back on."""
MONTHS = 13
"""Before and after them: what an incident with the same claim may lie apart."""


def scope(db: Database, articles: Iterable[int]) -> frozenset[int] | None:
    """The ids of the relevant articles that these can touch, themselves included; ``None`` means all there are.

    No copy is torn from its first, and no incident from any of its articles.
    """
    new = json.dumps(sorted(articles))
    (relevant,) = db.execute("select count(*) from articles where is_relevant").fetchone()
    if relevant <= WHOLE:
        return None
    found = {row[0] for row in db.execute(_NEAR, {"new": new, "days": DAYS, "months": MONTHS})}
    size = -1
    while size != len(found) <= relevant / 2:
        size = len(found)
        found.update(row[0] for row in db.execute(_TIED, {"found": json.dumps(sorted(found))}))
    return frozenset(found) if len(found) <= relevant / 2 else None


# New articles, the relevant ones of the days around theirs, and those that blame the same for a breach of the same
# kind of rule. One without a date is near to all of the last days.
_NEAR = """
    with new as (select value as id from json_each(:new)),
      dated as (
        select coalesce(min(published_from), max(date(first_seen_at))) as first,
          coalesce(max(published_from), max(date(first_seen_at))) as last
        from articles join new using (id)
      ),
      blamed as (
        select distinct coalesce(entity_slug, name) as who, rule_type
        from new join violations on violations.article_id = new.id
          join violation_parties on violation_id = violations.id and role = 'violator'
      )
    select id from new
    union
    select articles.id from articles, dated
    where is_relevant and published_from
      between date(first, '-' || :days || ' days') and date(last, '+' || :days || ' days')
    union
    select articles.id from dated, blamed
      join violation_parties on role = 'violator' and coalesce(entity_slug, violation_parties.name) = who
      join violations on violations.id = violation_id and violations.rule_type = blamed.rule_type
      join articles on articles.id = violations.article_id
    where is_relevant and published_from
      between date(first, '-' || :months || ' months') and date(last, '+' || :months || ' months')
"""
# What belongs to the same incidents, and firsts with all of their copies.
_TIED = """
    with found as (select value as id from json_each(:found))
    select others.article_id from found
      join incident_articles as own on own.article_id = found.id
      join incident_articles as others on others.incident_id = own.incident_id
    union
    select copy_of_id from found join article_copies on article_id = found.id
    union
    select article_id from found join article_copies on copy_of_id = found.id
"""
