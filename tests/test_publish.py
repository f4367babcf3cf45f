"""What readers get: nothing private, the same bytes for the same state, nothing at all if a gate says no."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from matter import LATER, NOW, TEXT, article, fill, made, reading, span
from sqlite_utils import Database

from crawler.sources import Source
from data.check import check_file, check_home
from data.gates import GateRefusal
from data.home import Home, Locked, Refusal
from data.indexes import FULL_TEXT
from data.publish import publish
from data.removal import remove, to_remove
from data.schema import PUBLISHED, TABLES
from data.snapshot import EXCERPT
from data.store import Store
from extract.facts import Entity, Mention, Quote, QuoteGroup, Wording

LONG = TEXT + " And so it went on, word after word." * 40 + " The very end."


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return made(tmp_path, 11, 12, 13)


def opened(home: Home) -> Database:
    return Database(sqlite3.connect(home.public_db))


def test_the_file_holds_what_was_declared_and_no_more(home):
    publish(home)
    db = opened(home)
    shadows = {name for table in FULL_TEXT for name in db.table_names() if name.startswith(f"{table}_fts")}
    assert set(db.table_names()) - shadows - {"sqlite_stat1", "sqlite_stat4"} == set(PUBLISHED)
    assert {name: tuple(db[name].columns_dict) for name in PUBLISHED} == PUBLISHED


def test_the_key_in_the_address_of_a_source_stays_in_the_home(home):
    paid = Source(id="paid", name="Paid", kind="feed", url="https://paid.example/feed?lang=en&api_key=9f2c5d")
    with Store(home.work_db) as store:
        store.register_sources([paid], now=NOW)
    publish(home)
    assert [row["url"] for row in opened(home)["sources"].rows] == ["https://paid.example/feed?lang=en"]
    assert b"9f2c5d" not in home.public_db.read_bytes()


def test_every_record_of_the_lexicon_is_there_though_no_article_names_it(home):
    named = publish(home).counts["names"]
    with Store(home.work_db) as store:
        store.sync_entities(
            [
                Entity(slug="brindle", kind="company", name="Brindle"),
                Entity(slug="brindlebot", kind="project", name="Brindlebot", aliases=("Brin",), parent="brindle"),
            ]
        )
    assert publish(home).counts["names"] == named
    db = opened(home)
    (row,) = db.query(
        "select alias, owner.name as owner, bot.mentions"
        " from entities bot join entities owner on owner.id = bot.parent_id"
        " join aliases on entity_id = bot.id where bot.slug = 'brindlebot'"
    )
    assert row == {"alias": "Brin", "owner": "Brindle", "mentions": 0}


def test_the_same_state_gives_the_same_bytes(home, tmp_path):
    publish(home)
    before = home.public_db.read_bytes()
    assert not publish(home).is_changed
    home.public_db.unlink()
    publish(home)
    assert home.public_db.read_bytes() == before


def test_the_order_of_arrival_leaves_no_trace(tmp_path):
    files = []
    for name, order in (("one", (11, 12, 13)), ("two", (13, 12, 11))):
        (tmp_path / name).mkdir()
        home = made(tmp_path / name, *order)
        publish(home)
        files.append(home.public_db.read_bytes())
    assert files[0] == files[1]


def test_one_at_a_time_or_all_at_once_is_the_same(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = made(tmp_path / "one", 11), made(tmp_path / "two", 11, 12, 13)
    for number in (12, 13):
        with Store(one.work_db) as store:
            fill(store, number)
    assert publish(one).path.read_bytes() == publish(two).path.read_bytes()


def test_a_refresh_that_finds_nothing_new_changes_no_byte(home):
    publish(home)
    with Store(home.work_db) as store:
        for number in (11, 12, 13):
            store.add_article(replace(article(number), fetched=LATER), now=LATER)
        fill(store)
        store.finish_run(store.start_run("refresh", now=LATER), exit_code=0, counts={}, now=LATER)
    with Store(home.work_db) as store:
        violations = tuple(number for story in store.stories() for number, _ in story.violations)
        assert len(violations) == 2
    home_again = home.public_db.read_bytes()
    with Store(home.work_db) as store:
        fill(store, 11, 12, 13)
    publish(home)
    assert home.public_db.read_bytes() == home_again


def test_all_checks_pass(home):
    publish(home)
    assert check_home(home) == []


def test_a_long_text_is_cut_and_its_words_stay(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(11), text=LONG), now=LATER)
        store.keep_reading(reading(11), extracted_with="1")
        store.promote_entities()
    publish(home, accept_drop=True)
    db = opened(home)
    assert db["articles"].get(11)["text_tier"] == "excerpt"
    text = db["article_text"].get(11)["text"]
    assert len(text) <= EXCERPT
    assert LONG.startswith(text)
    assert db["spans"].count_where("article_id = 11") == 7
    assert b"The very end" not in home.public_db.read_bytes()


def test_the_private_file_has_every_text(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(12), text=LONG), now=LATER)
    path = publish(home, private=True).path
    assert path.name == "blotter.db"
    assert Database(sqlite3.connect(path))["article_text"].get(12)["text"] == LONG
    assert not home.public_db.exists()


def test_no_private_word_is_in_the_file(home):
    with Store(home.work_db) as store:
        store.add_article(replace(article(14), title="Off topic entirely", text="Weather was fine."), now=NOW)
        store.keep_reading(
            replace(reading(14), facts=(), relevance=replace(reading(14).relevance, score=0.1)), extracted_with="1"
        )
    publish(home)
    data = home.public_db.read_bytes()
    assert b"Weather was fine" not in data
    assert b"Off topic entirely" not in data
    assert b"Subscribe" not in data  # a block that was cut from the page
    coverage = opened(home)["coverage"]
    assert sum(row["articles"] for row in coverage.rows) == 4
    assert sum(row["relevant_articles"] for row in coverage.rows) == 3


def test_a_private_person_is_named_in_the_words_of_a_fact_alone(home):
    facts = [f for f in reading(12).facts if getattr(f, "kind", "") != "person"]
    facts = [replace(f, affiliation=None, speaker="Una Private") if isinstance(f, Quote) else f for f in facts]
    person = Mention(
        spans=(replace(span("Ada"), role="mention"),), kind="person", name="Una Private", method="model"
    )  # fmt: skip
    with Store(home.work_db) as store:
        store.keep_reading(replace(reading(12), facts=(*facts, person)), extracted_with="1")
        store.promote_entities()
    publish(home, accept_drop=True)
    assert [row["speaker"] for row in opened(home)["quotes"].rows_where("article_id = 12")] == [None]
    assert b"Una Private" not in home.public_db.read_bytes()


@pytest.mark.parametrize(("kind", "pages"), [("company", 1), ("organisation", 0)])
def test_an_organisation_of_unknown_kind_is_mentioned_and_has_no_page(home, kind, pages):
    with Store(home.work_db) as store:
        for number in (11, 12, 13):
            read = reading(number)
            facts = (
                replace(f, kind=kind) if isinstance(f, Mention) and f.name == "Brightloom" else f for f in read.facts
            )
            store.keep_reading(replace(read, facts=tuple(facts)), extracted_with="1")
        store.promote_entities()
    publish(home, accept_drop=True)
    db = opened(home)
    assert db["entities"].count_where("slug = 'brightloom'") == pages
    mentions = list(db["mentions"].rows_where("name = 'Brightloom'"))
    assert mentions
    assert {(row["kind"], row["entity_id"] is not None) for row in mentions} == {(kind, bool(pages))}


def test_an_organisation_that_one_story_makes_a_firm_is_that_firm_in_the_others(home):
    with Store(home.work_db) as store:
        for number, kind in ((11, "company"), (12, "organisation"), (13, "organisation")):
            facts = (
                replace(f, kind=kind) if isinstance(f, Mention) and f.name == "Brightloom" else f
                for f in reading(number).facts
            )
            store.keep_reading(replace(reading(number), facts=tuple(facts)), extracted_with="1")
        store.promote_entities()
    publish(home, accept_drop=True)
    db = opened(home)
    (firm,) = db["entities"].rows_where("slug = 'brightloom'")
    assert firm["kind"] == "company"
    assert {row["entity_id"] for row in db["mentions"].rows_where("name = 'Brightloom'")} == {firm["id"]}


def test_a_broken_file_in_the_place_of_the_last_build_is_replaced(home):
    home.public_db.write_text("broken " * 1000)
    assert publish(home).is_changed
    assert check_home(home) == []


def test_copies_count_once(home):
    publish(home)
    db = opened(home)
    assert {row["as_violator"] for row in db["entities"].rows_where("slug = 'brightloom'")} == {2}
    (incident,) = db["incidents"].rows
    assert (incident["articles"], incident["reports"], incident["violations"]) == (3, 2, 2)
    assert db["violations"].count_where("is_copy") == 1


def test_quotes_that_repeat_each_other_are_grouped_unless_one_is_left(home):
    with Store(home.work_db) as store:
        ids = tuple(filed.id for filed in store.quotes())
        wording = Wording(words="We regret it,", quote_ids=ids, relation="whole")
        store.keep_quote_groups([QuoteGroup(quote_ids=ids, article_ids=(11, 12, 13), wordings=(wording,))])
    publish(home)
    assert [(row["quotes"], row["articles"]) for row in opened(home)["quote_groups"].rows] == [(3, 3)]
    with Store(home.work_db) as store:
        remove(store.db, to_remove(store.db, "11", with_copies=True), reason="legal", note=None, now=NOW)
    publish(home)
    assert opened(home)["quote_groups"].count == 0
    assert opened(home)["quotes"].count_where("group_id is not null") == 0


def test_search_finds_words_with_accents_left_out(home):
    publish(home)
    rows = list(opened(home)["violations"].search("brightloom"))
    assert len(rows) == 3
    assert opened(home)["article_text"].detect_fts() == "article_text_fts"


def test_a_lost_article_is_refused_and_the_old_file_stays(home):
    publish(home)
    before = home.public_db.read_bytes()
    with Store(home.work_db) as store:
        store.db.execute("update articles set is_relevant = 0 where id = 12")
    with pytest.raises(GateRefusal, match="1 of the last build are missing") as refusal:
        publish(home)
    assert refusal.value.exit_code == 3
    assert home.public_db.read_bytes() == before
    assert publish(home, accept_drop=True).counts["articles"] == 2


def test_a_lost_fact_is_refused(home):
    publish(home)
    with Store(home.work_db) as store:
        store.db.execute("delete from spans where fact_id in (select id from quotes where article_id = 12)")
        store.db.execute("delete from quotes where article_id = 12")
    with pytest.raises(GateRefusal, match="quotes: 1 of the last build"):
        publish(home)


def test_an_edited_article_may_lose_facts(tmp_path):
    home = made(tmp_path, *range(20, 30))
    publish(home)
    with Store(home.work_db) as store:
        store.add_article(replace(article(20), text="Nothing of it is left."), now=LATER)
        store.keep_reading(replace(reading(20), facts=()), extracted_with="1")
    assert publish(home).counts["quotes"] == 9


def test_a_broken_extractor_is_refused(tmp_path):
    home = made(tmp_path, *range(20, 30))
    publish(home)
    with Store(home.work_db) as store:
        for number in range(20, 30):
            store.keep_reading(replace(reading(number), facts=()), extracted_with="2")
    with pytest.raises(GateRefusal, match="quotes: 0 now, 10 in the last build"):
        publish(home)


def test_words_that_moved_are_refused(home):
    with Store(home.work_db) as store:
        store.db.execute("update article_text set text = ' ' || text where article_id = 12")
    with pytest.raises(GateRefusal, match="do not stand"):
        publish(home)
    assert not home.public_db.exists()
    assert [path.name for path in home.path.glob("blotter*")] == []


def test_nothing_to_publish_is_a_refusal(tmp_path):
    with pytest.raises(Refusal, match="nothing to publish"):
        publish(Home(tmp_path))


def test_the_file_is_for_owner_and_group(home):
    publish(home)
    assert home.public_db.stat().st_mode & 0o777 == 0o640


def test_a_second_run_is_turned_away(home):
    with home.lock(), pytest.raises(Locked) as locked, home.lock():
        pass
    assert locked.value.exit_code == 75


def test_a_damaged_file_is_found_out(home):
    publish(home)
    with Database(sqlite3.connect(home.public_db)) as db:
        db.execute("update spans set words = 'oops' where role = 'cue' and article_id = 12")
        db.execute("update article_text set text = replace(text, 'regret', 'deplore') where article_id = 11")
    found = check_file(home.public_db)
    assert any("oops" not in line and "do not fit its offsets" in line for line in found)
    assert any("search index" in line for line in found)


@pytest.mark.parametrize(
    ("tampering", "finding"),
    [
        ("update spans set words = 'we forget it,' where role = 'verbatim'", "words do not fit its offsets"),
        ("update spans set words = 'We relish it,' where role = 'verbatim'", "words do not fit its offsets"),
        ("update spans set start_char = start_char + 1, end_char = end_char + 1 where role = 'verbatim'", "offsets"),
        ("update quotes set content = replace(content, 'regret', 'relish')", "its content is not what its spans say"),
    ],
    ids=["longer", "as-long", "elsewhere", "content"],
)
def test_altered_words_of_a_quote_are_found_out(home, tampering, finding):
    verbatim = span("We regret it,", "verbatim")
    with Store(home.work_db) as store:
        facts = (replace(f, spans=(*f.spans, verbatim)) if isinstance(f, Quote) else f for f in reading(12).facts)
        store.keep_reading(replace(reading(12), facts=tuple(facts)), extracted_with="1")
        store.promote_entities()
    publish(home)
    assert check_file(home.public_db) == []
    with Database(sqlite3.connect(home.public_db)) as db:
        db.execute(tampering)
    assert any(finding in line for line in check_file(home.public_db))


def test_altered_words_between_marks_are_found_out_where_the_text_is_cut(home):
    late = replace(span("We regret it,", "content"), start_char=len(LONG), end_char=len(LONG) + 13)
    with Store(home.work_db) as store:
        store.add_article(replace(article(12), text=LONG + "We regret it, he said."), now=LATER)
        facts = (
            replace(f, spans=(late, replace(late, role="verbatim"))) if isinstance(f, Quote) else f
            for f in reading(12).facts
        )
        store.keep_reading(replace(reading(12), facts=tuple(facts)), extracted_with="1")
        store.promote_entities()
    publish(home, accept_drop=True)
    assert check_file(home.public_db) == []
    with Database(sqlite3.connect(home.public_db)) as db:
        db.execute("update spans set words = 'We relish it,' where role = 'verbatim'")
    assert any("do not stand in its content" in line for line in check_file(home.public_db))


def test_a_file_that_is_no_database_is_refused(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("nothing")
    with pytest.raises(Refusal, match="no SQLite database"):
        check_file(file)


def test_every_link_between_tables_ends_in_id():
    for table in TABLES:
        for column in table.columns:
            assert ("references" not in column.sql) or column.name.endswith("_id"), f"{table.name}.{column.name}"
