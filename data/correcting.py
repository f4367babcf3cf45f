"""Corrections applied to a build: the decisions of the editors over what the extractor found."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from data.corrections import EVIDENCE, PARTIES, Correction, days, words_hash
from data.ids import entity_id, stable_id
from data.rows import insert, values
from data.standings import forget_told, restate, sweep

_TABLES = {"violation": "violations", "quote": "quotes", "mention": "mentions", "relation": "relations"}
_ENTITY_COLUMNS = (
    ("mentions", "entity_id"),
    ("violation_parties", "entity_id"),
    ("quotes", "speaker_entity_id"),
    ("quotes", "affiliation_entity_id"),
    ("relations", "subject_entity_id"),
    ("relations", "object_entity_id"),
    ("violations", "rule_entity_id"),
    ("entities", "parent_id"),
)
_NAMES = (("mentions", "name", "entity_id"), ("violation_parties", "name", "entity_id"),
          ("quotes", "speaker", "speaker_entity_id"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a correction."""

    state: str
    """applied; set_aside: the words it was about are no longer there; unused: nothing it names is in the build."""
    target_id: int | None = None
    was: str | None = None


UNUSED = Outcome("unused")


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    number: int


def apply(db: Database, corrections: Sequence[Correction]) -> None:
    """Change the build as decided, and list every decision with what became of it."""
    rows = []
    touched: dict[int, date] = {}
    pinned: dict[int, set[str]] = defaultdict(set)
    db.execute("create temp table merges (old integer primary key, new integer)")
    db.execute("create temp table new_names (name text primary key, entity_id integer)")
    for n, correction in enumerate(corrections):
        before = _incidents_about(db, correction)
        outcome = _ACTIONS[correction.action](db, correction)
        if outcome.state == "applied" and correction.action in _RESTATED:
            for number in before | _incidents_about(db, correction):
                touched[number] = max(correction.decided, touched.get(number, date.min))
        if correction.action == "set" and correction.incident and outcome.target_id is not None:
            pinned[outcome.target_id].add(str(correction.field))
        rows.append(
            {
                "id": stable_id("correction", n, correction.action, correction.target),
                "n": n,
                "action": correction.action,
                "target": correction.target,
                "target_type": correction.target.split()[0],
                "target_id": outcome.target_id,
                "article_id": next(
                    iter(values(db, "select id from articles where id = ?", [correction.article])), None
                ),
                "field": correction.field or ("name" if correction.name else None),
                "value": correction.value or correction.into,
                "was": outcome.was,
                "why": correction.why,
                "who": correction.who,
                "decided_on": correction.decided.isoformat(),
                "state": outcome.state,
            }
        )
    _settle(db)
    restate(db, touched, pinned=pinned)
    insert(db, "corrections", sorted(rows, key=lambda row: int(str(row["id"]))))
    sweep(db)


def idle(db: Database) -> list[str]:
    """The corrections of a published file that changed nothing, and why."""
    rows = db.execute("select state, action, target from corrections where state != 'applied' order by n")
    return [f"{state.replace('_', ' ')}: {action} {target}" for state, action, target in rows]


def _find(db: Database, correction: Correction) -> _Found | None:
    """The fact of that id or, if there is none, the one fact of that kind in the article with the same words."""
    row = db.execute(f"select fact_type, fact_id from spans where fact_id = ? and {EVIDENCE}", [correction.fact])
    if found := row.fetchone():
        return _Found(*found)
    rows = db.execute(
        f"select fact_type, fact_id, words from spans where article_id = ? and fact_type = ? and {EVIDENCE}",
        [correction.article, correction.kind],
    )
    same = [_Found(kind, number) for kind, number, words in rows if words_hash(words) == correction.words]
    return same[0] if len(same) == 1 else None


