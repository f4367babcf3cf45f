"""Parts of speech and features by the model's own rules, each kind of token being looked up in them only once."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, MorphAnalysis, Span
from spacy.vocab import Vocab

_ASKED = frozenset({"TAG", "DEP", "LOWER", "IS_SPACE"})
"""What tells one kind of token from another; of LOWER only the words that rules list."""
_SET = frozenset({"POS", "TAG", "DEP", "MORPH", "LEMMA"})
_Setting = tuple[tuple[str, Any], ...]
"""Names of attributes of a token, and their values."""


@Language.factory("blotter_attributes", assigns=["token.pos", "token.morph"])
def make_attributes(nlp: Language, name: str) -> "RememberedRules":
    return RememberedRules()


class RememberedRules:
    """Does what an `AttributeRuler` does, which asks all of its rules of every token of every text."""

    def use_ruler(self, ruler: AttributeRuler) -> None:
        """Take the rules; once, before the first Doc."""
        self._ruler = cast(Any, ruler)
        self._words: set[int] = set()
        self._others = Matcher(ruler.vocab)
        """The rules that look at more than the kind of one token."""
        firsts, self._longest = [], 1
        rules: list[Any] = cast(Any, ruler).patterns
        for number, rule in enumerate(rules):
            for pattern in rule["patterns"]:
                if _is_of_kind(pattern, rule["attrs"]):
                    self._words.update(map(ruler.vocab.strings.add, _listed(pattern[0])))
                else:
                    self._others.add(str(number), [pattern])
                    firsts.append(pattern[0])
                    self._longest = max(self._longest, len(pattern))
        self._starts = _Starts(firsts, ruler.vocab)
        self._known: dict[tuple[int, int, int, int], _Setting] = {}

    def __call__(self, doc: Doc) -> Doc:
        kinds = doc.to_array(["TAG", "DEP", "LOWER", "IS_SPACE"]).tolist()
        stretches = [(i, self._others(doc[i : i + self._longest], allow_missing=True)) for i in self._starts(kinds)]
        windows = list(_windows((i + start, i + end) for i, found in stretches for _, start, end in found))
        there = [(window, self._matches(doc[window.start : window.stop])) for window in windows]
        apart = {i for window in windows for i in window}
        for token, (tag, dep, lower, is_space) in zip(doc, kinds, strict=True):
            if token.i in apart:
                continue
            key = (tag, dep, lower if lower in self._words else 0, is_space)
            if (setting := self._known.get(key)) is None:
                setting = self._known[key] = self._setting(doc[token.i : token.i + 1])
            for name, value in setting:
                setattr(token, name, value)
        for window, found in there:
            self._ruler.set_annotations(doc, [(n, id, window.start + a, window.start + b) for n, id, a, b in found])
        return doc

    def _matches(self, span: Span) -> list[tuple[int, int, int, int]]:
        """What the rules find in a stretch that none reaches out of, the later rules last."""
        strings, matches = self._ruler.vocab.strings, self._ruler.matcher(span, allow_missing=True)
        return sorted((int(strings[id]), id, start, end) for id, start, end in matches)

    def _setting(self, token: Span) -> _Setting:
        """What the rules set on a token; of two values of an attribute the later."""
        vocab, found = self._ruler.vocab, dict[str, Any]()
        for number, *_ in self._matches(token):
            found |= {vocab.strings[attr].lower(): value for attr, value in self._ruler.attrs[number].items()}
        if "morph" in found:
            found["morph"] = MorphAnalysis(vocab, vocab.strings[found["morph"]])
        return tuple(found.items())


class _Starts:
    """Where rules may begin, by the word or else the role that they ask of their first token."""

    def __init__(self, firsts: list[dict[str, Any]], vocab: Vocab) -> None:
        self._strings = vocab.strings
        self._words, self._roles, self._is_anywhere = set[int](), set[int](), False
        patterns = []
        for first in firsts:
            word, role = first.get("LOWER", {}), first.get("DEP")
            if listed := _listed(first):
                self._words.update(map(vocab.strings.add, listed))
            elif "REGEX" in word:
                patterns.append(word["REGEX"])
            elif isinstance(role, str):
                self._roles.add(vocab.strings.add(role))
            else:
                self._is_anywhere = True
        self._pattern = re.compile("|".join(patterns) or "(?!)")

    def __call__(self, kinds: list[tuple[int, int, int, int]]) -> Iterator[int]:
        """The numbers of the tokens, of each of which tag, role, word and whether it is space are given."""
        words = {word for _, _, word, _ in kinds}
        words = {word for word in words if word in self._words or self._pattern.search(self._strings[word])}
        for i, (_, role, word, _) in enumerate(kinds):
            if self._is_anywhere or word in words or role in self._roles:
                yield i


def _is_of_kind(pattern: list[dict[str, Any]], attrs: Mapping[str, Any]) -> bool:
    """Whether a rule looks at the kind of one token alone, and sets what is set here."""
    asked = pattern[0].get("LOWER", "")
    is_listed = isinstance(asked, str) or asked.keys() == {"IN"}
    return len(pattern) == 1 and pattern[0].keys() <= _ASKED and is_listed and attrs.keys() <= _SET


def _listed(asked: Mapping[str, Any]) -> list[str]:
    """The words that a rule lists."""
    words = asked.get("LOWER", {})
    return [words] if isinstance(words, str) else list(words.get("IN", ()))


def _windows(found: Iterator[tuple[int, int]]) -> Iterator[range]:
    """The stretches that matches cover, those that share a token being one."""
    window = range(0)
    for start, end in sorted(found):
        if start < window.stop:
            window = range(window.start, max(window.stop, end))
            continue
        if window:
            yield window
        window = range(start, end)
    if window:
        yield window
