"""Whom an agreement binds, and who did what damages are awarded for."""

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.frames import Trigger
from extract.components.roles import Cast
from extract.components.tree import Token
from extract.components.word_lists import word_set

_GAINS = frozenset({"drop", "gain", "get", "gets", "keep", "receive", "receives", "share", "withdraw"})
_OFFICES = frozenset({"authority", "office", "outlet"})
_HELPS = word_set("deeds_helps") | word_set("status_says") | word_set("status_finds") | word_set("status_alleges")


def bound(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "Under the settlement with the state, X will delete it": whom it binds."""
    root = trigger.root
    for clause in (c for c in root.children if c.dep_ == "relcl"):
        if any(c.lower_ == "under" for c in clause.children):  # "a deal under which X pays"
            return [a for a in cast.actors(_subject(clause)) if a.kind not in _OFFICES]
    verb = root.head.head if root.dep_ == "pobj" and root.head.lower_ in ("under", "in", "through") else None
    if verb is None or verb.pos_ not in ("VERB", "AUX") or syntax.is_passive(verb) or verb.lower_ in _GAINS:
        return []
    other = [a for t in syntax.after_preposition(root, "with") for a in cast.actors(t) if t.head.head.i != verb.i]
    if any(a.kind not in _OFFICES for a in other):
        return []  # "Under the settlement with X, the drivers will share 9 million"
    return [a for a in cast.actors(syntax.surface_subject(verb)) if a.kind not in _OFFICES]


def deed(cast: Cast, trigger: Trigger) -> list[Actor]:
    """ "awarded her 9,000 after X had dismissed her", "to applicants who were screened out by X": who did that."""
    around = (trigger.root, *(x for c in trigger.root.children for x in (c, *c.children)), *_far_objects(trigger.root))
    for holder in around:
        for verb in holder.children:
            if verb.dep_ == "pcomp" and holder.lower_ not in ("after", "for", "over"):
                continue
            if (
                verb.dep_ in ("advcl", "pcomp", "relcl")
                and verb.pos_ in ("VERB", "AUX")
                and (found := _doers(cast, verb))
            ):
                return found
    return []


def _far_objects(verb: Token) -> list[Token]:
    """What stands behind its prepositions."""
    return [x for c in verb.children if c.dep_ in ("dative", "prep") for x in c.children if x.dep_ == "pobj"]


def _doers(cast: Cast, verb: Token) -> list[Actor]:
    """Who did it, unless it is what one does in court or for somebody who goes there."""
    if verb.lower_ in _HELPS:
        return []
    by = syntax.agent(verb) if syntax.is_passive(verb) else _subject(verb)
    return [a for a in cast.actors(by) if a.kind not in _OFFICES]


def _subject(clause: Token) -> Token | None:
    """Its own subject, no relative pronoun."""
    subject = syntax.child(clause, "nsubj")
    return subject if subject is not None and subject.lower_ not in ("that", "which", "who") else None
