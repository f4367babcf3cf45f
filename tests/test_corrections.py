"""Editors' decisions: they hold through re-reading, and step aside when the words they were about are gone."""

import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from matter import LATER, article, fill, incident, made, reading
from sqlite_utils import Database

from data.corrections import Correction, add_correction, decision, load_corrections
from data.home import Home, Refusal
from data.publish import publish
from data.rows import values
from data.store import Store
from extract.facts import Contradiction, Violation

WHY = {"why": "the order says so", "who": "A. Editor"}
TODAY = date(2026, 3, 2)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return made(tmp_path, 11, 12)


def decide(home: Home, action: str, *words: str) -> None:
    with Store(home.work_db) as store:
        add_correction(home.corrections, decision(store.db, action, words, **WHY, on=TODAY))


def published(home: Home) -> Database:
    publish(home)
    return Database(sqlite3.connect(home.public_db))


def violation_id(home: Home, number: int = 11) -> str:
    with Store(home.work_db) as store:
        return str(next(store.db["violations"].rows_where("article_id = ?", [number]))["id"])


def states(db: Database) -> list[str]:
    return [row["state"] for row in db["corrections"].rows_where(order_by="n")]


def test_a_rejected_fact_is_gone_with_its_words(home):
    publish(home)
    number = violation_id(home)
    decide(home, "reject", number)
    db = published(home)
    assert [row["article_id"] for row in db["violations"].rows] == [12]
    assert not db["spans"].count_where("fact_id = ?", [number])
    assert states(db) == ["applied"]


def test_a_contradiction_stands_as_long_as_both_claims_say_it(home):
    one, other = (int(violation_id(home, number)) for number in (11, 12))
    with Store(home.work_db) as store:
        store.db.execute("update violations set status = 'found' where id = ?", [other])
        store.keep_contradictions(
            [Contradiction(incident_id=1, field="status", violation_id=one, value="alleged", other_id=other,
                           other_value="found")]
        )  # fmt: skip
    (row,) = published(home)["contradictions"].rows
    assert (row["violator"], row["rule_type"], row["value"]) == ("Brightloom", "terms_of_service", "alleged")
    decide(home, "set", str(one), "status", "found")
    assert published(home)["contradictions"].count == 0
    decide(home, "reject", str(other))
    assert published(home)["contradictions"].count == 0


def test_an_incident_without_violations_is_not_shown(home):
    for number in (11, 12):
        decide(home, "reject", violation_id(home, number))
    assert published(home)["incidents"].count == 0


def test_fields_are_set_and_what_they_were_is_told(home):
    number = violation_id(home)
    decide(home, "set", number, "status", "found")
    decide(home, "set", number, "violator", "quillmere")
    decide(home, "confirm", number)
    db = published(home)
    row = db["violations"].get(int(number))
    assert (row["status"], row["violator"], row["is_confirmed"]) == ("found", "Quillmere", 1)
    assert [row["was"] for row in db["corrections"].rows_where(order_by="n")] == ["alleged", "Brightloom", None]


def test_a_speaker_and_a_date_can_be_set(home):
    with Store(home.work_db) as store:
        quote = next(store.db["quotes"].rows_where("article_id = 11"))["id"]
    decide(home, "set", str(quote), "speaker", "Quillmere Ltd")
    decide(home, "set", "article:11", "published", "2023-12-01/2023-12-31")
    db = published(home)
    assert db["quotes"].get(quote)["speaker"] == "Quillmere"
    assert db["articles"].get(11)["published_month"] == "2023-12"
    assert db["violations"].get(int(violation_id(home)))["reported_on"] == "2023-12-01"


def test_entities_merge_with_a_redirect_and_an_alias(home):
    decide(home, "merge", "brightloom", "quillmere")
    db = published(home)
    assert [row["name"] for row in db["entities"].rows_where("kind = 'company'")] == ["Quillmere"]
    assert [row["slug"] for row in db["entity_merges"].rows] == ["brightloom"]
    assert "Brightloom" in [row["alias"] for row in db["aliases"].rows]


def test_entities_split_are_renamed_and_named_otherwise(home):
    decide(home, "split", "brightloom", "Brightloom", "brightloom-labs")
    decide(home, "rename", "brightloom-labs", "Brightloom Labs")
    decide(home, "alias", "quillmere", "Fennimore")
    decide(home, "set", "entity:brightloom-labs", "country", "NO")
    db = published(home)
    assert {row["violator"] for row in db["violations"].rows} == {"Brightloom Labs"}
    assert states(db) == ["applied"] * 4
    assert next(db["entities"].rows_where("slug = 'brightloom-labs'"))["country"] == "NO"


