"""Atom feeds (RFC 4287): each claim and each incident is one entry for ever; a change moves its date."""

import sqlite3
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from data.site import words
from data.site.claims import claims, first, quotes, rows
from data.site.words import Row

LENGTH = 50
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry; its address is below the root of the site."""

    id: str
    title: str
    updated: str
    table: str
    key: int
    source_url: str | None
    term: str
    term_label: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed, newest change first."""

    id: str
    title: str
    updated: str
    entries: tuple[Entry, ...]
    page: tuple[str, str]
    """Table and key of the page it belongs to."""


def violations_feed(conn: sqlite3.Connection) -> Feed:
    """All claims."""
    entries = _claims(conn, f"violations.id in ({_CHANGED_LAST})")
    return _feed("violations", "New and changed claims of violations", entries, ("violations", ""))


def entity_feed(conn: sqlite3.Connection, slug: str) -> Feed | None:
    """The claims in which an entity has a part."""
    entity = first(conn, "select id, slug, name from entities where slug = ?", slug)
    if entity is None:
        return None
    entries = _claims(conn, f"not is_copy and violations.id in ({_OF_ENTITY})", entity["id"])
    return _feed(f"entities/{slug}", f"Claims about {entity['name']}", entries, ("entities", str(entity["id"])))


def incident_feed(conn: sqlite3.Connection, slug: str) -> Feed | None:
    """An incident and its claims."""
    incident = first(conn, "select * from incidents where slug = ?", slug)
    if incident is None:
        return None
    entries = _claims(conn, "violations.incident_id = ? and not is_copy", incident["id"])
    changes = rows(conn, "select recorded_at from incident_status where incident_id = ? order by n", incident["id"])
    if changes:
        entries = (_incident_entry(incident, changes[-1]["recorded_at"]), *entries)
    return _feed(f"incidents/{slug}", incident["title"], entries, ("incidents", str(incident["id"])))


def query_feed(conn: sqlite3.Connection, name: str, title: str, key: str, numbers: list[int]) -> Feed:
    """The claims or quotes that a question finds, by the numbers in its column ``key``."""
    marks = ",".join("?" * len(numbers))
    entries = (
        _claims(conn, f"violations.id in ({marks})", *numbers)
        if key == "violation_id"
        else tuple(_quote_entry(row) for row in quotes(conn, f"quotes.id in ({marks})", *numbers, limit=LENGTH))
    )
    return _feed(f"questions/{name}", title, entries, ("", name))


def _feed(name: str, title: str, entries: tuple[Entry, ...], page: tuple[str, str]) -> Feed:
    newest = tuple(sorted(entries, key=lambda entry: (entry.updated, entry.key), reverse=True))
    updated = newest[0].updated if newest else _NEVER
    return Feed(id=_urn("feed", name), title=title, updated=updated, entries=newest, page=page)


def _claims(conn: sqlite3.Connection, where: str, *params: object) -> tuple[Entry, ...]:
    found = claims(conn, where, *params, order="articles.changed_at desc, violations.id", limit=LENGTH)
    return tuple(_claim_entry(row) for row in found)


def _claim_entry(row: Row) -> Entry:
    return Entry(
        id=_urn("violation", row["id"]),
        title=f"{words.claim(row)}, according to {words.says_who(row)}",
        updated=row["changed_at"],
        table="violations",
        key=row["id"],
        source_url=words.outward(row["article_url"]),
        term=row["status"],
        term_label=words.badge(row["status"]),
        summary=f"{words.badge(row['status'])}. {row['outlet']}, "
        f"{words.interval(row['published_from'], row['published_to'])}: “{row['evidence']}”",
    )


def _quote_entry(row: Row) -> Entry:
    return Entry(
        id=_urn("quote", row["id"]),
        title=f"{row['speaker'] or 'Speaker not named'}{words.told_with(row)}, according to {row['outlet']}",
        updated=row["changed_at"],
        table="quotes",
        key=row["id"],
        source_url=words.outward(row["article_url"]),
        term=row["kind"],
        term_label={"indirect": "Paraphrase", "mixed": "Partly quoted"}.get(row["kind"], "Quote"),
        summary=row["content"],
    )


def _incident_entry(incident: Row, recorded: str) -> Entry:
    reports = words.count(incident["reports"], "independent report")
    return Entry(
        id=_urn("incident", incident["id"]),
        title=incident["title"],
        updated=recorded,
        table="incidents",
        key=incident["id"],
        source_url=None,
        term=incident["status"],
        term_label=words.badge(incident["status"]),
        summary=f"{words.badge(incident['status'])}, according to {reports}.",
    )


def _urn(kind: str, key: object) -> str:
    """An identity that no move of the site changes."""
    return uuid5(NAMESPACE_URL, f"blotter:{kind}:{key}").urn


_CHANGED_LAST = f"""
    select violations.id from articles cross join violations on article_id = articles.id
    where not is_copy order by articles.changed_at desc, articles.id limit {LENGTH}
"""
_OF_ENTITY = "select violation_id from violation_parties where entity_id = ?"
