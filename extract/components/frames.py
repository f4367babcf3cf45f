"""Frames: the ways of saying that somebody broke a rule, from ``lexicon/frames.yml``, and where a text has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from typing import Any, get_args

from extract.components.scene import Scene
from extract.components.syntax import thing
from extract.components.tree import Token
from extract.components.word_lists import word_set
from extract.facts import RULE_TYPES, SANCTIONS, Status
from extract.vocabulary import load_yaml

_LISTS = (
    "verb",
    "noun",
    "phrase",
    "adverb",
    "adjective",
    "violator",
    "enforcer",
    "claimant",
    "owner",
    "harmed",
    "needs",
    "unless",
    "lookalikes",
    "spares",
    "examples",
    "headlines",
    "not",
    "with-subject",
)
_PLACES = frozenset(
    [
        "subject",
        "object",
        "clause",
        "possessor",
        "sides",
        "against",
        "into",
        "on",
        "of",
        "for",
        "by",
        "from",
        "with",
        "to",
        "under",
        "about",
        "over",
        "between",
        "at",
        "after",
        "before",
        "target",
        "giver",
        "passive-subject",
        "object-head",
        "object-after",
        "account-holder",
        "apiece",
        "bound",
        "subject-defendant",
        "winner",
        "payer",
        "sayer",
        "of-subject",
        "event",
        "copula",
        "doer-above",
        "given-time",
        "object-author",
        "object-holder",
        "reason",
        "subject-holder",
        "deed",
    ]
)
_NEEDS = frozenset(
    [
        "rule",
        "authority",
        "body",
        "legal",
        "account",
        "self",
        "money",
        "near",
        "title",
        "breach",
        "source",
        "claim",
        "field",
        "formal",
        "settlement",
        "passive",
        "term",
        "terms",
        "wrong",
        "decided",
        "case",
    ]
)
_LOOKALIKES = frozenset(
    [
        "admission-for-others",
        "admission-of-nothing",
        "application-of-a-law",
        "attribute",
        "decision-to-act",
        "degree",
        "duty",
        "forecast",
        "proof",
        "settling-of-another-kind",
        "task",
        "telling-off",
        "ticker",
    ]
)
_SPARED = frozenset(["claimant", "office", "person", "state"])
_OF_FINES = frozenset({"antitrust", "competition", "data", "gdpr", "privacy", "record"})
_PART = re.compile(r"<([a-z-]+)>")
_STATUSES = {*get_args(Status), "breach"}


class FrameError(ValueError):
    """``frames.yml`` says something that cannot be; the message names the frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One way of saying it."""

    id: str
    verb: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    phrase: tuple[str, ...] = ()
    adverb: tuple[str, ...] = ()
    adjective: tuple[str, ...] = ()
    violator: tuple[str, ...] = ()
    """Places to look for the violator, the first that names somebody wins."""
    enforcer: tuple[str, ...] = ()
    claimant: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    harmed: tuple[str, ...] = ()
    status: str = "alleged"
    weight: float = 1.0
    sanction: str | None = None
    type: str | None = None
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    lookalikes: tuple[str, ...] = ()
    """Uses of its words that are no claim."""
    spares: tuple[str, ...] = ()
    """Who is no violator where one is sought."""
    thing: frozenset[str] = frozenset()
    """What it is done to must be one of these, if the parse tells."""
    rule: str | None = None
    """``object``: the rule must be its object."""
    strict: bool = False
    """The enforcer itself must be an authority; one named elsewhere in the sentence is not enough."""
    infinitive: bool = False
    """Only with "to do" or "that": an order, not a purchase."""
    with_authority: bool = False
    of_somebody: bool = False
    """Of nobody it is no claim: what an authority examines, what work is taken back."""
    source: str | None = None
    with_words: re.Pattern[str] | None = None
    with_subject: tuple[str, ...] = ()
    status_of: Mapping[str, str] | None = None
    examples: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    not_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A frame's words in a text."""

    frame: Frame
    kind: str
    """verb, noun, phrase, adverb or adjective."""
    start: int
    end: int
    root: Token


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameBook:
    """All frames, by their forms."""

    frames: tuple[Frame, ...]
    words: Mapping[str, tuple[tuple[Frame, str], ...]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Frame], ...]]
    """By first word, the longest first."""
    get: frozenset[str]
    give: frozenset[str]
    stages: Mapping[str, frozenset[str]]
    """Status by the verbs that bring a matter to it."""

    def triggers(self, scene: Scene) -> Iterator[Trigger]:
        """Where the frames' words stand, in the order of the text."""
        skip, doc = -1, scene.doc
        for i, word in enumerate(doc.lower):
            if i <= skip or not (word in self.words or word in self.phrases):
                continue
            token = doc.tokens[i]
            phrase, exact = self._phrase(scene, token), self._word(scene, token, i)
            if phrase is not None and not _is_more_exact(exact, phrase):
                skip = phrase.end - 1
                yield phrase
            elif exact is not None:
                yield exact

    def others(self, trigger: Trigger, scene: Scene) -> Iterator[Trigger]:
        """The other frames of a word, for one that its own frame does not make a claim of."""
        if trigger.kind != "phrase":
            every = self._of_word(scene, trigger.root, trigger.start)
            yield from (t for t in dropwhile(lambda t: t.frame is not trigger.frame, every) if t != trigger)

    def _word(self, scene: Scene, token: Token, i: int) -> Trigger | None:
        return next(self._of_word(scene, token, i), None)

    def _of_word(self, scene: Scene, token: Token, i: int) -> Iterator[Trigger]:
        for frame, kind in self.words.get(scene.doc.lower[i], ()):
            is_said = _is_kind(token, kind, scene.doc.body_start) and _is_said_with(frame, scene, i)
            if is_said and _is_of_thing(frame, token, kind):
                yield Trigger(frame=frame, kind=kind, start=token.i, end=token.i + 1, root=token)

    def _phrase(self, scene: Scene, token: Token) -> Trigger | None:
        lower, start = scene.doc.lower, token.i
        for words, frame in self.phrases.get(lower[start], ()):
            end = start + len(words)
            if lower[start:end] == words and _is_said_with(frame, scene, start):
                return Trigger(frame=frame, kind="phrase", start=start, end=end, root=scene.doc[start:end].root)
        return None


