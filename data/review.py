"""What an editor should look at first, each piece with its words."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from rapidfuzz import fuzz, process
from sqlite_utils import Database

from data.corrections import Correction

_LOW = 0.6
_ALIKE = 88
"""Of 100: a suggestion for a person, never a link."""
_LISTED = 20
"""Names without a record; the frequent ones come first."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A word of a decision that the editor is asked for."""

    question: str
    default: str | None = None


Decision = tuple[str | Ask, ...]
"""The words of `blotter correct`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to look at, and the decision that each answer stands for, ``None`` if it stands for none."""

    why: str
    """contradiction, new violator, low confidence, single source, unlinked name or stub."""
    about: str
    """Target of the corrections that deal with it, or the name that they link."""
    what: str
    words: str
    where: str = ""
    """Address of the article, or slug of the incident."""
    accept: Decision | None = None
    fix: Decision
    reject: Decision | None = None

    @property
    def decisions(self) -> dict[str, Decision]:
        """What each answer that it knows stands for; to skip it decides nothing."""
        known = {"accept": self.accept, "fix": self.fix, "reject": self.reject, "skip": ()}
        return {answer: words for answer, words in known.items() if words is not None}


def review(db: Database, corrections: Sequence[Correction]) -> Iterator[Finding]:
    """The findings that no correction has dealt with, the gravest first."""
    done = {correction.value for correction in corrections if correction.action == "alias"}
    done |= {correction.target for correction in corrections if correction.action != "alias"}
    rejected = {correction.fact for correction in corrections if correction.action == "reject"}
    for finding in (*_incidents(db, rejected), *_violations(db), *_names(db), *_stubs(db)):
        if finding.about not in done:
            yield finding


def _incidents(db: Database, rejected: Collection[int | None]) -> Iterator[Finding]:
    claims = (row for row in db.query(_CLAIMS) if row["id"] not in rejected)
    for slug, group in groupby(claims, key=itemgetter("slug")):
        rows = list(group)
        statuses = {row["status"] for row in rows}
        if statuses & _DECIDED and statuses & _DENIED:
            target = f"incident:{slug}"
            yield Finding(
                why="contradiction",
                about=f"incident {slug}",
                what=rows[0]["title"],
                words="reported as " + ", ".join(f"{row['status'].replace('_', ' ')} ({row['id']})" for row in rows),
                where=slug,
                accept=("set", target, "status", rows[0]["now"]),
                fix=("set", target, "status", Ask("status")),
                reject=("reject", Ask("number of the claim that is wrong")),
            )


def _violations(db: Database) -> Iterator[Finding]:
    for row in db.query(_VIOLATIONS, [_LOW]):
        status, number = row["status"].replace("_", " "), str(row["id"])
        yield Finding(
            why=row["why"],
            about=f"violation {number}",
            what=f"{row['violators'] or 'nobody named'}: {row['rule'] or row['rule_type']}, {status}",
            words=row["evidence"],
            where=row["url"],
            accept=("confirm", number),
            fix=("set", number, Ask("field, such as status"), Ask("value")),
            reject=("reject", number),
        )


def _names(db: Database) -> Iterator[Finding]:
    known = dict(
        db.execute("select name, slug from entities where is_reviewed union select alias, slug from aliases"
                   " join entities on entities.id = entity_id").fetchall()
    )  # fmt: skip
    for name, kind, articles, words in db.execute(_UNLINKED, [_LISTED]):
        best = process.extractOne(name, known.keys(), scorer=fuzz.WRatio, score_cutoff=_ALIKE)
        slug = known[best[0]] if best else None
        yield Finding(
            why="unlinked name",
            about=name,
            what=f"{name}, a {kind} in {articles} articles" + (f"; perhaps {slug}" if slug else ""),
            words=words,
            accept=("alias", slug, name) if slug else None,
            fix=("alias", Ask("slug of the entity that bears this name", slug), name),
        )


def _stubs(db: Database) -> Iterator[Finding]:
    for number, url, title, count in db.execute(_STUBS):
        yield Finding(
            why="stub",
            about=f"article {number}",
            what=title,
            words=f"only {count} words could be read; blotter remove hides it",
            where=url,
            fix=("set", f"article:{number}", Ask("field, such as published"), Ask("value")),
        )


_SHOWN = "articles.id not in (select article_id from removals where undone_at is null)"
_DECIDED = {"found", "admitted", "settled"}
_DENIED = {"dismissed", "denied"}
_CLAIMS = """
    select slug, title, incidents.status as now, violations.id, violations.status
    from incidents
      join incident_violations on incident_id = incidents.id
      join violations on violations.id = violation_id
    order by slug, violations.status, violations.id
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
    select id, url, title, word_count from articles
    where is_relevant and {_SHOWN} and exists (select 1 from json_each(signals) where value = 'stub') order by id
"""
