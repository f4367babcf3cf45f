"""links.yml: which incidents of other databases are ours too, kept in the home by those who compared them.

An entry names our incident, by its slug or by words of its title, and theirs, and says who found that they are one:

    - incident: quillby-ai-terms-of-service
      database: AIID
      id: 123
      url: https://incidentdatabase.ai/cite/123
      source: A. Editor, 2026-03-01, read both

The kinds of rule in other taxonomies ship in taxonomies.yml.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from sqlite_utils import Database

from data.home import Refusal
from data.ids import stable_id
from data.rows import Row, insert

DATABASES = ("AIID", "OECD AIM", "AIAAIC", "other")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is text: an id such as 007 stays one


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLink:
    """One incident of ours in another database."""

    incident: str | None = None
    """Slug."""
    words: str | None = None
    """Words of the title, in any order, of one incident alone."""
    database: str
    id: str
    url: str
    source: str
    """Who found that both are one, when and how."""

    @property
    def target(self) -> str:
        """Which of our incidents it means, for a reader."""
        return self.incident or f"{self.words!r}"


def load_links(path: Path) -> tuple[IncidentLink, ...]:
    """The entries in the order of the file, none if there is no file; refuses what it does not understand."""
    if not path.exists():
        return ()
    try:
        entries = yaml.load(path.read_text("utf-8"), _LOADER) or []
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refusal(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list):
        raise Refusal(f"{path}: expected a list of entries that begin with '- incident:' or '- words:'")
    found = tuple(_link(f"{path}: entry {n}", entry) for n, entry in enumerate(entries, start=1))
    seen: set[tuple[str, str, str]] = set()
    for n, link in enumerate(found, start=1):
        key = link.target, link.database, link.url
        if key in seen:
            raise Refusal(f"{path}: entry {n}: {link.target} has this link already")
        seen.add(key)
    return found


def add_links(db: Database, links: Iterable[IncidentLink]) -> list[str]:
    """Fill the tables of links of a build; back come the entries that name no incident of it, or several."""
    insert(db, "rule_type_links", _taxonomies())
    rows: dict[int, Row] = {}
    idle = []
    for link in links:
        found = _incidents(db, link)
        if len(found) != 1:
            idle.append(f"unused: link {link.database} {link.id} names {len(found) or 'no'} incidents: {link.target}")
            continue
        number = stable_id("incident_link", found[0], link.database, link.url)
        rows[number] = {
            "id": number,
            "incident_id": found[0],
            "database": link.database,
            "other_id": link.id,
            "url": link.url,
            "source": link.source,
        }
    insert(db, "incident_links", [rows[number] for number in sorted(rows)])
    return idle


def _link(where: str, entry: Any) -> IncidentLink:
    known = [field.name for field in fields(IncidentLink)]
    if not isinstance(entry, dict):
        raise Refusal(f"{where}: expected keys such as 'incident:', found {entry!r}")
    if unknown := sorted(str(key) for key in entry if key not in known):
        raise Refusal(f"{where}: unknown key {unknown[0]!r}, expected one of {', '.join(known)}")
    if wrong := next((key for key, value in entry.items() if not isinstance(value, str) or not value.strip()), None):
        raise Refusal(f"{where}: {wrong} must be a word or a number, not {entry[wrong]!r}")
    if ("incident" in entry) == ("words" in entry):
        raise Refusal(f"{where}: needs either 'incident' or 'words'")
    if missing := next((key for key in ("database", "id", "url", "source") if key not in entry), None):
        raise Refusal(f"{where}: needs {missing!r}")
    if entry["database"] not in DATABASES:
        raise Refusal(f"{where}: database must be one of {', '.join(DATABASES)}, not {entry['database']!r}")
    if not entry["url"].startswith(("https://", "http://")):
        raise Refusal(f"{where}: url must begin with https:// or http://, not {entry['url']!r}")
    return IncidentLink(**entry)


def _incidents(db: Database, link: IncidentLink) -> list[int]:
    """The incidents of the build that a link means; one that was merged is the one it went to."""
    if link.incident:
        rows = db.execute(_OF_SLUG, [link.incident])
        return [row[0] for row in rows]
    words = set((link.words or "").casefold().split())
    return [number for number, title in db.execute(_TITLES) if words <= set(title.casefold().split())]


def _taxonomies() -> list[Row]:
    """Kinds of rule beside the nearest classes of other taxonomies."""
    text = (files("data") / "taxonomies.yml").read_text("utf-8")
    rows = [
        {
            "id": stable_id("rule_type_link", rule_type, each["taxonomy"], code),
            "rule_type": rule_type,
            "taxonomy": each["taxonomy"],
            "code": code,
            "name": each["classes"][code],
            "source": each["source"],
        }
        for each in yaml.load(text, _LOADER)
        for rule_type, codes in each["rule_types"].items()
        for code in codes
    ]
    return sorted(rows, key=lambda row: int(row["id"]))


_OF_SLUG = "select id from incidents where slug = ?1 union select into_id from incident_merges where slug = ?1"
_TITLES = "select id, title from incidents order by id"
