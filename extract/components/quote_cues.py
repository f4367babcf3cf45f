"""Words that say that something was said: the table of the lexicon, and where they stand in a text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract.components.quote_layout import Layout, Run
from extract.components.tree import Token
from extract.vocabulary import LexiconError, load_yaml

FRAMES = frozenset({"clause", "speech", "question", "infinitive", "order", "object", "label", "document", "marked"})
_MISTAGGED = frozenset({"NN", "NNS", "NNP", "NNPS", "JJ", "MD", "RB"})
_LISTS = ("nouns", "documents", "rules", "releases", "persons", "finders", "outlets")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """A reporting verb."""

    name: str
    frames: frozenset[str]
    prepositions: frozenset[str]
    particle: str | None = None
    """The second word of "point out", which must stand close behind the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueTable:
    """The cues of the lexicon."""

    verbs: Mapping[str, tuple[Verb, ...]]
    """By form; those with a particle first."""
    words: frozenset[str]
    """The forms, and "according"."""
    nouns: frozenset[str]
    documents: frozenset[str]
    rules: frozenset[str]
    releases: frozenset[str]
    persons: frozenset[str]
    finders: frozenset[str]
    outlets: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A cue in a text."""

    i: int
    """Its main token."""
    run: Run
    """With auxiliaries and particle: "was quoted as saying"."""
    verb: Verb | None
    """``None`` for "according to"."""
    is_passive: bool = False


@cache
def cue_table() -> CueTable:
    """The cues as ``lexicon/cues.yml`` has them."""
    return _table(load_yaml("lexicon", "cues.yml"))


def _table(raw: Any) -> CueTable:
    if not isinstance(raw, dict) or set(raw) != {"verbs", *_LISTS}:
        raise LexiconError(f"cues.yml: expected the keys verbs, {', '.join(_LISTS)}, found {', '.join(map(str, raw))}")
    verbs: dict[str, list[Verb]] = {}
    for name, entry in raw["verbs"].items():
        verb = _verb(name, entry)
        for form in entry["forms"]:
            verbs.setdefault(form, []).append(verb)
    ordered = {form: tuple(sorted(found, key=lambda v: v.particle is None)) for form, found in verbs.items()}
    words = frozenset((*ordered, "according"))
    return CueTable(verbs=ordered, words=words, **{key: frozenset(raw[key]) for key in _LISTS})


def _verb(name: str, entry: Any) -> Verb:
    if unknown := sorted(entry.keys() - {"forms", "frames", "prepositions"}):
        raise LexiconError(f"cues.yml: {name}: unknown key {unknown[0]!r}, expected forms, frames, prepositions")
    frames = frozenset(entry.get("frames", ()))
    if not entry.get("forms") or frames - FRAMES:
        raise LexiconError(f"cues.yml: {name}: expected forms, and frames among {', '.join(sorted(FRAMES))}")
    _, _, particle = name.partition(" ")
    return Verb(
        name=name,
        frames=frames,
        prepositions=frozenset(entry.get("prepositions", ())),
        particle=particle or None,
    )


def cues(layout: Layout) -> Iterator[Cue]:
    """The cues of the body that stand outside of marks, in order."""
    table = cue_table()
    words = layout.tree.lower
    for i in range(layout.body.start, layout.body.end):
        if words[i] not in table.words or layout.inside[i] >= 0:
            continue
        token = layout.tokens[i]
        word = token.lower_
        if word == "according":
            if i + 1 < layout.body.end and layout.tokens[i + 1].lower_ == "to":
                yield Cue(i=i, run=Run(i, i + 2), verb=None)
        elif word in table.verbs and (verb := _meant(layout, token, table.verbs[word])):
            yield Cue(i=i, run=_cluster(layout, token, verb), verb=verb, is_passive=is_passive(token))


def _meant(layout: Layout, token: Token, verbs: tuple[Verb, ...]) -> Verb | None:
    """The verb that the form stands for here; of a word that is tagged a noun, one that takes words in marks."""
    for verb in verbs:
        if verb.particle is not None and particle(layout, token.i, verb) is None:
            continue
        if token.tag_[0] == "V" or (token.tag_ in _MISTAGGED and verb.frames & {"speech", "document"}):
            return verb
    return None


def particle(layout: Layout, i: int, verb: Verb) -> int | None:
    """Where the verb's particle stands, at most two words behind the verb."""
    return next(
        (j for j in range(i + 1, min(i + 4, layout.body.end)) if layout.tokens[j].lower_ == verb.particle), None
    )


def is_passive(token: Token) -> bool:
    """Whether the verb is a passive, with its auxiliary or without ("asked about it, she said")."""
    passive = next((child for child in token.children if child.dep_ == "auxpass"), None)
    if passive is not None:
        return not (passive.lower_ in ("'s", "’s") and passive.nbor(-1).lower_ in ("he", "she"))  # "she's said"
    return token.tag_ == "VBN" and not any(child.dep_ in ("aux", "nsubj") for child in token.children)


def _cluster(layout: Layout, token: Token, verb: Verb) -> Run:
    start, end = token.i, token.i + 1
    head = token.head
    if token.dep_ == "pcomp" and head.lower_ == "as" and is_passive(head.head):
        start = head.head.i  # was quoted as saying
        token = head.head
    for child in token.children:
        if child.dep_ in ("aux", "auxpass") and child.i < start and start - child.i <= 3:
            start = min(start, child.i)
    if verb.particle is not None and (at := particle(layout, end - 1, verb)) is not None:
        end = at + 1
    return Run(start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A quote before its speaker is resolved."""

    runs: tuple[Run, ...]
    """What was said, in order, marks included."""
    cue: Cue | None = None
    cue_run: Run | None = None
    speaker: Run | None = None
    speaker_head: int | None = None
    via: Run | None = None
    via_head: int | None = None
    rule: str
    confidence: float

    def meets(self, other: "Draft") -> bool:
        """Whether they claim the same words."""
        return any(a.meets(b) for a in self.runs for b in other.runs)
