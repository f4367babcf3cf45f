"""The list of what is crawled: reads sources.yml and an operator's own files, and refuses what is odd."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import yaml

from crawler.urls import is_web_address

SourceKind = Literal["feed", "sitemap", "listing", "page"]
Group = Literal["press", "specialist", "policy", "regulator", "civil_society", "newsroom", "other"]
Tier = Literal["full", "excerpt", "facts"]


class SourceError(ValueError):
    """A list of sources that cannot be used, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication we crawl: one entry of sources.yml."""

    id: str
    name: str
    kind: SourceKind
    """How it names its articles; ``page`` is one address that is itself the article."""
    url: str
    group: Group = "other"
    language: str = "en"
    country: str | None = None
    """ISO 3166-1 alpha-2, ``EU`` or ``INT``."""
    tier: Tier = "facts"
    """How much of its text the public file may show."""
    expect_min: int = 0
    """Fewer new links than this in a month: someone should look."""
    delay: float | None = None
    """Seconds between two requests to its host, if more than usual."""
    enabled: bool = True
    reason: str | None = None
    """Why it is not enabled."""
    verified: date | None = None
    """When an operator's ``blotter sources check`` last saw it work."""


_KNOWN = {field.name for field in fields(Source)} - {"id"}
_REQUIRED = ("name", "kind", "url")
_CHOICES = {"kind": get_args(SourceKind), "group": get_args(Group), "tier": get_args(Tier)}
_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,), "kind": (str,), "url": (str,), "group": (str,), "language": (str,), "country": (str,),
    "tier": (str,), "expect_min": (int,), "delay": (int, float), "enabled": (bool,), "reason": (str,),
    "verified": (date,),
}  # fmt: skip
_ID = re.compile(r"[\w.-]{1,100}")
_MAY_BE_NULL = {"country", "delay", "reason", "verified"}


def load_sources(*extra: Path) -> dict[str, Source]:
    """The sources by id: ours, then those of the files given, which may replace an entry of the same id."""
    shipped = files("crawler") / "sources.yml"
    found = _read("sources.yml", shipped.read_text("utf-8"))
    for path in extra:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        found |= _read(str(path), text)
    return _apart(found)


def _apart(found: dict[str, Source]) -> dict[str, Source]:
    """The sources; raises `SourceError` if two of them poll one address, as only one of them would ever be asked."""
    by_url: dict[str, str] = {}
    for id, source in found.items():
        if source.enabled and (other := by_url.setdefault(source.url, id)) != id:
            raise SourceError(f"{id}: has the address of {other!r}; call it {other!r} to put it in its place")
    return found


def note_verified(path: Path, ids: Collection[str], day: date) -> list[str]:
    """Write into a file of sources that these worked on that day; the ids among them that stand in it.

    Comments and order stay as they are, so entries are found by their lines; one written in braces is refused.
    """
    text = path.read_text("utf-8")
    before = _read(str(path), text)
    noted = [id for id in before if id in ids]
    for id in noted:
        text = _with_verified(text, id, day)
    after = _read(str(path), text)
    expected = {id: replace(source, verified=day) if id in noted else source for id, source in before.items()}
    if after != expected:
        raise SourceError(f"{path}: verified: {day} cannot be written into it; expected one key a line in each entry")
    path.write_text(text, "utf-8")
    return noted


def _with_verified(text: str, id: str, day: date) -> str:
    found = re.search(rf"^{re.escape(id)}:[ \t]*(?:#.*)?\n(?P<keys>(?:[ \t]+.*\n?|\n)+)", text, re.M)
    if not found:
        return text
    keys = found["keys"].rstrip()
    indent = keys[: len(keys) - len(keys.lstrip())].rpartition("\n")[2]
    kept = [line for line in keys.split("\n") if not line.strip().startswith("verified:")]
    start = found.start("keys")
    return text[:start] + "\n".join([*kept, f"{indent}verified: {day}"]) + text[start + len(keys) :]


def _read(file: str, text: str) -> dict[str, Source]:
    try:
        entries = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        said = " ".join(str(error).replace('in "<unicode string>",', "at").split())
        raise SourceError(f"{file}: {said}") from error
    if not isinstance(entries, dict):
        raise SourceError(f"{file}: expected entries such as 'example-times:', found {_type_name(entries)}")
    return {str(id): _source(file, str(id), entry) for id, entry in entries.items()}


def _source(file: str, id: str, entry: Any) -> Source:
    where = f"{file}: {id}"
    if not _ID.fullmatch(id):
        raise SourceError(f"{file}: an id is of letters, digits and - _ . only, not {id!r}")
    if not isinstance(entry, dict):
        raise SourceError(f"{where}: expected keys such as 'url:', found {_type_name(entry)}")
    if unknown := sorted(str(key) for key in entry if key not in _KNOWN):
        raise SourceError(f"{where}: unknown key {unknown[0]!r}, expected one of {', '.join(sorted(_KNOWN))}")
    if missing := [key for key in _REQUIRED if key not in entry]:
        raise SourceError(f"{where}: {missing[0]} is missing")
    for key, value in entry.items():
        _check(where, key, value)
    if not entry.get("enabled", True) and not entry.get("reason"):
        raise SourceError(f"{where}: is not enabled, so a reason is expected")
    return Source(id=id, **entry)


def _check(where: str, key: str, value: Any) -> None:
    if value is None and key in _MAY_BE_NULL:
        return
    expected = _TYPES[key]
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        raise SourceError(f"{where}: {key} must be {expected[-1].__name__}, not {_type_name(value)}")
    if value == "":
        raise SourceError(f"{where}: {key} must say something")
    if key in _CHOICES and value not in _CHOICES[key]:
        raise SourceError(f"{where}: {key} must be one of {', '.join(_CHOICES[key])}, not {value!r}")
    if key == "url" and not is_web_address(str(value)):
        raise SourceError(f"{where}: url must be an http or https address, not {value!r}")
    if key == "url" and urlsplit(str(value)).username is not None:
        raise SourceError(f"{where}: url must not hold a user's name or password")
    if key in ("delay", "expect_min") and not 0 <= float(str(value)) <= 3600:
        raise SourceError(f"{where}: {key} must be from 0 to 3600, not {value}")


def _type_name(value: Any) -> str:
    return "nothing" if value is None else f"{type(value).__name__} {value!r}"[:80]


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # in C where it was built
    """Refuses the same key twice, where plain YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":  # "<<: *other", which YAML resolves
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} stands here twice", key_node.start_mark)
            seen.add(key)
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found
