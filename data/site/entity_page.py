"""One company, project, person, authority, outlet or rule: what is reported of it."""

import sqlite3
from dataclasses import dataclass

from data.site.charts import FEW_MONTHS, MONTHS, Chart, months_chart
from data.site.claims import LISTED, claims, corrections, quotes, rows
from data.site.words import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPage:
    """What the entity's page shows."""

    entity: Row
    parent: Row | None
    children: list[Row]
    aliases: list[Row]
    months: list[Row]
    chart: Chart | None
    narrow_chart: Chart | None
    broke: list[Row]
    """Claims in which it is a violator."""
    owned: list[Row]
    """Claims that somebody broke its rules."""
    other_parts: list[Row]
    """Other claims: it enforces, claims or is harmed, or they are about it as a rule."""
    quotes: list[Row]
    pairs: list[Row]
    relations: list[Row]
    incidents: list[Row]
    corrections: list[Row]


def entity_page(conn: sqlite3.Connection, entity_id: int) -> EntityPage | None:
    """The page of an entity; ``None`` if there is none with that id."""
    found = rows(conn, "select * from entities where id = ?", entity_id)
    if not found:
        return None
    entity = found[0]
    months = rows(
        conn, "select * from entity_months where entity_id = ? order by month desc limit ?", entity_id, MONTHS
    )
    figures = [(row["month"], row["mentions"]) for row in months]
    parent = rows(conn, "select * from entities where id = ?", entity["parent_id"])
    return EntityPage(
        entity=entity,
        parent=parent[0] if parent else None,
        children=rows(conn, "select * from entities where parent_id = ? order by +mentions desc limit 40", entity_id),
        aliases=rows(conn, "select alias from aliases where entity_id = ? order by alias", entity_id),
        months=months,
        chart=months_chart(figures),
        narrow_chart=months_chart(figures[:FEW_MONTHS], width=340),
        broke=claims(conn, f"violations.id in ({_PART})", entity_id, "violator"),
        owned=claims(conn, f"violations.id in ({_PART})", entity_id, "rule_owner"),
        other_parts=claims(conn, f"violations.id in ({_OTHER})", entity_id),
        quotes=quotes(conn, f"quotes.id in ({_SAID})", entity_id, entity_id),
        pairs=rows(conn, _PAIRS, entity_id),
        relations=rows(conn, _RELATIONS, entity_id, entity_id),
        incidents=rows(conn, _INCIDENTS, entity_id),
        corrections=corrections(conn, "target_id = ? or target = ?", entity_id, f"entity {entity['slug']}"),
    )


# The newest ten are picked by their numbers alone: sorting whole rows costs ten times as much.
_PART = """
    select violations.id from violation_parties join violations on violations.id = violation_id
    where entity_id = ? and role = ? and not is_copy order by reported_on desc, violations.id limit 10
"""
_OTHER = """
    select id from violations
    where not is_copy and id in (
      select violation_id from violation_parties where entity_id = ?1 and role in ('enforcer', 'claimant', 'harmed')
      union select id from violations where rule_entity_id = ?1
      except select violation_id from violation_parties where entity_id = ?1 and role in ('violator', 'rule_owner')
    )
    order by reported_on desc, id limit 10
"""
_SAID = f"""
    select id from (
      select * from (
        select id, reported_on from quotes where speaker_entity_id = ? and not is_copy and {LISTED}
        order by reported_on desc, id limit 10
      )
      union
      select * from (
        select id, reported_on from quotes where affiliation_entity_id = ? and not is_copy and {LISTED}
        order by reported_on desc, id limit 10
      )
    )
    order by reported_on desc, id limit 10
"""
_PAIRS = """
    select entities.id, entities.name, entities.kind, entity_pairs.articles
    from entity_pairs join entities on entities.id = other_id
    where entity_id = ? order by entity_pairs.articles desc, entities.name limit 15
"""
_RELATIONS = """
    select relations.kind, subject, subject_entity_id, object, object_entity_id, count(*) as articles,
      min(article_id) as article_id, min(relations.id) as id
    from relations where subject_entity_id = ? or object_entity_id = ?
    group by relations.kind, subject, object order by articles desc limit 15
"""
_INCIDENTS = """
    select * from incidents where id in (
      select id from incidents where id in (
        select incident_id from violation_parties join violations on violations.id = violation_id where entity_id = ?
      )
      order by last_on desc, id limit 10
    )
    order by last_on desc, id
"""
