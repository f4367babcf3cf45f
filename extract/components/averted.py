"""Sanctions that somebody averted, and those that he could not avert."""

from extract.components.tree import Token
from extract.components.word_lists import word_set

_AVERTS = word_set("prospects_averts")
_NEAR = 4  # words
_FAR = 10
_DID = frozenset({"could", "did", "had", "has", "have"})
_FAILS = frozenset({"failed", "fails", "unable"})
_NOT_YET = frozenset({"could", "if", "may", "might", "will", "would"})


def is_averted(noun: Token) -> bool:
    """ "offers to avert a fine", "to dodge EU fines", "dropped without a penalty": none was imposed."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "without":
        return True
    if is_in_vain(noun):
        return False
    verb = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in ("from", "of") else noun.head
    before = noun.doc[max(noun.sent.start, noun.i - _NEAR) : noun.i]  # headlines are seldom parsed well
    is_object = noun.dep_ in ("dobj", "pobj", "conj") and verb.lower_ in _AVERTS
    is_clear = noun.dep_ == "pobj" and verb.lower_ == "clear"  # "stay clear of fines"
    return is_object or is_clear or any(t.lower_ in _AVERTS for t in before)


def is_in_vain(noun: Token) -> bool:
    """ "failed to avoid a fine", "could not escape a fine": it was imposed; not "might fail to avoid a fine"."""
    before = noun.doc[max(noun.sent.start, noun.i - _FAR) : noun.i]
    verb = next((t for t in reversed(before) if t.lower_ in _AVERTS), None)
    if verb is None:
        return False
    if verb.i - before.start > 1 and verb.nbor(-1).lower_ == "to" and verb.nbor(-2).lower_ in _FAILS:
        return not any(t.lower_ in _NOT_YET for t in before if t.i < verb.i)
    helps = {c.lower_ for c in verb.children if c.dep_ == "aux"}
    return any(c.dep_ == "neg" for c in verb.children) and bool(helps) and helps <= _DID