def _is_more_exact(word: Trigger | None, phrase: Trigger) -> bool:
    """ "barred from acting as director": a verb whose frame asks for its other words, before verb and particles."""
    if word is None or word.frame.with_words is None or word.kind != "verb" or phrase.frame.with_words is not None:
        return False
    length = phrase.end - phrase.start
    return length == 2 or (length == 3 and word.root.doc[phrase.end - 1].lower_ in ("from", "of"))


def _is_said_with(frame: Frame, scene: Scene, token: int) -> bool:
    """Are the words that the frame asks for in its sentence?"""
    return frame.with_words is None or scene.says(frame.with_words, scene.sentence_of(token))


def _is_of_thing(frame: Frame, token: Token, kind: str) -> bool:
    """Is it done to what the frame is about: "voided the permit", not "voided its offer to renew the permit"?"""
    found = thing(token, kind) if frame.thing else None
    return found is None or found.pos_ not in ("NOUN", "PRON") or found.lower_ in frame.thing


def _is_kind(token: Token, kind: str, body_start: int) -> bool:
    if kind == "verb":
        if token.pos_ in ("VERB", "AUX"):
            return True
        if token.tag_ == "VBN" or (token.pos_ == "ADJ" and token.lower_.endswith("ed")):
            return True
        return token.idx < body_start and token.pos_ in ("NOUN", "PROPN", "ADJ") and _acts_in_title(token)
    if kind == "noun":
        return token.pos_ in ("NOUN", "PROPN", "ADJ", "VERB")
    return True


def _acts_in_title(token: Token) -> bool:
    """A headline verb that the model takes for a noun: "EU fines Meta"; what follows it is a name or a number."""
    if token.i + 1 >= len(token.doc) or token.i == 0:
        return False
    if token.nbor(-1).pos_ == "ADJ" or token.nbor(-1).lower_ in _OF_FINES:
        return False  # "to dodge antitrust fines in its home market"
    after = token.nbor(1)
    return (
        after.pos_ in ("PROPN", "NUM", "SYM", "DET", "PRON", "NOUN", "ADJ")
        or after.text[:1].isupper()
        or after.lower_ in ("over", "by", "after", "for", "in", "from", "with", "as", "to")
    ) and token.text[-1:] in "sdg"