def _incidents_about(db: Database, correction: Correction) -> set[int]:
    """The incidents of what a decision is about, as they are now."""
    slugs = [slug for slug in (correction.incident, correction.into) if slug is not None]
    found = {number for slug in slugs if (number := _by_slug(db, "incidents", slug)) is not None}
    if correction.fact is not None and (fact := _find(db, correction)) is not None:
        found.update(values(db, "select incident_id from incident_violations where violation_id = ?", [fact.number]))
    elif correction.field == "published":
        found.update(values(db, "select incident_id from incident_articles where article_id = ?", [correction.article]))
    return found


def _missing(db: Database, correction: Correction) -> Outcome:
    is_there = db.execute("select 1 from articles where id = ?", [correction.article]).fetchone()
    return Outcome("set_aside" if is_there else "unused", correction.fact)


def _reject(db: Database, correction: Correction) -> Outcome:
    if (found := _find(db, correction)) is None:
        return _missing(db, correction)
    if found.kind == "violation":
        forget_told(db, _incidents_about(db, correction), found.number)
        for table in ("violation_parties", "incident_violations"):
            db.execute(f"delete from {table} where violation_id = ?", [found.number])
    db.execute("delete from spans where fact_id = ?", [found.number])
    db.execute(f"delete from {_TABLES[found.kind]} where id = ?", [found.number])
    return Outcome("applied", found.number)


def _confirm(db: Database, correction: Correction) -> Outcome:
    if (found := _find(db, correction)) is None:
        return _missing(db, correction)
    if found.kind in ("violation", "quote"):
        db.execute(f"update {_TABLES[found.kind]} set is_confirmed = 1 where id = ?", [found.number])
    return Outcome("applied", found.number)


def _set(db: Database, correction: Correction) -> Outcome:
    if correction.incident is not None:
        return _set_named(db, "incidents", correction.incident, correction)
    if correction.entity is not None:
        return _set_named(db, "entities", correction.entity, correction)
    if correction.fact is None:
        return _set_article(db, correction)
    if (found := _find(db, correction)) is None:
        return _missing(db, correction)
    field, value = str(correction.field), str(correction.value)
    if found.kind == "violation" and field in PARTIES:
        return Outcome("applied", found.number, _set_party(db, found.number, field, value))
    if found.kind == "violation" and field == "status":
        forget_told(db, _incidents_about(db, correction), found.number)
    table = _TABLES[found.kind]
    column = "name" if field == "entity" else field
    (was,) = values(db, f"select {column} from {table} where id = ?", [found.number])
    if link := {"speaker": "speaker_entity_id", "entity": "entity_id", "affiliation": "affiliation_entity_id"}.get(
        field
    ):
        number, name = _entity(db, value)
        if (found.kind, field) != ("mention", "affiliation"):
            db.execute(f"update {table} set {link} = ? where id = ?", [number, found.number])
        value = was if field == "entity" else name
    db.execute(f"update {table} set {column} = ? where id = ?", [value, found.number])
    return Outcome("applied", found.number, None if was is None else str(was))


def _set_party(db: Database, violation: int, role: str, value: str) -> str | None:
    was = values(
        db, "select name from violation_parties where violation_id = ? and role = ? order by n", [violation, role]
    )
    number, name = _entity(db, value)
    db.execute("delete from violation_parties where violation_id = ? and role = ?", [violation, role])
    party = {"id": stable_id("party", violation, role, 0), "violation_id": violation, "role": role, "n": 0}
    insert(db, "violation_parties", [party | {"name": name, "entity_id": number}])
    return ", ".join(was) or None


def _set_article(db: Database, correction: Correction) -> Outcome:
    row = next(iter(db.query("select * from articles where id = ?", [correction.article])), None)
    if row is None:
        return UNUSED
    if correction.field != "published":
        db.execute(f"update articles set {correction.field} = ? where id = ?", [correction.value, row["id"]])
        return Outcome("applied", row["id"], row[str(correction.field)])
    first, last = days("corrections", str(correction.value))
    month = first[:7] if first[:7] == last[:7] else None
    db.execute(
        "update articles set published_from = ?, published_to = ?, published_month = ?, published_at = null,"
        " published_basis = 'correction', published_words = null where id = ?",
        [first, last, month, row["id"]],
    )
    return Outcome("applied", row["id"], row["published_from"])


