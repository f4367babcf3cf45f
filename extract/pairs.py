"""How likely two stories are about one matter: features of a pair, weighed by the table in pairs.yml."""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from extract.profiles import Profile
from extract.vocabulary import load_yaml

Vector = Mapping[str, float]


class Archive:
    """How rare each word is in the stories that were counted, or in those of a background that holds them."""

    def __init__(self, background: Mapping[int, int] | None = None, size: int = 0) -> None:
        self.size = size
        self._background = background
        """Stories with the word, by its hash."""
        self._stories: Counter[str] = Counter()
        """With the word, by word."""
        self._rarity: dict[str, float] = {}

    def count(self, profiles: Iterable[Profile]) -> None:
        """Count these stories in."""
        if self._background is not None:
            return
        for profile in profiles:
            self.size += 1
            self._stories.update(profile.lead.keys() | profile.names.keys())
        self._rarity.clear()

    def rarity(self, word: str) -> float:
        """0 for a word that all stories have, about 1 for one that a single story has."""
        known = self._rarity.get(word)
        if known is None:
            known = max(0.0, math.log((self.size + 1) / (self.often(word) + 0.5)) / math.log(self.size + 2))
            self._rarity[word] = known
        return known

    def is_shared(self, word: str) -> bool:
        """Have two stories this word?"""
        return self.often(word) > 1

    def often(self, word: str) -> int:
        """How many stories have the word."""
        return self._stories[word] if self._background is None else self._background.get(word_hash(word), 0)


@dataclass(frozen=True, slots=True)
class Side:
    """One story of a pair: vectors of its words, weighed by their rarity, of length 1."""

    profile: Profile
    lead: Vector
    names: Vector
    title: Vector
    grams: Vector
    """Four letters in a row of the title."""
    title_names: tuple[str, ...]

    @classmethod
    def of(cls, profile: Profile, archive: Archive) -> "Side":
        """The side that a story is in any pair."""
        return cls(
            profile=profile,
            lead=unit({w: (1 + math.log(n)) * archive.rarity(w) for w, n in profile.lead.items()}),
            names=unit({w: (1 + math.log(n)) * archive.rarity(w) for w, n in profile.names.items()}),
            title=unit({w: archive.rarity(w) for w in profile.title if len(w) > 1}),
            grams=unit(Counter(_grams(profile.title))),
            title_names=tuple(dict.fromkeys(w for w in profile.title if w in profile.names)),
        )

    def has(self, word: str) -> bool:
        """Does the word stand in the beginning or among the names?"""
        return word in self.profile.lead or word in self.profile.names


FEATURES = (
    "lead", "names", "grams", "title_shared", "title_rarest", "title_names", "title_in", "same_title", "same_day",
    "acts", "short", "days", "far", "amounts_differ", "strange", "same_publisher", "template",
)  # fmt: skip
"""In the order in which `features` gives them."""


def features(a: Side, b: Side, archive: Archive) -> tuple[float, ...]:
    """What speaks for one matter, and from ``days`` on what speaks against it."""
    p, q = a.profile, b.profile
    days = abs(p.day - q.day) if p.day is not None and q.day is not None else None
    lead = cosine(a.lead, b.lead)
    shared = [archive.rarity(w) for w in a.title if w in b.title]
    same_publisher = p.publisher == q.publisher != ""
    return (
        lead,
        cosine(a.names, b.names),
        cosine(a.grams, b.grams),
        math.log1p(sum(shared)),
        max(shared, default=0.0),
        math.log1p(sum([archive.rarity(w) for w in a.title_names if w in b.title_names])),
        max(_share_told(a, b), _share_told(b, a)),
        float(p.title == q.title),
        lead * (days is not None and days <= 1),
        float(len(p.acts & q.acts)),
        float(min(p.length, q.length) < 60),
        math.log1p(days or 0),
        float(days is not None and days > 14),
        float(bool(p.amounts and q.amounts and not p.amounts & q.amounts)),
        min(_rarest_untold(a, b, archive), _rarest_untold(b, a, archive)),
        float(same_publisher),
        float(same_publisher and p.title != q.title),
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of a pair: feature → what is taken from it, what it is divided by, what it weighs."""

    bias: float
    table: tuple[tuple[float, float, float], ...]
    """In the order of `FEATURES`."""

    def odds(self, a: Side, b: Side, archive: Archive) -> float:
        """The logarithm of the odds that both are about one matter."""
        values = features(a, b, archive)
        weighed = ((x - mean) / scale * weight for x, (mean, scale, weight) in zip(values, self.table, strict=True))
        return self.bias + sum(weighed)


def load_weights() -> Weights:
    """The weights that ship."""
    table = load_yaml("pairs.yml")
    rows = (table["features"][name] for name in FEATURES)
    return Weights(bias=table["bias"], table=tuple((row["mean"], row["scale"], row["weight"]) for row in rows))


def word_hash(word: str) -> int:
    """32 bits that stand for a word."""
    return zlib.crc32(word.encode())


def probability(odds: float) -> float:
    """The probability that belongs to a logarithm of odds."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))


def unit(vector: Mapping[str, float]) -> Vector:
    """The vector at length 1, without what is not above 0."""
    norm = math.sqrt(sum([v * v for v in vector.values()]))
    return {word: v / norm for word, v in vector.items() if v > 0}


def cosine(a: Vector, b: Vector) -> float:
    """How far two vectors of length 1 point the same way, 0 to 1."""
    if len(a) > len(b):
        a, b = b, a
    return sum([v * b[w] for w, v in a.items() if w in b])


def _grams(words: Iterable[str]) -> Iterator[str]:
    line = f" {' '.join(words)} "
    return (line[n : n + 4] for n in range(len(line) - 3))


def _share_told(a: Side, b: Side) -> float:
    """How much of the title of ``a`` stands in ``b``, rare words counting more."""
    total = sum(a.title.values())
    return sum([v for w, v in a.title.items() if b.has(w)]) / total if total else 0.0


def _rarest_untold(a: Side, b: Side, archive: Archive) -> float:
    """The rarity of the rarest name in the title of ``a`` that ``b`` does not have."""
    return max((archive.rarity(w) for w in a.title_names if not b.has(w)), default=0.0)
