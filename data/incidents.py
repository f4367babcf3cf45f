"""Incidents into rows: ids that stay, a ledger of their status that only grows."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from dataclasses import replace as replaced
from datetime import datetime
from typing import cast

from sqlite_utils import Database

from data.ids import stable_id
from data.rows import Row, insert, replace, values
from data.times import stamp
from extract.facts import Contradiction, Copy, Incident, Party, Span, Status, Story, Violation


def stories(db: Database, *, with_copies: bool = False, among: Collection[int] | None = None) -> Iterator[Story]:
    """Every relevant article that is not removed, as the grouping sees it, oldest first, those without a date last.

    Without the known copies unless asked; with ``among`` only those of these ids.
    """
    ids = "select id from articles where is_relevant"
    if among is not None:
        ids += " and id in (select value from json_each(?1))"
    if not with_copies:
        ids += " and copy_of_id is null"
    ids += " and id not in (select article_id from removals where undone_at is null)"
    ids += " order by published_from is null, published_from, id"
    for number in values(db, ids, [] if among is None else [_as_json(among)]):
        row = next(db.query(_STORY, [number]))
        yield Story(
            article_id=row["id"],
            title=row["title"],
            text=row["text"],
            published=row["published_from"],
            publisher=row["publisher"],
            entities=tuple(values(db, _NAMED, [row["id"]])),
            violations=tuple(_violations(db, row["id"])),
            declares_copy=bool(row["declares_copy"]),
            declares_original=bool(row["declares_original"]),
            published_at=row["published_at"],
        )


def incidents(db: Database, *, among: Collection[int] | None = None) -> tuple[Incident, ...]:
    """The incidents that have articles, or with ``among`` some of these, as the last grouping left them."""
    ids = f"select incident_id from incident_articles where {_within(among)}"
    rows = db.query(f"select * from incidents where id in ({ids}) order by id", [_as_json(among)])
    return tuple(_incident(db, row) for row in list(rows))


def slugs(db: Database) -> frozenset[str]:
    """The slugs of all incidents that there ever were."""
    return frozenset(values(db, "select slug from incidents union select slug from incident_merges"))


def keep_copies(db: Database, copies: Iterable[Copy], *, among: Collection[int] | None = None) -> None:
    """Replace what was known of copies; with ``among`` only of the copies among these ids."""
    rows = {c.article_id: c for c in copies}
    with db.atomic():
        replace(db, "article_copies", [_copy_row(c) for c in rows.values()], _within(among), [_as_json(among)])
        db.execute(
            "update articles set copy_of_id = (select copy_of_id from article_copies where article_id = articles.id)"
            " where copy_of_id is not (select copy_of_id from article_copies where article_id = articles.id)"
            f" and {_within(among, 'id')}",
            [_as_json(among)],
        )


def keep_incidents(
    db: Database, found: Iterable[Incident], *, now: datetime, among: Collection[int] | None = None
) -> None:
    """Replace the groups; an incident whose articles all went to another one is merged into it.

    With ``among`` only the groups of these articles, all of whose incidents they must hold whole.
    """
    found = sorted(found, key=lambda incident: incident.id)
    with db.atomic():
        old = values(
            db, f"select distinct incident_id from incident_articles where {_within(among)}", [_as_json(among)]
        )
        before = {number: set(values(db, _ARTICLES_OF, [number])) for number in sorted(old)}
        for incident in found:
            _keep_incident(db, incident)
        either = [_as_json({*old, *(incident.id for incident in found)})]
        replace(db, "incident_articles", [r for i in found for r in _article_rows(i)], _OF_INCIDENTS, either)
        replace(db, "incident_violations", [r for i in found for r in _violation_rows(i)], _OF_INCIDENTS, either)
        for incident in found:
            _note_status(db, incident, now)
        _merge_lost(db, before, found, now)


def keep_contradictions(db: Database, found: Iterable[Contradiction], *, among: Collection[int] | None = None) -> None:
    """Replace what was known of sources that disagree; with ``among`` only of the incidents of these articles."""
    rows = {
        number: {"id": number, **asdict(one)}
        for one in found
        for number in [stable_id("contradiction", one.incident_id, one.field, one.violation_id, one.other_id)]
    }
    with db.atomic():
        where = (
            f"incident_id in (select incident_id from incident_articles where {_within(among)})"
            " or incident_id not in (select incident_id from incident_articles)"
        )
        replace(db, "contradictions", [rows[number] for number in sorted(rows)], where, [_as_json(among)])


def _keep_incident(db: Database, incident: Incident) -> None:
    db.execute(  # a slug of one that is no more can be had again; who looks for it there is led on by id
        "update incidents set slug = slug || '-' || id where slug = ? and id != ?", [incident.slug, incident.id]
    )
    db.execute(
        "insert into incidents (id, slug, title, status) values (?, ?, ?, ?)"
        " on conflict (id) do update set slug = excluded.slug, title = excluded.title, status = excluded.status"
        " where (slug, title, status) is not (excluded.slug, excluded.title, excluded.status)",
        [incident.id, incident.slug, incident.title, incident.status],
    )
    db.execute("delete from incident_merges where slug = ?", [incident.slug])


def _article_rows(incident: Incident) -> list[Row]:
    joined_by = dict(incident.joined_by)
    return [
        {"id": stable_id("incident_article", incident.id, article), "incident_id": incident.id, "article_id": article,
         "n": n, "joined_by": joined_by.get(article)}
        for n, article in enumerate(incident.article_ids)
    ]  # fmt: skip


def _violation_rows(incident: Incident) -> list[Row]:
    return [
        {"id": stable_id("incident_violation", incident.id, v), "incident_id": incident.id, "violation_id": v}
        for v in incident.violation_ids
    ]


def _note_status(db: Database, incident: Incident, now: datetime) -> None:
    """Add a line to the ledger if the status is another than the last one there, and one for each new stage.

    A ledger that is new begins with what the reports said before.
    """
    told_by: dict[str, int] = dict(incident.told_by)
    there = list(db.query(_LEDGER, [incident.id]))
    if not there:
        for n, (status, violation) in enumerate(incident.before):
            there.append(_line(db, replaced(incident, status=status), None, violation, n=n, now=now))
        insert(db, "incident_status", there)
    new: list[str | None] = [None] if not there or there[-1]["status"] != incident.status else []
    known = {line["stage"] for line in there} | {incident.status}
    new += [stage for stage in told_by if stage not in known]
    lines = [
        _line(db, incident, stage, told_by.get(stage or incident.status), n=n, now=now)
        for n, stage in enumerate(new, start=len(there))
    ]
    insert(db, "incident_status", lines)


def _line(db: Database, incident: Incident, stage: str | None, told_by: int | None, *, n: int, now: datetime) -> Row:
    """One more line of the ledger, with the article and the words that brought it."""
    source = db.execute(_TOLD, {"incident": incident.id, "status": incident.status, "violation": told_by}).fetchone()
    article, day, words = source or (None, None, None)
    return {
        "id": stable_id("incident_status", incident.id, n),
        "incident_id": incident.id,
        "n": n,
        "status": incident.status,
        "article_id": article,
        "reported_on": day,
        "recorded_at": stamp(now),
        "stage": stage,
        "words": words,
    }


def _merge_lost(db: Database, before: dict[int, set[int]], found: list[Incident], now: datetime) -> None:
    still = {incident.id for incident in found}
    homes: dict[int, list[Incident]] = defaultdict(list)
    for incident in found:
        for article in incident.article_ids:
            homes[article].append(incident)
    for lost, articles in before.items():
        heirs = [incident for article in sorted(articles) for incident in homes[article]] if lost not in still else []
        if not heirs:
            continue
        heir = max(heirs, key=lambda incident: (len(articles & set(incident.article_ids)), -incident.id))
        db.execute(
            "insert into incident_merges (id, slug, into_id, merged_at)"
            " select ?, slug, ?, ? from incidents where id = ?"
            " on conflict (id) do update set into_id = excluded.into_id, merged_at = excluded.merged_at",
            [lost, heir.id, stamp(now), lost],
        )
        db.execute("update incident_merges set into_id = ? where into_id = ?", [heir.id, lost])


def _copy_row(copy: Copy) -> Row:
    return {
        "id": stable_id("copy", copy.article_id),
        "article_id": copy.article_id,
        "copy_of_id": copy.copy_of_id,
        "similarity": round(copy.similarity, 4),
        "method": copy.method,
    }


def _incident(db: Database, row: Row) -> Incident:
    members = db.execute(
        "select article_id, joined_by from incident_articles where incident_id = ? order by n", [row["id"]]
    ).fetchall()
    return Incident(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        status=cast(Status, row["status"]),
        article_ids=tuple(article for article, _ in members),
        violation_ids=tuple(values(db, _VIOLATIONS_OF, [row["id"]])),
        joined_by=tuple((article, words) for article, words in members if words is not None),
    )


def _violations(db: Database, article_id: int) -> Iterator[tuple[int, Violation]]:
    """The violations of an article as the facts they were made from, with their ids, in the order of the text."""
    for row in list(db.query(_VIOLATION_ROWS, [article_id])):
        parties = db.query(_PARTIES, [row["id"]])
        spans = list(db.query("select * from spans where article_id = ? and fact_id = ?", [article_id, row["id"]]))
        spans.sort(key=lambda span: (span["role"] != "evidence", span["n"], span["start_char"]))
        yield row["id"], _violation(row, list(parties), spans)


def _violation(row: Row, parties: list[Row], spans: list[Row]) -> Violation:
    names = ("rule", "rule_type", "rule_basis", "act", "status", "status_cue", "sanction", "sanction_threatened",
             "amount", "currency", "duration", "response", "confidence", "rule_name")  # fmt: skip
    return Violation(
        spans=tuple(Span(**{k: span[k] for k in ("start_char", "end_char", "words", "role")}) for span in spans),
        parties=tuple(Party(role=p["role"], name=p["name"], entity=p["slug"], product=p["product"]) for p in parties),
        rule_entity=row["rule_entity"],
        **{name: row[name] for name in names},
    )


def _within(among: Collection[int] | None, column: str = "article_id") -> str:
    """Of a row: it belongs to one of the articles whose ids are ``?1``, as JSON, or null for all."""
    return "?1 is null" if among is None else f"{column} in (select value from json_each(?1))"


def _as_json(ids: Iterable[int] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))


_OF_INCIDENTS = "incident_id in (select value from json_each(?1))"
_STORY = """
    select articles.*, text,
      exists (
        select 1 from hops where hops.article_id = articles.id and kind = 'copy_of'
          and (publisher is null or lower(hops.name) != lower(publisher))
      ) as declares_copy,
      exists (
        select 1 from hops where hops.article_id = articles.id and method = 'dateline'
          and lower(hops.name) = lower(publisher)
      ) as declares_original
    from articles join article_text on article_text.article_id = articles.id
    where articles.id = ?
