"""The tokens of one Doc and their words, made once: spaCy makes a token, and a text, anew each time it is asked."""

from bisect import bisect_left
from functools import cached_property

from spacy.tokens import Doc, Token


class Forms:
    """The tokens of a Doc with their words, as lists."""

    def __init__(self, doc: Doc) -> None:
        self.tokens: list[Token] = list(doc)
        self.text = "".join([token.text_with_ws for token in self.tokens])
        self.starts = [token.idx for token in self.tokens]
        self.body_start: int = doc._.body_start

    @cached_property
    def words(self) -> list[str]:
        return [token.text for token in self.tokens]

    @cached_property
    def lower(self) -> list[str]:
        return [token.lower_ for token in self.tokens]

    @cached_property
    def first_of_body(self) -> int:
        """The first token behind the title."""
        return bisect_left(self.starts, self.body_start)

    def stretch(self, start: int, end: int) -> str:
        """The text of the tokens between two numbers; what lies outside of the Doc is empty."""
        end = min(end, len(self.words))
        return self.text[self.starts[start] : self.starts[end - 1] + len(self.words[end - 1])] if start < end else ""
