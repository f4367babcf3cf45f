"""Those whom a text does not name: "a Texas lawyer", "two former engineers", "the ministry of health", "the court"."""

from extract.components.actors import Actor
from extract.components.syntax import done_to
from extract.components.tree import Token
from extract.components.word_lists import word_set
from extract.components.words import places

PERSON_NOUNS = word_set("roles_person_nouns")
ORGANISATION_NOUNS = word_set("roles_organisations")
OFFICE_NOUNS = word_set("roles_enforcers")
_STATE = word_set("roles_state")
STATES = frozenset({"countries", "nations", "states"})
MAKERS = word_set("unnamed_of_a_thing")
"""Whom a thing has: "its maker"."""
INSTITUTIONS = frozenset({"church", "clinic", "college", "hospital", "library", "museum", "school", "university"})
"""For which only a name with the same word can stand: a firm that the text names is no school."""
_ACCOUNTS = frozenset({"accounts", "account"})
_ONE = frozenset({"a", "an", "another", "one"})
_LONGEST = 7  # tokens of "ministry of social affairs"
_SOMEBODY = PERSON_NOUNS | ORGANISATION_NOUNS | OFFICE_NOUNS | _STATE | _ACCOUNTS | STATES
ACCOUNTS = ("accounts", "networks", "users", "channels", "pages", "communities", "bots")
"""What a platform closes without a word on whose they are."""


def unnamed(noun: Token) -> list[Actor]:
    """ "a Texas lawyer", "two former engineers": somebody whom the article does not name."""
    if noun.lower_ not in _SOMEBODY and noun.lower_ != "office":
        return []
    left = [
        c for c in noun.children if c.i < noun.i and c.dep_ in ("det", "amod", "compound", "nummod", "nmod", "poss")
    ]
    det = next((c for c in left if c.dep_ == "det"), None)
    modifiers = [c for c in left if c is not det and c.dep_ != "poss"]
    is_office_of = noun.lower_ == "office" and any(c.lower_ == "of" and c.i == noun.i + 1 for c in noun.children)
    if (noun.lower_ in _STATE or is_office_of) and det is not None and det.lower_ == "the":
        return [_with_of(noun, min([c.left_edge.i for c in modifiers] + [noun.i]))]
    if noun.lower_ in OFFICE_NOUNS and (
        noun.lower_ != "attorney" or noun.doc[min(noun.i + 1, len(noun.doc) - 1)].lower_ == "general"
    ):
        start = min([c.left_edge.i for c in modifiers] + [noun.i])
        return [Actor(start=start, end=noun.i + 1, name=noun.doc[start : noun.i + 1].text, kind="office")]
    names = [c for c in modifiers if c.pos_ == "PROPN"]
    if (
        names
        and noun.idx >= noun.doc.body_start
        and noun.lower_ in ORGANISATION_NOUNS
        and names[0].text[:1].isupper()
        and names[0].text not in places()
        and noun.tag_ == "NN"
        and (det is None or det.lower_ not in _ONE)  # "a Larkmoor brokerage": where it is
    ):
        start = min(c.left_edge.i for c in names)
        return [Actor(start=start, end=noun.i + 1, name=noun.doc[start : noun.i + 1].text, kind="name")]
    counted = any(c.dep_ == "nummod" or c.lower_ == "several" for c in left)
    if noun.tag_ == "NNS" and not counted and noun.lower_ not in _ACCOUNTS:
        return []
    if (
        noun.tag_ == "NN"
        and (det is None or det.lower_ not in _ONE)
        and noun.idx >= noun.doc.body_start
        and not _is_of_one_unknown(noun)
        and not _is_introduced(noun)
        and not (noun.lower_ in INSTITUTIONS and det is not None and det.lower_ == "the")
    ):
        return []
    if not modifiers and noun.lower_ not in PERSON_NOUNS and noun.lower_ in _ACCOUNTS:
        return []
    if (
        not modifiers
        and noun.lower_ not in PERSON_NOUNS
        and not any(c.dep_ == "relcl" or (c.lower_ == "of" and noun.lower_ == "chain") for c in noun.children)
        and noun.lower_ not in INSTITUTIONS
        and not _is_of_one_unknown(noun)
    ):
        return []
    start = min([c.left_edge.i for c in modifiers] + [noun.i])
    for t in noun.doc[start : noun.i]:  # "Sept 3 - A New York company": without the dateline
        start = t.i + 1 if t.dep_ == "det" or (t.text in ("-", "–", "—", "|") and t.whitespace_) else start
    return [Actor(start=start, end=noun.i + 1, name=noun.doc[start : noun.i + 1].text, kind="generic")]


def one_of(one: Token, noun: Token) -> list[Actor]:
    """ "one of the country's busiest lenders"."""
    if one.lower_ != "one" or noun.lower_.removesuffix("s") not in ORGANISATION_NOUNS | PERSON_NOUNS:
        return []
    return [Actor(start=one.i, end=noun.i + 1, name=noun.doc[one.i : noun.i + 1].text, kind="generic")]


def _is_introduced(noun: Token) -> bool:
    """ "the man who promised", "the founder of Orvane", "the owner of a shop": first told of by what he does."""
    of = [x for c in noun.children if c.lower_ == "of" and c.i == noun.i + 1 for x in c.children if x.dep_ == "pobj"]
    if noun.lower_ in PERSON_NOUNS and any(
        x.pos_ == "PROPN" or any(d.lower_ in ("a", "an") for d in x.children) for x in of
    ):
        return True
    return any(c.dep_ == "relcl" and c.i > noun.i and c.left_edge.i == noun.i + 1 for c in noun.children)


def _is_of_one_unknown(noun: Token) -> bool:
    """ "the operator of a website", "its maker", "the bear's maker": known by nothing but what he has."""
    if noun.lower_ in MAKERS and any(c.dep_ == "poss" and c.pos_ != "PROPN" for c in noun.children):
        return True
    return noun.lower_ in MAKERS and any(
        x.dep_ == "pobj" and any(d.lower_ in ("a", "an") for d in x.children)
        for c in noun.children
        if c.lower_ in ("of", "behind")
        for x in c.children
    )


def is_crowd(noun: Token) -> bool:
    """ "charges against football players": somebody, and nobody told of before."""
    return noun.tag_ == "NNS" and not any(c.dep_ in ("det", "poss", "nummod") for c in noun.children)


def nameless_accounts(verb: Token) -> list[Actor]:
    """ "banned ChatGPT accounts", "40 networks were removed": whoever stands behind them."""
    noun = done_to(verb)
    if noun is None or noun.lower_ not in ACCOUNTS:
        return []
    left = [c for c in noun.children if c.i < noun.i and c.dep_ == "amod"]
    start = min([c.i for c in left] + [noun.i])
    return [Actor(start=start, end=noun.i + 1, name=noun.doc[start : noun.i + 1].text, kind="generic")]


def _with_of(noun: Token, start: int) -> Actor:
    """ "the ministry of social affairs"."""
    end = noun.i + 1
    for c in noun.children:
        if c.lower_ == "of" and c.i == noun.i + 1:
            inner = next((x for x in c.children if x.dep_ == "pobj"), None)
            last = c.right_edge if c.right_edge.i - noun.i < _LONGEST or inner is None else inner
            end = last.i + 1 if last.i - noun.i < _LONGEST else end
    return Actor(start=start, end=end, name=noun.doc[start:end].text, kind="authority")
