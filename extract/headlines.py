"""Stories of which nothing is known but the headline: grouped by its words, and by those of headlines like it.

Headlines of one matter seldom share words, so a word counts by its beginnings ("regulator" and "regulation" are one)
and by its family: "killed", "dead" and "fatal" are one thing.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

from extract.pairs import Vector, cosine, unit
from extract.profiles import stem
from extract.vocabulary import load_yaml

LIKE = 8
"""Headlines whose words are added to a headline's own."""
NEAR = 25
"""Headlines that a headline is compared with."""
TOGETHER = 0.31
"""Two groups are one where their headlines are this alike on average; found on a list of headlines without dates, where
from 0.29 to 0.33 little moves."""
DAMPED = 0.75
"""The power of a word's rarity: the rarest word of a headline must not outweigh all that it shares."""
BEGINNINGS = (5, 4)
"""Letters of a word that count as the word. By halves of the same list, each judged by the threshold found on the
other, these and the families reach 0.795, whole stems alone 0.767, the beginnings alone 0.779."""
CROWD = 400
"""A word that more headlines than this share finds nothing."""


def by_headline(titles: Sequence[Sequence[str]]) -> list[int]:
    """For each headline, given as stems, the number of its group: that of the first in it."""
    own = _weighed(titles)
    like = [_nearest(n, own, index, LIKE) for index in [_index(own)] for n in range(len(own))]
    wide = [_widened(vector, [(own[n], alike) for alike, n in like[k]]) for k, vector in enumerate(own)]
    return _linked(wide)


def _weighed(titles: Sequence[Sequence[str]]) -> list[Vector]:
    """Each headline by its words, the rare ones counting more, at each length of their beginnings."""
    found: list[dict[str, float]] = [{} for _ in titles]
    for length in BEGINNINGS:
        words = [dict.fromkeys(_counted(w, length) for w in title if w not in _SMALL) for title in titles]
        headlines = Counter(word for its in words for word in its)
        for vector, its in zip(found, words, strict=True):
            rare = unit({w: math.log((len(titles) + 1) / (headlines[w] + 0.5)) ** DAMPED for w in its})
            vector.update({f"{length} {word}": weight for word, weight in rare.items()})
    return [unit(vector) for vector in found]


def _counted(word: str, length: int) -> str:
    """The family of a stem, else its beginning."""
    return _families().get(word) or word[:length]


@cache
def _families() -> Mapping[str, str]:
    """Stem → the first word of its family, marked as such."""
    families = load_yaml("lexicon", "word_families.yml")
    return {stem(word): f"={line.split()[0]}" for line in families for word in line.split()}


def _index(vectors: Sequence[Vector]) -> Mapping[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for word in vector:
            index[word].append(number)
    return {word: numbers for word, numbers in index.items() if 1 < len(numbers) <= CROWD}


def _nearest(
    number: int, vectors: Sequence[Vector], index: Mapping[str, list[int]], most: int
) -> list[tuple[float, int]]:
    """The likest others, with their likeness."""
    likeness: dict[int, float] = defaultdict(float)
    for word, weight in vectors[number].items():
        for other in index.get(word, ()):
            if other != number:
                likeness[other] += weight * vectors[other][word]
    return sorted(((alike, n) for n, alike in likeness.items()), key=lambda pair: (-pair[0], pair[1]))[:most]


def _widened(own: Vector, like: Sequence[tuple[Vector, float]]) -> Vector:
    """The vector with the mean of those like it added."""
    total = math.fsum(alike for _, alike in like)
    words = dict(own)
    for vector, alike in like:
        for word, weight in vector.items():
            words[word] = words.get(word, 0.0) + weight * alike / total
    return unit(words)


def _linked(vectors: Sequence[Vector]) -> list[int]:
    """Average link: the two groups that are likest become one, until none are alike enough."""
    sums = {n: dict(vector) for n, vector in enumerate(vectors)}
    size = dict.fromkeys(sums, 1)
    home = list(range(len(vectors)))
    near: dict[int, set[int]] = {n: set() for n in sums}
    index = _index(vectors)
    queue: list[tuple[float, int, int, int, int]] = []
    for n in sums:
        for alike, other in _nearest(n, vectors, index, NEAR):
            near[n].add(other)
            near[other].add(n)
            queue.append((-alike, min(n, other), max(n, other), 1, 1))
    heapq.heapify(queue)
    while queue:
        worst, one, other, *sizes = heapq.heappop(queue)
        if -worst < TOGETHER:
            break
        if one not in sums or other not in sums or sizes != [size[one], size[other]]:
            continue
        for word, weight in sums.pop(other).items():
            sums[one][word] = sums[one].get(word, 0.0) + weight
        size[one] += size.pop(other)
        home[other] = one
        near[one] = (near[one] | near.pop(other)) - {one, other}
        for each in sorted(near[one] & sums.keys()):
            near[each].add(one)
            alike = cosine(sums[one], sums[each]) / (size[one] * size[each])
            heapq.heappush(queue, (-alike, min(one, each), max(one, each), size[min(one, each)], size[max(one, each)]))
    return [_root(home, n) for n in range(len(vectors))]


def _root(home: Sequence[int], number: int) -> int:
    while home[number] != number:
        number = home[number]
    return number


_WORDS = """
    a about after all an and are as at be but by can could did do does first for from had has have he her his how i if
    in into is it its just may more my new no not now of on or our out over said say she so than that the their them
    they this to up us was we were what when where which who why will with would you your
"""
_SMALL = frozenset(stem(word) for word in _WORDS.split())
