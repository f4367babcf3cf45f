"""The lexicon: every company, project, person, authority, outlet and rule that is known by name."""

import gc
import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import yaml

from extract.facts import RULE_TYPES, Entity, EntityKind

if TYPE_CHECKING:
    from yaml import SafeLoader as _SafeLoader
else:
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BASE: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C one is ten times as fast, and not everywhere
_NOT_TEXT = frozenset({"", "~", "false", "no", "null", "off", "on", "true", "yes"})  # what YAML reads as something else
_STROKED = str.maketrans("ŁłØøĐđıßÆæŒœ’", "LlOoDdisAaOo ")  # letters that have no plain one inside
_KINDS: dict[str, EntityKind] = {
    "companies": "company",
    "projects": "project",
    "people": "person",
    "authorities": "authority",
    "outlets": "outlet",
    "rules": "rule",
}
_NAMES = {"name", "aliases", "former", "context", "cues"}
_KEYS = {
    "companies": _NAMES | {"kind", "country", "parent"},
    "projects": _NAMES | {"kind", "maker"},
    "people": _NAMES | {"role", "affiliation", "affiliation_name", "country"},
    "authorities": _NAMES | {"kind", "country", "parent", "rule_types"},
    "outlets": _NAMES | {"kind", "country", "parent", "domains"},
    "rules": _NAMES | {"short", "kind", "type", "owner", "enforcers", "country", "strength"},
}
_FIELD = {"kind": "subkind", "maker": "parent", "affiliation": "parent", "type": "rule_type"}
_LISTS = {"aliases", "former", "short", "cues", "domains", "enforcers", "rule_types"}
_CHOICES = {
    ("companies", "kind"): {"company", "lab", "nonprofit"},
    ("outlets", "kind"): {"outlet", "agency"},
    ("rules", "type"): set(RULE_TYPES),
    ("rules", "strength"): {"named", "phrase", "topic"},
}
_ORGANISATIONS: set[EntityKind] = {"company", "authority", "outlet"}
_PARENTS: dict[EntityKind, set[EntityKind]] = {
    "company": {"company", "authority"},
    "project": _ORGANISATIONS,
    "person": _ORGANISATIONS,
    "authority": {"authority"},
    "outlet": {"company", "outlet", "authority"},
    "rule": set(),
}
# A firm and its product, or a firm and its paper, may share a name: the text decides which is meant.
_MAY_SHARE: set[frozenset[EntityKind]] = {
    frozenset({"company", "project"}),
    frozenset({"company", "outlet"}),
    frozenset({"project", "outlet"}),
}


class _Loader(_BASE):  # type: ignore[misc]  # which base it is, only the machine knows
    """All here is text: no time is spent on what else a word could be."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, parent: object, index: object) -> None: ...

    def ascend_resolver(self) -> None: ...


class LexiconError(ValueError):
    """A file of the lexicon says something that cannot be; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One thing that is known by name."""

    slug: str
    kind: EntityKind
    name: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    """Names it had before."""
    short: tuple[str, ...] = ()
    """Short names of a rule, such as GDPR."""
    subkind: str | None = None
    """Lab, nonprofit, model, app, court, agency, …"""
    country: str | None = None
    """ISO 3166 alpha-2, or EU, UN, …"""
    parent: str | None = None
    """Slug of the owner of a company, the maker of a project, the organisation a person stands for."""
    role: str | None = None
    affiliation_name: str | None = None
    """A person's organisation that has no record of its own."""
    rule_type: str | None = None
    rule_types: tuple[str, ...] = ()
    """What an authority watches over."""
    owner: str | None = None
    """Whose rule it is: a slug, words, or ``possessor`` for "X's terms of service"."""
    enforcers: tuple[str, ...] = ()
    strength: str | None = None
    """named: a rule by its own name; phrase: a common noun for one; topic: a field only."""
    domains: tuple[str, ...] = ()
    context: bool = False
    """The bare name means other things too: it counts only near one of its cues."""
    cues: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of it, the first one first."""
        return (self.name, *self.aliases, *self.former, *self.short)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The records by slug, in the order of their files."""

    records: Mapping[str, Record]
    names: Mapping[str, tuple[str, ...]]
    """Slugs by name, as written; several where a firm and its product share one."""
    domains: Mapping[str, str]
    """Slug of the outlet by its web domain."""
    made: Mapping[str, frozenset[str]]
    """The kinds of its projects by the slug of their maker."""

    def get(self, slug: str | None) -> Record | None:
        """The record of that slug, if there is one."""
        return self.records.get(slug) if slug else None

    def owner_of(self, slug: str | None) -> Record | None:
        """The maker of a project, the parent of a company, the organisation of a person."""
        record = self.get(slug)
        return self.get(record.parent) if record else None

    def entities(self) -> Iterator[Entity]:
        """Every record as the store keeps it."""
        for record in self.records.values():
            yield Entity(
                slug=record.slug,
                kind=record.kind,
                name=record.name,
                aliases=record.names[1:],
                subkind=record.subkind,
                country=record.country,
                parent=record.parent,
                description=record.role,
            )

    def by_domain(self, domain: str) -> Record | None:
        """The outlet that publishes there, subdomains included."""
        labels = domain.lower().split(".")
        tails = (".".join(labels[i:]) for i in range(len(labels)))
        return next((self.records[self.domains[tail]] for tail in tails if tail in self.domains), None)

    def of_kind(self, *kinds: EntityKind) -> Iterator[Record]:
        """The records of these kinds."""
        return (record for record in self.records.values() if record.kind in kinds)


