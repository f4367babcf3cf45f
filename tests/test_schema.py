"""The declared shape of both databases."""

import sqlite3

import pytest
from matter import made
from sqlite_utils import Database

from data.indexes import FULL_TEXT, PUBLIC_INDEXES, WORK_INDEXES
from data.publish import publish
from data.schema import PUBLISHED, TABLE, TABLES, ensure


@pytest.mark.parametrize("public", [False, True], ids=["work.db", "blotter.db"])
def test_it_is_made_once_however_often_it_is_asked_for(public):
    db = Database(memory=True)
    ensure(db, public=public)
    before = db.schema
    ensure(db, public=public)
    assert db.schema == before


def test_the_dictionary_inside_the_file_leaves_nothing_undescribed(tmp_path):
    home = made(tmp_path, 11, 12)
    publish(home)
    db = Database(sqlite3.connect(home.public_db))
    described = {(row["table_name"], row["column_name"]) for row in db["dictionary"].rows if row["description"]}
    assert described == {(t, c) for t, columns in PUBLISHED.items() for c in (None, *columns)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_links_are_named_as_links_and_lead_to_published_tables(table):
    for column in table.columns:
        if "references" in column.sql:
            assert column.name.endswith("_id")
            if column.in_public:
                assert column.sql.split("references ")[1].split("(")[0] in PUBLISHED


def test_indexes_and_search_are_of_columns_that_are_there():
    for indexes, where in ((WORK_INDEXES, "work_columns"), (PUBLIC_INDEXES, "public_columns")):
        for table, lists in indexes.items():
            names = {word.split()[0] for columns in lists for word in columns.split(", ")}
            assert names <= set(getattr(TABLE[table], where)), table
    for table, columns in FULL_TEXT.items():
        assert set(columns) <= set(PUBLISHED[table])


def test_what_is_private_is_in_neither_columns_nor_tables():
    assert not {"jobs", "fetches", "failures", "runs", "cuts", "origins", "removal_marks"} & set(PUBLISHED)
    assert not {"url", "note"} & set(PUBLISHED["removals"])
