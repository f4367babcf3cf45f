"""Phrases that are known by their letters, found in a text whatever the case of them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.language import Language

from extract.components.tree import Tree, in_small

_LETTERS = re.compile(r"(?<!\S)[^\W\d_]+(?!\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """What is looked for."""

    key: str
    words: str
    has_capital: bool = False
    """A word that has a capital here has one in the text, too."""


_Place = tuple[str, int, str]
"""A phrase in small letters, where one word of it begins, and the key."""


class Phrases:
    """Finds them by one word of each: to have the tokenizer read thousands of names at every start takes seconds.

    A phrase begins and ends with a token, and its word is one: rare among the phrases, and long, so rare in texts.
    """

    def __init__(self, nlp: Language, phrases: Iterable[Phrase]) -> None:
        self._nlp = nlp
        self._parted = nlp.Defaults.tokenizer_exceptions.keys()
        self._of_word: dict[str, list[_Place]] = {}
        self._of_small_word: dict[str, list[_Place]] = {}  # if it has small letters only
        parted = [(phrase, list(self._words(phrase.words))) for phrase in phrases]
        counts = Counter(word.lower() for _, words in parted for _, word in words)
        for phrase, words in parted:
            if words:
                self._add(phrase, *min(words, key=lambda at: counts[at[1].lower()] / len(at[1]) ** 2))

    def __call__(self, doc: Tree) -> list[tuple[str, int, int]]:
        """Key, first token and the one after the last of each, in the order of the text; the same words as given.

        The Doc need not be parsed.
        """
        found = dict.fromkeys(self._found(doc))
        return sorted(found, key=lambda one: one[1:])

    def _found(self, doc: Tree) -> Iterator[tuple[str, int, int]]:
        small, words, starts, of_word = doc.small, doc.words, doc.starts, self._of_word
        for i, word in [(i, word) for i, word in enumerate(doc.lower) if word in of_word]:
            for phrase, before, key in of_word[word] if word != words[i] else self._of_small_word.get(word, ()):
                first = starts[i] - before
                if small.startswith(phrase, first) and (numbers := doc.numbers(first, first + len(phrase))):
                    yield key, numbers.start, numbers.stop

    def _words(self, phrase: str) -> Iterator[tuple[int, str]]:
        """Where a token of it begins, and the token; between spaces, letters alone are one, as a rule."""
        alone = [match for match in _LETTERS.finditer(phrase) if match.group() not in self._parted]
        if alone:
            yield from ((match.start(), match.group()) for match in alone)
        else:
            yield from ((token.idx, token.text) for token in self._nlp.make_doc(phrase))

    def _add(self, phrase: Phrase, first: int, word: str) -> None:
        small, place = word.lower(), (in_small(phrase.words), first, phrase.key)
        for phrases in (self._of_word, self._of_small_word):
            of_word = phrases.setdefault(small, [])
            if place not in of_word:
                of_word.append(place)
            if phrase.has_capital and word != small:
                break
