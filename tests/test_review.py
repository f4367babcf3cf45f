"""What an editor is shown first, and what the answers write."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from matter import NOW, article, fill, made, reading
from sqlite_utils import Database

from data.commands import review as verb
from data.corrections import load_corrections
from data.home import Home
from data.publish import publish
from data.review import review
from data.store import Store
from extract.facts import Violation


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return made(tmp_path, 11, 12, 13)


def findings(home: Home) -> list[tuple[str, str]]:
    with Store(home.work_db) as store:
        return [(one.why, one.what) for one in review(store.db, load_corrections(home.corrections))]


def answer(home: Home, *lines: str) -> str:
    result = CliRunner().invoke(verb, ["--home", str(home.path), "--who", "A. Editor"], input="\n".join(lines) + "\n")
    assert result.exit_code == 0, result.output
    return result.output


def test_a_violator_without_a_record_comes_up_and_goes_when_decided(home):
    assert findings(home)[:2] == [("new violator", "Brightloom: terms, alleged")] * 2
    assert "2 decided" in answer(home, "a", "seen in court", "r", "no such claim", "q")
    assert [one.action for one in load_corrections(home.corrections)] == ["confirm", "reject"]
    assert [why for why, _ in findings(home)] == ["unlinked name"]


def test_a_name_gets_a_suggestion_that_links_it(home):
    with Store(home.work_db) as store:
        facts = tuple(
            replace(f, name="Quillmere L", entity=None) if getattr(f, "name", "") == "Quillmere" else f
            for f in reading(11).facts
        )
        for number in (11, 12):
            store.keep_reading(replace(reading(number), facts=facts), extracted_with="1")
        store.promote_entities()
    shown = [what for why, what in findings(home) if why == "unlinked name"]
    assert "Quillmere L, a company in 2 articles" in shown
    answer(
        home, *["s"] * [what for _, what in findings(home)].index("Quillmere L, a company in 2 articles"), "a", "", "q"
    )
    publish(home)
    with Database(sqlite3.connect(home.public_db)) as db:
        linked = list(db.query("select distinct slug from mentions join entities e on e.id = entity_id"
                               " where mentions.name = 'Quillmere L'"))  # fmt: skip
    assert linked == [{"slug": "quillmere"}]


def test_states_that_contradict_each_other_come_first(home):
    facts = tuple(replace(f, status="dismissed") if isinstance(f, Violation) else f for f in reading(12).facts)
    found = tuple(replace(f, status="found") if isinstance(f, Violation) else f for f in reading(11).facts)
    with Store(home.work_db) as store:
        store.keep_reading(replace(reading(12), facts=facts), extracted_with="1")
        store.keep_reading(replace(reading(11), facts=found), extracted_with="1")
        fill(store)
    assert findings(home)[0] == ("contradiction", "A matter")
    answer(home, "f", "dismissed", "the court has the last word", "q")
    publish(home)
    with Database(sqlite3.connect(home.public_db)) as db:
        assert [row["status"] for row in db["incidents"].rows] == ["dismissed"]


def test_a_stub_is_listed(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(20), text="Cut short.", signals=("stub",)), now=NOW)
        store.keep_reading(replace(reading(20), facts=()), extracted_with="1")
    assert ("stub", "Brightloom broke terms") in findings(home)


def test_the_list_asks_nothing(home):
    result = CliRunner().invoke(verb, ["--home", str(home.path), "--list"])
    assert result.output.endswith("0 decided\n")
