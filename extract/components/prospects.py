"""What has not come, or not yet: a fine that somebody hopes to escape, a case that may be closed."""

import re
from itertools import islice

from extract.components.averted import is_averted, is_in_vain
from extract.components.frames import Trigger
from extract.components.status import Stance
from extract.components.syntax import governor, is_or_else
from extract.components.tree import Token
from extract.components.word_lists import word_set

_COULD_FACE = re.compile(r"\b(?:could|may|might|would) (?:now |also |still )?(?:face|risk)\b", re.IGNORECASE)
_HOPES = word_set("prospects_hopes")
_BRINGS = frozenset({"bring", "file", "find", "get", "impose", "obtain", "secure", "win"})
_FAILS = frozenset({"fail", "failed", "failing", "fails"})
_SAYS = word_set("status_says")
_REFRAINS = word_set("prospects_refrains")
_MAKES = word_set("prospects_makes")
_ANSWERS = frozenset(
    {"accept", "appeal", "challenge", "contest", "dispute", "paid", "pay", "paying", "settle", "settled"}
)
_KNOWN = frozenset({"her", "his", "its", "that", "the", "their", "this"})
_LAWS = frozenset({"framework", "guidelines", "law", "laws", "provisions", "regime", "regulations", "rules", "system"})
_GROUNDS = frozenset({"basis", "cause", "ground", "grounds", "need", "plans", "power", "reason", "reasons"})
PERHAPS = frozenset({"can", "could", "may", "might", "would"})
_MAY = PERHAPS | {"shall", "will"}


def is_not_imposed(trigger: Trigger) -> bool:
    """ "did not impose a fine", "saw no reason to ban it": a sanction of which the words say that there was none.

    Not "has not paid the fine", "did not avoid a fine": of one that was.
    """
    if trigger.kind == "verb" and trigger.root.dep_ in ("acl", "relcl") and trigger.root.head.lower_ in _GROUNDS:
        return any(c.dep_ == "det" and c.lower_ == "no" for c in trigger.root.head.children)
    verb = governor(trigger.root) if trigger.kind == "noun" or trigger.root.pos_ == "NOUN" else None
    if verb is None or trigger.root.dep_ not in ("dobj", "pobj", "nsubjpass"):
        return False
    if verb.lower_ in _REFRAINS or (verb.lower_ in _BRINGS and verb.dep_ == "xcomp" and verb.head.lower_ in _FAILS):
        return True
    is_done_later = any(t.lower_ == "until" for t in verb.subtree)  # "did not sign the settlement until"
    is_negated = any(c.dep_ == "neg" for c in verb.children) and not is_done_later
    return is_negated and not _is_of_one_imposed(trigger.root, verb)


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
    return any(c.dep_ == "aux" and c.lower_ in PERHAPS for c in root.head.children)


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


def is_threat(trigger: Trigger, held: Stance) -> bool:
    """Is it only feared, planned or possible?"""
    frame, root = trigger.frame, trigger.root
    if frame.sanction is not None and trigger.kind == "noun" and is_in_vain(root):
        return False
    if frame.id in ("fine-noun", "ban-noun") and is_averted(root):
        return True
    if frame.sanction is not None and (is_or_else(root) or is_possible(trigger) or _is_faced(root)):
        return True
    if frame.sanction is not None and (_is_any(root) if trigger.kind == "noun" else _is_for_what_may_be(root)):
        return True
    is_charged = frame.status == "breach" and held.status in ("alleged", "under_investigation")
    if held.is_hypothetical and (not is_charged or _is_forecast(trigger, held)):
        return True
    return held.status == "hypothetical"


def _is_any(noun: Token) -> bool:
    """ "Beyond fines, costs will grow", "could also mean product recalls", "the rules on penalties": no certain one.

    Not "paid fines", "fines on Meta", "fines of €3m", "could appeal the fine".
    """
    if _is_known(noun) or any(t.ent_type_ == "MONEY" or t.text[:1].isdigit() for t in noun.subtree):
        return False
    if noun.dep_ == "pobj" and noun.tag_ == "NNS" and noun.head.head.lower_ in _LAWS:
        return True
    verb = governor(noun)
    may = verb is not None and any(c.dep_ == "aux" and c.lower_ in PERHAPS for c in verb.children)
    is_told_of = any(c.dep_ in ("acl", "amod", "nummod", "poss", "prep", "relcl") for c in noun.children)
    is_bare = noun.tag_ == "NNS" and not is_told_of and not any(c.dep_ == "det" for c in noun.children)
    is_object = noun.dep_ in ("dobj", "nsubjpass") or (verb is not None and noun.head.i == verb.i)
    return may or (is_bare and not is_object)


def _is_for_what_may_be(verb: Token) -> bool:
    """ "can impose penalties to compel it to comply": what something that may be done would be done for."""
    if not any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children):
        return False
    return any(c.dep_ == "aux" and c.lower_ in PERHAPS for t in islice(verb.ancestors, 3) for c in t.children)


def _is_faced(root: Token) -> bool:
    """ "could face: an injunction blocking its launch", whatever the parse makes of the list."""
    before = root.doc[root.sent.start : root.i].text
    return root.dep_ in ("acl", "amod") and _COULD_FACE.search(before) is not None


def _is_forecast(trigger: Trigger, held: Stance) -> bool:
    """ "They might infringe it, said X": what may come; "might have infringed" is held against them."""
    is_said = held.cue is not None and held.cue.lower_ in _SAYS
    own = [c.lower_ for c in trigger.root.children if c.dep_ == "aux"]
    return is_said and bool(own) and "have" not in own
