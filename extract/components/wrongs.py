"""Wrongs that a text names without a rule: "misuse of personal data", "illegal processing of health records"."""

from collections.abc import Iterator

from extract.components.rule_types import type_of
from extract.components.tree import Token, Tree
from extract.components.word_lists import word_set

_ADJECTIVES = word_set("wrongs_adjectives")
_NOUNS = word_set("wrongs_nouns")
_EMPTY = word_set("wrongs_empty")
_INSIDE = frozenset({"amod", "compound", "nmod", "prep", "pobj", "conj", "cc", "punct"})
_LONGEST = 8  # tokens


def wrongs(doc: Tree) -> Iterator[tuple[int, int, str]]:
    """Tokens from and to of every wrong that the body names, with the rule type that its words tell."""
    for token in doc.tokens[doc.first_of_body :]:
        if token.pos_ != "NOUN":
            continue
        left = [c for c in token.children if c.i < token.i and c.dep_ in ("amod", "compound")]
        is_wrong = token.lower_ in _NOUNS or (any(c.lower_ in _ADJECTIVES for c in left) and token.lower_ not in _EMPTY)
        if is_wrong and token.ent_type_ == "":
            start, end = min([c.i for c in left] + [token.i]), _end(token)
            yield start, end, type_of(doc.between(start, end))


def _end(noun: Token) -> int:
    """Behind what the wrong was done to or with: "of personal user data"."""
    of = next((c for c in noun.children if c.lower_ == "of" and c.i == noun.i + 1), None)
    target = next((c for c in of.children if c.dep_ == "pobj"), None) if of is not None else None
    if target is None or target.ent_type_ in ("ORG", "PERSON", "GPE", "MONEY", "DATE") or target.pos_ == "PROPN":
        return noun.i + 1
    end = target.i + 1
    for t in noun.doc[target.i + 1 : noun.i + _LONGEST]:
        if t.dep_ not in _INSIDE or t.is_punct or t.sent != noun.sent or not target.is_ancestor(t):
            break
        end = t.i + 1
    return end if end - noun.i <= _LONGEST and noun.doc[end - 1].pos_ in ("NOUN", "PROPN") else target.i + 1
