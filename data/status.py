"""How the home is doing: the last run, the sources, the disk."""

import json
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from data.correcting import idle
from data.health import SourceHealth, source_health
from data.home import Home


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What `status` shows."""

    counts: dict[str, int]
    sources: tuple[SourceHealth, ...]
    last_run: dict[str, Any] | None
    """Its command, times, exit code, counts and full report; ``None`` if there was none."""
    idle_corrections: tuple[str, ...]
    """Those that changed nothing in the last build: their words are gone, or what they name is."""
    sizes: dict[str, int]
    """Bytes by part of the home."""
    free: int
    """Bytes left on its disk."""
    is_under_way: bool
    """Whether a run holds the home."""

    @property
    def told_of_last_run(self) -> str:
        """The last run in one line."""
        run = self.last_run
        if run is None:
            return "no run yet"
        if run["finished_at"] is None:
            what = "is under way" if self.is_under_way else "did not finish"
            return f"{run['command']} began at {run['started_at']} and {what}"
        counts = ", ".join(f"{number} {name}" for name, number in run["counts"].items() if number) or "nothing"
        return f"{run['command']} ended at {run['finished_at']} with exit code {run['exit_code']}: {counts}"

    @property
    def needs_a_look(self) -> bool:
        return bool(self.idle_corrections) or any(source.needs_a_look for source in self.sources)


def status(db: Database, home: Home, *, now: datetime) -> Status:
    """How the home is doing at that moment."""
    return Status(
        counts={name: db.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()},
        sources=tuple(source_health(db, now=now)),
        last_run=_last_run(db),
        idle_corrections=tuple(idle_corrections(home)),
        sizes=_sizes(home),
        free=shutil.disk_usage(home.path).free,
        is_under_way=home.is_held,
    )


def _last_run(db: Database) -> dict[str, Any] | None:
    row = next(iter(db.query("select * from runs order by id desc limit 1")), None)
    if row is None:
        return None
    counts, report = (json.loads(row[name] or "{}") for name in ("counts", "report"))
    return row | {"counts": counts, "report": report}


def idle_corrections(home: Home) -> list[str]:
    """Those of the published file that changed nothing, and why."""
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
