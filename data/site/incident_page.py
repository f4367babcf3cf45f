"""One incident: who reported what of one matter, when, and where the reports differ."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from data.site import words
from data.site.claims import articles, claims, corrections, parties, quotes, rows
from data.site.words import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One article of the incident with its copies and what it claims."""

    article: Row
    copies: list[Row]
    claims: list[Row]
    joined_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One account of a point, and the claims that give it."""

    value: str
    claims: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A point on which the reports differ."""

    point: str
    versions: list[Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPage:
    """What the incident's page shows."""

    incident: Row
    status: list[Row]
    reports: list[Report]
    parties: dict[str, list[Row]]
    """Role → names, each once."""
    sanctions: list[Row]
    quotes: list[Row]
    differences: list[Difference]
    links: list[Row]
    """The same matter in other databases."""
    corrections: list[Row]
    removed: int
    """How many of its reports were taken out."""


def incident_page(conn: sqlite3.Connection, incident_id: int) -> IncidentPage | None:
    """The page of an incident; ``None`` if there is none with that id."""
    found = rows(conn, "select * from incidents where id = ?", incident_id)
    if not found:
        return None
    in_it = "violations.id in (select violation_id from incident_violations where incident_id = ?)"
    said = claims(conn, in_it, incident_id, order="violations.reported_on, violations.id", limit=120)
    of_articles = "quotes.article_id in (select article_id from incident_articles where incident_id = ?)"
    return IncidentPage(
        incident=found[0],
        status=rows(conn, _STATUS, incident_id),
        reports=_reports(conn, incident_id, said),
        parties=_parties(conn, [row["id"] for row in said]),
        sanctions=[row for row in said if row["sanction"] or row["sanction_threatened"]],
        quotes=quotes(conn, f"not is_copy and quotes.kind != 'indirect' and {of_articles}", incident_id, limit=12),
        differences=_differences([row for row in said if not row["is_copy"]]),
        links=rows(conn, "select * from incident_links where incident_id = ? order by database, id", incident_id),
        corrections=corrections(conn, _CORRECTED, incident_id, f"incident {found[0]['slug']}"),
        removed=rows(conn, "select count(*) as n from removals where incident_id = ?", incident_id)[0]["n"],
    )


def _reports(conn: sqlite3.Connection, incident_id: int, said: list[Row]) -> list[Report]:
    """Oldest first; a copy stands under the article it repeats."""
    there = articles(
        conn, "incident_articles.incident_id = ?", incident_id, limit=80,
        more="join incident_articles on incident_articles.article_id = articles.id",
        order="articles.published_from is null, articles.published_from, articles.published_at, articles.id",
    )  # fmt: skip
    ids = {row["id"] for row in there}
    copies: dict[int, list[Row]] = defaultdict(list)
    for row in there:
        if row["copy_of_id"] in ids:
            copies[row["copy_of_id"]].append(row)
    claims_of: dict[int, list[Row]] = defaultdict(list)
    for claim in said:
        claims_of[claim["article_id"]].append(claim)
    joined = {
        row["article_id"]: row["joined_by"]
        for row in rows(conn, "select article_id, joined_by from incident_articles where incident_id = ?", incident_id)
    }
    return [
        Report(
            article=row,
            copies=copies[row["id"]],
            claims=claims_of[row["id"]],
            joined_by=joined.get(row["id"]),
        )
        for row in there
        if row["copy_of_id"] not in ids
    ]


def _parties(conn: sqlite3.Connection, violation_ids: list[int]) -> dict[str, list[Row]]:
    found: dict[str, dict[str, Row]] = defaultdict(dict)
    for by_role in parties(conn, violation_ids).values():
        for role, named in by_role.items():
            for party in named:
                found[role].setdefault(str(party["entity_id"] or party["name"]), party)
    return {role: list(found[role].values()) for role in sorted(found, key=list(_ROLES).index)}


def _differences(said: list[Row]) -> list[Difference]:
    """Points to which independent reports give more than one answer."""
    found = []
    for point, value_of in _POINTS.items():
        versions: dict[str, list[Row]] = {}
        for claim in said:
            if value := value_of(claim):
                versions.setdefault(_as_said(value, versions), []).append(claim)
        if len(versions) > 1 and len({c["article_id"] for group in versions.values() for c in group}) > 1:
            found.append(Difference(point=point, versions=[Version(value=v, claims=c) for v, c in versions.items()]))
    return found


def _as_said(value: str, versions: dict[str, list[Row]]) -> str:
    """The version that says the same in other words ("terms of service", "the firm's terms of service")."""
    same = (known for known in versions if value.casefold() in known.casefold() or known.casefold() in value.casefold())
    return next(same, value)


_ROLES = {"violator": 0, "rule_owner": 1, "enforcer": 2, "claimant": 3, "harmed": 4}
_POINTS: dict[str, Callable[[Row], str | None]] = {
    "Status": lambda row: words.badge(row["status"]),
    "Accused": lambda row: row["violator"],
    "Rule": lambda row: row["rule"],
    "Sanction": lambda row: words.plain(row["sanction"]) if row["sanction"] else None,
    "Amount": lambda row: words.money(row["amount"], row["currency"]),
    "Answer of the accused": lambda row: words.plain(row["response"]) if row["response"] else None,
}
_STATUS = """
    select incident_status.*, articles.title as article_title from incident_status
      left join articles on articles.id = article_id
    where incident_id = ? order by n
"""
_CORRECTED = """
    target_id = ?1 or target = ?2
    or (
      target_type = 'violation'
      and article_id in (select article_id from incident_articles where incident_id = ?1)
    )
"""
