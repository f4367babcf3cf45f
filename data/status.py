"""How the home is doing: the last run, the sources, the disk."""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from data.correcting import idle
from data.home import Home
from data.times import moment

_SILENT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source is doing."""

    id: str
    state: str
    """ok, failing, silent, not read yet, or off."""
    ok_at: str | None
    new_at: str | None
    articles: int
    why: str
    """For a person; empty when all is well."""

    @property
    def needs_a_look(self) -> bool:
        return self.state in ("failing", "silent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What `status` shows."""

    counts: dict[str, int]
    sources: tuple[SourceHealth, ...]
    last_run: str
    idle_corrections: tuple[str, ...]
    """Those that changed nothing in the last build: their words are gone, or what they name is."""
    sizes: dict[str, int]
    """Bytes by part of the home."""
    free: int
    """Bytes left on its disk."""

    @property
    def needs_a_look(self) -> bool:
        return bool(self.idle_corrections) or any(source.needs_a_look for source in self.sources)


def status(db: Database, home: Home, *, now: datetime) -> Status:
    """How the home is doing at that moment."""
    return Status(
        counts={name: db.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()},
        sources=tuple(_sources(db, now)),
        last_run=_last_run(db),
        idle_corrections=tuple(_idle(home)),
        sizes=_sizes(home),
        free=shutil.disk_usage(home.path).free,
    )


def _sources(db: Database, now: datetime) -> Iterator[SourceHealth]:
    month = (now - _SILENT).isoformat()
    for row in db.query(_SOURCES, {"month": month}):
        state, why = _judged(row, now)
        yield SourceHealth(
            id=row["id"], state=state, ok_at=row["ok_at"], new_at=row["new_at"], articles=row["articles"], why=why
        )


def _judged(row: dict[str, object], now: datetime) -> tuple[str, str]:
    if not row["is_active"]:
        return "off", str(row["why_off"] or "")
    if row["tries"]:
        return "failing", f"{row['tries']} times in a row: {row['reason']}"
    if row["ok_at"] is None:
        return "not read yet", ""
    is_old = moment(str(row["first_seen"])) < now - _SILENT
    if is_old and row["recent"] < (row["expect_min"] or 0):  # type: ignore[operator]  # both are integers
        return "silent", f"{row['recent']} new in a month, expected {row['expect_min']}"
    return "ok", ""


def _last_run(db: Database) -> str:
    row = db.execute(
        "select command, started_at, finished_at, exit_code, counts from runs order by id desc limit 1"
    ).fetchone()
    if row is None:
        return "no run yet"
    command, started, finished, code, counts = row
    if finished is None:
        return f"{command} began at {started} and did not finish"
    return f"{command} ended at {finished} with exit code {code}: {counts}"


def _idle(home: Home) -> list[str]:
    if not home.public_db.exists():
        return []
    with Database(sqlite3.connect(f"file:{home.public_db}?mode=ro", uri=True)) as db:
        return idle(db) if "corrections" in db.table_names() else []


def _sizes(home: Home) -> dict[str, int]:
    return {
        part.name: sum(
            file.stat().st_size for file in ([part] if part.is_file() else part.rglob("*")) if file.is_file()
        )
        for part in sorted(home.path.iterdir())
    }


_COUNTS = {
    "articles": "select count(*) from articles",
    "on topic": "select count(*) from articles where is_relevant",
    "to be read": "select count(*) from articles where extracted_with is null",
    "entities": "select count(distinct entity_id) from mentions",
    "quotes": "select count(*) from quotes",
    "violations": "select count(*) from violations",
    "incidents": "select count(distinct incident_id) from incident_articles",
    "waiting": "select count(*) from jobs where kind = 'article' and due_at is not null",
    "failures": "select count(*) from failures",
    "removals": "select count(*) from removals where undone_at is null",
}
_SOURCES = """
    select sources.id, is_active, expect_min, sources.reason as why_off, tries, jobs.reason, ok_at, new_at,
      coalesce(queued_at, '9999-01-01T00:00:00Z') as first_seen,
      (select count(*) from articles where source_id = sources.id) as articles,
      (select count(*) from articles where source_id = sources.id and first_seen_at > :month) as recent
    from sources left join jobs on jobs.kind = 'poll' and jobs.source_id = sources.id
    order by sources.id
"""
