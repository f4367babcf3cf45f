"""Entities: the lexicon's records, and the names without one that several articles use."""

import json
from collections.abc import Iterable

from sqlite_utils import Database

from data.ids import IdCollision, entity_id, slug_of, stable_id
from data.rows import Row, insert
from extract.facts import Entity


def sync_entities(db: Database, records: Iterable[Entity]) -> None:
    """Make the reviewed entities those of the lexicon; one that left it stays, as unreviewed."""
    records = list(records)
    rows = [_row(record) for record in records]
    _check_ids(db, rows)
    with db.atomic():
        db.execute("pragma defer_foreign_keys = on")
        kept = {row["slug"]: row for row in db.query("select * from entities where is_reviewed")}
        if kept == {row["slug"]: row for row in rows} and not _aliases_differ(db, records):
            return
        db.execute("update entities set is_reviewed = 0")
        db.conn.executemany(_UPSERT, rows)
        db.execute("delete from aliases")
        insert(db, "aliases", _aliases(records))


def promote_entities(db: Database) -> None:
    """Give a page to organisations and products that two stories name and people with a public role; link the names.

    Of the names whose use has changed since that was last done; not of those of the lexicon's records, which most
    mentions are of.
    """
    with db.atomic():
        db.execute("delete from touched_names where slug in (select slug from entities where is_reviewed)")
        found = list(db.query(_NAMED))
        names = {row["slug"]: row for row in sorted(found, key=_weight)}  # the best name comes last
        rows = [
            {"id": entity_id(slug), "slug": slug, "kind": r["kind"], "name": r["name"]} for slug, r in names.items()
        ]
        _check_ids(db, rows)
        db.conn.executemany(_ADD, rows)
        enough = {"slugs": json.dumps(sorted(names))}
        for table, prefix, slug in _LINKS:
            db.execute(_UNLINK.format(table=table, link=f"{prefix}entity_id", slug=slug), enough)
            db.execute(_LINK.format(table=table, link=f"{prefix}entity_id", slug=slug), enough)
        db.execute("delete from touched_names")


def _weight(row: Row) -> tuple[int, str, bool, int, str]:
    """Of two kinds the one with more stories, of several names the one the slug was made from, else the usual one."""
    return row["stories"], row["kind"], slug_of(row["name"]) == row["slug"], row["times"], row["name"]


def _row(record: Entity) -> Row:
    return {
        "id": entity_id(record.slug),
        "slug": record.slug,
        "kind": record.kind,
        "name": record.name,
        "subkind": record.subkind,
        "country": record.country,
        "parent_id": entity_id(record.parent) if record.parent else None,
        "description": record.description,
        "is_reviewed": 1,
    }


def _aliases(records: Iterable[Entity]) -> list[Row]:
    return [
        {"id": stable_id("alias", record.slug, alias), "entity_id": entity_id(record.slug), "alias": alias}
        for record in records
        for alias in dict.fromkeys(record.aliases)
    ]


def _aliases_differ(db: Database, records: Iterable[Entity]) -> bool:
    return {row["id"] for row in _aliases(records)} != {row[0] for row in db.execute("select id from aliases")}


def _check_ids(db: Database, rows: Iterable[Row]) -> None:
    slugs = dict(db.execute("select id, slug from entities").fetchall())
    for row in rows:
        if slugs.setdefault(row["id"], row["slug"]) != row["slug"]:
            raise IdCollision(f"entities {slugs[row['id']]} and {row['slug']} have the same id {row['id']}")


_UPSERT = """
    insert into entities (id, slug, kind, name, subkind, country, parent_id, description, is_reviewed)
    values (:id, :slug, :kind, :name, :subkind, :country, :parent_id, :description, :is_reviewed)
    on conflict (id) do update set kind = excluded.kind, name = excluded.name, subkind = excluded.subkind,
      country = excluded.country, parent_id = excluded.parent_id, description = excluded.description, is_reviewed = 1
"""
_ADD = """
    insert into entities (id, slug, kind, name, is_reviewed) values (:id, :slug, :kind, :name, 0)
    on conflict (id) do update set kind = excluded.kind, name = excluded.name
    where not is_reviewed and (kind, name) is not (excluded.kind, excluded.name)
"""
# A name that too few stories use by now, after an edit or a removal, is a name again.
_UNLINK = """
    update {table} set {link} = null
    where {slug} in (select slug from touched_names where slug not in (select value from json_each(:slugs)))
      and {link} in (select id from entities where not is_reviewed)
"""
_LINK = """
    update {table} set {link} = (select id from entities where slug = {slug})
    where {link} is null and {slug} in (select value from json_each(:slugs))
"""
# Of the names whose use changed those that are used often enough, by kind. Where one story makes it a firm, a story
# that leaves its kind open names that firm.
_NAMED = """
    with named as (
      select entity_slug as slug, mentions.kind, mentions.name, count(*) as times,
        coalesce(copy_of_id, article_id) as story, max(mentions.role is not null) as has_role
      from mentions join articles on articles.id = article_id
      where (entity_id is null or entity_id in (select id from entities where not is_reviewed))
        and entity_slug in (select slug from touched_names)
        and article_id not in (select article_id from removals where undone_at is null)
      group by entity_slug, mentions.kind, mentions.name, story
    ), uses as (
      select slug, kind, story, has_role from named where kind != 'organisation'
      union all
      select slug, 'company', story, 0 from named
      where kind = 'organisation' and slug in (select slug from named where kind = 'company')
    ), enough as (
      select slug, kind, count(distinct story) as stories from uses group by slug, kind
      having (kind != 'person' and stories > 1) or (kind = 'person' and max(has_role))
    )
    select slug, kind, named.name, stories, sum(times) as times
    from enough join named using (slug, kind)
    group by slug, kind, named.name
"""
_LINKS = (
    ("mentions", "", "entity_slug"),
    ("violation_parties", "", "entity_slug"),
    ("quotes", "speaker_", "speaker_slug"),
    ("relations", "subject_", "subject_slug"),
    ("relations", "object_", "object_slug"),
)
