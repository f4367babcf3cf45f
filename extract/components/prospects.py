"""What has not come, or not yet: a fine that somebody hopes to escape, a case that may be closed."""

from extract.components.averted import is_in_vain
from extract.components.frames import Trigger
from extract.components.syntax import governor
from extract.components.tree import Token
from extract.components.word_lists import word_set

_HOPES = word_set("prospects_hopes")
_REFRAINS = word_set("prospects_refrains")
_MAKES = word_set("prospects_makes")
_ANSWERS = frozenset(
    {"accept", "appeal", "challenge", "contest", "dispute", "paid", "pay", "paying", "settle", "settled"}
)
_KNOWN = frozenset({"her", "his", "its", "that", "the", "their", "this"})
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
    return is_in_vain(noun) or (verb.lower_ in _ANSWERS and _is_known(noun))


def _is_known(noun: Token) -> bool:
    """ "the fine", "its fine": one that the text has told of."""
    return any(c.dep_ in ("det", "poss") and c.lower_ in _KNOWN for c in noun.children)


def is_possible(trigger: Trigger) -> bool:
    """ "Fines under the act can reach": what sanctions might be, not one that was."""
    root = trigger.root
    if trigger.kind != "noun" or root.dep_ not in ("nsubj", "nsubjpass"):
        return False
    return any(c.dep_ == "aux" and c.lower_ in _PERHAPS for c in root.head.children)


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
