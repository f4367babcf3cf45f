"""tallies.db: what the next build needs of the last one beside the file that readers see.

It belongs to one build, names it, and is worth nothing without it: where it is missing, or names another one, the next
build is made whole. Small homes have none, for they are built whole at no cost to speak of.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from sqlite_utils import Database

from data.corrections import Correction
from data.health import SOURCE_STATE
from data.home import Home, fsync, touch
from data.increment import Changes
from data.metadata import dictionary_rows, load_metadata
from data.rows import values
from data.schema import VERSION

WHOLE = 5000
"""Up to this many articles a build is made whole."""
SHARE = 0.1
"""So much of the articles may have been touched; beyond it the whole is cheaper."""


def changes(home: Home, work: Database, corrections: Sequence[Correction]) -> Changes | None:
    """What was touched since the build that readers see; ``None`` if nothing less than a whole build will do."""
    there = _state(home.tallies)
    if there.get("decisions") != decisions(home) or there.get("build") != (_build(home.public_db) or "none"):
        return None
    touched: dict[str, set[int]] = {"article": set(), "incident": set(), "entity": set(), "all": set()}
    for kind, number in work.execute("select kind, id from touched"):
        touched[kind].add(number)
    count = work.execute("select count(*) from articles").fetchone()[0]
    named = {slug for c in corrections for slug in (c.entity, c.into, c.value) if slug}
    slugs = set(values(work, "select slug from entities where id in (select id from touched where kind = 'entity')"))
    if touched["all"] or len(touched["article"]) > SHARE * count or named & slugs:
        return None
    return Changes(
        articles=frozenset(touched["article"]),
        incidents=frozenset(touched["incident"]),
        entities=frozenset(touched["entity"]),
    )


def is_as_told(home: Home, work: Database) -> bool:
    """Are the sources and what came of them as they were at the last build?"""
    return _state(home.tallies).get("sources") == sources(work)


def begin(home: Home, build: Database, work: Database) -> None:
    """Keep the tallies of a whole build, once it is in its place; ``temp.pairs`` holds the pairs."""
    if build.execute("select count(*) from articles").fetchone()[0] <= WHOLE:
        home.tallies.unlink(missing_ok=True)
        return
    fresh = home.tallies.with_name(f"{home.tallies.name}.new")
    fresh.unlink(missing_ok=True)
    touch(fresh)
    build.attach("tallies", fresh)
    with build.atomic():
        build.execute(
            "create table tallies.pairs (entity_id integer, other_id integer, articles integer not null,"
            " primary key (entity_id, other_id)) without rowid"
        )
        build.execute("insert into tallies.pairs select * from temp.pairs order by 1, 2")
        build.execute("create table tallies.state (name text primary key, value text)")
        note(home, build, work)
    build.execute("detach tallies")
    fsync(fresh)
    fresh.replace(home.tallies)


def note(home: Home, build: Database, work: Database) -> None:
    """Say in the attached ``tallies`` to which build they belong."""
    (name,) = values(build, "select value from release where name = 'build'")
    rows = (("build", name), ("decisions", decisions(home)), ("sources", sources(work)))
    build.conn.executemany("insert or replace into tallies.state values (?, ?)", rows)


def decisions(home: Home) -> str:
    """A hash of all that a build is made from beside work.db: decisions, links, this version and its words."""
    digest = hashlib.sha256(f"{version('ai-blotter')} {VERSION} {dictionary_rows(load_metadata())}".encode())
    for path in (home.corrections, home.links):
        digest.update(path.read_bytes() if path.exists() else b"\0")
    return digest.hexdigest()


def sources(work: Database) -> str:
    """A hash of what a build tells of its sources."""
    return hashlib.sha256(repr([work.execute(sql).fetchall() for sql in _SOURCES]).encode()).hexdigest()


def _state(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as db:
        try:
            return dict(db.execute("select name, value from state"))
        except sqlite3.DatabaseError:  # cut short: the next build is whole, and makes it anew
            return {}


def _build(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as db:
        try:
            return str(db.execute("select value from release where name = 'build'").fetchone()[0])
        except (sqlite3.DatabaseError, TypeError):
            return None


_SOURCES = (
    "select * from sources order by id",
    f"select source_id, {SOURCE_STATE} from jobs where kind = 'poll' order by 1",
    "select source_id, count(distinct url) from failures where stage != 'link' group by 1 order by 1",
    "select source_id, count(*), max(first_seen_at) from articles group by 1 order by 1",
    """
    select source_id, published_month, count(*), sum(is_relevant is 1),
      sum(language is not null and language != 'en'), sum(access != 'open')
    from articles group by 1, 2 order by 1, 2
    """,
)
