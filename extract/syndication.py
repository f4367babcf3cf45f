"""The same story elsewhere: near-duplicates by shared runs of words, found through an index and never pair by pair."""

import re
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from extract.facts import Copy, Story

RUN = 5
"""Words of a shingle."""
MIN_WORDS = 60
"""A shorter text is never a copy: too little of it is its own."""
SKETCH = 32
"""How many of a text's smallest shingles stand in the index."""
CROWDED = 200
"""A shingle that more first stories than this share is no sign of anything."""
BOILERPLATE = 3
"""A shingle that one publisher prints under this many titles is its own furniture."""
JACCARD = 0.5
CONTAINED = 0.8
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is compared of one story."""

    rank: tuple[bool, str, int]
    article_id: int
    publisher: str
    title: str
    shingles: "array[int]"
    """Sorted, each once."""


def copies(stories: Iterable[Story]) -> tuple[Copy, ...]:
    """Every story that repeats the text of another one, with the first of them, by article id.

    The first is one that does not call itself a copy, then the earliest, then the one of the smallest id.
    """
    sheets = sorted((_sheet(story) for story in stories), key=lambda sheet: sheet.rank)
    furniture = _furniture(sheets)
    firsts: list[tuple[_Sheet, frozenset[int]]] = []
    index: dict[int, list[int]] = defaultdict(list)
    found: list[Copy] = []
    for sheet in sheets:
        own = frozenset(sheet.shingles) - furniture
        if len(own) <= MIN_WORDS - RUN:
            continue
        sketch = sorted(own)[:SKETCH]
        best = _best(sheet, own, [firsts[n] for n in _candidates(index, sketch)])
        if best is not None:
            found.append(best)
            continue
        for shingle in sketch:
            index[shingle].append(len(firsts))
        firsts.append((sheet, own))
    return tuple(sorted(found, key=lambda copy: copy.article_id))


def _sheet(story: Story) -> _Sheet:
    return _Sheet(
        rank=(story.declares_copy, story.published or "9999", story.article_id),
        article_id=story.article_id,
        publisher=(story.publisher or "").casefold(),
        title=" ".join(_words(story.title)),
        shingles=array("I", sorted(set(_shingles(_words(story.text))))),
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(words: list[str]) -> Iterator[int]:
    for start in range(len(words) - RUN + 1):
        yield zlib.crc32(" ".join(words[start : start + RUN]).encode())


def _furniture(sheets: list[_Sheet]) -> frozenset[int]:
    """The shingles that a publisher repeats under several titles: stubs, boxes, lists of what to read next."""
    by_publisher: dict[str, list[_Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_publisher[sheet.publisher].append(sheet)
    found: set[int] = set()
    for publisher, group in by_publisher.items():
        if not publisher:
            continue
        counts: Counter[int] = Counter()
        seen: set[tuple[str, int]] = set()
        for sheet in group:
            if (sheet.title, len(sheet.shingles)) not in seen:
                seen.add((sheet.title, len(sheet.shingles)))
                counts.update(sheet.shingles)
        found.update(shingle for shingle, n in counts.items() if n >= BOILERPLATE)
    return frozenset(found)


def _candidates(index: dict[int, list[int]], sketch: list[int]) -> list[int]:
    """Numbers of the first stories that share two shingles of the sketch, those that share most in front."""
    shared: Counter[int] = Counter()
    for shingle in sketch:
        numbers = index.get(shingle, ())
        if len(numbers) <= CROWDED:
            shared.update(numbers)
    return [n for n, count in sorted(shared.items(), key=lambda item: (-item[1], item[0])) if count >= 2][:8]


def _best(sheet: _Sheet, own: frozenset[int], firsts: list[tuple[_Sheet, frozenset[int]]]) -> Copy | None:
    found: list[tuple[float, int, Copy]] = []
    for first, its in firsts:
        shared = len(own & its)
        jaccard, contained = shared / len(own | its), shared / min(len(own), len(its))
        if jaccard >= JACCARD or contained >= CONTAINED:
            method = "same-text" if own == its else "shingles"
            copy = Copy(
                article_id=sheet.article_id,
                copy_of_id=first.article_id,
                similarity=max(jaccard, contained),
                method=method,
            )
            found.append((-max(jaccard, contained), first.article_id, copy))
    return min(found)[2] if found else None
