"""All that can be made again is made again, the same to the byte, and without the network."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import blotter

from crawler.archive import records

STORY = "https://ledger.example/quarrel"
PAGE = """<!doctype html><html lang="en"><head><title>Quarrel over a chatbot</title></head><body><article>
<h1>Quarrel over a chatbot</h1>
<p>The Veldanian Data Protection Authority has fined Quillby AI, a start-up, €2 million for training its chatbot on
private letters without the consent of those who wrote them.</p>
<p>“Letters are not training data,” said Maren Odelind, the head of the authority, at a news conference on Monday.</p>
</article></body></html>"""
NOTE = """A second quarrel over a chatbot

The Veldanian Data Protection Authority is investigating Pendrick Staffing over an AI tool that sorts applicants."""


def state(home: Path) -> str:
    return hashlib.sha256((home / "blotter.db").read_bytes()).hexdigest()


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "work.db")) as db:
        return db.execute(sql).fetchall()


def change(home: Path, sql: str) -> None:
    with closing(sqlite3.connect(home / "work.db")) as db, db:
        db.execute(sql)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a page and a plain text."""
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "note.txt").write_text(NOTE, "utf-8")
    home = tmp_path / "home"
    added = blotter("add", "-", "note.txt", "-q", home=home, cwd=tmp_path, stdin=f"{STORY}\tpage.html\n")
    assert added.returncode == 0, added.stderr
    assert blotter("extract", "-q", home=home, cwd=tmp_path).returncode == 0
    assert blotter("publish", home=home, cwd=tmp_path).returncode == 0
    return home


def test_the_demo_is_rebuilt_to_the_byte(own_demo_home, tmp_path):
    home = own_demo_home
    first, versions = state(home), rows(home, "select id, seen_at from article_versions order by id")
    done = blotter("rebuild", "--quiet", home=home, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert state(home) == first
    archived = blotter("rebuild", "--from", "archive", "--quiet", home=home, cwd=tmp_path)
    assert (archived.returncode, archived.stderr) == (0, "")
    assert state(home) == first, archived.stdout
    assert rows(home, "select id, seen_at from article_versions order by id") == versions
    assert blotter("check", home=home, cwd=tmp_path).returncode == 0


def test_corrections_outlive_a_rebuild(home, tmp_path):
    ((violation,), *_) = rows(home, "select id from violations")
    words = ("correct", "set", str(violation), "status", "settled", "--why", "the court's order", "--who", "A. Editor")
    assert blotter(*words, home=home, cwd=tmp_path).returncode == 0
    assert blotter("publish", home=home, cwd=tmp_path).returncode == 0
    first = state(home)
    for origin in ("texts", "archive"):
        done = blotter("rebuild", "--from", origin, "--quiet", home=home, cwd=tmp_path)
        assert (done.returncode, state(home)) == (0, first), done.stdout + done.stderr


def test_a_better_reading_replaces_the_text_and_is_no_version(home, tmp_path):
    first = state(home)
    for sql in (
        "update articles set title = 'Worse', text_sha256 = '0', record_sha256 = '0'",
        "update article_text set text = 'Worse'",
        "update article_versions set title = 'Worse', text = 'Worse', text_sha256 = '0'",
    ):
        change(home, sql)
    done = blotter("rebuild", "--from", "archive", "--quiet", home=home, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "read again: 2 replaced" in done.stdout
    assert state(home) == first
    assert blotter("check", home=home, cwd=tmp_path).returncode == 0


def test_what_is_not_in_the_archive_is_named_and_stays(home, tmp_path):
    first = state(home)
    for path in (home / "archive").glob("*.warc.gz"):
        path.unlink()
    done = blotter("rebuild", "--from", "archive", "--quiet", home=home, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{STORY}: stays as it was: {STORY}: not in the archive" in done.stdout
    assert state(home) == first


def test_pages_of_a_warc_file_are_archived_once_and_read_again(home, tmp_path):
    (given,) = (home / "archive").glob("*.warc.gz")
    other = tmp_path / "other"
    for kept in ("2 new", "2 unchanged"):
        done = blotter("add", given, "-q", home=other, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, f"added: {kept}\n"), done.stderr
    assert len(list(records((other / "archive").glob("*.warc.gz")))) == 2
    done = blotter("rebuild", "--from", "archive", "--quiet", home=other, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "read again: 2 unchanged" in done.stdout


def test_an_empty_home_cannot_be_rebuilt(tmp_path):
    done = blotter("rebuild", home=tmp_path / "home", cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing to rebuild" in done.stderr