@lru_cache(1)
def load_frames() -> FrameBook:
    """The frames that ship; refuses what it does not know."""
    data = load_yaml("lexicon", "frames.yml")
    parts: dict[str, str] = {}
    for name, part in data["parts"].items():
        parts[name] = _joined(part, parts)
    frames = tuple(_frame(id_, entry, parts) for id_, entry in data["frames"].items())
    words: dict[str, list[tuple[Frame, str]]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Frame]]] = {}
    for frame in frames:
        for kind in ("verb", "adverb", "adjective", "noun"):
            for form in getattr(frame, kind):
                words.setdefault(form, []).append((frame, kind))
        for phrase in frame.phrase:
            split = (
                tuple(re.findall(r"\w+(?:\.$)?|'\w+|[^\w\s]", phrase))
                if "-" in phrase or "'" in phrase
                else tuple(phrase.split())
            )
            phrases.setdefault(split[0], []).append((split, frame))
    order = {"verb": 0, "adverb": 1, "adjective": 2, "noun": 3}
    return FrameBook(
        frames=frames,
        words={
            w: tuple(sorted(found, key=lambda f: (order[f[1]], f[0].with_words is None))) for w, found in words.items()
        },
        phrases={
            w: tuple(sorted(found, key=lambda f: (-len(f[0]), f[1].with_words is None))) for w, found in phrases.items()
        },
        get=frozenset(data["light"]["get"]),
        give=frozenset(data["light"]["give"]),
        stages={status: frozenset(verbs) for status, verbs in data["stages"].items()},
    )


def _frame(id_: str, entry: Mapping[str, Any], parts: Mapping[str, str]) -> Frame:
    values: dict[str, Any] = {"id": id_}
    for key, value in entry.items():
        if key in _LISTS:
            values[{"not": "not_", "with-subject": "with_subject"}.get(key, key)] = tuple(str(v) for v in value)
        elif key == "with":
            values["with_words"] = _compiled(_joined("|".join(value), parts))
        elif key == "thing":
            values["thing"] = word_set(f"frames_{value}")
        elif key in ("status-of", "status-by"):
            values["status_of"] = dict(value)
        elif key in (
            "status",
            "weight",
            "sanction",
            "type",
            "rule",
            "strict",
            "infinitive",
            "source",
            "with-authority",
            "of-somebody",
        ):
            values[key.replace("-", "_")] = value
        else:
            raise FrameError(f"frames.yml: {id_}: unknown key {key!r}")
    _check(values)
    return Frame(**values)


def _joined(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with the parts that it names: "<sum> poorer"."""
    return _PART.sub(lambda name: parts[name[1]], pattern)


def _compiled(pattern: str) -> re.Pattern[str]:
    """For text in small letters if the pattern has none but these, else for any, whatever the case."""
    has_capitals = re.search(r"(?<!\\)[A-Z]", pattern) is not None
    return re.compile(pattern, re.IGNORECASE if has_capitals else 0)


def _check(values: Mapping[str, Any]) -> None:
    id_ = values["id"]
    for role in ("violator", "enforcer", "claimant", "owner", "harmed"):
        for place in values.get(role, ()):
            if place not in _PLACES:
                raise FrameError(
                    f"frames.yml: {id_}: unknown place {place!r}, expected one of {', '.join(sorted(_PLACES))}"
                )
    for key, known in (("needs", _NEEDS), ("lookalikes", _LOOKALIKES), ("spares", _SPARED)):
        if wrong := next((name for name in values.get(key, ()) if name not in known), None):
            raise FrameError(f"frames.yml: {id_}: {key}: {wrong!r}, expected one of {', '.join(sorted(known))}")
    if values["status"] not in _STATUSES:
        raise FrameError(f"frames.yml: {id_}: unknown status {values['status']!r}")
    if values.get("sanction") not in {None, *SANCTIONS}:
        raise FrameError(f"frames.yml: {id_}: unknown sanction {values['sanction']!r}")
    if values.get("type") not in {None, *RULE_TYPES}:
        raise FrameError(f"frames.yml: {id_}: unknown rule type {values['type']!r}")
    if not values.get("examples"):
        raise FrameError(f"frames.yml: {id_}: no examples")
