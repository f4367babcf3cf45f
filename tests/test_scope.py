"""New articles have those grouped anew that they can touch, and leave the rest alone."""

from dataclasses import replace
from datetime import date

import pytest
from matter import LATER, LEXICON, NOW, article, incident, reading

from crawler.items import Interval
from data import scope
from data.store import Store
from extract.facts import Copy

DAYS = {
    1: date(2025, 1, 10), 2: date(2025, 12, 20), 3: date(2026, 1, 20), 4: date(2026, 2, 20), 5: date(2024, 3, 1),
    6: date(2025, 6, 1), 7: None, 8: date(2024, 5, 5), 9: date(2024, 5, 6),
}  # fmt: skip
WHO = {1: "Hollin", 5: "Hollin", 6: "Brightloom", 8: "Marrow", 9: "Marrow"}


@pytest.fixture
def store(monkeypatch):
    monkeypatch.setattr(scope, "WHOLE", 3)
    with Store(":memory:") as store:
        store.sync_entities(LEXICON)
        for number, day in DAYS.items():
            published = day and Interval(start=day, end=day, basis="meta", words=str(day))
            store.add_article(replace(article(number), published=published), now=NOW)
            facts = reading(number).facts
            *others, violation = facts
            parties = (replace(violation.parties[0], name=WHO.get(number, f"Firm {number}")), violation.parties[1])
            facts = (*others, replace(violation, parties=parties))
            store.keep_reading(replace(reading(number), facts=facts), extracted_with="1")
        yield store


def test_a_small_store_is_grouped_as_a_whole(store, monkeypatch):
    monkeypatch.setattr(scope, "WHOLE", 9)
    assert store.scope([4]) is None


def test_the_days_around_are_near(store):
    assert store.scope([4]) == {3, 4}


def test_an_incident_is_not_torn(store):
    store.keep_incidents([incident(1, (1, 3)), incident(2, (5, 8))], now=NOW)
    assert store.scope([4]) == {1, 3, 4}


def test_a_copy_stays_with_its_first_and_with_other_copies(store):
    copy = {"similarity": 1.0, "method": "same-text"}
    store.keep_copies([Copy(article_id=3, copy_of_id=5, **copy), Copy(article_id=8, copy_of_id=5, **copy)])
    assert store.scope([4]) == {3, 4, 5, 8}
    assert store.copies_of([3, 9]) == {3, 5, 8, 9}


@pytest.mark.parametrize("many", [0, 9], ids=["by days", "by claims"])
def test_the_same_claim_within_a_year_is_near(store, monkeypatch, many):
    monkeypatch.setattr(scope, "CLAIMS", many)
    assert store.scope([5]) == {1, 5}


def test_what_touches_most_touches_all(store):
    assert store.scope([1, 2, 3, 4, 5, 6]) is None


def test_an_article_without_a_date_is_near_to_the_last_days(store):
    assert store.scope([7]) >= {4, 7}


def test_only_what_is_in_the_scope_is_replaced(store):
    store.keep_incidents([incident(1, (1, 3)), incident(2, (5, 8))], now=NOW)
    store.keep_copies([Copy(article_id=9, copy_of_id=8, similarity=1.0, method="same-text")])
    near = store.scope([4])
    assert {story.article_id for story in store.stories(among=near)} == near
    assert [old.id for old in store.incidents(among=near)] == [1]
    store.keep_copies([Copy(article_id=4, copy_of_id=3, similarity=1.0, method="same-text")], among=near)
    store.keep_incidents([incident(1, (1, 3, 4), status="found")], now=LATER, among=near)
    assert [(old.id, old.article_ids) for old in store.incidents()] == [(1, (1, 3, 4)), (2, (5, 8))]
    assert {story.article_id for story in store.stories()} == {1, 2, 3, 5, 6, 7, 8}
    assert store.incident_slugs() == {"matter-1", "matter-2"}


def test_stories_come_oldest_first(store):
    assert [story.article_id for story in store.stories()] == [5, 8, 9, 1, 6, 2, 3, 4, 7]
