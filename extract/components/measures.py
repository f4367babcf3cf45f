"""What a sentence says was done to somebody for breaking a rule: fined, struck off, told to delete."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from extract.components.averted import is_averted, is_in_vain
from extract.components.syntax import is_or_else
from extract.components.tree import Stretch, Token
from extract.components.word_lists import word_set
from extract.vocabulary import load_words

_PLANS = word_set("status_plans")
_PERHAPS = frozenset({"can", "could", "may", "might", "should", "would"})
_ONLY_IF = frozenset({"if", "should", "unless", "whether"})
_FACES = frozenset({"carries", "carry", "face", "faces", "facing", "risk", "risks", "risking", "threat", "threats"})
_MOST = re.compile(r"\b(?:up to|as much as|at least|maximum|between)\b|\bnot be (?:fined|charged)\b")
_NONE = frozenset({"against", "instead", "not", "nor", "never", "no", "rather", "than", "without"})
_SUMS = frozenset({"arrest_or_charge", "criminal_sentence", "damages", "fine", "payment", "settlement_payment"})
_UP = 6  # governors that can take a measure back


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A sanction in the words of a sentence."""

    kind: str
    """One of `SANCTIONS`."""
    start: int
    end: int
    """Characters of the sentence."""
    verb: Token
    """The head of its words."""
    is_threat: bool
    """Only possible, asked for or feared."""


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    """By kind of sanction, in small letters for text in small letters: to ignore the case would take twice the time."""
    words = load_words("measures")
    return {kind: re.compile(rf"\b(?:{'|'.join(each)})\b") for kind, each in words.items()}


@cache
def _any() -> re.Pattern[str]:
    """What finds something wherever one of the patterns does, and seldom elsewhere: most sentences have no sanction.

    A word's beginning is asked for as something that costs less than a border of words.
    """
    words = (word for each in load_words("measures").values() for word in each)
    return re.compile(rf"(?<![a-z0-9_])(?:{'|'.join(words)})")


def measures(sentence: Stretch) -> Iterator[Measure]:
    """The sanctions of a sentence by kind; none that it says there was not."""
    text, small = sentence.text, sentence.small
    if not _any().search(small):
        return
    for kind, pattern in _patterns().items():
        for match in pattern.finditer(small):
            words = sentence.part(match.start(), match.end())
            if _is_denied(words):
                continue
            is_most = kind in _SUMS and _MOST.search(text[match.start() : match.end() + 12]) is not None
            is_threat = _is_perhaps(words) or is_most
            yield Measure(kind=kind, start=match.start(), end=match.end(), verb=words.root, is_threat=is_threat)


def _is_denied(words: Stretch) -> bool:
    """ "was not fined", "no financial penalty", "decided against a fine", "escaped a fine"."""
    first = words.root.left_edge.i if words.root.pos_ == "NOUN" else words.start
    if words.root.pos_ == "NOUN" and is_averted(words.root):
        return True
    around = {t.lower_ for t in words.doc[max(words.sent.start, first - 2) : words.start]}
    return bool(around & _NONE) or any(c.dep_ == "neg" and c.i < words.start for c in words.root.children)


def _is_perhaps(words: Stretch) -> bool:
    """Under a modal, a condition, a wish or a risk; a modal of its own words ("may no longer use") is an order."""
    t = words.root
    if is_or_else(t):
        return True
    if is_in_vain(t):
        return False
    for _ in range(_UP):
        for c in t.children:
            is_own = words.start <= c.i < words.end
            if (c.dep_ == "aux" and c.lower_ in _PERHAPS and not is_own) or (c.dep_ == "mark" and c.lower_ in _ONLY_IF):
                return True
            if c.dep_ == "advcl" and any(x.dep_ == "mark" and x.lower_ in _ONLY_IF for x in c.children):
                return True
        if t.dep_ in ("nsubj", "nsubjpass"):  # "fines may reach", "a fine had been considered"
            is_plan = t.dep_ == "nsubjpass" and t.head.lower_ in _PLANS
            return is_plan or any(c.dep_ == "aux" and c.lower_ in _PERHAPS for c in t.head.children)
        if t.dep_ in ("ROOT", "relcl", "parataxis"):
            return False
        if t.head.lower_ in _FACES or (t.head.lower_ in _PLANS and t.dep_ in ("xcomp", "ccomp", "dobj", "prep")):
            return not words.start <= t.head.i < words.end
        t = t.head
    return False
