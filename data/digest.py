"""What is new since a day: claims, states of incidents, sources and corrections that need a look."""

import shlex
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime

from sqlite_utils import Database

from data.home import Home, Refusal
from data.status import status
from data.times import stamp

_PATIENCE = 60  # seconds for the operator's command


def digest(db: Database, home: Home, *, since: datetime, now: datetime) -> list[str]:
    """One line a piece of news, then one for all that needs a look; empty if there is neither."""
    return [*news(home, since=since), *_needs_a_look(db, home, now)]


def news(home: Home, *, since: datetime) -> list[str]:
    """One line for each claim, and each state of an incident, that is new among what is published, as corrected."""
    if not home.public_db.exists():
        return []
    with Database(sqlite3.connect(f"{home.public_db.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return [*_violations(db, since), *_incidents(db, since)]


def tell(command: str, lines: list[str]) -> None:
    """Hand the lines to the operator's command on its standard input."""
    words = shlex.split(command)
    try:
        done = subprocess.run(words, input="\n".join(lines) + "\n", text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Refusal(f"--on-change {command}: {error}") from None
    if done.returncode:
        raise Refusal(f"--on-change {command}: ended with exit code {done.returncode}")


def _violations(db: Database, since: datetime) -> Iterator[str]:
    for row in db.query(_NEW_VIOLATIONS, [stamp(since)]):
        who = row["violators"] or "somebody not named"
        yield (
            f"{row['verb']}: {who}, {row['status'].replace('_', ' ')}, {row['rule'] or row['rule_type']}"
            f" (according to {row['publisher'] or row['url']}): “{row['evidence']}” {row['url']}"
        )


def _incidents(db: Database, since: datetime) -> Iterator[str]:
    for row in db.query(_NEW_STATES, [stamp(since)]):
        was = f", before: {row['was'].replace('_', ' ')}" if row["was"] else ""
        yield f"incident {row['slug']}: now {row['status'].replace('_', ' ')}{was}: {row['title']}"


def _needs_a_look(db: Database, home: Home, now: datetime) -> Iterator[str]:
    found = status(db, home, now=now)
    yield from (f"source {one.id}: {one.state}: {one.why}" for one in found.sources if one.needs_a_look)
    yield from (f"correction {line}" for line in found.idle_corrections)


_NEW_VIOLATIONS = """
    select violations.status, rule, rule_type, evidence, articles.url, publisher,
      iif(first_seen_at >= ?1, 'new', 'in an edited article') as verb,
      (select group_concat(name, ', ') from violation_parties
        where violation_id = violations.id and role = 'violator') as violators
    from violations join articles on articles.id = article_id
    where (first_seen_at >= ?1 or (versions > 1 and changed_at >= ?1)) and copy_of_id is null
    order by first_seen_at, violations.id
"""
_NEW_STATES = """
    select slug, title, now.status, before.status as was
    from incident_status now
      join incidents on incidents.id = now.incident_id
      left join incident_status before on before.incident_id = now.incident_id and before.n = now.n - 1
    where now.stage is null and now.recorded_at >= ? order by now.recorded_at, slug, now.n
"""
