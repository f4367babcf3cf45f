"""What a frame's words need beside them: a rule, an authority, a word of law."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from extract.components.actors import Actor
from extract.components.conditions import is_done_by
from extract.components.frames import Trigger
from extract.components.rules import RuleMention
from extract.components.sanctions import MONEY
from extract.components.scene import AUTHORITY, Scene
from extract.components.status import Stance
from extract.components.syntax import doer, is_passive
from extract.components.tree import Token
from extract.components.word_lists import word_set
from extract.components.words import countries

# In small letters.
_LEGAL = re.compile(
    r"\b(?:law|laws|legal|legally|lawsuits?|suits?|courts?|judges?|jury|su(?:e|es|ed|ing)|complaints?|prosecutors?"
    r"|plaintiffs?|trial|lawyers?|attorneys?|"
    r"indict\w*|illegal\w*|unlawful\w*|regulators?|watchdogs?|tribunal|police|settle\w*|class[- ]action"
    r"|criminal\w*|litigation|verdict|ruling|ruled|fined|"
    r"penalty|copyright|defendants?|felony|arrest\w*|filed|lodged|hearings?|authorit(?:y|ies)|commissioner"
    r"|infring\w*|violat\w*|allegations?|alleg\w+|terms of (?:service|use)|"
    r"(?:been|were|was) dropped|thrown out|collapsed|solicitors?|barristers?|pleadings?|bar council|struck off|"
    r"acquitted|appeal(?:s|ed)?|exonerat\w+|overturned|quashed|annulled|sustained|substantiated|upheld|unfounded|"
    r"convicted|guilty|prison|jail|suspended|filing|antitrust|gdpr|fraud|accus\w+|investigat\w+|probe)\b"
)
_ACCOUNT = re.compile(
    r"\b(?:accounts?|access|licen[cs]es?|permits?|subscriptions?|api|developer|users?|apps?|channel|page|profile"
    r"|registration|credentials|seller|membership|downloads|contract|partnership|bots?|posts?|crawlers?|scrapers?)\b",
    re.IGNORECASE,
)
_SETTLED = r"settl(?:e|es|ed|ing|ements?)|consent(?:s|ed)?|decrees?|undert(?:ook|akes?|akings?)|agree\w* to pay"
_HAS_SETTLED = re.compile(rf"\b(?:{_SETTLED})\b", re.IGNORECASE)
_SETTLES = re.compile(rf"\b(?:{_SETTLED}|agree(?:s|d|ments?)?|deals?|accords?|pays?|paid|paying)\b", re.IGNORECASE)
_BODIES = re.compile(rf"\b(?:{'|'.join(sorted(word_set('conditions_bodies')))})\b")
"""Who judges the members of a profession, the players of a sport, the entrants of a contest."""
_TERM = re.compile(
    r"\b(?:for (?:life|good|(?:the next |at least |up to )?(?:an?|\d+|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|twelve|fifteen|eighteen|twenty) (?:days?|weeks?|months?|years?|seasons?|matches|games|races))"
    r"|(?:before|until|till) \d{4}|ever again|never again|until further notice|indefinitely)\b"
)
"""How long a ban lasts."""
_DECIDED = re.compile(
    r"\b(?:rul(?:ed|es|ing|ings)|order(?:ed|s)?|decid(?:ed|es)|decisions?|decreed?|judge?ments?|verdict|injunction"
    r"|held|finding|found|determin(?:ed|ation)|demand(?:ed|s)|instruct(?:ed|ions?)|directed|directive|impos(?:ed|es)"
    r"|prohibit(?:ed|s|ion)|forb(?:ade|ids)|sided with|award|required|stipulated|obliged|compelled|notice)\b"
)
_JUDGE = re.compile(rf"\b(?:{'|'.join(sorted(word_set('judges')))})\b")
_MISDEEDS = word_set("misdeeds")
_FORMAL = frozenset({"formal", "official"})
_OF_PLATFORMS = frozenset({"terms_of_service", "licence", "internal_policy"})
_WEAK_SPEECH = word_set("claims_weak_speech")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a frame's words stand, and what is known of it by then."""

    trigger: Trigger
    scene: Scene
    number: int
    """Of the sentence."""
    rules: list[RuleMention]
    held: Stance
    enforcers: list[Actor]
    breach_at: set[int]
    """Sentences that tell of a breach."""

    @property
    def text(self) -> str:
        return self.scene.texts[self.number]

    @property
    def small(self) -> str:
        return self.scene.small[self.number]

    def near(self, before: int, after: int) -> range:
        """The sentences around it."""
        return range(max(0, self.number - before), min(self.number + after + 1, len(self.scene.texts)))


def has_needs(place: Place) -> bool:
    """Is there what the frame cannot do without, and one of what it needs?"""
    frame, scene, rules = place.trigger.frame, place.scene, place.rules
    if frame.with_authority and not _has_enforcing_authority(place):
        return False
    if frame.source == "court" and not (scene.has_authority(place.number) and place.held.status != "alleged"):
        return False
    if not frame.needs:
        return True
    if frame.rule == "object":
        end = place.trigger.end
        return any(r.is_rule and (end <= r.start <= end + 8 or is_subject_of(r, place.trigger)) for r in rules)
    return any(_HAS[need](place) for need in frame.needs)


