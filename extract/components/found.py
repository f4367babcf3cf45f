"""A name found in a Doc, and the places of characters in it."""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from operator import add

from spacy.tokens import Doc

from extract.components.tree import Tree
from extract.components.word_index import WordIndex
from extract.components.words import BOUND

_BEGIN, _END = re.compile(BOUND), re.compile(r"(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A name in a Doc, from token ``start`` to before token ``end``."""

    start: int
    end: int
    label: str
    """One of `annotations.LABELS`' values, or GPE for a place."""
    name: str
    """The full name: the record's, or the longest form in the article."""
    method: str
    slug: str = ""
    role: str | None = None
    affiliation: str | None = None
    is_public: bool = False


class Grid:
    """Which tokens a stretch of characters covers."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tree: Tree = doc._.tree
        self.text: str = self.tree.text
        self.index: WordIndex = self.tree.index
        self.starts: list[int] = self.tree.starts
        self.ends: list[int] = list(map(add, self.starts, map(len, self.tree.words)))
        self._starts = {start: i for i, start in enumerate(self.starts)}
        self._ends = {end: i for i, end in enumerate(self.ends, 1)}

    def stretch(self, start: int, end: int) -> str:
        """The text from one token to before another."""
        return self.text[self.starts[start] : self.ends[end - 1]]

    def edges(self, found: Found) -> tuple[int, int]:
        """The characters from which and to which a name stands."""
        return self.starts[found.start], self.ends[found.end - 1]

    def tokens(self, start: int, end: int) -> tuple[int, int] | None:
        """First token and the one after the last; ``None`` if a token is cut in two."""
        first, last = self._starts.get(start), self._ends.get(end)
        return (first, last) if first is not None and last is not None and first < last else None

    def alone(self, word: str) -> Iterator[tuple[int, int]]:
        """First token and the one after the last of every place where a word is no part of a longer one."""
        start = self.text.find(word)
        while start >= 0:
            end, after = start + len(word), start + 1
            if _BEGIN.match(self.text, start) and _END.match(self.text, end):
                after = end
                if tokens := self.tokens(start, end):
                    yield tokens
            start = self.text.find(word, after)

    def found(self, start: int, end: int, label: str, method: str, *, name: str | None = None) -> Found | None:
        """The name that stands between two characters."""
        tokens = self.tokens(start, end)
        if tokens is None:
            return None
        text = name or " ".join(self.text[start:end].split())
        return Found(start=tokens[0], end=tokens[1], label=label, name=text, method=method)


class Names:
    """Names that do not overlap; what is added first stays."""

    def __init__(self) -> None:
        self._at: dict[int, Found] = {}
        self._in_order: list[Found] | None = None  # until another comes or goes

    def add(self, found: Iterable[Found]) -> None:
        """Take those that overlap nothing; of two new ones that overlap, the longer."""
        for new in sorted(found, key=lambda f: (f.start - f.end, f.start)):
            if self.is_free(new.start, new.end):
                self._in_order = None
                self._at.update(dict.fromkeys(range(new.start, new.end), new))

    def replace(self, old: Found, new: Iterable[Found]) -> None:
        """Put others in the place of one."""
        for i in range(old.start, old.end):
            self._at.pop(i, None)
        self._in_order = None
        self.add(new)

    def is_free(self, start: int, end: int) -> bool:
        return self._at.keys().isdisjoint(range(start, end))

    def at(self, token: int) -> Found | None:
        return self._at.get(token)

    def overlapping(self, start: int, end: int) -> list[Found]:
        """Those that share a token with the stretch, in order."""
        return list({id(f): f for i in range(start, end) if (f := self._at.get(i))}.values())

    def sorted(self, labels: Container[str] | None = None) -> list[Found]:
        """All of them, or those of some labels, in the order of the text."""
        if self._in_order is None:
            self._in_order = sorted({id(f): f for f in self._at.values()}.values(), key=lambda f: f.start)
        return [f for f in self._in_order if labels is None or f.label in labels]
