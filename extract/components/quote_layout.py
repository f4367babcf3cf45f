"""A Doc as the quote rules see it: paragraphs, sentences that no mark and no stray break cuts, marked passages."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from spacy.tokens import Doc

from extract.components.quote_marks import Passage, passages
from extract.components.tree import Token, Tree

ENDS = frozenset(".?!…") | {"...", "?!", "!!", "!?"}
_TRIMMED = frozenset(",;:.-–—") | {"--", "...", "…"}


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring tokens, by number; the end exclusive."""

    start: int
    end: int

    def __len__(self) -> int:
        return max(0, self.end - self.start)

    def __contains__(self, i: int) -> bool:
        return self.start <= i < self.end

    def holds(self, other: "Run") -> bool:
        """Whether the other lies within it."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Run") -> bool:
        """Whether they share a token."""
        return self.start < other.end and other.start < self.end


class Layout:
    """Where the paragraphs, sentences and marked passages of a Doc's body stand."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.tree = tree = cast(Tree, doc._.tree)
        self.tokens, self.text, self._offsets = tree.tokens, tree.text, tree.starts
        self.body = Run(tree.first_of_body, len(tree))
        self.passages = passages(self.text, tree.body_start)
        self.marked = [self.run(p.start, p.end) for p in self.passages]
        self.inside = self._inside()
        self.paragraphs = list(self._paragraphs())
        self._sentence_starts = list(self._starts())

    def run(self, start_char: int, end_char: int) -> Run:
        """The tokens between two offsets."""
        return Run(bisect_left(self._offsets, start_char), bisect_left(self._offsets, end_char))

    def chars(self, run: Run) -> tuple[int, int]:
        """The offsets of a run that is not empty."""
        last = self.tokens[run.end - 1]
        return self._offsets[run.start], last.idx + len(last)

    def words(self, run: Run) -> str:
        """The run's text."""
        start, end = self.chars(run)
        return self.text[start:end]

    def sentence(self, i: int) -> Run:
        """The sentence that the token is part of; a passage belongs to the sentence around it."""
        at = bisect_right(self._sentence_starts, i)
        end = self._sentence_starts[at] if at < len(self._sentence_starts) else self.body.end
        return Run(self._sentence_starts[at - 1] if at else self.body.start, end)

    def trimmed(self, run: Run) -> Run:
        """The run without white space and punctuation at its ends; marks of passages stay."""
        start, end = run.start, run.end
        while start < end and self._is_trimmed(start, ahead=True):
            start += 1
        while start < end and self._is_trimmed(end - 1, ahead=False):
            end -= 1
        return Run(start, end)

    def whole(self, run: Run) -> Run:
        """The run with every passage in full that it touches."""
        start, end = run.start, run.end
        for marked in self.marked[bisect_right(self.marked, start, key=lambda m: m.end) :]:
            if marked.start >= end:
                break
            start, end = min(start, marked.start), max(end, marked.end)
        return Run(start, end)

    def _is_trimmed(self, i: int, *, ahead: bool) -> bool:
        token = self.tokens[i]
        if token.is_space:
            return True
        if self.inside[i] >= 0:
            return False
        if token.is_quote and not (ahead and token.text[0] in "'’‘"):
            return True  # a mark that lost its partner
        return token.text in _TRIMMED or (ahead and token.text in ENDS)

    def _inside(self) -> list[int]:
        """For each token the number of the passage it stands in, marks included, or -1."""
        inside = [-1] * len(self.tokens)
        for number, marked in enumerate(self.marked):
            inside[marked.start : marked.end] = [number] * len(marked)
        return inside

    def _paragraphs(self) -> Iterator[Run]:
        start = self.body.start
        for i in range(self.body.start, self.body.end):
            if "\n" in self.tree.words[i] and self.tokens[i].is_space:
                if i > start:
                    yield Run(start, i)
                start = i + 1
        if start < self.body.end:
            yield Run(start, self.body.end)

    def _starts(self) -> Iterator[int]:
        """Where sentences begin; only tokens that can begin one are looked at, for these are few."""
        possible = sorted(self._possible_starts())
        for paragraph in self.paragraphs:
            yield paragraph.start
            for i in possible[bisect_right(possible, paragraph.start) : bisect_left(possible, paragraph.end)]:
                if self._is_start(i):
                    yield i

    def _possible_starts(self) -> set[int]:
        """The tokens behind a full stop or a passage, and those with which the parser lets a sentence begin."""
        found = {i + 1 for i, word in enumerate(self.tree.words) if word in ENDS}
        found.update(sentence.start for sentence in self.tree.sents)
        return found.union(marked.end for marked in self.marked)

    def _is_start(self, i: int) -> bool:
        """Whether a sentence begins here: outside of passages, after a full stop."""
        number = self.inside[i]
        if number >= 0 and self.marked[number].start != i:
            return False
        before = self.tokens[i - 1]
        inside = self.inside[i - 1]
        if inside < 0:
            return self._follows_stop(i, before)
        passage: Passage = self.passages[inside]
        last = self.text[passage.inner_end - 1 : passage.inner_end]
        return last in ENDS and (self.tokens[i].text[0].isupper() or number >= 0)

    def _follows_stop(self, i: int, before: Token) -> bool:
        token = self.tokens[i]
        if before.text in ENDS:
            return token.text not in (")", "]")
        if not token.is_sent_start or before.text[-1] not in ".?!:;":
            return False
        return len(before) == 1 or token.pos_ != "PROPN"  # "the U.S. Senate"
