"""From work.db to blotter.db: a new file aside, the gates, then one rename. The same state gives the same bytes."""

import filecmp
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from sqlite_utils import Database

from data.correcting import apply, idle
from data.corrections import Correction, load_corrections
from data.digests import digest, followed
from data.gates import GateRefusal, findings, unexplained_losses, unproved_spans
from data.home import Home, Refusal, copy, fsync, touch
from data.ids import stable_id
from data.increment import LOST, PUT_IN, Changes, fill_slice, put_in
from data.increment import wrong as wrong_rows
from data.indexes import FULL_TEXT, PUBLIC_INDEXES, make_indexes
from data.links import IncidentLink, add_links, load_links
from data.metadata import dictionary_rows, load_metadata
from data.migrations import upgrade
from data.rows import insert, values
from data.schema import PUBLISHED, VERSION, ensure
from data.snapshot import take
from data.summaries import COUNTED, count_of, count_on, count_rows, make_summaries
from data.tallies import begin, changes, is_as_told, note


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishReport:
    """What `publish` did."""

    path: Path
    counts: dict[str, int]
    """Rows by table; ``names`` are the entities that an article names."""
    is_changed: bool
    """``False`` if the file that was there has the same bytes and stays."""
    idle: tuple[str, ...]
    """The corrections and links that changed nothing, and why: their words are gone, or what they name is."""


def publish(
    home: Home, *, private: bool = False, accept_drop: bool = False, is_whole: bool = False
) -> PublishReport:  # fmt: skip
    """Build what Datasette shows and put it in place; raises `GateRefusal` and changes nothing if it may not be shown.

    The caller holds the home's lock. ``private`` builds the newsroom's file, with every text. In a large home the build
    is the last one with what was touched since, if that is little, unless the whole is asked for.
    """
    if not home.work_db.exists():
        raise Refusal(f"{home.path}: nothing to publish; run blotter crawl or blotter add first")
    target = home.private_db if private else home.public_db
    target.parent.mkdir(mode=0o750, exist_ok=True)
    corrections, links = load_corrections(home.corrections), load_links(home.links)
    with Database(sqlite3.connect(home.work_db)) as work:
        upgrade(work, home.work_db)
        touched = None if private or accept_drop or is_whole else changes(home, work, corrections)
        if touched is not None and not touched and is_as_told(home, work):
            return _nothing_new(target)
    scratch, built = target.with_name(f"{target.name}.scratch"), target.with_name(f"{target.name}.new")
    try:
        if touched is None:
            return _whole(home, target, scratch, built, corrections, links, private=private, accept_drop=accept_drop)
        return _next(home, target, scratch, built, corrections, links, touched)
    finally:
        for path in (scratch, built):
            path.unlink(missing_ok=True)


def _whole(
    home: Home, target: Path, scratch: Path, built: Path, corrections: Sequence[Correction],
    links: Sequence[IncidentLink], *, private: bool, accept_drop: bool,
) -> PublishReport:  # fmt: skip
    with _scratch(scratch, home.work_db) as db:
        idle_links = _fill(db, corrections, links, private=private)
        _prove(db, last=None if accept_drop else target)
        report = _report(db, target, idle_links)
        built.unlink(missing_ok=True)  # what a killed run left
        touch(built)
        db.execute("vacuum main into ?", [str(built)])
        is_changed = not (target.exists() and filecmp.cmp(built, target, shallow=False))
        if is_changed:
            _put_in_place(built, target)
        if not private:
            with _settled(home) as work:
                begin(home, db, work)
    return replace(report, is_changed=is_changed)


def _next(
    home: Home, target: Path, scratch: Path, built: Path, corrections: Sequence[Correction],
    links: Sequence[IncidentLink], touched: Changes,
) -> PublishReport:  # fmt: skip
    with _scratch(scratch, home.work_db) as db:
        touched = fill_slice(db, touched, corrections)
    built.unlink(missing_ok=True)
    touch(built)
    copy(target, built)
    beside = {"work": home.work_db, "slice": scratch, "last": target, "tallies": home.tallies}
    with _settled(home) as work, _opened(built, beside) as db:
        with db.atomic():
            idle_links = _bring_up_to_date(db, touched, corrections, links)
            wrong = [*unproved_spans(db, PUT_IN), *wrong_rows(db), *unexplained_losses(db, LOST)]
            if wrong:
                raise GateRefusal(wrong)
            note(home, db, work)
        report = _report(db, target, idle_links)
        db.close()
        _put_in_place(built, target)
    return replace(report, is_changed=True)


def _nothing_new(target: Path) -> PublishReport:
    with Database(sqlite3.connect(target)) as db:
        return _report(db, target, [])


def _report(db: Database, target: Path, idle_links: Sequence[str]) -> PublishReport:
    counts = {table: db.table(table).count for table in PUBLISHED.keys() - COUNTED.keys()}
    counts |= {table: count_of(db, table) for table in COUNTED}
    counts["names"] = db.table("entities").count_where("mentions > 0")
    return PublishReport(path=target, counts=counts, is_changed=False, idle=(*idle(db), *idle_links))


def republish(home: Home) -> None:
    """Build again what is published, public and private, after a decision that no gate on numbers may hold up."""
    for is_private, path in ((False, home.public_db), (True, home.private_db)):
        if path.exists():
            publish(home, private=is_private, accept_drop=True)


