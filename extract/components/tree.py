"""A parsed Doc in plain objects: spaCy makes a token, and each of its words, anew whenever it is asked for them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate, chain, pairwise, repeat
from operator import add
from typing import overload

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from extract.components import annotations  # noqa: F401  (registers doc._.tree)
from extract.components.word_index import WordIndex

_PARTS = ("", "I", "O", "B")
_KINDS: dict[int, str] = {}
"""The tags, parts of speech, dependencies and types of entities that were met, by spaCy's numbers for them."""


class Token:
    """A token of a `Tree`; what it has is called as in spaCy."""

    __slots__ = (
        "children", "dep_", "doc", "ent_type_", "head", "i", "is_punct", "is_space", "lower_", "pos_", "sent", "tag_",
        "text",
    )  # fmt: skip
    head: "Token"
    sent: "Stretch"

    def __init__(
        self, doc: "Tree", i: int, text: str, lower: str, tag: str, pos: str, dep: str, ent_type: str,
        is_space: bool, is_punct: bool,
    ) -> None:  # fmt: skip
        self.doc, self.i, self.text, self.lower_, self.is_space, self.is_punct = doc, i, text, lower, is_space, is_punct
        self.tag_, self.pos_, self.dep_, self.ent_type_ = tag, pos, dep, ent_type
        self.children: tuple[Token, ...] = ()
        """In the order of the text."""

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def idx(self) -> int:
        return self.doc.starts[self.i]

    @property
    def whitespace_(self) -> str:
        return self.doc.spaces[self.i]

    @property
    def ent_iob_(self) -> str:
        return _PARTS[self.doc.parts_of_names[self.i]]

    @property
    def is_sent_start(self) -> bool:
        return self.sent.start == self.i

    @property
    def lefts(self) -> "list[Token]":
        return [c for c in self.children if c.i < self.i]

    @property
    def rights(self) -> "list[Token]":
        return [c for c in self.children if c.i > self.i]

    @property
    def left_edge(self) -> "Token":
        return self.doc.tokens[self.doc.edges[0][self.i]]

    @property
    def right_edge(self) -> "Token":
        return self.doc.tokens[self.doc.edges[1][self.i]]

    @property
    def ancestors(self) -> "Iterator[Token]":
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def subtree(self) -> "Iterator[Token]":
        for child in self.lefts:
            yield from child.subtree
        yield self
        for child in self.rights:
            yield from child.subtree

    @property
    def conjuncts(self) -> "list[Token]":
        first = self
        while first.dep_ == "conj" and first.head is not first:
            first = first.head
        joined = [first]
        for token in joined:
            joined += [c for c in token.rights if c.dep_ == "conj"]
        return [token for token in joined if token is not self]

    def is_ancestor(self, other: "Token") -> bool:
        return any(token is self for token in other.ancestors)

    def nbor(self, distance: int) -> "Token":
        if self.i + distance < 0:
            raise IndexError(self.i + distance)
        return self.doc.tokens[self.i + distance]

    @property
    def is_lone_mark(self) -> bool:
        """Whether it is punctuation or space on which nothing hangs."""
        return not self.children and (self.is_punct or self.is_space)

    @property
    def is_alpha(self) -> bool:
        return self.text.isalpha()

    @property
    def is_title(self) -> bool:
        return self.text.istitle()

    @property
    def is_quote(self) -> bool:
        return bool(self.doc.vocab[self.text].is_quote)

    @property
    def is_stop(self) -> bool:
        return bool(self.doc.vocab[self.text].is_stop)

    @property
    def is_currency(self) -> bool:
        return bool(self.doc.vocab[self.text].is_currency)

    @property
    def like_num(self) -> bool:
        return bool(self.doc.vocab[self.text].like_num)


