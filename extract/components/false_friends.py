"""Known names that mean something else where they stand: the Amazon rainforest, Nikola Tesla, Wagner's Ring."""

from collections.abc import Iterable

from extract.components.tree import Token, Tree
from extract.components.words import NOT_NAMES, given_names
from extract.vocabulary import Lexicon, load_words

Candidate = tuple[str, int, int]
"""Slug, first token and the one after the last."""

_GENITIVES = frozenset({"'s", "’s"})
_BETWEEN = frozenset({"-", "‑", "–"})
_SURNAMED = frozenset({"company", "outlet", "project"})
_OWNED = ("PERSON", "ORG", "")  # what the model takes the name of an unknown person for


class FalseFriends:
    """Tells them by the words beside them, or because they are part of a person's name."""

    def __init__(self, lexicon: Lexicon, plain_words: frozenset[str]) -> None:
        self._records, self._plain = lexicon.records, plain_words
        self._words = {name: frozenset(words) for name, words in load_words("false_friends").items()}
        self._forenames = given_names() | {name for name, words in self._words.items() if "forename" in words}

    def __call__(self, doc: Tree, candidates: Iterable[Candidate]) -> dict[tuple[int, int], bool]:
        """First token and the one after the last of each that is one, and whether it is part of a person's name."""
        known = sorted((c for c in candidates if self._records[c[0]].kind in _SURNAMED), key=lambda c: (c[1], -c[2]))
        taken = {n for _, start, end in known for n in range(start, end)}
        found: dict[tuple[int, int], bool] = {}
        people: dict[str, bool] = {}
        for slug, start, end in known:
            words = doc[start:end].text
            is_inside = any(first <= start and end <= last for first, last in found)
            is_person = end == start + 1 and self._is_of_person(doc, start, taken)
            is_one = people.setdefault(words, is_person) or is_person  # who is named first is whom the article means
            is_work = self._records[slug].context and self._is_work(doc, words, start, taken)
            if is_inside or is_one or is_work or self._is_other(doc, words, start, end):
                found.setdefault((start, end), is_person)
        return found

    def _is_other(self, doc: Tree, name: str, start: int, end: int) -> bool:
        """Whether the words beside it, or of its sentence, are those of its other meaning."""
        words = self._words.get(name)
        if words is None:
            return False
        return not words.isdisjoint(_around(doc, start, end)) or ("the" in words and _stands_alone(doc, start, end))

    def _is_of_person(self, doc: Tree, at: int, taken: set[int]) -> bool:
        """Whether it is the surname after a first name, or a first name before a surname."""
        before = doc[at - 1] if at and at - 1 not in taken else None
        if before is not None and _is_part_of_name(before) and before.text not in NOT_NAMES:
            is_one = doc[at].ent_iob_ == "I" and (
                before.ent_type_ == "PERSON" or (before.ent_type_ == "ORG" and before.lower_ not in self._plain)
            )
            if is_one or before.text in given_names():
                return True
        after = doc[at + 1] if at + 1 < len(doc) and at + 1 not in taken else None
        return bool(
            after is not None
            and doc[at].text in self._forenames
            and _is_part_of_name(after)
            and after.ent_iob_ == "I"
            and after.ent_type_ == "PERSON"
        )

    def _is_work(self, doc: Tree, words: str, start: int, taken: set[int]) -> bool:
        """Whether a plain word is somebody's who is no known firm: Wagner's Ring, but Amazon's Ring."""
        if start < 2 or words.lower() not in self._plain or doc[start - 1].text not in _GENITIVES:
            return False
        owner = doc[start - 2]
        return owner.i not in taken and owner.is_title and owner.ent_type_ in _OWNED


def _is_part_of_name(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.is_title and token.is_alpha


def _around(doc: Tree, start: int, end: int) -> set[str]:
    """The words around a name with the signs of the word list: where they stand."""
    after = [token.lower_ for token in doc[end : end + 2]]
    is_passed = len(after) > 1 and (after[0] in _BETWEEN or doc[end].pos_ == "ADJ")
    found = {f"+{token.lower_}" for token in doc[start].sent} | set(after[: 2 if is_passed else 1]) - {"the"}
    return found | {f"-{doc[start - 1].lower_}"} if start else found


def _stands_alone(doc: Tree, start: int, end: int) -> bool:
    """Whether "the" is before it, with an adjective between at most, and it goes with no noun after it."""
    first = start - 2 if start > 1 and doc[start - 1].pos_ == "ADJ" else start - 1
    if first < 0 or doc[first].lower_ != "the":
        return False
    after = doc[end] if end < len(doc) else None
    return after is None or (after.pos_ not in ("ADJ", "NOUN", "PROPN", "NUM") and after.text not in _BETWEEN)
