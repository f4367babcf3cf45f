"""Words that sound like a claim and are none: teasers of other stories, parts of names, what a text only weighs."""

import re

from extract.components.actors import Actor
from extract.components.frames import Trigger
from extract.components.scene import Scene
from extract.components.syntax import child
from extract.components.word_lists import word_set
from extract.components.words import countries

_TEASER = re.compile(
    r"\b\d+ min(?:ute)?s? read\b|\b(?:readers? read next|most read)\b|\bbreak stories\b"
    r"|^(?:related|read (?:more|also|next)|see (?:more|also)|also read|more from)\b[: ]"
    r"|\b(?:he|she|they) (?:covers?|covered|writes?|reports?) (?:about|on|for|the)\b"
    r"|\b(?:is|was) (?:a|an|the) [\w ]{0,30}?(?:reporter|writer|editor|correspondent|journalist)"
    r" (?:at|for|who|based|covering)\b",
    re.IGNORECASE,
)
"""Of another story, or of who wrote this one."""
_REPORTS = word_set("lookalikes_reports")
_OF_SETTLEMENTS = frozenset(
    {"agreement", "amount", "deal", "fund", "offer", "papers", "payment", "sum", "talks", "terms"}
)
_CLAIMS = frozenset({"case", "claim", "claims", "dispute"})
_LAW_WORDS = frozenset(
    {
        "act",
        "acts",
        "directive",
        "law",
        "laws",
        "regulation",
        "regulations",
        "rule",
        "rules",
        "provisions",
        "standard",
        "standards",
    }
)


def is_lookalike(trigger: Trigger, scene: Scene, number: int) -> bool:
    """Does the trigger say nothing of what anybody did?"""
    return (
        _TEASER.search(scene.texts[number]) is not None
        or _is_in_a_name(trigger, scene)
        or _is_of_somebody_else(trigger)
        or _is_decision_to_act(trigger)
        or _is_application_of_a_law(trigger)
        or _is_duty(trigger)
        or _is_admission_of_nothing(trigger)
        or _is_ticker(trigger)
        or _is_settling_of_another_kind(trigger)
    )


def _is_in_a_name(trigger: Trigger, scene: Scene) -> bool:
    """ "the Bank for International Settlements": a noun inside somebody's name."""
    return trigger.kind == "noun" and scene.cast.is_in_a_name(trigger.start)


def _is_of_somebody_else(trigger: Trigger) -> bool:
    """ "a jailed Orvane rival": of the noun after the name; "sanctioned Orvania": how a state is, not what it did."""
    root = trigger.root
    if trigger.kind != "verb" or root.dep_ != "amod":
        return False
    return trigger.frame.id == "sanctioned" or (
        root.head.pos_ == "NOUN"
        and root.head.pos_ == "NOUN"
        and any(c.dep_ == "compound" and c.pos_ == "PROPN" and c.i > root.i for c in root.head.children)
    )


def _is_decision_to_act(trigger: Trigger) -> bool:
    """ "the commission decided to take the states to court": no finding."""
    if trigger.frame.id != "find" or not trigger.root.lower_.startswith("decid"):
        return False
    return any(c.dep_ == "xcomp" and child(c, "aux") is not None for c in trigger.root.children)


def _is_application_of_a_law(trigger: Trigger) -> bool:
    """ "the application of the directive": that it applies, no complaint."""
    if trigger.root.lower_ != "application":
        return False
    of = next((c for c in trigger.root.children if c.lower_ == "of"), None)
    return of is not None and any(t.lower_ in _LAW_WORDS for t in of.subtree)


def _is_duty(trigger: Trigger) -> bool:
    """ "will be liable for ensuring that": what the law asks of everybody."""
    if trigger.frame.id != "found-guilty" or trigger.end >= len(trigger.root.doc):
        return False
    words = trigger.root.doc[trigger.start : trigger.end].text.lower()
    verb = trigger.root.head if trigger.root.pos_ != "VERB" else trigger.root
    will = any(c.dep_ == "aux" and c.lower_ in ("can", "shall", "will") for c in verb.children)
    return words == "liable for" and (will or trigger.root.doc[trigger.end].lower_ == "ensuring")


def _is_admission_of_nothing(trigger: Trigger) -> bool:
    """ "she admits there is a risk that others may misuse it": nobody's own deed."""
    if trigger.frame.id != "admit":
        return False
    clause = child(trigger.root, "ccomp")
    subject = None if clause is None else child(clause, "expl") or child(clause, "nsubj")
    return subject is not None and subject.lower_ in ("there", "risk", "risks", "nothing")


def _is_ticker(trigger: Trigger) -> bool:
    """ "Vandor (V) and Mastrel (MA)": a sign of the stock exchange."""
    start, doc = trigger.start, trigger.root.doc
    return (
        trigger.frame.id == "versus"
        and 0 < start < len(doc) - 1
        and doc[start - 1].text == "("
        and doc[start + 1].text == ")"
    )


def _is_settling_of_another_kind(trigger: Trigger) -> bool:
    """ "the settlement movement", "clearing and settlement": no end of a case."""
    root = trigger.root
    if trigger.frame.id != "settlement-noun" or trigger.kind != "noun":
        return False
    return (root.dep_ == "compound" and root.head.lower_ not in _OF_SETTLEMENTS) or root.head.lower_ == "clearing"


def is_bystander(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """Does the actor stand where the violator is sought, and is somebody else?"""
    return _is_reporting(actor, trigger, scene) or _is_a_state_under(actor, trigger) or _is_claimant(actor, trigger)


def _is_reporting(actor: Actor, trigger: Trigger, scene: Scene) -> bool:
    """ "The Tribune reports that": an outlet that tells of others, and not of itself."""
    if actor.kind != "outlet":
        return False
    verb = scene.doc[actor.start : actor.end].root.head
    if actor.start and scene.doc[actor.start - 1].text == "(":
        return True  # "HARBOUR CITY (Wire) -"
    return not actor.is_resolved and verb.lower_ in _REPORTS and verb.i != trigger.root.i


def _is_a_state_under(actor: Actor, trigger: Trigger) -> bool:
    """A country under sanctions, or at war: politics, no reprimand."""
    return trigger.frame.id in ("amounts-to", "sanctioned") and actor.name in countries()


def _is_claimant(actor: Actor, trigger: Trigger) -> bool:
    """ "she settled her claim with the carmaker": a person whose claim it is."""
    claim = child(trigger.root, "dobj")
    if trigger.frame.id != "settle" or actor.kind != "person" or claim is None or claim.lower_ not in _CLAIMS:
        return False
    return any(c.lower_ == "with" for c in (*trigger.root.children, *claim.children))