class Stretch:
    """Neighbouring tokens of a `Tree`, from ``start`` to before ``end``; what it has is called as in spaCy's spans."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: "Tree", start: int, end: int) -> None:
        self.doc, self.start, self.end = doc, start, end

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    def __reversed__(self) -> Iterator[Token]:
        return reversed(self.doc.tokens[self.start : self.end])

    def __getitem__(self, i: int) -> Token:
        return self.doc.tokens[self.start + i if i >= 0 else self.end + i]

    @property
    def numbers(self) -> range:
        """Of its tokens."""
        return range(self.start, self.end)

    @property
    def text(self) -> str:
        return self.doc.between(self.start, self.end)

    @property
    def small(self) -> str:
        """The text in small letters, each in its place."""
        return self.doc.small[self.start_char : self.end_char] if self else ""

    @property
    def start_char(self) -> int:
        return self.doc.tokens[self.start].idx

    @property
    def end_char(self) -> int:
        return self.doc.tokens[self.end - 1].idx + len(self.doc.tokens[self.end - 1])

    @property
    def sent(self) -> "Stretch":
        return self.doc.tokens[self.start].sent

    @property
    def root(self) -> Token:
        """The head of all; of several that hang on others outside, the nearest to the head of the sentence.

        Marks and spaces come last.
        """
        if len(self) == 1:
            return self[0]
        best, shortest = None, len(self.doc)
        for token in self:
            head = token.head
            if head is token:
                return token
            if self.start <= head.i < self.end:
                continue
            steps = len(self.doc) - 1 if token.is_lone_mark else sum(1 for _ in token.ancestors)
            if steps < shortest:
                best, shortest = token, steps
        return self[0] if best is None else best

    def part(self, start_char: int, end_char: int) -> "Stretch":
        """The tokens that have the characters from one to before another, counted from the beginning of this."""
        first, starts = self.start_char, self.doc.starts
        start = bisect_right(starts, first + start_char) - 1
        if first + start_char == starts[start] + len(self.doc.words[start]):  # the space behind it
            start += 1
        return Stretch(self.doc, start, bisect_left(starts, first + end_char))


class Entity(Stretch):
    """A name that was found in the text, with what was left on its span."""

    __slots__ = ("kb_id_", "label_", "method", "name")

    def __init__(self, doc: "Tree", span: Span) -> None:
        super().__init__(doc, span.start, span.end)
        own = span._  # made anew each time it is asked for
        self.label_, self.kb_id_ = span.label_, span.kb_id_
        self.name: str = own.name
        self.method: str = own.method


@Language.factory("blotter_tree", requires=["token.dep"], assigns=["doc._.tree"])
def make_trees(nlp: Language, name: str) -> "Trees":
    return Trees()


class Trees:
    """Leaves the tree on the Doc for the rules to read; whoever finds names lets it take them."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.tree = Tree(doc)
        return doc


