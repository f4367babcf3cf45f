"""What the work database keeps, and that running a verb twice changes nothing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from matter import ARTICLE, LATER, LEXICON, NOW, TEXT, article, fill, incident, reading, span

from crawler.items import Article, Fetch, Interval
from data.home import Refusal
from data.ids import entity_id, fact_ids
from data.readings import SpanError
from data.store import Store
from extract.facts import Contradiction, Copy, Mention, Span, Unread, Violation


@pytest.fixture
def store():
    with Store(":memory:") as store:
        yield store


def content(store: Store) -> list[str]:
    return list(store.db.conn.iterdump())


def test_new_then_unchanged_then_changed(store):
    assert store.add_article(ARTICLE, now=NOW) == "new"
    before = content(store)
    assert store.add_article(replace(ARTICLE, fetched=LATER), now=LATER) == "unchanged"
    assert content(store) == before
    assert store.add_article(replace(ARTICLE, text=TEXT + "\nMore.", fetched=LATER), now=LATER) == "changed"
    assert [row["text"] for row in store.db["article_versions"].rows_where(order_by="n")] == [TEXT, TEXT + "\nMore."]
    assert store.db["article_text"].get(11)["text"] == TEXT + "\nMore."
    assert store.db["articles"].get(11)["changed_at"] == "2026-03-02T12:00:00Z"


def test_a_new_time_of_change_is_a_version_and_nothing_to_read_again(store):
    store.add_article(replace(ARTICLE, modified=NOW), now=NOW)
    store.keep_reading(reading(), extracted_with="1")
    assert store.add_article(replace(ARTICLE, modified=LATER), now=LATER) == "changed"
    versions = list(store.db["article_versions"].rows_where(order_by="n"))
    assert [row["modified_at"] for row in versions] == ["2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"]
    row = store.db["articles"].get(11)
    assert (row["versions"], row["changed_at"], row["extracted_with"]) == (2, "2026-03-01T12:00:00Z", "1")
    store.add_article(replace(ARTICLE, modified=None), now=LATER)
    assert store.db["articles"].get(11)["versions"] == 2


def test_a_wall_does_not_replace_the_text(store):
    store.add_article(ARTICLE, now=NOW)
    assert store.add_article(replace(ARTICLE, text="", access="paywalled"), now=LATER) == "unchanged"
    assert store.db["article_text"].get(11)["text"] == TEXT


def test_a_relative_date_counted_later_changes_nothing(store):
    def seen(start: date) -> Article:
        return replace(
            ARTICLE, published=Interval(start=start, end=start.replace(day=28), basis="relative", words="2 months ago")
        )

    store.add_article(seen(date(2026, 1, 1)), now=NOW)
    assert store.add_article(seen(date(2026, 2, 1)), now=LATER) == "unchanged"
    assert store.db["articles"].get(11)["published_month"] == "2026-01"


def test_an_unknown_month_is_no_month(store):
    two = Interval(start=date(2026, 1, 30), end=date(2026, 2, 2), basis="visible", words="around the turn of the month")
    store.add_article(replace(ARTICLE, published=two), now=NOW)
    assert store.db["articles"].get(11)["published_month"] is None


def test_facts_are_replaced_not_added(store):
    store.sync_entities(LEXICON)
    store.add_article(ARTICLE, now=NOW)
    store.keep_reading(reading(), extracted_with="1")
    before = content(store)
    store.keep_reading(reading(), extracted_with="1")
    assert content(store) == before
    assert store.counts()["mentions"] == 3
    assert store.counts()["spans"] == 7


def test_a_read_article_is_not_read_again_by_the_same_version(store):
    store.add_article(ARTICLE, now=NOW)
    assert [text.text for text in store.texts_to_extract("1")] == [TEXT]
    store.keep_reading(reading(), extracted_with="1")
    assert list(store.texts_to_extract("1")) == []
    assert len(list(store.texts_to_extract("2"))) == 1
    assert len(list(store.texts_to_extract("1", all=True))) == 1


def test_words_that_do_not_stand_there_stop_the_build(store):
    store.add_article(ARTICLE, now=NOW)
    wrong = Mention(spans=(Span(start_char=0, end_char=4, words="oops"),), kind="company", name="Oops", method="model")
    with pytest.raises(SpanError, match="oops"):
        store.keep_reading(replace(reading(), facts=(wrong,)), extracted_with="1")


def test_readings_are_kept_all_or_none(store):
    """What is not kept whole waits to be read again."""
    for number in (11, 12):
        store.add_article(article(number), now=NOW)
    wrong = Mention(spans=(Span(start_char=0, end_char=4, words="oops"),), kind="company", name="Oops", method="model")
    misread = replace(reading(12), facts=(wrong,))
    with pytest.raises(SpanError, match="oops"):
        store.keep_readings([reading(11), misread], extracted_with="1")
    assert store.counts()["mentions"] == 0
    assert store.count_to_extract("1") == 2
    store.keep_readings([reading(11), reading(12)], extracted_with="1")
    before = content(store)
    store.keep_readings([reading(12)], extracted_with="1")
    assert content(store) == before


def test_facts_link_to_the_lexicon(store):
    store.sync_entities(LEXICON)
    store.add_article(ARTICLE, now=NOW)
    store.keep_reading(reading(), extracted_with="1")
    (quote,) = store.db["quotes"].rows
    assert quote["affiliation_entity_id"] == entity_id("quillmere")
    owner = next(store.db["violation_parties"].rows_where("role = 'rule_owner'"))
    assert owner["entity_id"] == entity_id("quillmere")


def test_a_company_in_two_stories_and_a_spokesperson_get_pages(store):
    store.sync_entities(LEXICON)
    for number in (11, 12):
        store.add_article(article(number), now=NOW)
        store.keep_reading(reading(number), extracted_with="1")
        store.promote_entities()
        companies = [row["slug"] for row in store.db["entities"].rows_where("kind = 'company' and not is_reviewed")]
        assert companies == ([] if number == 11 else ["brightloom"])
    assert store.db["entities"].get(entity_id("ada-fennimore"))["kind"] == "person"
    assert {row["entity_id"] for row in store.db["violation_parties"].rows_where("role = 'violator'")} == {
        entity_id("brightloom")
    }


def test_copies_count_once_towards_a_page(store):
    for number in (11, 12):
        store.add_article(article(number), now=NOW)
        store.keep_reading(reading(number), extracted_with="1")
    store.keep_copies([Copy(article_id=12, copy_of_id=11, similarity=1.0, method="same-text")])
    store.promote_entities()
    assert not list(store.db["entities"].rows_where("kind = 'company'"))


def test_an_article_that_can_no_longer_be_read_loses_its_facts(store):
    fill(store, 11, 12)
    store.keep_unread(Unread(article_id=11, detail="the parser died"), extracted_with="2", now=LATER)
    assert [story.article_id for story in store.stories() if story.violations] == [12]
    assert store.counts()["incident_violations"] == 1
    assert [text.article_id for text in store.texts_to_extract("2")] == [12]


def test_stories_give_back_the_violations_that_were_kept(store):
    store.sync_entities(LEXICON)
    store.add_article(ARTICLE, now=NOW)
    store.keep_reading(reading(), extracted_with="1")
    (story,) = store.stories()
    ((_, violation),) = story.violations
    assert violation.named("violator") == ("Brightloom",)
    assert violation.evidence == span("Brightloom broke the terms of Quillmere.")
    assert story.entities == ("quillmere",)


def test_the_ledger_only_grows_and_ids_redirect(store):
    for number in (11, 12):
        store.add_article(article(number), now=NOW)
    store.keep_incidents([incident(1, (11,)), incident(2, (12,))], now=NOW)
    before = content(store)
    store.keep_incidents([incident(1, (11,)), incident(2, (12,))], now=LATER)
    assert content(store) == before
    store.keep_incidents([incident(1, (11, 12), status="found")], now=LATER)
    statuses = store.db.execute("select status from incident_status where incident_id = 1 order by n").fetchall()
    assert statuses == [("alleged",), ("found",)]
    assert [(row["slug"], row["into_id"]) for row in store.db["incident_merges"].rows] == [("matter-2", 1)]
    assert [found.article_ids for found in store.incidents()] == [(11, 12)]


def told(number: int) -> int:
    """The id of the violation in the report of this number."""
    return next(n for n, fact in fact_ids(number, reading(number).facts) if isinstance(fact, Violation))


def ledger(store: Store) -> list[tuple[object, ...]]:
    return store.db.execute("select status, stage, article_id, words from incident_status order by n").fetchall()


def test_a_new_ledger_begins_with_what_was_reported_before(store):
    fill(store, 11, 12)
    found = incident(2, (11, 12), (told(11), told(12)), status="settled")
    found = replace(found, before=(("alleged", told(11)),), told_by=(("settled", told(12)),))
    for _ in range(2):
        store.keep_incidents([found], now=LATER)
        lines = store.db.execute("select status, article_id from incident_status where incident_id = 2 order by n")
        assert lines.fetchall() == [("alleged", 11), ("settled", 12)]


def test_a_stage_enters_the_ledger_once_with_its_words_and_outlives_them(store):
    fill(store, 11, 12)
    words = "Brightloom broke the terms of Quillmere."
    sued = incident(1, (11, 12), (told(11), told(12)))
    assert ledger(store) == [("alleged", None, 11, words)]
    store.keep_incidents([replace(sued, told_by=(("alleged", told(11)), ("sued", told(12))))], now=LATER)
    store.keep_incidents([replace(sued, told_by=(("alleged", told(12)), ("sued", told(11))))], now=LATER)
    lines = [("alleged", None, 11, words), ("alleged", "sued", 12, words)]
    assert ledger(store) == lines
    store.add_article(replace(article(12), text="Nothing of it.", fetched=LATER), now=LATER)
    store.keep_reading(replace(reading(12), facts=()), extracted_with="2")
    store.keep_incidents([replace(sued, violation_ids=(told(11),))], now=LATER)
    assert ledger(store) == lines


def test_contradictions_are_replaced_and_go_with_their_claims(store):
    fill(store, 11, 12)
    found = Contradiction(
        incident_id=1, field="status", violation_id=told(11), value="alleged", other_id=told(12), other_value="found"
    )
    store.keep_contradictions([found])
    store.keep_contradictions([found])
    store.keep_contradictions([], among=[99])
    assert [row["other_value"] for row in store.db["contradictions"].rows] == ["found"]
    store.keep_reading(replace(reading(12), facts=()), extracted_with="2")
    assert store.db["contradictions"].count == 0


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "work.db"
    path.write_text("not a database at all, but a text of some length" * 50)
    with pytest.raises(Refusal, match=r"work\.db"):
        Store(path)


def test_a_newer_database_is_refused(tmp_path: Path):
    path = tmp_path / "work.db"
    with Store(path) as store:
        store.db.execute("pragma user_version = 99")
    with pytest.raises(Refusal, match="newer"):
        Store(path)


def test_an_older_database_is_upgraded_after_a_backup(tmp_path: Path):
    path = tmp_path / "work.db"
    with Store(path) as store:
        store.add_article(ARTICLE, now=NOW)
        store.keep_reading(reading(), extracted_with="1")
        store.db.execute("alter table runs drop column counts")
        store.db.execute("alter table quotes drop column via")
    with Store(path) as store:
        assert "counts" in store.db["runs"].columns_dict
        assert "via" in store.db["quotes"].columns_dict
        assert len(list(store.texts_to_extract("1"))) == 1
    assert (tmp_path / "work.db.v1.bak").exists()


def test_the_file_is_not_for_everybody(tmp_path: Path):
    with Store(tmp_path / "work.db") as store:
        store.add_article(ARTICLE, now=NOW)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert set(modes.values()) <= {0o640, 0o600}, modes


def test_a_run_that_did_not_finish_can_be_told(store):
    number = store.start_run("crawl", now=NOW)
    assert store.db["runs"].get(number)["finished_at"] is None
    store.finish_run(number, exit_code=0, counts={"articles": 2}, now=LATER)
    assert store.db["runs"].get(number)["counts"] == '{"articles": 2}'


def test_old_lines_of_the_logs_are_let_go(store):
    queue = store.queue()
    for days, file, status in ((0, None, 304), (100, None, 200), (100, "a.warc.gz", 304), (100, "b.warc.gz", 200)):
        at = NOW - timedelta(days=days)
        queue.log_fetch(Fetch(url="https://f.example", final_url="", status=status, at=at, size=0, warc_file=file))
    store.finish_run(store.start_run("crawl", now=NOW), exit_code=0, counts={}, now=NOW)
    assert [(row["at"][:4], row["warc_file"]) for row in store.db["fetches"].rows] == [
        ("2026", None),
        ("2025", "b.warc.gz"),
    ]
