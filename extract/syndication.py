"""The same story elsewhere: near-duplicates by shared runs of words, found through an index and never pair by pair."""

import heapq
import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extract.facts import Copy, Story

RUN = 5
"""Words of a shingle."""
LEAST = 56
"""Shingles of its own that a text must have to be compared: about sixty words."""
SKETCH = 32
"""How many of a text's smallest shingles stand in the index."""
MANY = 60
"""A shingle that more first stories than this share finds nothing."""
TITLES = 3
"""A shingle that one publisher prints under this many unrelated titles is its furniture: a stub, a box, a list of what
to read next."""
LONG = 200
"""Two texts of one publisher under unrelated titles are one story only from this many shared shingles on."""
JACCARD = 0.5
CONTAINED = 0.8
"""The share of the shorter text that stands in the longer one."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is compared of one story."""

    rank: tuple[int, str, str, int]
    """Sorts the story that the others copy in front."""
    publisher: str
    title: frozenset[str]
    shingles: "array[int]"
    """Sorted, each once."""

    @property
    def article_id(self) -> int:
        return self.rank[-1]

    def without(self, furniture: frozenset[int]) -> "array[int]":
        """The shingles that are the story's own."""
        return array("I", (s for s in self.shingles if s not in furniture)) if furniture else self.shingles


def copies(stories: Iterable[Story]) -> tuple[Copy, ...]:
    """Every story that repeats the text of another one, with the first of them, by article id.

    The first is an agency's own story, else one that does not call itself a copy; of several the earliest, by the
    moment if that is known, then the one of the smallest id.
    """
    sheets = sorted((_sheet(story) for story in stories), key=lambda sheet: sheet.rank)
    furniture = _furniture(sheets)
    firsts: list[_Sheet] = []
    index: dict[int, list[int]] = {}
    found: list[Copy] = []
    for sheet in sheets:
        own = sheet.without(furniture.get(sheet.publisher, frozenset()))
        if len(own) < LEAST:
            continue
        sketch = heapq.nsmallest(SKETCH, own)
        near = [firsts[n] for n in _candidates(index, sketch)]
        copy = _copy(sheet, frozenset(own), near, furniture)
        if copy is not None:
            found.append(copy)
            continue
        for shingle in sketch:
            index.setdefault(shingle, []).append(len(firsts))
        firsts.append(sheet)
    return tuple(sorted(found, key=lambda copy: copy.article_id))


def _sheet(story: Story) -> _Sheet:
    return _Sheet(
        rank=(
            0 if story.declares_original else 2 if story.declares_copy else 1,
            story.published or "9999",
            story.published_at or "9999",
            story.article_id,
        ),
        publisher=(story.publisher or "").casefold(),
        title=frozenset(word for word in _words(story.title) if len(word) > 3),
        shingles=array("I", sorted(shingles(story.text))),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def shingles(text: str) -> set[int]:
    """The runs of words of a text, as hashes."""
    words = [word.encode() for word in _words(text)]
    line, starts = b" ".join(words), [0, *accumulate(len(word) + 1 for word in words)]
    return {zlib.crc32(line[start : end - 1]) for start, end in zip(starts, starts[RUN:], strict=False)}


def _furniture(sheets: Iterable[_Sheet]) -> Mapping[str, frozenset[int]]:
    """By publisher the shingles that it prints under several unrelated titles."""
    by_publisher: dict[str, list[_Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.publisher:
            by_publisher[sheet.publisher].append(sheet)
    found = {}
    for publisher, group in by_publisher.items():
        if len(group) >= TITLES and (repeated := frozenset(_repeated(group))):
            found[publisher] = repeated
    return found


def _repeated(group: Sequence[_Sheet]) -> Iterator[int]:
    often = Counter(shingle for sheet in group for shingle in sheet.shingles)
    titles: dict[int, list[frozenset[str]]] = {shingle: [] for shingle, n in often.items() if n >= TITLES}
    for sheet in group:
        for shingle in sheet.shingles:
            known = titles.get(shingle)
            if known is None or len(known) == TITLES or sheet.title in known:
                continue
            if not any(_is_like(sheet.title, title) for title in known):
                known.append(sheet.title)
    return (shingle for shingle, known in titles.items() if len(known) >= TITLES)


def _is_like(title: frozenset[str], other: frozenset[str]) -> bool:
    """Do two titles share half of their words?"""
    return len(title & other) * 2 >= min(len(title), len(other))


def _candidates(index: Mapping[int, list[int]], sketch: Sequence[int]) -> list[int]:
    """Numbers of the first stories that share two shingles of the sketch, those that share most in front."""
    shared: Counter[int] = Counter()
    for shingle in sketch:
        numbers = index.get(shingle, ())
        if len(numbers) <= MANY:
            shared.update(numbers)
    return [n for n, count in sorted(shared.items(), key=lambda item: (-item[1], item[0])) if count > 1][:8]


def _copy(
    sheet: _Sheet, own: frozenset[int], near: Iterable[_Sheet], furniture: Mapping[str, frozenset[int]]
) -> Copy | None:
    """The sheet as a copy of the likest of these, if it is one."""
    best: tuple[float, int, str] | None = None
    for first in near:
        its = frozenset(first.without(furniture.get(first.publisher, frozenset())))
        shared = len(own & its)
        if sheet.publisher == first.publisher != "" and not _is_like(sheet.title, first.title) and shared < LONG:
            continue
        jaccard, contained = shared / len(own | its), shared / min(len(own), len(its))
        if jaccard >= JACCARD or contained >= CONTAINED:
            this = (-max(jaccard, contained), first.article_id, "same-text" if own == its else "shingles")
            best = min(best or this, this)
    if best is None:
        return None
    return Copy(article_id=sheet.article_id, copy_of_id=best[1], similarity=-best[0], method=best[2])


_WORD = re.compile(r"\w+")