def _set_named(db: Database, table: str, slug: str, correction: Correction) -> Outcome:
    if (number := _by_slug(db, table, slug)) is None:
        return UNUSED
    (was,) = values(db, f"select {correction.field} from {table} where id = ?", [number])
    db.execute(f"update {table} set {correction.field} = ? where id = ?", [correction.value, number])
    return Outcome("applied", number, was)


def _entity(db: Database, value: str) -> tuple[int | None, str]:
    """Id and name of the entity of that slug or name; a name that nobody knows stays a name."""
    if (found := db.execute(_NAMED, [value]).fetchone()) is None:
        return None, value
    db.execute(
        "insert or ignore into entities (id, slug, kind, name, subkind, country, description, is_reviewed)"
        " select id, slug, kind, name, subkind, country, description, is_reviewed from work.entities where id = ?",
        [found[0]],
    )
    return found[0], found[1]


def _by_slug(db: Database, table: str, slug: str | None) -> int | None:
    return next(iter(values(db, f"select id from {table} where slug = ?", [slug])), None)


def _merge(db: Database, correction: Correction) -> Outcome:
    old, new = _by_slug(db, "entities", correction.entity), _entity(db, str(correction.into))[0]
    new = next(iter(values(db, "select new from merges where old = ?", [new])), new)
    if old is None or new is None or old == new:
        return UNUSED
    db.execute("update merges set new = ? where new = ?", [new, old])
    if not db.execute("insert or ignore into merges values (?, ?)", [old, new]).rowcount:
        return UNUSED
    name = values(db, "select name from entities where id = ?", [old])[0]
    _redirect(db, "entity_merges", old, str(correction.entity), new, correction)
    return Outcome("applied", new, name)


def _settle(db: Database) -> None:
    """Carry out the merges and aliases, all in one pass over each table."""
    for table, column in _ENTITY_COLUMNS:
        db.execute(
            f"update {table} set {column} = (select new from merges where old = {column})"
            f" where {column} in (select old from merges)"
        )
    db.execute("update entities set parent_id = null where id = parent_id")
    for number, name in db.execute("select new, name from merges join entities on id = old").fetchall():
        _add_alias(db, number, name)
    db.execute(
        "update or ignore aliases set entity_id = (select new from merges where old = entity_id)"
        " where entity_id in (select old from merges)"
    )
    db.execute("delete from entities where id in (select old from merges)")
    for table, name, link in _NAMES:
        db.execute(
            f"update {table} set {link} = (select entity_id from new_names where new_names.name = {table}.{name})"
            f" where {name} in (select name from new_names)"
            f" and ({link} is null or {link} in (select id from entities where not is_reviewed))"
        )


def _split(db: Database, correction: Correction) -> Outcome:
    old = _by_slug(db, "entities", correction.entity)
    if old is None:
        return UNUSED
    new, slug = entity_id(str(correction.into)), str(correction.into)
    db.execute(
        "insert or ignore into entities (id, slug, kind, name, is_reviewed)"
        " select ?, ?, kind, ?, 1 from entities where id = ?",
        [new, slug, correction.name, old],
    )
    moved = sum(
        db.conn.execute(f"update {table} set {link} = ? where {link} = ? and {name} = ?",
                        [new, old, correction.name]).rowcount
        for table, name, link in _NAMES
    )  # fmt: skip
    return Outcome("applied" if moved else "unused", new)


def _rename(db: Database, correction: Correction) -> Outcome:
    return _set_named(db, "entities", str(correction.entity), replace(correction, field="name"))


def _alias(db: Database, correction: Correction) -> Outcome:
    """Another name of an entity: what bears it is linked to it, unless it is linked to another of the lexicon."""
    number, _ = _entity(db, str(correction.entity))
    if number is None:
        return UNUSED
    number = next(iter(values(db, "select new from merges where old = ?", [number])), number)
    _add_alias(db, number, str(correction.value))
    db.execute("insert or replace into new_names values (?, ?)", [correction.value, number])
    return Outcome("applied", number)


