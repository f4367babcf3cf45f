"""Phrases that are known by their letters, found in a text whatever the case of them."""

from collections import Counter
from collections.abc import Iterator, Mapping

from spacy.language import Language

from extract.components.tree import Tree, in_small

_Places = dict[str, list[tuple[str, int]]]
"""By a word in small letters, the phrases that have it, in small letters, and where in them it begins."""


class Phrases:
    """Finds them by one word of each: to have the tokenizer read thousands of names at every start takes seconds.

    A phrase begins and ends with a token, and its word is one: rare among the phrases, and long, so rare in texts.
    Of each it is given whether a word that has a capital there has one in the text as well.
    """

    def __init__(self, nlp: Language, phrases: Mapping[str, bool]) -> None:
        self._nlp = nlp
        self._parted = nlp.Defaults.tokenizer_exceptions.keys()
        self._of_word: _Places = {}
        self._of_small_word: _Places = {}  # if the text has it in small letters only
        words = {phrase: self._words(phrase) for phrase in phrases}
        counts = Counter(word.lower() for its in words.values() for word in its)
        weights = {word: count / len(word) ** 2 for word, count in counts.items()}
        for phrase, its in words.items():
            if its:
                word = min(its, key=lambda word: weights[word.lower()])
                self._add(phrase, word, its[word], is_capital=phrases[phrase])

    def __call__(self, doc: Tree) -> list[tuple[int, int]]:
        """First token and the one after the last of each, in the order of the text; the Doc need not be parsed."""
        return sorted(set(self._found(doc)))

    def _found(self, doc: Tree) -> Iterator[tuple[int, int]]:
        small, of_word, of_small = doc.small, self._of_word, self._of_small_word
        tokens = zip(doc.lower, doc.words, doc.starts, strict=True)
        hits = [t for t in tokens if t[0] in of_word and (t[0] != t[1] or t[0] in of_small)]
        for low, word, start in hits:
            for phrase, before in of_word[low] if word != low else of_small[low]:
                first = start - before
                if small.startswith(phrase, first) and (numbers := doc.numbers(first, first + len(phrase))):
                    yield numbers.start, numbers.stop

    def _words(self, phrase: str) -> dict[str, int]:
        """Tokens of it, and where they begin.

        Between spaces what is all letters is one, as a rule; of a phrase without such the tokenizer says it.
        """
        words, at = {}, 0
        for word in phrase.split(" "):
            if word.isalpha() and word not in self._parted:
                words[word] = at
            at += len(word) + 1
        return words or {token.text: token.idx for token in self._nlp.make_doc(phrase)}

    def _add(self, phrase: str, word: str, before: int, *, is_capital: bool) -> None:
        low, place = word.lower(), (in_small(phrase), before)
        for places in (self._of_word, self._of_small_word):
            of_word = places.setdefault(low, [])
            if place not in of_word:
                of_word.append(place)
            if is_capital and word != low:
                break
