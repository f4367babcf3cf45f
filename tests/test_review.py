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
    name = "Quillmere L, a company in 2 articles; perhaps quillmere"
    assert name in shown
    answer(home, *["s"] * [what for _, what in findings(home)].index(name), "a", "", "q")
    publish(home)
    with Database(sqlite3.connect(home.public_db)) as db:
        linked = list(db.query("select distinct slug from mentions join entities e on e.id = entity_id"
                               " where mentions.name = 'Quillmere L'"))  # fmt: skip
    assert linked == [{"slug": "quillmere"}]


@pytest.fixture
def contradicted(home: Home) -> Home:
    """The same incident, reported as found and as dismissed."""
    facts = tuple(replace(f, status="dismissed") if isinstance(f, Violation) else f for f in reading(12).facts)
    found = tuple(replace(f, status="found") if isinstance(f, Violation) else f for f in reading(11).facts)
    with Store(home.work_db) as store:
        store.keep_reading(replace(reading(12), facts=facts), extracted_with="1")
        store.keep_reading(replace(reading(11), facts=found), extracted_with="1")
        fill(store)
    return home


def test_states_that_contradict_each_other_come_first(contradicted):
    home = contradicted
    assert findings(home)[0] == ("contradiction", "A matter")
    answer(home, "f", "dismissed", "the court has the last word", "q")
    publish(home)
    with Database(sqlite3.connect(home.public_db)) as db:
        assert [row["status"] for row in db["incidents"].rows] == ["dismissed"]


@pytest.mark.parametrize("answers", [("a",), ("r", "{dismissed}")], ids=["it stands as it is", "a claim is wrong"])
def test_a_contradiction_that_is_decided_on_is_shown_no_more(contradicted, answers):
    with Store(contradicted.work_db) as store:
        (wrong,) = store.db["violations"].rows_where("status = 'dismissed'")
    answer(contradicted, *(word.format(dismissed=wrong["id"]) for word in answers), "both were read", "q")
    assert "contradiction" not in dict(findings(contradicted))
    publish(contradicted)
    with Database(sqlite3.connect(contradicted.public_db)) as db:
        assert [row["state"] for row in db["corrections"].rows] == ["applied"]


def test_what_cannot_be_written_is_said_and_ends_nothing(home):
    said = answer(home, "f", "status", "guilty", "why not", "a", "seen in court", "q")
    assert "status must be one of" in said
    assert said.endswith("1 decided\n")


def test_an_answer_that_would_decide_nothing_is_not_offered(home):
    assert "fix, skip or quit (f, s, q)" in answer(home, "s", "s", "q")


def test_a_stub_is_listed_until_its_article_is_set_right(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(20), text="Cut short.", signals=("stub",)), now=NOW)
        store.keep_reading(replace(reading(20), facts=()), extracted_with="1")
    assert findings(home)[-1] == ("stub", "Brightloom broke terms")
    answer(home, *["s"] * (len(findings(home)) - 1), "f", "published", "2026-02-27", "the paper's own page", "q")
    assert "stub" not in dict(findings(home))


def test_the_list_asks_nothing(home):
    result = CliRunner().invoke(verb, ["--home", str(home.path), "--list"])
    assert result.output.endswith("0 decided\n")
