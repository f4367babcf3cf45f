"""The researcher's journey in a shell: a release of the demo that can be checked, compared and cited."""

import filecmp
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from commands import blotter

from data.metadata import load_metadata
from data.schema import PUBLISHED

_UNDESCRIBED = """
    select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite%' and m.name not like '%\\_fts%' escape '\\'
      and not exists (
        select 1 from dictionary d where d.table_name = m.name and d.column_name = c.name and d.description != ''
      )
"""
_MISMATCHES = """
    select count(*) from spans join article_text on article_text.article_id = spans.article_id
    join articles on articles.id = spans.article_id
    where text_tier = 'full' and substr(text, start_char + 1, end_char - start_char) != words
"""


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demo's home, with a release."""
    folder = tmp_path_factory.mktemp("researcher")
    home = Path(shutil.copytree(demo_home, folder / "home", symlinks=True))
    done = blotter("publish", "--release", home=home, cwd=folder)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="module")
def release(home: Path) -> Path:
    return home / "releases" / "latest"


@pytest.fixture
def db(release):
    with closing(sqlite3.connect(f"file:{release / 'blotter.db'}?mode=ro", uri=True)) as db:
        yield db


def test_the_release_is_whole(release):
    for line in (release / "SHA256SUMS").read_text().splitlines():
        sha256, name = line.split("  ")
        assert hashlib.sha256((release / name).read_bytes()).hexdigest() == sha256, name
    package = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert [r["path"] for r in package["resources"] if not (release / r["path"]).is_file()] == []
    assert [table for table in PUBLISHED if not (release / "jsonl" / f"{table}.jsonl").is_file()] == []


def test_the_file_is_sound(db):
    assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert db.execute("pragma foreign_key_check").fetchall() == []


def test_nothing_is_undescribed(db):
    assert db.execute(_UNDESCRIBED).fetchall() == []


def test_a_shipped_question_gives_what_the_site_counts(db):
    question = load_metadata()["databases"]["blotter"]["queries"]["who_breaks_whose_rules"]
    answer = db.execute(question["sql"])
    claims = [column[0] for column in answer.description].index("claims")
    counted = sum(row[claims] for row in answer)
    sql = "select count(*) from violations where not is_copy and violator_id is not null"
    assert counted == db.execute(sql).fetchone()[0] > 0


def test_every_fact_stands_in_its_text(db):
    assert db.execute(_MISMATCHES).fetchone() == (0,)
    assert db.execute("select count(*) from spans").fetchone()[0] > 100
    bare = "select id from violations where id not in (select fact_id from spans where role = 'evidence')"
    assert db.execute(bare).fetchall() == []


def test_the_same_articles_give_the_same_bytes(home, tmp_path):
    before = shutil.copyfile(home / "blotter.db", tmp_path / "before.db")
    assert blotter("publish", home=home, cwd=tmp_path).returncode == 0
    assert filecmp.cmp(before, home / "blotter.db", shallow=False)


def test_two_builds_are_compared_by_key(release, tmp_path):
    old, new = release / "blotter.db", Path(shutil.copyfile(release / "blotter.db", tmp_path / "new.db"))
    with closing(sqlite3.connect(new)) as db, db:
        (number,) = db.execute("select id from violations where status != 'settled' order by id").fetchone()
        db.execute("update violations set status = 'settled' where id = ?", [number])
    same = blotter("diff", old, old, home=tmp_path, cwd=tmp_path)
    other = blotter("diff", "--keys", old, new, home=tmp_path, cwd=tmp_path)
    assert same.returncode == other.returncode == 0
    assert str(number) in other.stdout
    assert str(number) not in same.stdout


def test_the_bias_is_told(db, release):
    columns = {row[1] for row in db.execute("pragma table_info(coverage)")}
    assert {"source_id", "month", "articles"} <= columns
    assert db.execute("select count(*) from coverage").fetchone()[0] > 3
    assert len((release / "COVERAGE.md").read_text("utf-8").splitlines()) > 3


def test_it_can_be_cited(release):
    citation = yaml.safe_load((release / "CITATION.cff").read_text("utf-8"))
    assert citation["version"] == release.resolve().name
    assert {"title", "date-released", "license"} <= set(citation)


def test_no_time_is_local(db):
    for table, columns in PUBLISHED.items():
        for column in (name for name in columns if name.endswith("_at")):
            sql = f"select {column} from {table} where {column} is not null and {column} not like '%Z'"
            assert db.execute(sql).fetchall() == [], (table, column)
