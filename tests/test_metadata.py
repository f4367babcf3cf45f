"""metadata.yml against the schema, both ways: nothing undescribed, nothing described that is not there."""

import sqlite3
from typing import Any

import pytest
from sqlite_utils import Database

from data.indexes import FULL_TEXT, PUBLIC_INDEXES, make_indexes
from data.metadata import load_metadata
from data.schema import PUBLISHED, ensure

BLOTTER: dict[str, Any] = load_metadata()["databases"]["blotter"]
TABLES, QUERIES = BLOTTER["tables"], BLOTTER["queries"]
COLUMN_KEYS = ("label_column", "sort", "sort_desc")


@pytest.fixture(scope="module")
def empty() -> sqlite3.Connection:
    """A published database without rows."""
    db = Database(memory=True)
    ensure(db, public=True)
    for table, columns in FULL_TEXT.items():
        db.table(table).enable_fts(columns)
    make_indexes(db, PUBLIC_INDEXES)
    return db.conn


def test_every_table_is_described_and_every_description_has_its_table() -> None:
    assert set(TABLES) == set(PUBLISHED)


def test_no_question_hides_a_table() -> None:
    assert set(TABLES) & set(QUERIES) == set()


@pytest.mark.parametrize("table", sorted(PUBLISHED))
def test_every_column_is_described_and_the_other_way_round(table: str) -> None:
    assert list(TABLES[table]["columns"]) == list(PUBLISHED[table])
    assert TABLES[table]["title"]
    assert TABLES[table]["description"].endswith(".")
    assert all(words.endswith(".") for words in TABLES[table]["columns"].values())


@pytest.mark.parametrize("table", sorted(TABLES))
def test_columns_named_in_settings_exist(table: str) -> None:
    words = TABLES[table]
    named = [words[key] for key in COLUMN_KEYS if key in words]
    assert {*named, *words.get("facets", ()), *words.get("readable", ())} <= set(PUBLISHED[table])


@pytest.mark.parametrize("table", sorted(FULL_TEXT))
def test_every_search_is_named(table: str) -> None:
    assert (TABLES[table]["fts_table"], TABLES[table]["fts_pk"]) == (f"{table}_fts", "rowid")


@pytest.mark.parametrize("table", [name for name in TABLES if "sort_desc" in TABLES[name] or "sort" in TABLES[name]])
def test_usual_order_has_an_index_or_few_rows(table: str) -> None:
    small = {"sources", "months", "corrections", "removals", "coverage", "incident_status", "article_versions"}
    column = TABLES[table].get("sort_desc")
    assert table in small or any(index.startswith(f"{column} desc") for index in PUBLIC_INDEXES[table])


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_question_runs_and_asks_in_plain_words(name: str, empty: sqlite3.Connection) -> None:
    question = QUERIES[name]
    assert question["title"].endswith("?")
    assert question["description"].endswith(".")
    assert question["hide_sql"] is True
    assert list(question.get("labels", {})) == question.get("params", [])
    assert empty.execute(question["sql"], dict.fromkeys(question.get("params", ()), "x")).fetchall() == []