def _add_alias(db: Database, number: int, alias: str) -> None:
    sql = "insert or ignore into aliases (id, entity_id, alias) values (?, ?, ?)"
    db.execute(sql, [stable_id("alias", number, alias), number, alias])


def _move(db: Database, correction: Correction) -> Outcome:
    old, new = _by_slug(db, "incidents", correction.incident), _by_slug(db, "incidents", correction.into)
    if old is None or new is None:
        return UNUSED
    return Outcome("applied" if _regroup(db, old, new, article=correction.article) else "unused", new)


def _split_incident(db: Database, correction: Correction) -> Outcome:
    """A new incident for one article of another; its id follows from its slug, so it is the same in every build."""
    old, slug = _by_slug(db, "incidents", correction.incident), str(correction.into)
    new = stable_id("incident", slug)
    if old is None or _by_slug(db, "incidents", slug) not in (None, new):
        return UNUSED
    db.execute(
        "insert or ignore into incidents (id, slug, title, status) select ?, ?, title, status from incidents"
        " where id = ?",
        [new, slug, old],
    )
    return Outcome("applied" if _regroup(db, old, new, article=correction.article) else "unused", new)


def _merge_incidents(db: Database, correction: Correction) -> Outcome:
    old, new = _by_slug(db, "incidents", correction.incident), _by_slug(db, "incidents", correction.into)
    if old is None or new is None or old == new:
        return UNUSED
    _regroup(db, old, new, article=None)
    _redirect(db, "incident_merges", old, str(correction.incident), new, correction)
    return Outcome("applied", new)


def _redirect(db: Database, table: str, old: int, slug: str, new: int, correction: Correction) -> None:
    """An id that was published leads to the one that took over, in one step."""
    db.execute(f"update {table} set into_id = ? where into_id = ?", [new, old])
    db.execute(
        f"insert or replace into {table} (id, slug, into_id, merged_at) values (?, ?, ?, ?)",
        [old, slug, new, f"{correction.decided}T00:00:00Z"],
    )


def _regroup(db: Database, old: int, new: int, *, article: int | None) -> int:
    """Hand one article, or all, from an incident to another; how many went."""
    which = "incident_id = ?" if article is None else "incident_id = ? and article_id = ?"
    given = [old] if article is None else [old, article]
    articles = values(db, f"select article_id from incident_articles where {which} order by n", given)
    start = values(db, "select coalesce(max(n), -1) + 1 from incident_articles where incident_id = ?", [new])[0]
    for n, number in enumerate(articles, start=start):
        for table in ("incident_articles", "incident_status"):
            db.execute(f"delete from {table} where incident_id = ? and article_id = ?", [old, number])
        db.execute(
            "insert or ignore into incident_articles (id, incident_id, article_id, n, joined_by)"
            " values (?, ?, ?, ?, 'correction')",
            [stable_id("incident_article", new, number), new, number, n],
        )
        db.execute(
            "update or ignore incident_violations set incident_id = ? where incident_id = ? and violation_id in"
            " (select id from violations where article_id = ?)",
            [new, old, number],
        )
    return len(articles)


_ACTIONS: dict[str, Callable[[Database, Correction], Outcome]] = {
    "reject": _reject,
    "confirm": _confirm,
    "set": _set,
    "merge": _merge,
    "split": _split,
    "rename": _rename,
    "alias": _alias,
    "move": _move,
    "split_incident": _split_incident,
    "merge_incidents": _merge_incidents,
}
_RESTATED = frozenset({"reject", "set", "move", "split_incident", "merge_incidents"})
"""What can change where an incident stands."""
_NAMED = """
    select id, name from work.entities where slug = ?1 or name = ?1
    union all select entity_id, e.name from work.aliases join work.entities e on e.id = entity_id where alias = ?1
"""
