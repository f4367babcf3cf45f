"""Releases: whole or not there, verifiable, and what changed between two of them."""

import csv
import hashlib
import json
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from matter import LATER, article, fill, made, reading
from sqlite_utils import Database

from data.diff import diff, told
from data.home import Home, Refusal
from data.publish import publish
from data.releases import issue, latest, release, releases
from data.schema import PUBLISHED
from data.store import Store

DAY = date(2026, 3, 2)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = made(tmp_path, 11, 12, 13)
    publish(home)
    return home


def test_sums_verify(home):
    folder = release(home, on=DAY)
    assert folder.name == "2026-03-02.1"
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    for line in lines:
        sha256, name = line.split("  ")
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {line.split("  ")[1] for line in lines} | {"SHA256SUMS"}
    assert (home.releases / "latest").resolve() == folder


def test_every_table_is_there_whole(home):
    folder = release(home, on=DAY)
    db = Database(sqlite3.connect(folder / "blotter.db"))
    for table, columns in PUBLISHED.items():
        with (folder / "csv" / f"{table}.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert tuple(rows[0]) == columns
        assert len(rows) - 1 == db[table].count == len((folder / "jsonl" / f"{table}.jsonl").read_text().splitlines())


def test_a_file_of_an_older_version_gives_the_columns_that_it_has(home, tmp_path):
    with Database(home.public_db) as db:
        db.execute("alter table articles rename column summary to lead")
        (title,) = db.execute("select title from articles order by id").fetchone()
    issued = issue(home, home.public_db, on=DAY, last=None, note="Once more")
    with (issued / "csv" / "articles.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert ("summary" in row, "lead" in row, row["title"]) == (False, False, title)
    assert row["rowid"].isdecimal()
    assert "`summary`" not in (issued / "DICTIONARY.md").read_text().partition("## articles")[2].partition("##")[0]


def test_no_cell_is_a_formula(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(12), title='=HYPERLINK("https://x.example")'), now=LATER)
        store.keep_reading(reading(12), extracted_with="1")
        fill(store)
    publish(home)
    with (release(home, on=DAY) / "csv" / "articles.csv").open(newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert '\'=HYPERLINK("https://x.example")' in titles


def test_the_same_build_is_released_once_and_gives_the_same_bytes(home, tmp_path):
    folder = release(home, on=DAY)
    assert release(home, on=date(2026, 4, 1)) == folder
    other = made(tmp_path / "other", 11, 12, 13)
    publish(other)
    assert (release(other, on=DAY) / "SHA256SUMS").read_bytes() == (folder / "SHA256SUMS").read_bytes()


def test_papers_can_be_read(home):
    folder = release(home, on=DAY)
    package = json.loads((folder / "datapackage.json").read_text())
    assert {resource["path"] for resource in package["resources"]} == {f"csv/{table}.csv" for table in PUBLISHED}
    assert yaml.safe_load((folder / "CITATION.cff").read_text())["version"] == "2026-03-02.1"
    assert "added by hand" in (folder / "COVERAGE.md").read_text()
    assert "claim" in (folder / "LICENCE.md").read_text()


def test_what_changed_is_told_with_reasons(home):
    first = release(home, on=DAY)
    with Store(home.work_db) as store:
        store.add_article(replace(article(12), text="“We regret it,” said Ada Fennimore."), now=LATER)
        store.keep_reading(replace(reading(12), facts=()), extracted_with="1")
        fill(store, 14)
    publish(home)
    second = release(home, on=DAY)
    assert [path.name for path in releases(home)] == ["2026-03-02.1", "2026-03-02.2"]
    assert latest(home) == second
    differences = {one.table: one for one in diff(first / "blotter.db", second / "blotter.db")}
    assert differences["articles"].added == (14,)
    assert differences["articles"].changed == (12,)
    assert {reason for _, reason in differences["violations"].removed} == {"the article was edited"}
    assert "violations: 1 added, 0 changed, 1 removed" in (second / "CHANGES.md").read_text()
    assert list(told(diff(first / "blotter.db", first / "blotter.db"))) == []


def test_numbers_count_as_numbers(home):
    (home.releases / "2026-03-02.10").mkdir(parents=True)
    assert release(home, on=DAY).name == "2026-03-02.11"


def test_what_cannot_be_compared_is_refused(home, tmp_path):
    (tmp_path / "notes.txt").write_text("no database " * 100)
    with pytest.raises(Refusal, match="cannot be compared"):
        diff(home.public_db, tmp_path / "notes.txt")
    with pytest.raises(Refusal, match="no such file"):
        diff(home.public_db, tmp_path / "nothing.db")


def test_nothing_to_release_is_refused(tmp_path):
    with pytest.raises(Refusal, match="nothing is published"):
        release(Home(tmp_path), on=DAY)
