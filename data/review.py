"""What an editor should look at first, each piece with its words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from data.corrections import Correction

_LOW = 0.6
_ALIKE = 88
"""Of 100: a suggestion for a person, never a link."""
_LISTED = 20
"""Names without a record; the frequent ones come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at, and what a decision on it would be about."""

    why: str
    """contradiction, new violator, low confidence, single source, unlinked name or stub."""
    what: str
    words: str
    where: str
    """Address of the article, or slug of the incident."""
    fact: int | None = None
    name: str | None = None
    suggestion: str | None = None
    """Slug of an entity with a similar name."""


def review(db: Database, corrections: Sequence[Correction]) -> Iterator[Finding]:
    """The findings that no correction has dealt with, the gravest first."""
    facts = {correction.fact for correction in corrections}
    names = {correction.value for correction in corrections if correction.action == "alias"}
    incidents = {correction.incident for correction in corrections}
    for finding in (*_incidents(db), *_violations(db), *_names(db), *_stubs(db)):
        is_done = finding.fact in facts if finding.fact else finding.name in names if finding.name else False
        if not is_done and finding.where not in incidents:
            yield finding


def _incidents(db: Database) -> Iterator[Finding]:
    for slug, title, statuses in db.execute(_CONTRADICTIONS):
        yield Finding(why="contradiction", what=title, words=f"reported as {statuses}", where=slug)


def _violations(db: Database) -> Iterator[Finding]:
    for row in db.query(_VIOLATIONS, [_LOW]):
        status = row["status"].replace("_", " ")
        yield Finding(
            why=row["why"],
            what=f"{row['violators'] or 'nobody named'}: {row['rule'] or row['rule_type']}, {status}",
            words=row["evidence"],
            where=row["url"],
            fact=row["id"],
        )


def _names(db: Database) -> Iterator[Finding]:
    known = dict(
        db.execute("select name, slug from entities where is_reviewed union select alias, slug from aliases"
                   " join entities on entities.id = entity_id").fetchall()
    )  # fmt: skip
    for name, kind, articles, words in db.execute(_UNLINKED, [_LISTED]):
        best = process.extractOne(name, known.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE)
        yield Finding(
            why="unlinked name",
            what=f"{name}, a {kind} in {articles} articles",
            words=words,
            where="",
            name=name,
            suggestion=known[best[0]] if best else None,
        )


def _stubs(db: Database) -> Iterator[Finding]:
    for url, title, count in db.execute(_STUBS):
        yield Finding(why="stub", what=title, words=f"only {count} words could be read", where=url)


_SHOWN = "articles.id not in (select article_id from removals where undone_at is null)"
_CONTRADICTIONS = """
    select slug, title, group_concat(distinct replace(violations.status, '_', ' '))
    from incidents
      join incident_violations on incident_id = incidents.id
      join violations on violations.id = violation_id
    group by incidents.id
    having max(violations.status in ('found', 'admitted', 'settled'))
      and max(violations.status in ('dismissed', 'denied'))
    order by slug
"""
_VIOLATIONS = f"""
    select violations.id, violations.status, rule, rule_type, evidence, articles.url,
      case
        when exists (
          select 1 from violation_parties p left join entities e on e.id = p.entity_id
          where violation_id = violations.id and role = 'violator' and (e.id is null or not e.is_reviewed)
        ) then 'new violator'
        when confidence < ?1 then 'low confidence'
        else 'single source'
      end as why,
      (select group_concat(name, ', ') from violation_parties
        where violation_id = violations.id and role = 'violator') as violators
    from violations join articles on articles.id = article_id
    where copy_of_id is null and {_SHOWN} and (
      why != 'single source' or violations.id in (
        select violation_id from incident_violations
        where incident_id in (select incident_id from incident_articles group by 1 having count(*) = 1)
      )
    )
    order by why = 'single source', why = 'low confidence', confidence, violations.id
"""
_UNLINKED = f"""
    select mentions.name, kind, count(distinct articles.id) as times, max(words)
    from mentions join articles on articles.id = mentions.article_id join spans on fact_id = mentions.id
    where kind not in ('person', 'rule') and {_SHOWN}
      and (entity_id is null or entity_id in (select id from entities where not is_reviewed))
    group by mentions.name, kind having times > 1 order by times desc, mentions.name limit ?
"""
_STUBS = f"""
    select url, title, word_count from articles
    where is_relevant and {_SHOWN} and exists (select 1 from json_each(signals) where value = 'stub') order by id
"""
