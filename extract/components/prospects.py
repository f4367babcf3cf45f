"""What has not come yet: a fine that somebody hopes to escape, a case that may be closed."""

from spacy.tokens import Token

from extract.components.word_lists import word_set

_AVERTS = word_set("prospects_averts")
_HOPES = word_set("prospects_hopes")
_NEAR = 4  # words
_MAKES = frozenset(
    {
        "adopt",
        "adopting",
        "deliver",
        "give",
        "issue",
        "issuing",
        "make",
        "making",
        "reach",
        "reaching",
        "take",
        "taking",
    }
)
_MAY = frozenset({"can", "could", "may", "might", "would", "will", "shall"})


def is_averted(noun: Token) -> bool:
    """ "offers to avert a fine", "fines could reach", "may escape without a penalty": none was imposed."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "without":
        return True
    verb = noun.head.head if noun.dep_ == "pobj" and noun.head.lower_ in ("from", "of") else noun.head
    before = noun.doc[max(noun.sent.start, noun.i - _NEAR) : noun.i]  # headlines are seldom parsed well
    if (noun.dep_ in ("dobj", "pobj", "conj") and verb.lower_ in _AVERTS) or any(t.lower_ in _AVERTS for t in before):
        return True
    return noun.dep_ in ("nsubj", "nsubjpass") and any(c.dep_ == "aux" and c.lower_ in _MAY for c in noun.head.children)


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
