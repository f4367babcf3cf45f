"""Facts into rows: what an article was found to say replaces what was known of it, all or nothing."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from crawler.items import Failure
from data.ids import fact_ids, slug_of, stable_id
from data.queue import log_failure
from data.rows import Row, insert, values
from extract.facts import Fact, Mention, Quote, Reading, Relation, Text, Unread, Violation, check_spans

TABLE_OF: dict[type[Fact], str] = {
    Mention: "mentions", Relation: "relations", Quote: "quotes", Violation: "violations",
}  # fmt: skip


class SpanError(RuntimeError):
    """A fact's words do not stand where it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The reviewed entities."""

    ids: Mapping[str, int]
    """By slug."""
    organisations: Mapping[str, int]
    """By each of their names."""


def known(db: Database) -> Known:
    """The reviewed entities as they stand in the database."""
    names = db.execute(
        "select name, id from entities where is_reviewed and kind in ('authority', 'company', 'outlet')"
        " union all select alias, entity_id from aliases join entities on entities.id = entity_id"
        " where is_reviewed and kind in ('authority', 'company', 'outlet')"
    )
    ids = db.execute("select slug, id from entities where is_reviewed")
    return Known(ids=dict(ids.fetchall()), organisations=dict(names.fetchall()))


def articles_to_extract(db: Database, extracted_with: str, *, all: bool = False) -> list[int]:
    """The ids of the articles that this version has not read yet, or of all, but not of the removed ones."""
    return values(
        db,
        "select id from articles where (? or extracted_with is not ?)"
        " and id not in (select article_id from removals where undone_at is null) order by id",
        [all, extracted_with],
    )


def texts_to_extract(db: Database, extracted_with: str, *, all: bool = False) -> Iterator[Text]:
    """The texts of `articles_to_extract`; behind a wall a text is empty."""
    for number in articles_to_extract(db, extracted_with, all=all):
        sql = "select id, title, text from articles join article_text on article_id = id where id = ?"
        found = db.execute(sql, [number]).fetchone()
        yield Text(article_id=found[0], title=found[1], text=found[2])


def keep_readings(db: Database, readings: Sequence[Reading], *, extracted_with: str, known: Known) -> None:
    """Forget what we knew of these articles, each named once, and keep the readings instead, all or none."""
    for reading in readings:
        (text,) = values(db, "select text from article_text where article_id = ?", [reading.article_id])
        if wrong := check_spans(text, reading.facts):
            raise SpanError(f"article {reading.article_id}: {wrong[0]} is not what stands there")
    with db.atomic():
        db.execute("pragma defer_foreign_keys = on")
        known_before = [reading.article_id for reading in readings if forget_facts(db, reading.article_id)]
        rows: dict[str, list[Row]] = {}
        keys: list[tuple[int, int]] = []
        for reading in readings:
            numbered = fact_ids(reading.article_id, reading.facts)
            for number, fact in numbered:
                _add_fact(rows, reading.article_id, number, fact, known)
            keys += _quote_keys(reading, numbered)
        for table, found in rows.items():
            insert(db, table, found)
        db.conn.executemany("insert or ignore into quote_keys values (?, ?)", keys)
        _keep_sketches(db, readings)
        for article_id in known_before:
            _drop_dead_ties(db, article_id)
        db.conn.executemany(_MARK_READ, [_read_mark(reading, extracted_with) for reading in readings])


def keep_unread(db: Database, unread: Unread, *, extracted_with: str, now: datetime) -> None:
    """Forget what we knew of the article and note that this version could not read it."""
    with db.atomic():
        db.execute("pragma defer_foreign_keys = on")
        forget_facts(db, unread.article_id)
        _drop_dead_ties(db, unread.article_id)
        db.execute("update articles set extracted_with = ? where id = ?", [extracted_with, unread.article_id])
        url, source_id = db.execute("select url, source_id from articles where id = ?", [unread.article_id]).fetchone()
        failure = Failure(
            url=url, source_id=source_id, stage="extract", reason="extract_crashed", detail=unread.detail, at=now
        )
        log_failure(db, failure)


def forget_facts(db: Database, article_id: int) -> bool:
    """Delete every fact of an article, and what was made of it; was there any?"""
    if not values(db, "select 1 from spans where article_id = ? limit 1", [article_id]):
        return False  # for there is no fact without a span
    for column in ("violation_id", "other_id"):
        db.execute(
            f"delete from contradictions where {column} in (select id from violations where article_id = ?)",
            [article_id],
        )
    db.execute(
        "delete from violation_parties where violation_id in (select id from violations where article_id = ?)",
        [article_id],
    )
    for table in ("spans", *TABLE_OF.values()):
        db.execute(f"delete from {table} where article_id = ?", [article_id])
    return True


def _keep_sketches(db: Database, readings: Sequence[Reading]) -> None:
    """By what the stories are found again."""
    db.conn.executemany("delete from sketches where article_id = ?", [(r.article_id,) for r in readings])
    sketched = [(r.article_id, r.sketch) for r in readings if r.sketch]
    insert(db, "sketches", [{"article_id": n, "words": its.words, "shingles": its.shingles} for n, its in sketched])