"""
_ARTICLES_OF = "select article_id from incident_articles where incident_id = ? order by n"
_VIOLATIONS_OF = "select violation_id from incident_violations where incident_id = ? order by violation_id"
_NAMED = """
    select distinct slug from mentions join entities on entities.id = entity_id
    where article_id = ? and entities.kind in ('authority', 'company', 'project') order by slug
"""
_VIOLATION_ROWS = """
    select violations.*, entities.slug as rule_entity
    from violations
      left join entities on entities.id = rule_entity_id
      join spans on spans.article_id = violations.article_id
        and fact_id = violations.id and spans.n = 0 and spans.role = 'evidence'
    where violations.article_id = ? order by start_char, violations.id
"""
_PARTIES = """
    select role, violation_parties.name, product, coalesce(slug, entity_slug) as slug
    from violation_parties left join entities on entities.id = entity_id
    where violation_id = ? order by role, n
"""
_LEDGER = "select status, stage from incident_status where incident_id = ? order by n"
# The article of this violation or, if none is given, the first one of the incident that reports this status.
_TOLD = """
    select articles.id, published_from, evidence
    from incident_violations
      join violations on violations.id = violation_id
      join articles on articles.id = violations.article_id
    where incident_id = :incident and iif(:violation is null, violations.status = :status, violation_id = :violation)
    order by published_from is null, published_from, articles.id limit 1
"""
