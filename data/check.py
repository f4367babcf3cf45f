"""Every gate and invariant, on a home or on any published file; and whether a purge has left anything."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from data.gates import findings
from data.home import Home, Refusal
from data.migrations import upgrade
from data.progress import Step, untold
from data.rows import values
from data.schema import FACT_TABLES
from data.traces import traces


def check_home(home: Home, step: Step = untold) -> list[str]:
    """What is wrong with a home, one line each; a step is a database, or a piece of a file that is read for words."""
    found: list[str] = []
    if home.work_db.exists():
        with Database(sqlite3.connect(home.work_db)) as db:
            upgrade(db, home.work_db)
            step(home.work_db.name)
            found += [f"work.db: {line}" for line in _work_findings(db)]
            found += [f"{name}: holds a sentence of a purged article" for name in traces(home, db, step)]
    for file in (home.public_db, home.private_db):
        if file.exists():
            step(file.name)
            found += check_file(file)
    return found


def check_file(file: Path) -> list[str]:
    """What is wrong with a published file, one line each; refuses a file that is no database at all."""
    with file.open("rb") as opened:
        if opened.read(16) != b"SQLite format 3\x00":
            raise Refusal(f"{file}: no SQLite database; expected a file that blotter publish made")
    try:
        with _copy(file) as copy, Database(sqlite3.connect(copy)) as db:
            return [f"{file.name}: {line}" for line in findings(db)]
    except sqlite3.DatabaseError as error:
        return [f"{file.name}: {error}"]


@contextmanager
def _copy(file: Path) -> Iterator[Path]:
    """The search index can only be checked in a file that may be written."""
    with TemporaryDirectory() as folder:
        yield Path(shutil.copyfile(file, Path(folder) / file.name))


def _work_findings(db: Database) -> Iterator[str]:
    for (line,) in db.execute("pragma integrity_check"):
        if line != "ok":
            yield f"integrity: {line}"
    for table, row, other, _ in db.execute("pragma foreign_key_check"):
        yield f"{table}: row {row} points to a row of {other} that is not there"
    for text, sql in _INVARIANTS.items():
        if wrong := values(db, sql):
            yield f"{len(wrong)} {text}, such as {wrong[0]}"


_INVARIANTS = {
    "articles without their text": "select id from articles where id not in (select article_id from article_text)",
    "articles whose versions do not add up": """
        select id from articles
        where versions != (select count(*) from article_versions where article_id = articles.id)
    """,
    "articles whose text is not their last version": """
        select articles.id from articles
          join article_text on article_text.article_id = articles.id
          join article_versions v on v.article_id = articles.id and v.n = articles.versions
        where v.text != article_text.text or v.text_sha256 != articles.text_sha256
    """,
    "spans whose words do not stand there": """
        select spans.id from spans join article_text using (article_id)
        where substr(text, start_char + 1, end_char - start_char) is not words
    """,
    "jobs that are done without an article": """
        select url from jobs where kind = 'article' and article_id is not null
          and article_id not in (select id from articles)
          and article_id not in (select article_id from removals)
    """,
    "incidents without a status": """
        select id from incidents where id not in (select incident_id from incident_status)
    """,
    **{
        f"{table} without words": f"select id from {table} where id not in (select fact_id from spans)"
        for table in FACT_TABLES
    },
}