def test_incidents_merge_and_articles_move(home):
    with Store(home.work_db) as store:
        fill(store, 14)
        first, *_ = [row["id"] for row in store.db["violations"].rows_where("article_id = 14")]
        store.db.execute("insert into incidents (id, slug, title, status) values (2, 'matter-2', 'Another', 'alleged')")
        store.db.execute("delete from incident_articles where article_id = 14")
        store.db.execute("delete from incident_violations where violation_id = ?", [first])
        store.db.execute("insert into incident_articles values (1, 2, 14, 0, null)")
        store.db.execute("insert into incident_violations values (1, 2, ?)", [first])
    decide(home, "move", "12", "matter-1", "matter-2")
    db = published(home)
    assert {row["slug"]: row["articles"] for row in db["incidents"].rows} == {"matter-1": 1, "matter-2": 2}
    decide(home, "merge_incidents", "matter-1", "matter-2")
    db = published(home)
    assert {row["slug"]: row["articles"] for row in db["incidents"].rows} == {"matter-2": 3}
    assert [row["slug"] for row in db["incident_merges"].rows] == ["matter-1"]


@pytest.fixture
def two_incidents(home: Home) -> Home:
    """Articles 11 and 12 in one incident, 14, which found what they allege, in another."""
    with Store(home.work_db) as store:
        fill(store, 14)
        (found,) = values(store.db, "select id from violations where article_id = 14")
        store.db.execute("update violations set status = 'found' where id = ?", [found])
        claims = tuple(values(store.db, "select id from violations where article_id in (11, 12) order by id"))
        other = replace(incident(2, (14,), (found,), status="found"), title="Brightloom found to have breached terms")
        store.keep_incidents([incident(1, (11, 12), claims), other], now=LATER)
    publish(home)
    return home


def told(db: Database) -> dict[str, tuple[str, str, int]]:
    return {row["slug"]: (row["title"], row["status"], row["articles"]) for row in db["incidents"].rows}


ALLEGED = "Brightloom alleged to have breached Quillmere’s terms"
FOUND = "Brightloom found to have breached Quillmere’s terms"


@pytest.mark.parametrize(
    ("decisions", "after"),
    [
        ([("move", "14", "matter-2", "matter-1")], {"matter-1": (FOUND, "found", 3)}),
        ([("merge_incidents", "matter-1", "matter-2")], {"matter-2": (FOUND, "found", 3)}),
        (
            [("move", "12", "matter-1", "matter-2"), ("split_incident", "14", "matter-2", "fine")],
            {"matter-1": (ALLEGED, "alleged", 1), "matter-2": (ALLEGED, "alleged", 1), "fine": (FOUND, "found", 1)},
        ),
        (
            [("merge_incidents", "matter-1", "matter-2"), ("split_incident", "14", "matter-2", "fine")],
            {"matter-2": (ALLEGED, "alleged", 2), "fine": (FOUND, "found", 1)},
        ),
        (
            [("merge_incidents", "matter-1", "matter-2"), ("set", "incident:matter-2", "title", "Terms of Quillmere")],
            {"matter-2": ("Terms of Quillmere", "found", 3)},
        ),
    ],
    ids=["moved", "merged", "moved-and-split", "merged-and-split", "merged-and-named"],
)
def test_an_incident_says_what_its_claims_say_until_the_decision_is_taken_back(two_incidents, decisions, after):
    before = published(two_incidents)
    was, ids = told(before), {row["slug"]: row["id"] for row in before["incidents"].rows}
    for action, *words in decisions:
        decide(two_incidents, action, *words)
    db = published(two_incidents)
    assert told(db) == after
    assert states(db) == ["applied"] * len(decisions)
    last = {row["incident_id"]: row["status"] for row in db["incident_status"].rows_where(order_by="n")}
    assert last == {row["id"]: row["status"] for row in db["incidents"].rows}
    two_incidents.corrections.write_text("", "utf-8")
    db = published(two_incidents)
    assert told(db) == was
    assert {row["slug"]: row["id"] for row in db["incidents"].rows} == ids
    assert db["incident_merges"].count == 0


