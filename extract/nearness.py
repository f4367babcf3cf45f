"""By what a story is found again among those of the weeks around it, without reading them all."""

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from extract.facts import Sketch, Sketches, Story, Text
from extract.pairs import word_hash
from extract.profiles import profiles
from extract.syndication import MANY, SKETCH, shingles

TERMS = 40
"""Words of a new story that others are looked for by: those that fewest have."""
MOST = 25
"""Stories that are near to a new one."""


@dataclass(frozen=True, slots=True)
class Around:
    """What matters to new stories of those there are."""

    near: frozenset[int]
    """Ids of those of the weeks around that are worth comparing with a new one."""
    background: Mapping[int, int]
    """How many of all stories have a word, by its hash: rarity must not hang on what comes in which run."""
    size: int


def sketch_of(text: Text) -> Sketch:
    """What of a text is kept to find it again."""
    story = Story(article_id=text.article_id, title=text.title, text=text.text, published=None, publisher=None)
    (profile,) = profiles([story])
    words = array("I", sorted({word_hash(word) for word in profile.lead.keys() | profile.names.keys()}))
    own = array("I", heapq.nsmallest(SKETCH, set(shingles(text.text))))
    return Sketch(words=words.tobytes(), shingles=own.tobytes())


def around(new: Iterable[int], sketches: Sketches) -> Around:
    """Which of the sketched stories are near to the new ones, which are sketched too."""
    seen = {number: (array("I", s.words), array("I", s.shingles)) for number, s in sketches.near.items()}
    background: Counter[int] = Counter()
    for words, _ in seen.values():
        background.update(words)
    mine = [number for number in new if number in seen]
    telling = {n: _telling(seen[n][0], background) for n in mine}
    printed: Counter[int] = Counter(s for _, own in seen.values() for s in own)
    texts = {n: [s for s in seen[n][1] if 1 < printed[s] <= MANY] for n in mine}
    near = _sharing(telling, {n: words for n, (words, _) in seen.items()}, background, most=MOST, least=2)
    same = _sharing(texts, {n: own for n, (_, own) in seen.items()}, printed, most=MOST, least=2)
    return Around(near | same, background + _beyond(sketches), len(seen) + sketches.beyond)


def _beyond(sketches: Sketches) -> Counter[int]:
    """How many of the other stories have a word, by what is known of some."""
    known: Counter[int] = Counter()
    for words in sketches.others:
        known.update(array("I", words))
    if len(sketches.others) < sketches.beyond:
        share = len(sketches.others) / sketches.beyond
        return Counter({word: round(n / share) for word, n in known.items()})
    return known


def _telling(words: Iterable[int], background: Mapping[int, int]) -> list[int]:
    return heapq.nsmallest(TERMS, (w for w in words if background[w] > 1), key=lambda word: (background[word], word))


def _sharing(
    mine: Mapping[int, Iterable[int]], all_: Mapping[int, Iterable[int]], often: Mapping[int, int], *, most: int,
    least: int,
) -> frozenset[int]:  # fmt: skip
    """For each of ``mine`` those that share most with it, rare ones counting more, but no fewer than ``least``."""
    places: dict[int, list[int]] = defaultdict(list)
    for number, keys in mine.items():
        for key in keys:
            places[key].append(number)
    shared: dict[int, Counter[int]] = {number: Counter() for number in mine}
    weight: dict[int, dict[int, float]] = {number: defaultdict(float) for number in mine}
    for other, keys in all_.items():
        for key in places.keys() & set(keys):
            for number in places[key]:
                shared[number][other] += 1
                weight[number][other] += 1 / math.log(1 + often[key])
    found: set[int] = set()
    for number in mine:
        enough = [(-weight[number][o], o) for o, n in shared[number].items() if n >= least and o != number]
        found.update(other for _, other in heapq.nsmallest(most, enough))
    return frozenset(found)
