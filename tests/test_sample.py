"""The sample article, from the scraped file to the published rows."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from commands import SHARED, blotter

SEED = SHARED / "seed"
pytestmark = pytest.mark.skipif(not SEED.exists(), reason="the sample article is not here")


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    home = folder / "home"
    for words in (
        ("add", SEED / "article.txt", "--fetched", "2024-10-15"),
        ("extract", "--quiet"),
        ("publish", "--private"),
    ):
        done = blotter(*words, home=home, cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(home / "private" / "blotter.db")) as db:
        db.row_factory = sqlite3.Row
        yield db


@pytest.fixture(scope="module")
def expected():
    return json.loads(Path(SEED / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def text(db):
    return db.execute("select text from article_text").fetchone()["text"]


def test_title_and_body_are_read_without_chrome(db, text, expected):
    article = expected["article"]
    assert db.execute("select title from articles").fetchone()["title"] == article["title"]
    assert text.startswith(article["body_first_words"])
    assert text.endswith(article["body_last_words"])
    assert [chrome for chrome in article["body_must_not_contain"] if chrome in text] == []


def test_the_date_is_the_month_that_the_words_mean(db):
    row = db.execute("select published_from, published_to, published_words from articles").fetchone()
    assert tuple(row) == ("2023-12-01", "2023-12-31", "10 months ago")


def test_the_source_chain_is_kept(db, expected):
    hops = {(row["kind"], row["name"]) for row in db.execute("select kind, name from hops")}
    assert ("copy_of", expected["article"]["original_publisher"]) in hops
    assert {("credited", name) for name in expected["article"]["reported_by"]} <= hops


def test_companies_people_and_projects_are_found(db, expected):
    named = {row["name"] for row in db.execute("select name from mentions")}
    assert {c["name"] for c in expected["companies"]} | {"Niko Felix", "Project Seed"} <= named


def test_the_quote_is_whole_and_has_its_speaker(db):
    (quote,) = db.execute("select * from quotes where cue = 'was quoted as saying'").fetchall()
    assert quote["content"].startswith("“All API customers must adhere")
    assert quote["content"].endswith("or terminate their account,”")
    assert (quote["speaker"], quote["role"], quote["affiliation"]) == ("Niko Felix", "spokesperson", "OpenAI")


def test_bytedance_is_the_only_violator(db, expected):
    found = db.execute("select violator, rule, rule_type, evidence from violations").fetchall()
    assert {row["violator"] for row in found} == {"ByteDance"}
    assert {row["rule_type"] for row in found} == {v["rule_type"] for v in expected["violations"]}


def test_every_spans_words_stand_at_its_offsets(db, text):
    spans = db.execute("select start_char, end_char, words from spans").fetchall()
    assert len(spans) > 50
    assert [s["words"] for s in spans if text[s["start_char"] : s["end_char"]] != s["words"]] == []
