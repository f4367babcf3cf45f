"""What was changed in work.db since it was last published, noted by triggers, so that no writer can forget to.

``touched`` holds ids of articles, incidents and entities; ``('all', 0)`` stands for a change that nothing less than a
whole build shows. ``touched_names`` holds the slugs of names whose use changed since names were last promoted.
"""

from collections.abc import Iterator

from sqlite_utils import Database

_TABLES = (
    "create table if not exists touched (kind text, id integer, primary key (kind, id)) without rowid",
    "create table if not exists touched_names (slug text primary key) without rowid",
)
_NAMED_IN = "select entity_slug as key from mentions where article_id = {}"
_ARTICLE_OF = "(select article_id from {table} where id = {row}.{column})"
# Table → events → what they touch, ``{row}`` being the row as it was or is.
_NOTES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "articles": (("insert, update, delete", "article", "{row}.id"),),
    "article_copies": (
        ("insert, update, delete", "article", "{row}.article_id"),
        ("insert, update, delete", "article", "{row}.copy_of_id"),
    ),
    "mentions": (("update of entity_id", "article", "{row}.article_id"),),
    "relations": (("update of subject_entity_id, object_entity_id", "article", "{row}.article_id"),),
    "quotes": (("update of speaker_entity_id, affiliation_entity_id", "article", "{row}.article_id"),),
    "violations": (("update of rule_entity_id", "article", "{row}.article_id"),),
    "violation_parties": (
        ("update of entity_id", "article", _ARTICLE_OF.format(table="violations", row="{row}", column="violation_id")),
    ),
    "quote_repeats": (
        ("insert, update, delete", "article", _ARTICLE_OF.format(table="quotes", row="{row}", column="quote_id")),
    ),
    "incidents": (("insert, update, delete", "incident", "{row}.id"),),
    "incident_articles": (("insert, update, delete", "incident", "{row}.incident_id"),),
    "incident_violations": (
        ("insert, update, delete", "incident", "{row}.incident_id"),
        ("insert, update, delete", "article",
         _ARTICLE_OF.format(table="violations", row="{row}", column="violation_id")),
    ),
    "incident_status": (("insert, update, delete", "incident", "{row}.incident_id"),),
    "incident_merges": (("insert, update, delete", "incident", "{row}.into_id"),),
    "contradictions": (("insert, update, delete", "incident", "{row}.incident_id"),),
    "entities": (("insert, update, delete", "entity", "{row}.id"),),
    "aliases": (("insert, update, delete", "entity", "{row}.entity_id"),),
    "removals": (("insert, update, delete", "all", "0"),),
}  # fmt: skip
_NAMES = (
    # table, event, when, the slugs
    ("articles", "update of copy_of_id", "old.copy_of_id is not new.copy_of_id", _NAMED_IN.format("new.id")),
    ("removals", "insert", "true", _NAMED_IN.format("new.article_id")),
    ("removals", "update", "true", _NAMED_IN.format("new.article_id")),
    ("entities", "update of is_reviewed", "old.is_reviewed is not new.is_reviewed", "select new.slug as key"),
    ("mentions", "insert", "new.method != 'lexicon' or new.entity_id is null", "select new.entity_slug as key"),
    ("mentions", "delete", "old.method != 'lexicon' or old.entity_id is null", "select old.entity_slug as key"),
    ("violation_parties", "insert", "new.entity_id is null", "select new.entity_slug as key"),
    ("quotes", "insert", "new.speaker_entity_id is null", "select new.speaker_slug as key"),
    ("relations", "insert", "new.subject_entity_id is null or new.object_entity_id is null",
     "select new.subject_slug as key union all select new.object_slug"),
)  # fmt: skip
_BEGIN = (
    "insert into touched select 'all', 0 where exists (select 1 from articles)",
    "insert or ignore into touched_names select distinct entity_slug from mentions where entity_slug is not null",
)


def watch(db: Database) -> None:
    """Note changes from now on; of what a database without notes holds all counts as changed."""
    is_new = not db.table("touched").exists()
    for sql in (*_TABLES, *_triggers(), *(_BEGIN if is_new else ())):
        db.execute(sql)


def _triggers() -> Iterator[str]:
    for table, notes in _NOTES.items():
        for n, (events, kind, number) in enumerate(notes):
            for event in [events] if events.startswith("update of") else events.split(", "):
                rows = {"insert": ["new"], "delete": ["old"]}.get(event, ["old", "new"])
                ids = " union all ".join(f"select '{kind}', {number.format(row=row)} as key" for row in rows)
                yield _trigger(f"{table}_{event.split()[0]}_{n}", table, event, "true", "touched", ids)
    for n, (table, event, when, slugs) in enumerate(_NAMES):
        yield _trigger(f"{table}_names_{n}", table, event, when, "touched_names", slugs)
    when = "old.text_tier is not new.text_tier"
    yield _trigger("sources_tier", "sources", "update of text_tier", when, "touched", "select 'all', 0 as key")


def _trigger(name: str, table: str, event: str, when: str, into: str, values: str) -> str:
    """One that leaves out nulls and what is noted already, whatever the statement that fires it says of conflicts."""
    begin = f"create trigger if not exists {name} after {event} on {table} when {when}"
    return (
        f"{begin} begin insert into {into} select * from ({values}) where key is not null on conflict do nothing; end"
    )
