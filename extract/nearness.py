"""By what a story is found again among those of the weeks around it, without reading them all."""

import heapq
import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from extract.candidates import CROWD, telling
from extract.facts import Sketch, Sketches, Story, Text
from extract.grouping import MERGE, likelihood
from extract.matters import Owner, matters
from extract.pairs import Archive, Side, load_weights, word_hash
from extract.profiles import profiles, title_words
from extract.syndication import MANY, SKETCH, shingles

NEW = 1000
"""So many new stories are looked at one by one; if there are more, all of the weeks around them are near."""
MOST = 20
"""Stories that are near to a new one, as many as it is compared with when all are grouped."""
COMMON = 0.2
"""A word that a larger share of the stories has finds none of them."""
TITLED = 0.25
"""So much of the title of one of two stories, rare words counting more, stands in the other if they can be grouped."""


@dataclass(frozen=True, slots=True)
class Around:
    """What matters to new stories of those there are."""

    near: Mapping[int, tuple[int, ...]]
    """New story → those of the weeks around that share most of its telling words."""
    same: frozenset[int]
    """Those that a new one may have its text in common with."""


def sketch_of(text: Text) -> Sketch:
    """What of a text is kept to find it again."""
    story = Story(article_id=text.article_id, title=text.title, text=text.text, published=None, publisher=None)
    (profile,) = profiles([story])
    words = array("I", sorted({word_hash(word) for word in profile.lead.keys() | profile.names.keys()}))
    own = array("I", heapq.nsmallest(SKETCH, shingles(text.text)))
    return Sketch(words=words.tobytes(), shingles=own.tobytes())


def archive_of(sketches: Sketches) -> Archive:
    """How rare words are among all stories: that must not hang on which of them come in one run."""
    background = _count(array("I", sketch.words) for sketch in sketches.near.values())
    background.update(_beyond(sketches))
    return Archive(background, len(sketches.near) + sketches.beyond)


def around(new: Sequence[Story], sketches: Sketches, archive: Archive) -> Around:
    """Which of the sketched stories are worth comparing with the new ones, which are sketched too."""
    words = {number: array("I", sketch.words) for number, sketch in sketches.near.items()}
    printed = {number: array("I", sketch.shingles) for number, sketch in sketches.near.items()}
    often = _count(printed.values())
    texts = {
        story.article_id: {run: 1.0 for run in printed[story.article_id] if 1 < often[run] <= MANY} for story in new
    }
    same = frozenset(other for others in _sharing(texts, printed, least=1).values() for other in others)
    return Around(_near(new, words, sketches.titles, archive), same)


def likely(
    new: Iterable[Story], others: Iterable[Story], near: Mapping[int, Iterable[int]], *, owner: Owner, archive: Archive
) -> frozenset[int]:
    """Ids of those of the other stories that a new one they are near to can be grouped with, or that can be with those.

    That takes their texts: most stories that share some rare words have no more in common.
    """
    stories = [*new, *others]
    told = {
        story.article_id: (matters(story, owner)[0], Side.of(profile, archive))
        for story, profile in zip(stories, profiles(stories), strict=True)
    }
    odds = load_weights().odds
    found: set[int] = set()
    for number, candidates in near.items():
        left, edge = {other for other in candidates if other in told}, [number]
        while edge:
            one = edge.pop()
            joined = {other for other in left if likelihood(told[one], told[other], odds, archive) >= MERGE}
            left -= joined
            edge += joined
            found |= joined
    return frozenset(found)


def _near(
    new: Sequence[Story], words: Mapping[int, Sequence[int]], titles: Mapping[int, str], archive: Archive
) -> dict[int, tuple[int, ...]]:
    """New story → those that share most of its telling words, and that its title stands in or the other way round."""
    found = _sharing(_telling(new, archive), words)
    seen = {number: frozenset(words[number]) for others in (found, *found.values()) for number in others}

    def are_titled(one: int, other: int) -> bool:
        return any(_share(titles[a], seen[b], archive) >= TITLED for a, b in ((one, other), (other, one)))

    return {number: tuple(o for o in others if are_titled(number, o)) for number, others in found.items()}


def _share(title: str, words: Container[int], archive: Archive) -> float:
    """How much of a title stands among the words, rare ones counting more."""
    rarity = {word: archive.rarity(word) for word in title_words(title) if len(word) > 1}
    total = sum(rarity.values())
    return sum(n for word, n in rarity.items() if word_hash(word) in words) / total if total else 0.0


def _telling(new: Sequence[Story], archive: Archive) -> dict[int, dict[int, float]]:
    """New story → the hashes of its telling words that are not too common, with how rare they are."""
    most = max(CROWD, COMMON * archive.size)
    sides = [Side.of(profile, archive) for profile in profiles(new)]
    return {
        side.profile.article_id: {
            word_hash(word): archive.rarity(word) for word in telling(side, archive) if archive.often(word) <= most
        }
        for side in sides
    }


def _count(keys: Iterable[Iterable[int]]) -> Counter[int]:
    """In how many of the stories each key stands."""
    return Counter(chain.from_iterable(keys))


def _beyond(sketches: Sketches) -> Counter[int]:
    """How many of the other stories have a word, by what is known of some."""
    known = _count(array("I", words) for words in sketches.others)
    if len(sketches.others) < sketches.beyond:
        share = len(sketches.others) / sketches.beyond
        return Counter({word: round(n / share) for word, n in known.items()})
    return known


def _sharing(
    mine: Mapping[int, Mapping[int, float]], all_: Mapping[int, Sequence[int]], *, least: float = 0
) -> dict[int, tuple[int, ...]]:
    """For each of ``mine``, which say what a key weighs, those that share most with it for their length.

    It must weigh more than ``least`` before the length is looked at.
    """
    places: dict[int, list[int]] = {key: [] for keys in mine.values() for key in keys}
    for number, its in all_.items():
        for key in places.keys() & its:
            places[key].append(number)
    found = {}
    for number, keys in mine.items():
        shared: dict[int, float] = defaultdict(float)
        for key, weight in keys.items():
            for other in places[key]:
                shared[other] += weight
        enough = [
            (-weight / math.sqrt(len(all_[other])), other)
            for other, weight in shared.items()
            if weight > least and other != number
        ]
        found[number] = tuple(other for _, other in heapq.nsmallest(MOST, enough))
    return found
