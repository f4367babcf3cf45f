"""Parts of speech and features by the model's own rules, each kind of token being looked up in them only once."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, MorphAnalysis, Span

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
        rules: list[Any] = cast(Any, ruler).patterns
        for number, rule in enumerate(rules):
            for pattern in rule["patterns"]:
                if _is_of_kind(pattern, rule["attrs"]):
                    self._words.update(map(ruler.vocab.strings.add, _listed(pattern[0])))
                else:
                    self._others.add(str(number), [pattern])
        self._known: dict[tuple[int, int, int, int], _Setting] = {}

    def __call__(self, doc: Doc) -> Doc:
        others = self._others(doc, allow_missing=True) if len(self._others) else []
        windows = list(_windows((start, end) for _, start, end in others))
        there = [(window, self._matches(doc[window.start : window.stop])) for window in windows]
        apart = {i for window in windows for i in window}
        kinds = doc.to_array(["TAG", "DEP", "LOWER", "IS_SPACE"]).tolist()
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


def _is_of_kind(pattern: list[dict[str, Any]], attrs: Mapping[str, Any]) -> bool:
    """Whether a rule looks at the kind of one token alone, and sets what is set here."""
    asked = pattern[0].get("LOWER", "")
    is_listed = isinstance(asked, str) or asked.keys() == {"IN"}
    return len(pattern) == 1 and pattern[0].keys() <= _ASKED and is_listed and attrs.keys() <= _SET


def _listed(asked: Mapping[str, Any]) -> list[str]:
    """The words that a rule lists."""
    words = asked.get("LOWER", {"IN": []})
    return [words] if isinstance(words, str) else list(words["IN"])


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