def _quote_keys(reading: Reading, numbered: Iterable[tuple[int, Fact]]) -> Iterator[tuple[int, int]]:
    """By what the quotes are found again: each key of each, with its id."""
    quotes = (fact for fact in reading.facts if isinstance(fact, Quote))
    keys = dict(zip(quotes, reading.quote_keys, strict=False))
    return ((key, number) for number, fact in numbered if isinstance(fact, Quote) for key in keys.get(fact, ()))


def _drop_dead_ties(db: Database, article_id: int) -> None:
    """Violations that are gone leave their incident; the next grouping says what becomes of it."""
    db.execute(
        "delete from incident_violations where incident_id in"
        " (select incident_id from incident_articles where article_id = ?)"
        " and violation_id not in (select id from violations)",
        [article_id],
    )


def _read_mark(reading: Reading, extracted_with: str) -> tuple[object, ...]:
    """What `_MARK_READ` is given."""
    words = {"ai": reading.relevance.ai_words, "policy": reading.relevance.policy_words}
    return (
        reading.language,
        reading.relevance.is_relevant,
        round(reading.relevance.score, 4),
        json.dumps(words, ensure_ascii=False),
        extracted_with,
        reading.article_id,
    )


def _add_fact(rows: dict[str, list[Row]], article_id: int, number: int, fact: Fact, known: Known) -> None:
    row = {"id": number, "article_id": article_id}
    match fact:
        case Mention():
            row |= _mention(fact, known)
        case Relation():
            row |= _relation(fact, known)
        case Quote():
            row |= _quote(fact, known)
        case Violation():
            row |= _violation(fact, known)
            rows.setdefault("violation_parties", []).extend(_parties(number, fact, known))
    rows.setdefault(TABLE_OF[type(fact)], []).append(row)
    rows.setdefault("spans", []).extend(_spans(article_id, number, fact))


def _link(prefix: str, name: str | None, slug: str | None, known: Known) -> Row:
    """Entity id and slug of a name; one without a record keeps the slug by which it may find an unreviewed one."""
    number = known.ids.get(slug) if slug else None
    return {f"{prefix}entity_id": number, f"{prefix or 'entity_'}slug": slug or (slug_of(name) if name else None)}


def _mention(fact: Mention, known: Known) -> Row:
    return _link("", fact.name, fact.entity, known) | {
        "kind": fact.kind,
        "name": fact.name,
        "method": fact.method,
        "role": fact.role,
        "affiliation": fact.affiliation,
        "in_title": fact.in_title,
    }


def _relation(fact: Relation, known: Known) -> Row:
    subject = _link("subject_", fact.subject, fact.subject_entity, known)
    object_ = _link("object_", fact.object, fact.object_entity, known)
    names = {"kind": fact.kind, "subject": fact.subject, "object": fact.object}
    return subject | object_ | names | {"evidence": fact.evidence.words}


def _quote(fact: Quote, known: Known) -> Row:
    return _link("speaker_", fact.speaker, fact.speaker_entity, known) | {
        "kind": fact.kind,
        "content": fact.content,
        "speaker": fact.speaker,
        "speaker_kind": fact.speaker_kind,
        "role": fact.role,
        "affiliation": fact.affiliation,
        "affiliation_entity_id": known.organisations.get(fact.affiliation or ""),
        "cue": fact.cue,
        "via": fact.via,
        "is_rule_text": fact.is_rule_text,
        "confidence": fact.confidence,
        "rule": fact.rule,
    }


def _violation(fact: Violation, known: Known) -> Row:
    return _link("rule_", fact.rule, fact.rule_entity, known) | {
        "status": fact.status,
        "status_cue": fact.status_cue,
        "rule": fact.rule,
        "rule_type": fact.rule_type,
        "rule_basis": fact.rule_basis,
        "act": fact.act,
        "sanction": fact.sanction,
        "sanction_threatened": fact.sanction_threatened,
        "amount": fact.amount,
        "currency": fact.currency,
        "duration": fact.duration,
        "response": fact.response,
        "evidence": fact.evidence.words,
        "confidence": fact.confidence,
        "rule_name": fact.rule_name,
    }


def _parties(violation_id: int, fact: Violation, known: Known) -> Iterator[Row]:
    """One row a party; ``n`` counts within its role, as it does for the span with its words."""
    seen: dict[str, int] = {}
    for party in fact.parties:
        n = seen[party.role] = seen.get(party.role, -1) + 1
        yield _link("", party.name, party.entity, known) | {
            "id": stable_id("party", violation_id, party.role, n),
            "violation_id": violation_id,
            "role": party.role,
            "n": n,
            "name": party.name,
            "product": party.product,
        }


def _spans(article_id: int, number: int, fact: Fact) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for span in fact.spans:
        n = seen[span.role] = seen.get(span.role, -1) + 1
        yield {
            "id": stable_id("span", number, span.role, n),
            "fact_id": number,
            "fact_type": type(fact).__name__.lower(),
            "article_id": article_id,
            "role": span.role,
            "n": n,
            "start_char": span.start_char,
            "end_char": span.end_char,
            "words": span.words,
        }


_MARK_READ = """
    update articles
    set language = ?, is_relevant = ?, relevance = ?, relevance_words = ?, extracted_with = ?
    where id = ?
"""
