"""corrections.yml: what editors decided, kept in the home and read again at every build.

An entry names an action, what it is about, who decided it, when and why:

    - action: set
      fact: 8512030049912345
      kind: violation
      article: 11
      words: 3fe1b2c4d5e6
      field: status
      value: found
      why: the court's order says so
      who: A. Editor
      decided: 2026-03-01

A fact is found by its id or, if the extractor has learned to read it otherwise since, by its article, kind and a hash
of its evidence words. If those words no longer stand there the entry is set aside and listed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, get_args

import yaml
from sqlite_utils import Database

from data.home import Refusal, fsync, touch
from data.ids import slug_of
from extract.facts import RULE_TYPES, SANCTIONS, EntityKind, PartyRole, Status

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every value is text: no "no" that is false
NEEDS = {
    "reject": ("fact",),
    "confirm": ("fact",),
    "set": ("field", "value"),
    "merge": ("entity", "into"),
    "split": ("entity", "name", "into"),
    "rename": ("entity", "value"),
    "alias": ("entity", "value"),
    "move": ("article", "incident", "into"),
    "split_incident": ("article", "incident", "into"),
    "merge_incidents": ("incident", "into"),
}
"""Action → the keys it cannot do without."""
EVIDENCE = "role in ('evidence', 'content', 'mention') and n = 0"
"""The span that carries a fact."""
PARTIES: tuple[str, ...] = get_args(PartyRole)
FIELDS = {
    "violation": (
        *PARTIES, "status", "rule", "rule_type", "act", "sanction", "amount", "currency", "duration", "response",
    ),
    "quote": ("speaker", "role", "affiliation", "via"),
    "mention": ("entity", "role", "affiliation"),
    "article": ("published", "title", "publisher"),
    "incident": ("title", "status"),
    "entity": ("name", "kind", "subkind", "country", "description"),
}  # fmt: skip
"""What can be set, by kind."""
_CHOICES: dict[str, tuple[str, ...]] = {
    "status": get_args(Status), "rule_type": RULE_TYPES, "sanction": SANCTIONS, "kind": get_args(EntityKind),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One decision."""

    action: str
    fact: int | None = None
    kind: str | None = None
    """Of the fact: violation, quote, mention or relation."""
    article: int | None = None
    words: str | None = None
    """`words_hash` of the fact's evidence."""
    entity: str | None = None
    """Slug."""
    incident: str | None = None
    """Slug."""
    field: str | None = None
    name: str | None = None
    """As written, for a split."""
    value: str | None = None
    into: str | None = None
    """Slug of the entity or incident that takes over; of a split, of the new one."""
    why: str
    who: str
    decided: date

    @property
    def target(self) -> str:
        """What it is about, for a reader."""
        names = (("fact", self.kind or "fact"), ("entity", "entity"), ("incident", "incident"), ("article", "article"))
        return next(f"{word} {getattr(self, key)}" for key, word in names if getattr(self, key) is not None)