def _bring_up_to_date(
    db: Database, touched: Changes, corrections: Sequence[Correction], links: Sequence[IncidentLink]
) -> list[str]:
    """Make the copy of the last build the next one; back come the links that name nothing."""
    (last,) = values(db, "select value from release where name = 'digest'")
    db.conn.create_function("stable_id", -1, stable_id, deterministic=True)
    with followed(db, int(last, 16)) as now:
        put_in(db, touched, corrections)
        for table in ("incident_links", "rule_type_links"):
            db.execute(f"delete from {table}")
        idle_links = add_links(db, links)
        count_on(db, dict(now.counts))
    db.execute("delete from release")
    insert(db, "release", _release_rows(db, now.digest))
    return idle_links


@contextmanager
def _settled(home: Home) -> Iterator[Database]:
    """work.db, in which nothing counts as touched any more once this has gone well."""
    with Database(sqlite3.connect(home.work_db)) as work:
        yield work
        with work.atomic():
            work.execute("delete from touched")


@contextmanager
def _opened(path: Path, beside: Mapping[str, Path]) -> Iterator[Database]:
    """A database that need not survive a crash, with others beside it."""
    with Database(sqlite3.connect(path)) as db:
        db.conn.execute("pragma journal_mode = memory")
        db.conn.execute("pragma synchronous = off")
        db.conn.execute("pragma cache_size = -200000")
        db.conn.execute("pragma recursive_triggers = on")  # or what is replaced is not seen to go
        for name, other in beside.items():
            db.attach(name, other)
        yield db


def _fill(
    db: Database, corrections: Sequence[Correction], links: Sequence[IncidentLink], *, private: bool
) -> list[str]:
    """Everything but the gates; back come the links that name nothing."""
    with db.atomic():  # one snapshot of work.db
        ensure(db, public=True)
        take(db, private=private)
        make_indexes(
            db, {table: PUBLIC_INDEXES[table] for table in ("spans", "violation_parties", "incident_violations")}
        )
        apply(db, corrections)
        make_summaries(db)
        idle_links = add_links(db, links)
        count_rows(db)
        insert(db, "dictionary", dictionary_rows(load_metadata()))
        insert(db, "release", _release_rows(db, digest(db)))
    make_indexes(db, PUBLIC_INDEXES)
    for table, columns in FULL_TEXT.items():
        db.table(table).enable_fts(columns, tokenize="unicode61 remove_diacritics 2").optimize()
    db.execute("analyze")
    return idle_links


def _prove(db: Database, *, last: Path | None) -> None:
    """Raises `GateRefusal` if the build may not replace the last one; ``None`` asks no questions about that."""
    wrong = [*unproved_spans(db), *findings(db), *(_losses(db, last) if last else ())]
    if wrong:
        raise GateRefusal(wrong)


@contextmanager
def _scratch(path: Path, work: Path) -> Iterator[Database]:
    """An empty database with work.db attached; it need not survive a crash."""
    with Database(sqlite3.connect(work)) as db:
        upgrade(db, work)
    path.unlink(missing_ok=True)
    touch(path)
    with Database(sqlite3.connect(path)) as db:
        db.conn.execute("pragma journal_mode = memory")
        db.conn.execute("pragma synchronous = off")
        db.conn.execute("pragma cache_size = -200000")
        db.conn.execute(f"pragma user_version = {VERSION}")
        db.attach("work", work)
        yield db


def _losses(db: Database, last: Path) -> list[str]:
    """Compared with the file that is being replaced, if it is one of ours."""
    if not last.exists():
        return []
    try:
        db.attach("last", last)
        there = {row[0] for row in db.execute("select name from last.sqlite_master")}
    except sqlite3.DatabaseError:  # whatever it is, it is no build that could be missed
        return []
    return list(unexplained_losses(db)) if there.issuperset(PUBLISHED) else []


def _release_rows(db: Database, digest: int) -> list[dict[str, object]]:
    """What a reader must know of the file as a whole; the build is named after its content, for it has no clock."""
    (updated,) = db.execute(_UPDATED).fetchone()
    counts = dict(db.execute(_COVERED).fetchall())
    found: dict[str, object] = {
        "build": f"{digest:064x}"[:12],
        "digest": f"{digest:064x}",
        "blotter_version": version("ai-blotter"),
        "schema_version": VERSION,
        "updated_at": updated,
        "licence": "CC BY 4.0 for the facts; the articles belong to their publishers",
        **counts,
    }
    return [{"name": name, "value": value} for name, value in sorted(found.items())]


def _put_in_place(built: Path, target: Path) -> None:
    """One rename after the bytes are on the disk: a reader finds the old file or the new one, whole."""
    fsync(built)
    built.replace(target)
    fsync(target.parent)


_UPDATED = """
    select max(at) from (
      select max(changed_at) as at from articles
      union all select max(recorded_at) from incident_status
      union all select max(removed_at) from removals
      union all select max(decided_on) || 'T00:00:00Z' from corrections
    )
"""
_COVERED = """
    select 'articles_seen', coalesce(sum(articles), 0) from coverage
    union all select 'articles_relevant', coalesce(sum(relevant_articles), 0) from coverage
    union all select 'articles_in_other_languages', coalesce(sum(other_language), 0) from coverage
    union all select 'articles_not_open', coalesce(sum(not_open), 0) from coverage
    union all select table_name, rows from (
      select 'articles' as table_name, count(*) as rows from articles
      union all select 'incidents', count(*) from incidents
      union all select 'violations', count(*) from violations where not is_copy
      union all select 'quotes', count(*) from quotes where not is_copy
      union all select 'companies', count(*) from entities where kind = 'company' and mentions > 0
      union all select 'entities', count(*) from entities where mentions > 0
    )
"""
