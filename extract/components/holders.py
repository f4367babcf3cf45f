"""Whose a thing is: the launch of X, the account of X, the suit that names X."""

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.frames import Trigger
from extract.components.roles import Cast
from extract.components.tree import Token
from extract.components.unnamed import PERSON_NOUNS

_IN_HANDS = frozenset({"controlled", "created", "held", "operated", "owned", "run", "used"})
_HELD = frozenset({"access", "account", "accounts", "licence", "licences", "license", "licenses", "permit", "permits"})
_REACH = 12  # tokens from a fine to "paid by"


def behind(cast: Cast, noun: Token) -> list[Actor]:
    """ "the launch of X", "X's plan": X, whatever the noun."""
    for c in noun.children:
        if c.dep_ == "poss" and (found := cast.actors(c)):
            return found
        if c.dep_ == "prep" and c.lower_ in ("of", "by", "at"):
            found = [a for x in c.children if x.dep_ == "pobj" for a in cast.actors(x) or behind(cast, x)]
            if found:
                return found
    return []


def target(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "The suit names X": the object of the verb whose subject the noun is."""
    root = trigger.root
    if root.dep_ == "nsubj" and root.head.lower_ in (
        "names",
        "named",
        "targets",
        "targeted",
        "naming",
        "name",
        "target",
    ):
        return cast.actors(syntax.done_to(root.head))
    return []


def account_holder(cast: Cast, trigger: Trigger) -> list[Actor]:
    target = syntax.done_to(trigger.root)
    if target is None:
        return []
    for c in target.children:
        if c.dep_ == "relcl" and target.lower_ in _HELD and (found := cast.actors(_own_subject(c))):
            return found
        if c.dep_ == "acl" and c.lower_ in _IN_HANDS:  # "the services used by X"
            user = syntax.agent(c)
            return (cast.actors(user) or behind(cast, user)) if user is not None else []
        is_town = c.dep_ == "compound" and target.lower_ in PERSON_NOUNS  # "a Larkmoor driver"
        if c.dep_ in ("poss", "compound") and not is_town and (found := cast.actors(c)):
            return found
    heads = [c for c in target.children if c.dep_ == "prep" and c.lower_ in ("of", "for", "from")]
    heads += [x for c in heads for x in c.children if x.dep_ == "conj" and x.pos_ == "ADP"]  # "of X and of Y"
    places = [x for c in target.children if c.lower_ == "in" for x in c.children if x.dep_ == "pobj"]
    heads += [c for x in places for c in x.children if c.lower_ == "of"]  # "downloads in Orvania of X"
    return [a for c in heads for x in c.children if x.dep_ == "pobj" for a in cast.actors(x)]


def _own_subject(clause: Token) -> Token | None:
    """ "the licence under which X runs them", "the account that X had opened": X."""
    subject = syntax.child(clause, "nsubj")
    return subject if subject is not None and subject.lower_ not in ("that", "which", "who") else None


def payer(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "a fine of 250,000 euros to be paid by X"."""
    doc, end = trigger.root.doc, min(trigger.root.sent.end, trigger.end + _REACH)
    for t in (*trigger.root.subtree, *doc[trigger.end : end]):
        if t.lower_ in ("paid", "payable") and (by := syntax.agent(t)) is not None:
            return cast.actors(by)
    return []


def copula(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X's scanning is a breach of the law": whose it is."""
    root = trigger.root
    return cast.actors(syntax.surface_subject(root.head)) if root.dep_ == "attr" else []


def event(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "X copied it. That is something the licence forbids": whose deed "that" stands for."""
    sentence = trigger.root.sent
    first = next((t for t in sentence if t.is_alpha), None)
    if first is None or first.lower_ not in ("that", "this", "it", "such", "doing", "both") or not sentence.start:
        return []
    before = trigger.root.doc[sentence.start - 1].sent.root
    while (inner := syntax.child(before, "ccomp")) is not None:
        before = inner
    return cast.actors(syntax.doer(before))
