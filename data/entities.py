"""Entities: the lexicon's records, and the names without one that several articles use."""

from collections.abc import Iterable

from sqlite_utils import Database

from data.ids import IdCollision, entity_id, stable_id
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
    """Give a page to organisations and products that two stories name and people with a public role; link the names."""
    with db.atomic():
        found = list(db.query(_NAMED))
        names = {row["slug"]: row for row in found if not row["is_known"]}  # the most frequent spelling comes last
        rows = [
            {"id": entity_id(slug), "slug": slug, "kind": r["kind"], "name": r["name"]} for slug, r in names.items()
        ]
        _check_ids(db, rows)
        db.conn.executemany(_ADD, rows)
        for table, prefix, slug in _LINKS:
            db.execute(
                f"update {table} set {prefix}entity_id = (select id from entities where slug = {slug})"
                f" where {prefix}entity_id is null and {slug} in (select slug from entities where not is_reviewed)"
            )


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
    on conflict (id) do nothing
"""
# Names that are used often enough, by kind; the same slug under two kinds goes to the one that more stories use.
_NAMED = """
    with named as (
      select entity_slug as slug, mentions.kind, mentions.name, count(*) as times,
        coalesce(copy_of_id, article_id) as story, max(mentions.role is not null) as has_role
      from mentions join articles on articles.id = article_id
      where entity_id is null and entity_slug is not null
      group by entity_slug, mentions.kind, mentions.name, story
    ), enough as (
      select slug, kind, count(distinct story) as stories from named group by slug, kind
      having (kind != 'person' and stories > 1) or (kind = 'person' and max(has_role))
    )
    select slug, kind, named.name, slug in (select slug from entities where is_reviewed) as is_known
    from enough join named using (slug, kind)
    group by slug, kind, named.name
    order by stories, kind desc, sum(times), named.name desc
"""
_LINKS = (
    ("mentions", "", "entity_slug"),
    ("violation_parties", "", "entity_slug"),
    ("quotes", "speaker_", "speaker_slug"),
    ("relations", "subject_", "subject_slug"),
    ("relations", "object_", "object_slug"),
)