class Tree:
    """The tokens of a Doc and how they hang together, made once; their words also as lists."""

    def __init__(self, doc: Doc) -> None:
        self.vocab: Vocab = doc.vocab
        self.body_start: int = doc._.body_start
        words, *kinds = doc.to_array(["ORTH", "TAG", "POS", "DEP", "ENT_TYPE"]).T.tolist()
        heads, spaces, sent_starts, self.parts_of_names = (
            doc.to_array(["HEAD", "SPACY", "SENT_START", "ENT_IOB"]).astype("int64").T.tolist()
        )
        self._strings = doc.vocab.strings
        self.words = self._named(words, {})
        self.lower = tuple([word.lower() for word in self.words])
        self.spaces = [" " if is_spaced else "" for is_spaced in spaces]
        self.text: str = "".join(chain.from_iterable(zip(self.words, self.spaces, strict=True)))
        self.starts: list[int] = list(accumulate(map(add, map(len, self.words), spaces), initial=0))[:-1]
        marks = {word for word in set(self.words) if not word[0].isalnum() and self.vocab[word].is_punct}
        signs = map(str.isspace, self.words), map(marks.__contains__, self.words)
        columns = self.words, self.lower, *(self._named(kind, _KINDS) for kind in kinds), *signs
        self.tokens = list(map(Token, repeat(self), range(len(words)), *columns))
        self._hang_together(heads)
        self.sents = list(self._sents(sent_starts))
        self.take_names(doc.spans.get("entities", ()), doc.spans.get("places", ()))

    def take_names(self, entities: Iterable[Span], places: Iterable[Span]) -> None:
        """Have the names that were found in the Doc."""
        self.entities = [Entity(self, span) for span in entities]
        self.places = [Stretch(self, span.start, span.end) for span in places]

    def _named(self, keys: list[int], known: dict[int, str]) -> list[str]:
        """What the numbers stand for; ``known`` is added to."""
        known |= {key: self._strings[key] for key in set(keys) - known.keys()}
        return [known[key] for key in keys]

    def _hang_together(self, distances: list[int]) -> None:
        """Give every token its head, so many tokens away, and its children."""
        for token, distance in zip(self.tokens, distances, strict=True):
            head = token.head = self.tokens[token.i + distance]
            if distance:
                head.children += (token,)

    def _sents(self, starts: list[int]) -> Iterator[Stretch]:
        """The sentences, of which every token is given its own."""
        edges = [i for i, is_start in enumerate(starts) if is_start == 1 or not i] + [len(starts)]
        for start, end in pairwise(edges):
            sentence = Stretch(self, start, end)
            for token in self.tokens[start:end]:
                token.sent = sentence
            yield sentence

    def __len__(self) -> int:
        return len(self.tokens)

    @overload
    def __getitem__(self, i: int) -> Token: ...
    @overload
    def __getitem__(self, i: slice) -> Stretch: ...
    def __getitem__(self, i: int | slice) -> Token | Stretch:
        if isinstance(i, slice):
            start, end, _ = i.indices(len(self.tokens))
            return Stretch(self, start, max(start, end))
        return self.tokens[i]

    def sentence_of(self, token: int) -> int:
        """The number of the sentence that a token stands in."""
        return bisect_right(self.sents, token, key=lambda s: s.start) - 1

    def between(self, start: int, end: int) -> str:
        """The text of the tokens from one to before another; what lies outside of the Doc is empty."""
        end = min(end, len(self.words))
        return self.text[self.starts[start] : self.starts[end - 1] + len(self.words[end - 1])] if start < end else ""

    @cached_property
    def small(self) -> str:
        """The text in small letters, each in its place: to search it takes a quarter of what ignoring the case does."""
        return in_small(self.text)

    def numbers(self, start_char: int, end_char: int) -> range | None:
        """Of the tokens between two characters; ``None`` if one is cut in two."""
        start, end = bisect_left(self.starts, start_char), bisect_left(self.starts, end_char)
        is_whole = start < end and self.starts[start] == start_char
        return range(start, end) if is_whole and self.starts[end - 1] + len(self.words[end - 1]) == end_char else None

    def model_names(self) -> Iterator[Stretch]:
        """What the model calls names; each of its tokens has the kind."""
        parts = [*map(_PARTS.__getitem__, self.parts_of_names), ""]
        for start in (i for i, part in enumerate(parts) if part == "B"):
            yield Stretch(self, start, next(i for i in range(start + 1, len(parts)) if parts[i] != "I"))

    @cached_property
    def index(self) -> WordIndex:
        return WordIndex(self.text)

    @cached_property
    def first_of_body(self) -> int:
        """The first token behind the title."""
        return bisect_left(self.starts, self.body_start)

    @cached_property
    def edges(self) -> tuple[list[int], list[int]]:
        """For each token the number of the first and of the last that hang on it, itself included."""
        heads = [token.head.i for token in self.tokens]
        first, last = list(range(len(heads))), list(range(len(heads)))
        for i, head in (*enumerate(heads), *reversed(list(enumerate(heads)))):  # down to the head from either side
            if first[i] < first[head]:
                first[head] = first[i]
            if last[i] > last[head]:
                last[head] = last[i]
        return first, last


def in_small(text: str) -> str:
    """The text in small letters, each in its place: a letter that would become two stays as it is."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