@cache
def load_lexicon(*extra: Path) -> Lexicon:
    """The lexicon that ships, then the files and folders in ``extra``, whose records replace those of the same slug.

    An extra file bears the name of the one it adds to: companies.yml, projects.yml, …
    """
    folder = files("extract") / "lexicon"
    with _uncollected():
        found = _read_all([folder / f"{stem}.yml" for stem in _KINDS])
        for path in extra:
            found |= _read_all(_files_of(path))
    names = _names(found)
    _check_references(found)
    return Lexicon(
        records=MappingProxyType({slug: record for slug, (record, _) in found.items()}),
        names=MappingProxyType(names),
        domains=MappingProxyType(_domains(found)),
        made=MappingProxyType(_made(record for record, _ in found.values())),
    )


@cache
def load_words(stem: str) -> Mapping[str, tuple[str, ...]]:
    """The word lists of one file of the lexicon, by their keys."""
    path = files("extract") / "lexicon" / f"{stem}.yml"
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    lists: dict[str, tuple[str, ...]] = {}
    for key, node, place in _entries(cast(yaml.Node, root), path.name, 1):
        if not isinstance(node, yaml.SequenceNode):
            raise LexiconError(f"{place}: {key} must be a list")
        lists[key] = tuple(_word(item, key, place) for item in node.value)
    return MappingProxyType(lists)


class _OnceLoader(_SafeLoader):
    """Refuses a key that stands twice in a mapping, of which YAML would keep the second without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [str(key.value) for key, _ in node.value]
        if len(set(keys)) < len(keys):
            twice = next(key for n, key in enumerate(keys) if key in keys[:n])
            raise LexiconError(f"the key {twice!r} stands twice, near line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


def load_yaml(*place: str) -> Any:
    """What a file of the package holds; refuses a key that stands twice."""
    return read_yaml(files("extract").joinpath(*place).read_text("utf-8"))


def read_yaml(text: str) -> Any:
    """What the text of such a file holds."""
    return yaml.load(text, _OnceLoader)


def slug_of(name: str) -> str:
    """The slug of a name that has no record.

    >>> slug_of("Zoë O’Brien-Łuk")
    'zoe-o-brien-luk'
    """
    plain = unicodedata.normalize("NFKD", name.translate(_STROKED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


@contextmanager
def _uncollected() -> Iterator[None]:
    """A stretch in which much is made and little thrown away: to look for garbage takes as long as to read."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _files_of(path: Path) -> list[Traversable]:
    if not path.is_dir():
        return [path]
    known = sorted(p for p in path.glob("*.yml") if p.stem in _KINDS)
    if not known:
        raise LexiconError(
            f"{path}: no file of the lexicon here, expected one of {_listed(f'{k}.yml' for k in _KINDS)}"
        )
    return list(known)


def _read_all(paths: list[Traversable]) -> dict[str, tuple[Record, str]]:
    """Records by slug, each with the file and line it stands at."""
    found: dict[str, tuple[Record, str]] = {}
    for path in paths:
        for record, place in _read(path):
            if record.slug in found:
                raise LexiconError(f"{place}: {record.slug!r} is there already, at {found[record.slug][1]}")
            found[record.slug] = (record, place)
    return found


def _read(path: Traversable) -> Iterator[tuple[Record, str]]:
    stem = path.name.removesuffix(".yml")
    if stem not in _KINDS:
        raise LexiconError(f"{path}: expected a file named {_listed(f'{k}.yml' for k in _KINDS)}")
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise LexiconError(f"{path}: no such file") from None
    except yaml.MarkedYAMLError as error:
        raise LexiconError(
            f"{path}:{error.problem_mark.line + 1 if error.problem_mark else 1}: {error.problem}"
        ) from None
    if root is None:
        return
    for slug, node, place in _entries(root, path.name, 1):
        yield _record(stem, slug, node, place), place