def test_a_status_is_entered_on_the_day_of_the_decision_that_changed_it(two_incidents):
    decide(two_incidents, "move", "14", "matter-2", "matter-1")
    with Store(two_incidents.work_db) as store:
        words = ("quillmere", "Quillmere Ltd")
        add_correction(two_incidents.corrections, decision(store.db, "rename", words, **WHY, on=date(2026, 5, 9)))
    ledger = published(two_incidents)["incident_status"].rows_where("incident_id = 1", order_by="n")
    assert [(row["status"], row["recorded_at"][:10]) for row in ledger][-1] == ("found", TODAY.isoformat())


def test_what_a_rejected_claim_brought_is_told_no_more(two_incidents):
    decide(two_incidents, "move", "12", "matter-1", "matter-2")
    decide(two_incidents, "reject", violation_id(two_incidents, 14))
    db = published(two_incidents)
    assert told(db)["matter-2"] == (ALLEGED, "alleged", 2)
    assert [row["status"] for row in db["incident_status"].rows_where("incident_id = 2")] == ["alleged"]


def test_a_claim_that_is_set_right_sets_the_incident_right(two_incidents):
    decide(two_incidents, "set", violation_id(two_incidents, 14), "status", "alleged")
    db = published(two_incidents)
    assert told(db)["matter-2"] == (ALLEGED, "alleged", 1)
    assert [row["status"] for row in db["incident_status"].rows_where("incident_id = 2")] == ["alleged"]


def test_a_correction_stays_when_the_extractor_reads_the_words_otherwise(home):
    decide(home, "set", violation_id(home), "status", "found")
    facts = tuple(replace(f, rule_type="licence") if isinstance(f, Violation) else f for f in reading(11).facts)
    with Store(home.work_db) as store:
        store.keep_reading(replace(reading(11), facts=facts), extracted_with="2")
        fill(store)
    db = published(home)
    assert [row["status"] for row in db["violations"].rows_where("article_id = 11")] == ["found"]
    assert states(db) == ["applied"]


def test_a_correction_steps_aside_when_its_words_are_gone(home):
    decide(home, "set", violation_id(home), "status", "found")
    decide(home, "merge", "brightloom", "nobody-knows")
    with Store(home.work_db) as store:
        store.add_article(replace(article(11), text="Nothing of it is left."), now=LATER)
        store.keep_reading(replace(reading(11), facts=()), extracted_with="1")
    report = publish(home)
    assert [line.split()[0] for line in report.idle] == ["set", "unused:"]


def test_decisions_are_read_back_as_they_were_written(home):
    decide(home, "reject", violation_id(home))
    decide(home, "alias", "quillmere", "Quillmere plc")
    before = load_corrections(home.corrections)
    add_correction(home.corrections, replace(before[1], value="No"))
    assert load_corrections(home.corrections) == (*before, replace(before[1], value="No"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("action: reject", "expected a list"),
        ("- action: burn", "action must be one of"),
        ("- {action: reject, fact: 1, why: x, who: y}", "needs 'decided'"),
        ("- {action: reject, fact: one, why: x, who: y, decided: 2026-01-01}", "fact must be its number"),
        ("- {action: reject, fact: 1, colour: red, why: x, who: y, decided: 2026-01-01}", "unknown key 'colour'"),
        (
            "- {action: set, fact: 1, kind: violation, field: status, value: no, why: x, who: y, decided: 2026-01-01}",
            "status must be one of",
        ),
        (
            "- {action: set, article: 1, field: published, value: May, why: x, who: y, decided: 2026-01-01}",
            "must be a date",
        ),
        ("- [", "corrections.yml"),
    ],
    ids=lambda value: value[:24],
)
def test_what_cannot_be_understood_is_refused(tmp_path, text, message):
    path = tmp_path / "corrections.yml"
    path.write_text(text)
    with pytest.raises(Refusal, match=message):
        load_corrections(path)


def test_a_fact_that_nobody_knows_cannot_be_corrected(home):
    with pytest.raises(Refusal, match="there is none"):
        decide(home, "reject", "123")
    with pytest.raises(Refusal, match="expected FACT"):
        decide(home, "reject")
    with pytest.raises(Refusal, match="must be its number"):
        decide(home, "reject", "9" * 20)


def test_a_new_incident_needs_a_slug_that_an_address_can_hold(home):
    with pytest.raises(Refusal, match="such as a-new-one, not 'A new/one'"):
        decide(home, "split_incident", "11", "matter-1", "A new/one")


def test_a_name_for_a_target():
    assert Correction(action="rename", entity="a", value="B", decided=TODAY, **WHY).target == "entity a"