def words_hash(words: str) -> str:
    """Twelve digits that tell whether evidence words are still the same."""
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def load_corrections(path: Path) -> tuple[Correction, ...]:
    """The decisions in the order of the file, none if there is no file; refuses what it does not understand."""
    if not path.exists():
        return ()
    try:
        entries = yaml.load(path.read_text("utf-8"), _LOADER) or []
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise Refusal(f"{path}: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list):
        raise Refusal(f"{path}: expected a list of entries that begin with '- action:'")
    return tuple(_correction(f"{path}: entry {n}", entry) for n, entry in enumerate(entries, start=1))


def add_correction(path: Path, correction: Correction) -> None:
    """Write one more entry at the end of the file."""
    entry = yaml.safe_dump([_plain(correction)], sort_keys=False, allow_unicode=True)
    _correction("the new entry", yaml.load(entry, _LOADER)[0])
    touch(path)
    text = path.read_text("utf-8")
    whole = f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{entry}"
    new = path.with_name(f"{path.name}.new")
    touch(new)
    new.write_text(whole, "utf-8")
    fsync(new)
    new.replace(path)
    fsync(path.parent)


def decision(db: Database, action: str, words: Sequence[str], *, why: str, who: str, on: date) -> Correction:
    """The decision that a command line spells; a fact is looked up in work.db, so that its words are kept with it."""
    keys = list(NEEDS[action])
    given = list(words)
    entry: dict[str, Any] = {"action": action}
    if action == "set":
        key, _, value = given.pop(0).rpartition(":")
        entry[key or "fact"] = value
    if len(given) != len(keys):
        raise Refusal(f"{action}: expected {' '.join(key.upper() for key in keys)}, found {' '.join(words)!r}")
    entry |= zip(keys, given, strict=True)
    for key in ("fact", "article"):
        if key in entry:
            entry[key] = _number(action, key, entry[key])
    if "fact" in entry:
        entry |= _fact(db, entry["fact"])
    return _correction(action, entry | {"why": why, "who": who, "decided": on.isoformat()})


def _number(where: str, key: str, word: str) -> int:
    if not word.isdecimal() or len(word) > 16:  # ids have 53 bits
        raise Refusal(f"{where}: {key} must be its number, as in the address of its page, not {word!r}")
    return int(word)


def _fact(db: Database, number: int) -> dict[str, Any]:
    row = db.execute(f"select fact_type, article_id, words from spans where fact_id = ? and {EVIDENCE}", [number])
    if (found := row.fetchone()) is None:
        raise Refusal(f"fact {number}: there is none of that number")
    return {"kind": found[0], "article": found[1], "words": words_hash(found[2])}


def _plain(correction: Correction) -> dict[str, Any]:
    return {name: value for name, value in asdict(correction).items() if value is not None}


def _correction(where: str, entry: Any) -> Correction:
    if not isinstance(entry, dict):
        raise Refusal(f"{where}: expected keys such as 'action:', found {entry!r}")
    known = {field.name for field in fields(Correction)}
    if unknown := sorted(str(key) for key in entry if key not in known):
        raise Refusal(f"{where}: unknown key {unknown[0]!r}, expected one of {', '.join(sorted(known))}")
    action = entry.get("action")
    if action not in NEEDS:
        raise Refusal(f"{where}: action must be one of {', '.join(NEEDS)}, not {action!r}")
    for key in (*NEEDS[action], "why", "who", "decided"):
        if entry.get(key) in (None, ""):
            raise Refusal(f"{where}: {action} needs {key!r}")
    found = {key: _value(where, key, value) for key, value in entry.items()}
    correction = Correction(**found)
    _check_field(where, correction)
    _check_new_slug(where, correction)
    return correction


def _value(where: str, key: str, value: Any) -> Any:
    if not isinstance(value, str | int | date):
        raise Refusal(f"{where}: {key} must be a word or a number, not {value!r}")
    if key in ("fact", "article"):
        return _number(where, key, str(value))
    if key != "decided":
        return str(value)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refusal(f"{where}: decided must be a date such as 2026-03-01, not {value!r}") from None


def _check_field(where: str, correction: Correction) -> None:
    if correction.action != "set":
        return
    kind = correction.kind
    if correction.fact is None:
        kind = next((key for key in ("article", "incident", "entity") if getattr(correction, key) is not None), None)
    if kind not in FIELDS:
        raise Refusal(f"{where}: set needs 'article', 'incident', 'entity', or 'fact' and its 'kind', not {kind!r}")
    if correction.field not in FIELDS[kind]:
        raise Refusal(f"{where}: field of a {kind} must be one of {', '.join(FIELDS[kind])}, not {correction.field!r}")
    choices = _CHOICES.get(correction.field)
    if choices and correction.value not in choices:
        raise Refusal(f"{where}: {correction.field} must be one of {', '.join(choices)}, not {correction.value!r}")
    if correction.field == "published":
        days(where, correction.value or "")
    if correction.field == "amount":
        _amount(where, correction.value or "")


def _check_new_slug(where: str, correction: Correction) -> None:
    """A new incident is found under its slug, so this must be what an address can hold."""
    new = correction.into or ""
    if correction.action == "split_incident" and new != slug_of(new):
        raise Refusal(f"{where}: into must be small letters, digits and hyphens, such as {slug_of(new)}, not {new!r}")


def _amount(where: str, value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise Refusal(f"{where}: amount must be a number, not {value!r}") from None


def days(where: str, value: str) -> tuple[str, str]:
    """First and last day of a date, or of two with a slash between them.

    >>> days("entry 1", "2023-12-01/2023-12-31")
    ('2023-12-01', '2023-12-31')
    """
    first, _, last = value.partition("/")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise Refusal(f"{where}: published must be a date or two with a slash between them, not {value!r}") from None
    return start.isoformat(), end.isoformat()
