"""Removal, the second step: the bytes of what was removed are destroyed wherever the home has them.

Archive and releases come first, while work.db still says what to look for; it forgets last, in one transaction with the
tombstone's date. Killed in between, the next purge begins again and finds what is left.
"""

import json
import shutil
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from crawler.items import Link
from data.home import Home
from data.indexes import FULL_TEXT
from data.marks import is_in_articles, plain_words, sentences
from data.packing import pack, unpack
from data.progress import Step, untold
from data.publish import republish
from data.refused import end_rewritings, rewrite
from data.releases import issue, releases, withdraw
from data.rows import Row, insert, values
from data.schema import PUBLISHED, TABLES
from data.store import Store
from data.times import stamp
from data.traces import traces

GRACE = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeReport:
    """What a purge destroyed."""

    articles: int
    files: int
    """Archive files written anew."""
    releases: tuple[str, ...]
    """Releases issued again, by their new names."""
    left: tuple[str, ...]
    """Files in which words of the articles were found afterwards: none, or something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Doomed:
    """What is to be destroyed."""

    removals: tuple[Row, ...]
    urls: frozenset[str]
    sentences: tuple[str, ...]
    """In plain small words, long enough to be nobody else's, none of them in an article that stays."""

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(int(row["article_id"]) for row in self.removals)


def purge(home: Home, *, now: datetime, grace: timedelta = GRACE, step: Step = untold) -> PurgeReport:
    """Destroy what was removed longer ago than ``grace``. The caller holds the home's lock.

    A step is a file of the archive, or a piece of a file that is read afterwards.
    """
    with Store(home.work_db) as store:
        doomed = _doomed(store.db, stamp(now - grace))
        if not doomed.removals:
            return PurgeReport(articles=0, files=0, releases=(), left=())
        for name in ("withdrawn", "release.new"):  # what a killed run left
            shutil.rmtree(home.path / name, ignore_errors=True)
        if any(path.exists() and _holds(path, doomed) for path in (home.public_db, home.private_db)):
            republish(home)  # a removal was killed before it did, and what is purged must be shown nowhere
        end_rewritings(store.db, home.archive)
        files = _purge_archive(store.db, home, doomed, step)
        reissued = tuple(
            _reissue(home, folder, doomed, now) for folder in releases(home) if _holds(folder / "blotter.db", doomed)
        )
        for backup in home.path.glob("*.bak"):
            backup.unlink()
        _forget(store.db, doomed, now)
        store.db.conn.execute("pragma wal_checkpoint(truncate)")
    republish(home)
    with Store(home.work_db) as store:
        left = tuple(traces(home, store.db, step))
    return PurgeReport(articles=len(doomed.removals), files=files, releases=reissued, left=left)


def _doomed(db: Database, before: str) -> _Doomed:
    rows = tuple(db.query(_DUE, [before]))
    ids = json.dumps([row["article_id"] for row in rows])
    texts = values(db, _TEXTS, [ids])
    told = sorted({sentence for text in texts for sentence in sentences(text)})
    numbers = [int(row["article_id"]) for row in rows]
    return _Doomed(
        removals=rows,
        urls=frozenset(values(db, _ADDRESSES, [ids])) | {row["url"] for row in rows},
        sentences=tuple(sentence for sentence in told if not is_in_articles(db, sentence, but=numbers)),
    )


def _stands_in(text: str, sentences: Collection[str]) -> bool:
    words = f" {' '.join(plain_words(text))} "
    return any(f" {sentence} " in words for sentence in sentences)


def _purge_archive(db: Database, home: Home, doomed: _Doomed, step: Step) -> int:
    """Write the files anew that hold something of it; how many."""
    files = 0
    for path in sorted(home.archive.rglob("*.warc.gz")):
        step(path.name)
        files += rewrite(
            db, path, lambda record: record.url in doomed.urls or _stands_in(record.words, doomed.sentences)
        )
    return files


def _holds(file: Path, doomed: _Doomed) -> bool:
    """Does a published file show one of the articles?"""
    with Database(sqlite3.connect(file)) as db:
        sql = f"select 1 from articles where id in {_LISTED}"
        return bool(values(db, sql, [json.dumps(doomed.ids)]))


def _reissue(home: Home, folder: Path, doomed: _Doomed, now: datetime) -> str:
    """Issue a release again without the articles, under a new number; of the old one stays a note."""
    note = f"Reissue of {folder.name} without {len(doomed.ids)} removed articles; counts are those of the first issue."
    done = [path for path in releases(home) if note in (path / "CHANGES.md").read_text("utf-8")]
    if not done:  # a killed purge may have come as far as this
        aside = home.path / "reissue.db"
        shutil.copyfile(folder / "blotter.db", aside)
        with Database(sqlite3.connect(aside)) as db:
            _cut(db, doomed, now)
        day = date.fromisoformat(folder.name.partition(".")[0])
        done = [issue(home, aside, on=day, last=None, note=note)]
        aside.unlink()
    withdraw(home, folder, told=f"Withdrawn on {stamp(now)[:10]}; issued again as {done[0].name}.")
    return done[0].name


