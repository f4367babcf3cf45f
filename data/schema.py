"""The shape of both databases, as data: every table and column, and `ensure`, which makes them.

work.db holds all of it; `publish` copies what may be seen into blotter.db. A column marked

* ``-`` stays in work.db,
* ``+`` is made by `publish` and stands in blotter.db alone.

A *kept* table is changed only by a migration (`data.migrations`) and emptied only by a purge; a *derived* one can be
made again from the kept ones at any time; a *summary* is made by `publish`. Times are UTC, ISO 8601, ending in ``Z``.

A column called ``rowid`` is the place of a row in the order of time (`data.ids.time_rank`). To SQLite it stands for the
hidden number of that name, by which a search index knows the rows of its table: so the index is in the order of time,
and the newest matches of any words are found without looking at the others.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlite_utils import Database

from data.indexes import WORK_INDEXES, make_indexes
from data.touched import watch

TableKind = Literal["kept", "derived", "summary"]
VERSION = 1
"""Of the kept tables, in ``pragma user_version`` of both files; `data.migrations` leads from one to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its declaration, and in which of the two files it stands."""

    name: str
    sql: str
    in_work: bool
    in_public: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One table, as declared below."""

    name: str
    kind: TableKind
    body: str
    is_private: bool = False
    key: str = ""
    """Of a table that is nothing but an index: the columns that its rows are found by."""
    work_key: str = ""
    """What leads the rows of work.db in place of their ids, which are hashes: so those of one article stand together,
    and few pages are written for it however many articles there are."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """In the order of the declaration."""
        return tuple(_columns(self))

    @property
    def work_columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.in_work)

    @property
    def public_columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns if c.in_public)

    @property
    def copied_columns(self) -> tuple[str, ...]:
        """What `publish` takes over as it stands."""
        return tuple(c.name for c in self.columns if c.in_work and c.in_public)

    def sql(self, *, public: bool) -> str:
        """The statement that creates it in one of the two files."""
        columns = [c.sql for c in self.columns if (c.in_public if public else c.in_work)]
        if self.work_key and not public:
            columns[0] = columns[0].replace("primary key", "not null")
        key = self.key or ("" if public else self.work_key)
        end = f",\n  primary key ({key})\n) without rowid" if key else "\n)"
        return f"create table if not exists {self.name} (\n  " + ",\n  ".join(columns) + end


def _columns(table: Table) -> Iterator[Column]:
    for declaration in table.body.split(","):
        words = declaration.split()
        mark = words.pop(0) if words[0] in "-+" else ""
        yield Column(
            name=words[0],
            sql=" ".join(words),
            in_work=mark != "+" and table.kind != "summary",
            in_public=mark != "-" and not table.is_private,
        )


TABLES = (
    # -- who is read, and the work to do ------------------------------------------------------------------------------
    Table("sources", "kept", """
        id text primary key, name text not null, kind text not null, url text not null,
        group_name text, language text, country text, text_tier text not null, expect_min integer,
        is_active integer not null default 1, reason text, + state text, + last_new_at text,
        + articles integer not null default 0, + relevant_articles integer not null default 0,
        + failures integer not null default 0
    """),
    Table("jobs", "kept", """
        id integer primary key, kind text not null, url text not null, host text not null, source_id text,
        due_at text, leased_until text, tries integer not null default 0, weight real not null default 0,
        validators text, link text, article_id integer, queued_at text, ok_at text, new_at text, failed_at text,
        reason text
    """, is_private=True),
    Table("holds", "kept", "host text primary key, until text not null", is_private=True),
    Table("fetches", "kept", """
        id integer primary key, url text not null, final_url text not null, source_id text, status integer not null,
        at text not null, size integer not null, content_type text, sha256 text, redirects text, warc_file text,
        warc_offset integer
    """, is_private=True),
    Table("failures", "kept", """
        id integer primary key, url text not null, source_id text, stage text not null, reason text not null,
        detail text not null, status integer, weight real not null default 1, at text not null
    """, is_private=True),
    Table("backfills", "kept", """
        id integer primary key, name text not null, offset integer, is_done integer not null default 0,
        answers integer not null default 0, pages integer not null default 0, articles integer not null default 0
    """, is_private=True),
    Table("runs", "kept", """
        id integer primary key, command text not null, started_at text not null, finished_at text,
        exit_code integer, counts text, report text
    """, is_private=True),
    # -- articles -----------------------------------------------------------------------------------------------------
    Table("articles", "kept", """
        id integer primary key, url text not null unique, title text not null, meta_title text, publisher text,
        source_id text references sources(id), authors text not null, section text, keywords text not null,
        summary text, declared_language text, language text, access text not null, published_from text,
        published_to text, published_at text, published_basis text, published_words text, published_month text,
        modified_at text, fetched_at text, first_seen_at text not null, changed_at text not null,
        versions integer not null, word_count integer not null, text_sha256 text not null, text_confidence real,
        signals text not null, - record_sha256 text not null, - is_relevant integer, relevance real,
        relevance_words text, extracted_with text, copy_of_id integer references articles(id),
        + text_tier text not null, + copies integer not null default 0, + quotes integer not null default 0,
        + violations integer not null default 0, + rowid integer
    """),
    Table("article_text", "kept", """
        article_id integer primary key references articles(id), + rowid integer, text text not null
    """),
    Table("article_versions", "kept", """
        id integer primary key, article_id integer not null references articles(id), n integer not null,
        title text not null, seen_at text not null, modified_at text, text_sha256 text not null,
        word_count integer not null, text text
    """),
    Table("hops", "kept", """
        id integer primary key, article_id integer not null references articles(id), n integer not null,
        kind text not null, name text not null, url text, method text not null, confidence real not null,
        words text not null, + target_id integer references articles(id)
    """),
    Table("origins", "kept", """
        id integer primary key, article_id integer not null references articles(id), field text not null,
        origin text not null
    """, is_private=True),
    Table("cuts", "kept", """
        id integer primary key, article_id integer not null references articles(id), n integer not null,
        words text not null, score real not null, reason text not null
    """, is_private=True),
    Table("article_copies", "derived", """
        id integer primary key, article_id integer not null references articles(id),
        copy_of_id integer not null references articles(id), similarity real not null, method text not null
    """),
    Table("sketches", "derived", """
        article_id integer primary key references articles(id), words blob not null, shingles blob not null
    """, is_private=True),
    # -- who and what -------------------------------------------------------------------------------------------------
    Table("entities", "kept", """
        id integer primary key, slug text not null unique, kind text not null, name text not null, subkind text,
        country text, parent_id integer references entities(id), description text, is_reviewed integer not null,
        + mentions integer not null default 0, + articles integer not null default 0,
        + as_violator integer not null default 0, + as_rule_owner integer not null default 0,
        + as_speaker integer not null default 0, + first_seen text, + last_seen text
    """),
    Table("aliases", "derived", """
        id integer primary key, entity_id integer not null references entities(id), alias text not null
    """),
    Table("entity_merges", "summary", """
        id integer primary key, slug text not null, into_id integer not null references entities(id),
        merged_at text not null
    """),
    # -- facts --------------------------------------------------------------------------------------------------------
    Table("mentions", "derived", """
        id integer primary key, article_id integer not null references articles(id),
        entity_id integer references entities(id), - entity_slug text, kind text not null, name text not null,
        method text not null, role text, affiliation text, in_title integer not null
    """, work_key="article_id, id"),
    Table("relations", "derived", """
        id integer primary key, article_id integer not null references articles(id), kind text not null,
        subject text not null, subject_entity_id integer references entities(id), - subject_slug text,
        object text not null, object_entity_id integer references entities(id), - object_slug text,
        evidence text not null
    """),
    Table("quotes", "derived", """
        id integer primary key, article_id integer not null references articles(id), kind text not null,
        content text not null, speaker text, speaker_kind text, speaker_entity_id integer references entities(id),
        - speaker_slug text, role text, affiliation text, affiliation_entity_id integer references entities(id),
        cue text, via text, is_rule_text integer not null, confidence real not null, rule text not null,
        + group_id integer references quote_groups(id), + wording text, + reported_on text,
        + is_copy integer not null default 0, + is_confirmed integer not null default 0, + rowid integer
    """),
    Table("quote_repeats", "derived", """
        quote_id integer primary key, group_id integer not null, wording text not null
    """, is_private=True),
    Table("quote_keys", "derived", """
        key integer not null, quote_id integer not null
    """, is_private=True, key="key, quote_id"),
    Table("quote_groups", "summary", """
        id integer primary key, content text not null, speaker text, quotes integer not null,
        articles integer not null, wordings integer not null, first_on text
    """),
    Table("violations", "derived", """
        id integer primary key, article_id integer not null references articles(id), status text not null,
        status_cue text, + violator text, + violator_id integer references entities(id), rule text,
        rule_entity_id integer references entities(id), - rule_slug text, rule_type text not null,
        rule_basis text not null, + rule_owner text, + rule_owner_id integer references entities(id),
        + enforcer text, + enforcer_id integer references entities(id), + claimant text,
        + claimant_id integer references entities(id), act text, sanction text, sanction_threatened text,
        amount real, currency text, duration text, response text, evidence text not null, confidence real not null,
        rule_name text not null, + incident_id integer references incidents(id), + reported_on text,
        + is_copy integer not null default 0,
        + is_confirmed integer not null default 0, + rowid integer
    """),
    Table("violation_parties", "derived", """
        id integer primary key, violation_id integer not null references violations(id), role text not null,
        n integer not null, name text not null, entity_id integer references entities(id), - entity_slug text,
        product text
    """),
    Table("spans", "derived", """
        id integer primary key, fact_id integer not null, fact_type text not null,
        article_id integer not null references articles(id), role text not null, n integer not null,
        start_char integer not null, end_char integer not null, words text not null
    """, work_key="article_id, id"),
    # -- incidents ----------------------------------------------------------------------------------------------------
    Table("incidents", "kept", """
        id integer primary key, slug text not null unique, title text not null, status text not null,
        + articles integer not null default 0, + reports integer not null default 0,
        + violations integer not null default 0, + first_on text, + last_on text, + rowid integer
    """),
    Table("incident_articles", "kept", """
        id integer primary key, incident_id integer not null references incidents(id),
        article_id integer not null references articles(id), n integer not null, joined_by text
    """),
    Table("incident_violations", "kept", """
        id integer primary key, incident_id integer not null references incidents(id),
        violation_id integer not null references violations(id)
    """),
    Table("incident_status", "kept", """
        id integer primary key, incident_id integer not null references incidents(id), n integer not null,
        status text not null, article_id integer references articles(id), reported_on text,
        recorded_at text not null, stage text, words text
    """),
    Table("incident_merges", "kept", """
        id integer primary key, slug text not null, into_id integer not null references incidents(id),
        merged_at text not null
    """),
    Table("contradictions", "derived", """
        id integer primary key, incident_id integer not null references incidents(id), + violator text,
        + violator_id integer references entities(id), + rule_type text, field text not null,
        violation_id integer not null references violations(id), value text not null,
        other_id integer not null references violations(id), other_value text not null
    """),
    Table("incident_links", "summary", """
        id integer primary key, incident_id integer not null references incidents(id), database text not null,
        other_id text not null, url text not null, source text not null
    """),
    Table("rule_type_links", "summary", """
        id integer primary key, rule_type text not null, taxonomy text not null, code text not null,
        name text not null, source text not null
    """),
    # -- decisions of people ------------------------------------------------------------------------------------------
    Table("corrections", "summary", """
        id integer primary key, n integer not null, action text not null, target text not null,
        target_type text not null, target_id integer, article_id integer references articles(id), field text,
        value text, was text, why text not null, who text not null, decided_on text not null, state text not null
    """),
    Table("removals", "kept", """
        id integer primary key, article_id integer not null, - url text, - url_sha256 text not null,
        reason text not null, - note text, removed_at text not null, - undone_at text, purged_at text,
        - with_copies integer not null default 0, - of_incident integer, + incident_id integer references incidents(id)
    """),
    Table("removal_marks", "kept", """
        id integer primary key, removal_id integer not null references removals(id), kind text not null,
        sha256 text not null
    """, is_private=True),
    # -- summaries ----------------------------------------------------------------------------------------------------
    Table("coverage", "summary", """
        id integer primary key, source_id text references sources(id), month text, articles integer not null,
        relevant_articles integer not null, other_language integer not null, not_open integer not null
    """),
    Table("months", "summary", """
        month text primary key, articles integer not null, violations integer not null, quotes integer not null,
        incidents integer not null
    """),
    Table("entity_months", "summary", """
        id integer primary key, entity_id integer not null references entities(id), month text not null,
        articles integer not null, mentions integer not null, violations integer not null
    """),
    Table("entity_pairs", "summary", """
        id integer primary key, entity_id integer not null references entities(id),
        other_id integer not null references entities(id), articles integer not null
    """),
    Table("rule_breaks", "summary", """
        id integer primary key, violator_id integer not null references entities(id),
        rule_owner_id integer references entities(id), rule_type text not null, violations integer not null,
        incidents integer not null, articles integer not null, last_on text
    """),
    Table("row_counts", "summary", """
        id integer primary key, table_name text not null, one text, two text, three text, four text,
        rows integer not null
    """),
    Table("release", "summary", "name text primary key, value text"),
    Table("dictionary", "summary", """
        id integer primary key, table_name text not null, column_name text, description text not null
    """),
)  # fmt: skip

TABLE = {table.name: table for table in TABLES}
PUBLISHED = {table.name: table.public_columns for table in TABLES if not table.is_private}
"""Table → columns of blotter.db."""
FACT_TABLES = ("mentions", "relations", "quotes", "violations")


def lacking(conn: sqlite3.Connection) -> list[str]:
    """The tables and columns of blotter.db that a published file does not have, for an older version made it."""
    found = []
    for table, columns in PUBLISHED.items():
        there = {row[1] for row in conn.execute(f"pragma table_info({table})")}
        found += [f"{table}.{column}" for column in columns if column not in there] if there else [table]
    return found


def ensure(db: Database, *, public: bool = False) -> None:
    """Make what is missing of one of the two files; running it again changes nothing."""
    for table in TABLES:
        if (table.name in PUBLISHED) if public else (table.kind != "summary"):
            db.execute(table.sql(public=public))
    if not public:
        make_indexes(db, WORK_INDEXES)
        watch(db)