def _has_enforcing_authority(place: Place) -> bool:
    """An authority that acts, a judge by title, or one in the sentence if nobody acts."""
    enforcers = place.enforcers
    if any(e.kind in ("authority", "office") for e in enforcers):
        return True
    if enforcers:
        return is_done_by(_JUDGE, place.trigger.root)
    return place.scene.has_authority(place.number) and place.trigger.frame.id != "find"


def _has_authority(place: Place) -> bool:
    enforcers, scene = place.enforcers, place.scene
    if not place.trigger.frame.strict:
        return scene.has_authority(place.number) or any(e.kind == "authority" for e in enforcers)
    is_acting = any(e.kind in ("authority", "office") and e.name not in countries() for e in enforcers)
    return is_acting or _authority_words(enforcers, scene) or _is_done_by_authority(place.trigger.root, scene)


def _has_law(place: Place) -> bool:
    """A word of law, other than its own."""
    trigger = place.trigger
    own = place.scene.doc[trigger.start : trigger.end].text
    return _LEGAL.search(place.text.replace(own, " ", 1).lower()) is not None


def _has_account(place: Place) -> bool:
    root = place.trigger.root
    return _ACCOUNT.search(place.scene.doc[root.left_edge.i : root.right_edge.i + 1].text) is not None


def _is_formal(place: Place) -> bool:
    """ "a formal warning", by an authority."""
    scene, trigger = place.scene, place.trigger
    has_authority = scene.has_authority(place.number) or bool(scene.authorities)
    is_of_others = any(e.kind not in ("authority", "office") for e in place.enforcers)
    says = any(c.lower_ in _FORMAL and c.i < trigger.start for c in trigger.root.children)
    return has_authority and not is_of_others and says


def _is_of_a_case(place: Place) -> bool:
    """An authority or a word of law in the sentence, in the two before or in the one after."""
    scene = place.scene
    return any(scene.has_authority(n) or _LEGAL.search(scene.small[n]) is not None for n in place.near(2, 1))


def _is_settled(place: Place) -> bool:
    before = place.scene.texts[max(0, place.number - 2) : place.number]
    return _SETTLES.search(place.text) is not None or any(_HAS_SETTLED.search(text) for text in before)


def _has_misdeed(place: Place) -> bool:
    spans = (place.scene.sentences[n] for n in place.near(1, 1))
    return any(not _MISDEEDS.isdisjoint(place.scene.doc.lower[s.start : s.end]) for s in spans)


def _is_decided(place: Place) -> bool:
    scene = place.scene
    return any(scene.has_authority(n) and scene.says(_DECIDED, n) for n in place.near(1, 1))


def _is_sourced(place: Place) -> bool:
    held = place.held
    return held.status is not None and (held.cue is None or held.cue.lower_ not in _WEAK_SPEECH)


def is_subject_of(rule: RuleMention, trigger: Trigger) -> bool:
    """ "the law was broken by X"."""
    return trigger.start - 8 <= rule.start < trigger.start and any(
        c.dep_ == "nsubjpass" and c.left_edge.i <= rule.start <= c.right_edge.i for c in trigger.root.children
    )


def _has_authority_near(scene: Scene, number: int) -> bool:
    """Does an authority stand in the sentence or beside it, for a title in the first ones of the body?"""
    first = scene.first_told if scene.in_title(number) else number - 1
    return any(scene.has_authority(n) for n in (number, *range(max(first, 0), first + 3)) if n < len(scene.sentences))


def _is_done_by_authority(verb: Token, scene: Scene) -> bool:
    """ "The attorney general issued": an office that is no actor."""
    by = doer(verb)
    return by is not None and AUTHORITY.search(scene.doc[by.left_edge.i : by.i + 1].small) is not None


def _authority_words(enforcers: list[Actor], scene: Scene) -> bool:
    """ "The Larkmoor Board", "Orvamed, the medical regulator", "aviation body Orvavia"."""
    return any(
        AUTHORITY.search(scene.doc[e.start : e.end].small) is not None or _is_introduced_so(scene.doc[e.end - 1])
        for e in enforcers
    )


def _is_introduced_so(name: Token) -> bool:
    beside = (c for c in name.children if c.dep_ in ("appos", "compound"))
    return any(c.pos_ == "NOUN" and (c.lower_ == "body" or AUTHORITY.fullmatch(c.lower_)) for c in beside)


_HAS: Mapping[str, Callable[[Place], bool]] = {
    "account": _has_account,
    "authority": _has_authority,
    "body": lambda p: _BODIES.search(p.small) is not None,
    "breach": lambda p: p.number in p.breach_at,
    "case": _is_of_a_case,
    "claim": lambda p: p.held.status in ("alleged", "found") and _LEGAL.search(p.small) is not None,
    "decided": _is_decided,
    "field": lambda p: bool(p.rules),
    "formal": _is_formal,
    "legal": _has_law,
    "money": lambda p: MONEY.search(p.text) is not None,
    "near": lambda p: _has_authority_near(p.scene, p.number),
    "passive": lambda p: is_passive(p.trigger.root),
    "rule": lambda p: any(r.is_rule and (r.strength != "bare" or p.trigger.frame.id != "allege") for r in p.rules),
    "self": lambda _: True,
    "settlement": _is_settled,
    "source": _is_sourced,
    "term": lambda p: _TERM.search(p.small) is not None,
    "terms": lambda p: any(r.is_rule and r.type in _OF_PLATFORMS for r in p.scene.rules),
    "title": lambda p: p.scene.in_title(p.number),
    "wrong": _has_misdeed,
}
"""By the word of the frames for it."""
