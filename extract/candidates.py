"""Which earlier stories a story is worth comparing with: an index of telling words, never all pairs."""

import heapq
import math
from collections import defaultdict

from extract.pairs import Archive, Side

TERMS = 30
"""Words of a story that stand in the index."""
MOST = 20
"""Candidates of a story."""
CROWD = 60
"""Only so many of the latest stories with a word are looked at."""
WINDOW = 45
"""Days apart."""


class Candidates:
    """The stories of the last weeks by the words that tell them apart."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._day: dict[int, int | None] = {}

    def near(self, number: int, side: Side, archive: Archive) -> list[int]:
        """Numbers of the stories added before that share most with this one, which is added under ``number``."""
        words = telling(side, archive)
        shared: dict[int, float] = defaultdict(float)
        for word in words:
            rarity = archive.rarity(word)
            for other in self._by_word.get(word, ())[-CROWD:]:
                shared[other] += rarity
        day, days = side.profile.day, self._day
        near = [
            (-weight, other)
            for other, weight in shared.items()
            if day is None or (its := days[other]) is None or -WINDOW <= day - its <= WINDOW
        ]
        days[number] = day
        for word in words:
            self._by_word[word].append(number)
        return [other for _, other in heapq.nsmallest(MOST, near)]

    def forget_before(self, day: int) -> list[int]:
        """Drop the stories older than ``day``; their numbers."""
        old = [number for number, its in self._day.items() if its is not None and its < day]
        for number in old:
            del self._day[number]
        kept = ((word, [n for n in numbers if n in self._day][-CROWD:]) for word, numbers in self._by_word.items())
        self._by_word = defaultdict(list, {word: numbers for word, numbers in kept if numbers})
        return old


def telling(side: Side, archive: Archive) -> list[str]:
    """The words that a story is about: frequent in it, rare elsewhere, in its title or a name."""
    lead, names, title = side.profile.lead, side.profile.names, set(side.profile.title)
    weighed = []
    for word in dict.fromkeys((*lead, *names)):
        if len(word) > 1 and archive.is_shared(word):
            often = 1 + math.log(max(lead.get(word, 0), names.get(word, 0)))
            weight = archive.rarity(word) * often * (1.5 if word in title else 1) * (1.3 if word in names else 1)
            weighed.append((-weight, word))
    return [word for _, word in heapq.nsmallest(TERMS, weighed)]
