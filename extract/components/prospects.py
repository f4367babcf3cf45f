"""What has not come, or not yet: a fine that somebody hopes to escape, a case that may be closed."""

from spacy.tokens import Token

from extract.components.frames import Trigger
from extract.components.syntax import governor
from extract.components.word_lists import word_set

_AVERTS = word_set("prospects_averts")
_HOPES = word_set("prospects_hopes")
_REFRAINS = word_set("prospects_refrains")
_MAKES = word_set("prospects_makes")
_ANSWERS = frozenset(
    {"accept", "appeal", "challenge", "contest", "dispute", "paid", "pay", "paying", "settle", "settled"}
)
_FAILS = frozenset({"fail", "failed", "failing", "fails", "failure", "unable", "unsuccessfully", "vain"})
_REVIEWS = frozenset({"appealed", "challenged", "cut", "lowered", "overturned", "quashed", "reduced"})
_KNOWN = frozenset({"her", "his", "its", "that", "the", "their", "this"})
_NEAR = 4  # words
_FAR = 10
_PERHAPS = frozenset({"can", "could", "may", "might", "would"})
_MAY = _PERHAPS | {"shall", "will"}


def is_not_imposed(trigger: Trigger) -> bool:
    """ "did not impose a fine", "refrained from a fine": a sanction of which the verb says that there was none.

    Not "has not paid the fine", "did not avoid a fine": of one that was.
    """
    verb = governor(trigger.root) if trigger.kind == "noun" else None
    if verb is None or trigger.root.dep_ not in ("dobj", "pobj", "nsubjpass"):
        return False
    if verb.lower_ in _REFRAINS:
        return True
    return any(c.dep_ == "neg" for c in verb.children) and not _is_of_one_imposed(trigger.root, verb)


def _is_of_one_imposed(noun: Token, verb: Token) -> bool:
    """Can the verb only be said of a sanction that was imposed: "has not paid the fine", "could not avoid a fine"?"""
    return verb.lower_ in _AVERTS or (verb.lower_ in _ANSWERS and _is_known(noun))


def _is_known(noun: Token) -> bool:
    """ "the fine", "its fine": one that the text has told of."""
    return any(c.dep_ in ("det", "poss") and c.lower_ in _KNOWN for c in noun.children)


def is_possible(trigger: Trigger) -> bool:
    """ "Fines under the act can reach": what sanctions might be, not one that was.

    Not "the fine could be the largest ever", "its fine could be overturned".
    """
    root = trigger.root
    if trigger.kind != "noun" or root.dep_ not in ("nsubj", "nsubjpass"):
        return False
    verb = root.head
    if not any(c.dep_ == "aux" and c.lower_ in _PERHAPS for c in verb.children):
        return False
    told = next((c for c in verb.children if c.dep_ == "attr"), None) if verb.lower_ == "be" else None
    is_measured = told is not None and any(c.tag_ == "JJS" or c.lower_ in ("first", "record") for c in told.subtree)
    return not (_is_known(root) and (is_measured or verb.lower_ in _REVIEWS))


def is_averted(noun: Token) -> bool:
    """ "offers to avert a fine", "to dodge EU fines", "dropped without a penalty": none was imposed."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "without":
        return True
    verb = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in ("from", "of") else noun.head
    if is_in_vain(noun):
        return False
    before = noun.doc[max(noun.sent.start, noun.i - _NEAR) : noun.i]  # headlines are seldom parsed well
    is_object = noun.dep_ in ("dobj", "pobj", "conj") and verb.lower_ in _AVERTS
    return is_object or any(t.lower_ in _AVERTS for t in before)


def is_in_vain(noun: Token) -> bool:
    """ "failed to avoid a fine", "could not escape a fine": close before it stands that it could not be averted."""
    before = noun.doc[max(noun.sent.start, noun.i - _FAR) : noun.i]
    vain = next((t.i for t in before if t.lower_ in _FAILS or t.dep_ == "neg"), None)
    return vain is not None and any(t.lower_ in _AVERTS for t in before if vain < t.i <= vain + _NEAR)


def is_to_come(noun: Token) -> bool:
    """ "will adopt a decision", "before making a ruling": there is none yet."""
    verb = noun.head
    if noun.dep_ != "dobj" or verb.lower_ not in _MAKES:
        return False
    return verb.tag_ == "VBG" or any(
        c.dep_ == "aux" and c.lower_ in _MAY for c in (*verb.children, *verb.head.children)
    )


def is_hoped_for(token: Token) -> bool:
    """ "we are hopeful that it will close the case", "allowed the case to be dropped": above it somebody hopes."""
    for t in (token, *token.ancestors):
        may = _MAY - {"will"} if t.i == token.i else _MAY  # "will drop the case": decided
        if t.lower_ in _HOPES or any(c.dep_ == "aux" and c.lower_ in may for c in t.children):
            return True
        if t.dep_ in ("advcl", "relcl"):  # "expects to grow after the case was dropped"
            return False
    return False