def _entries(node: yaml.Node, file: str, line: int) -> Iterator[tuple[str, yaml.Node, str]]:
    """Key, value and place of a mapping's lines."""
    if not isinstance(node, yaml.MappingNode):
        raise LexiconError(f"{file}:{line}: expected keys and values")
    for key, value in node.value:
        place = f"{file}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            raise LexiconError(f"{place}: expected a word as key")
        yield key.value, value, place


def _record(stem: str, slug: str, node: yaml.Node, place: str) -> Record:
    values: dict[str, Any] = {}
    for key, value, _ in _entries(node, *_split(place)):
        if key not in _KEYS[stem]:
            raise LexiconError(f"{place}: {slug}: unknown key {key!r}, expected one of {_listed(sorted(_KEYS[stem]))}")
        if (field := _FIELD.get(key, key)) in values:
            raise LexiconError(f"{place}: {slug}: {key!r} stands there twice")
        values[field] = _value(value, key, f"{place}: {slug}")
        choices = _CHOICES.get((stem, key))
        if choices and values[field] not in choices:
            raise LexiconError(f"{place}: {slug}: {key} must be {_listed(sorted(choices))}, not {values[field]!r}")
    if "name" not in values:
        raise LexiconError(f"{place}: {slug}: no name")
    return Record(slug=slug, kind=_KINDS[stem], **values)


def _split(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return file, int(line)


def _value(node: yaml.Node, key: str, where: str) -> str | bool | tuple[str, ...]:
    if key in _LISTS:
        if not isinstance(node, yaml.SequenceNode):
            raise LexiconError(f"{where}: {key} must be a list")
        return tuple(_word(item, key, where) for item in node.value)
    if key == "context":
        if not isinstance(node, yaml.ScalarNode) or node.value not in ("true", "false"):
            raise LexiconError(f"{where}: context must be true or false")
        return bool(node.value == "true")
    return _word(node, key, where)


def _word(node: yaml.Node, key: str, where: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or (not node.style and node.value.lower() in _NOT_TEXT):
        raise LexiconError(f"{where}: {key} must be text; quote words that YAML reads as yes, no or nothing")
    return cast(str, node.value)


def _made(records: Iterable[Record]) -> dict[str, frozenset[str]]:
    made: dict[str, set[str]] = {}
    for record in records:
        if record.kind == "project" and record.parent and record.subkind:
            made.setdefault(record.parent, set()).add(record.subkind)
    return {maker: frozenset(kinds) for maker, kinds in made.items()}


def _names(found: Mapping[str, tuple[Record, str]]) -> dict[str, tuple[str, ...]]:
    """Slugs by name; no two records share one, except those that may."""
    seen: dict[str, tuple[str, ...]] = {}
    for slug, (record, place) in found.items():
        for name in record.names:
            for other in seen.get(name, ()):
                if frozenset({record.kind, found[other][0].kind}) not in _MAY_SHARE:
                    raise LexiconError(f"{place}: {slug}: {name!r} is already a name of {other} at {found[other][1]}")
            seen[name] = (*seen.get(name, ()), slug)
    return seen


def _check_references(found: Mapping[str, tuple[Record, str]]) -> None:
    for slug, (record, place) in found.items():
        if record.parent is not None:
            _check_reference(found, record.parent, _PARENTS[record.kind], f"{place}: {slug}")
        for enforcer in record.enforcers:
            _check_reference(found, enforcer, _ORGANISATIONS, f"{place}: {slug}")


def _check_reference(found: Mapping[str, tuple[Record, str]], slug: str, kinds: set[EntityKind], where: str) -> None:
    if slug not in found:
        raise LexiconError(f"{where}: {slug!r} is no record of the lexicon")
    if found[slug][0].kind not in kinds:
        raise LexiconError(f"{where}: {slug!r} is a {found[slug][0].kind}, expected {_listed(sorted(kinds))}")


def _domains(found: Mapping[str, tuple[Record, str]]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for slug, (record, place) in found.items():
        for domain in record.domains:
            if domain in slugs:
                raise LexiconError(f"{place}: {slug}: {domain} is already a domain of {slugs[domain]}")
            slugs[domain] = slug
    return slugs


def _listed(words: Iterable[str]) -> str:
    *most, last = list(words)
    return f"{', '.join(most)} or {last}" if most else last
