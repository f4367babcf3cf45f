"""In which lines of a text its words stand: a pattern that needs one of some words is tried nowhere else."""

import re
from collections.abc import Iterable, Iterator

_WORD = re.compile(r"\w+")


def first_words(phrases: Iterable[str]) -> frozenset[str]:
    """What an index has of each phrase at least.

    >>> sorted(first_words(["attorney general", "S.A.", "court"]))
    ['S', 'attorney', 'court']
    """
    return frozenset(match.group() for phrase in phrases if (match := _WORD.search(phrase)))


class WordIndex:
    """The words of a text, in the case they have there, by line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[tuple[int, int, set[str]]] = []
        start = 0
        for line in text.split("\n"):
            if line:
                self._lines.append((start, start + len(line), set(_WORD.findall(line))))
            start += len(line) + 1
        self._words = frozenset[str]().union(*(words for _, _, words in self._lines))
        self.numbered = frozenset(word for word in self._words if not word.isalpha())
        """Words that are not all letters: 2, 4o, V3."""
        self.mixed = frozenset(w for w in self._words if w[0].isupper() and not (w.istitle() or w.isupper()))
        """Words with a capital at the start and another inside: ScanMate."""

    def matches(
        self, pattern: re.Pattern[str], words: frozenset[str], near: re.Pattern[str] | None = None
    ) -> Iterator[re.Match[str]]:
        """What a pattern that crosses no line finds in the lines that have one of the words, and ``near`` if given."""
        there = words & self._words
        for start, end, its in self._lines if there else ():
            if not there.isdisjoint(its) and (near is None or near.search(self._text, start, end)):
                yield from pattern.finditer(self._text, start, end)