def _cut(db: Database, doomed: _Doomed, now: datetime) -> None:
    """Take the articles out of a published file, leaving no trace of their words and a tombstone each."""
    there = set(db.table_names())
    db.conn.execute("pragma secure_delete = on")
    with db.atomic():
        _delete(db, doomed, [name for name in PUBLISHED if name in there])
        rows = [
            {"id": row["id"], "article_id": row["article_id"], "reason": row["reason"], "removed_at": row["removed_at"],
             "purged_at": stamp(now)}
            for row in doomed.removals
        ]  # fmt: skip
        insert(db, "removals", rows)
        for sql in _CUT:
            db.execute(sql)
        if "incident_id" in db.table("removals").columns_dict:
            db.execute("update removals set incident_id = null where incident_id in (select id from empty)")
    for table in FULL_TEXT:
        db.table(table).rebuild_fts()
    db.execute("vacuum")


def _delete(db: Database, doomed: _Doomed, tables: Collection[str]) -> None:
    """Delete the rows of the articles, and of what hangs on them."""
    ids = json.dumps(doomed.ids)
    of_violation = f"violation_id in (select id from violations where article_id in {_LISTED})"
    for table in tables:
        names = set(db.table(table).columns_dict)
        if "violation_id" in names:
            db.execute(f"delete from {table} where {of_violation}", [ids])
        if table == "contradictions":
            db.execute(f"delete from {table} where {of_violation.replace('violation_id', 'other_id')}", [ids])
        for name in {"copy_of_id", "target_id"} & names:
            if table in ("articles", "hops"):
                db.execute(f"update {table} set {name} = null where {name} in {_LISTED}", [ids])
            elif name == "copy_of_id":
                db.execute(f"delete from {table} where {name} in {_LISTED}", [ids])
    for table in tables:
        if table == "incident_status":
            db.execute(f"update {table} set article_id = null, words = null where article_id in {_LISTED}", [ids])
        elif table not in ("removals", "articles") and "article_id" in db.table(table).columns_dict:
            db.execute(f"delete from {table} where article_id in {_LISTED}", [ids])
    db.execute(f"delete from articles where id in {_LISTED}", [ids])


def _forget(db: Database, doomed: _Doomed, now: datetime) -> None:
    """Delete everything of the articles in work.db but the tombstones, and date these, in one transaction."""
    urls = json.dumps(sorted(doomed.urls))
    with db.atomic():
        db.execute("pragma defer_foreign_keys = on")
        for table in ("jobs", "failures", "fetches"):
            db.execute(f"delete from {table} where url in {_LISTED}", [urls])
        _delete(db, doomed, [table.name for table in TABLES if table.kind != "summary"])
        _forget_links(db, doomed)
        for sql in _FORGET:
            db.execute(sql)
        db.execute(
            f"update removals set purged_at = ?2, url = null, note = null where article_id in {_LISTED}",
            [json.dumps(doomed.ids), stamp(now)],
        )


def _forget_links(db: Database, doomed: _Doomed) -> None:
    """Of links to other addresses that tell a sentence of it, only these stay."""
    told = [
        (number, replace(link, title=None, summary=None))
        for number, packed in db.execute("select id, link from jobs where link is not null").fetchall()
        if (link := unpack(packed, Link)) and _stands_in(f"{link.title} {link.summary}", doomed.sentences)
    ]
    db.conn.executemany("update jobs set link = ? where id = ?", [(pack(link), number) for number, link in told])


_LISTED = "(select value from json_each(?1))"
_TEXTS = f"""
    select text from article_versions where article_id in {_LISTED}
    union all select title from article_versions where article_id in {_LISTED}
"""
_DUE = """
    select * from removals where undone_at is null and purged_at is null and removed_at <= ? order by id
"""
_ADDRESSES = f"""
    with given as (
      select url from jobs where article_id in {_LISTED} union select url from articles where id in {_LISTED}
    )
    select url from given
    union select final_url from fetches where url in (select url from given)
    union select url from fetches where final_url in (select url from given)
"""
_UNNAMED = """
    not is_reviewed
      and id not in (select entity_id from mentions where entity_id is not null)
      and id not in (select entity_id from violation_parties where entity_id is not null)
      and id not in (select speaker_entity_id from quotes where speaker_entity_id is not null)
      and id not in (select subject_entity_id from relations where subject_entity_id is not null)
      and id not in (select object_entity_id from relations where object_entity_id is not null)
      and id not in (select parent_id from entities where parent_id is not null)
"""
# An incident's id is never given again; what its name tells of the article goes.
_FORGET = (
    f"delete from entities where {_UNNAMED}",
    """
    update incidents set title = 'Removed', slug = 'removed-' || id
    where id not in (select incident_id from incident_articles) and id not in (select id from incident_merges)
    """,
)
_CUT = (
    "create temp table empty as select id from incidents where id not in (select incident_id from incident_articles)",
    *(
        f"delete from {table} where {column} in (select id from empty)"
        for table, column in (
            ("incident_violations", "incident_id"), ("incident_status", "incident_id"), ("incident_merges", "into_id"),
            ("contradictions", "incident_id"), ("incident_links", "incident_id"), ("incidents", "id"),
        )
    ),
    """
    update quote_groups set content = (select content from quotes where group_id = quote_groups.id order by id)
    where id in (select group_id from quotes)
    """,
    "delete from quote_groups where id not in (select group_id from quotes where group_id is not null)",
    f"create temp table unnamed as select id from entities where {_UNNAMED}",
    *(
        f"delete from {table} where {column} in (select id from unnamed)"
        for table, column in (
            ("aliases", "entity_id"), ("entity_months", "entity_id"), ("entity_pairs", "entity_id"),
            ("entity_pairs", "other_id"), ("rule_breaks", "violator_id"), ("rule_breaks", "rule_owner_id"),
            ("entity_merges", "into_id"), ("entities", "id"),
        )
    ),
)  # fmt: skip
