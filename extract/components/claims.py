"""Claims: what each trigger of a text says, before anything is weighed."""

import re
from dataclasses import dataclass, replace
from itertools import chain

from extract.components.actors import Actor
from extract.components.arguments import Finder
from extract.components.conditions import is_excluded
from extract.components.frames import Frame, FrameBook, Trigger
from extract.components.lookalikes import is_bystander
from extract.components.needs import Place, has_needs, is_subject_of
from extract.components.prospects import is_hoped_for, is_not_imposed, is_threat, is_to_come
from extract.components.rules import RuleMention
from extract.components.scene import Scene
from extract.components.stages import opened
from extract.components.stages import stage as stage_of
from extract.components.status import BACKGROUND, Stance, stance
from extract.components.syntax import surface_subject
from extract.components.tree import Token
from extract.components.unnamed import nameless_accounts

_REVOKED = re.compile(r"licen[cs]e|permit|registration|account|agreement|contract", re.IGNORECASE)
_UP_TO = re.compile(
    r"\b(?:fines?|penalt(?:y|ies)) of (?:up to|as much as|between)\b|"
    r"\bor (?:else )?(?:face|risk|pay)\b|"
    r"\b(?:fac\w+|risk\w*|carr\w+|punishable|liable)\b.{0,30}\b(?:fines?|penalt(?:y|ies))\b.{0,12}\b(?:up to|as"
    r" much as|of up to)\b",
    re.IGNORECASE,
)
_PRELIMINARY = re.compile(
    r"\bpreliminar(?:ily|y (?:findings?|views?|conclusions?|assessments?|decisions?|reports?))\b", re.IGNORECASE
)
# Where a frame has whom it blames, and what leads from the deed up to it.
_BLAMED_IN = frozenset({"object", "object-holder", "against", "into", "on", "sides", "account-holder"})
_BELOW = frozenset({"pcomp", "prep", "xcomp", "dobj", "pobj", "appos", "conj", "advcl"})
_ASIDE = 0.5
_OF_PLATFORMS = frozenset({"account_suspension", "service_ban", "product_withdrawal"})
_GOES_TO_COURT = frozenset({"sue", "take-to-court", "lawsuit", "action"})
_IF_NAMED = frozenset({"arrest-warrant", "charge-sheet"})  # one of nobody may be what somebody calls for
_PRONOUNS = frozenset({"it", "they", "he", "she"})
_FOR = frozenset({"for", "of", "over", "with", "from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one trigger says: somebody, a rule perhaps, a status, a weight."""

    frame: str
    kind: str
    """Of its trigger: verb, noun, phrase, adverb or adjective."""
    start: int
    end: int
    """Token offsets of the trigger."""
    sentence: int
    in_title: bool
    violators: tuple[Actor, ...] = ()
    enforcers: tuple[Actor, ...] = ()
    claimants: tuple[Actor, ...] = ()
    owners: tuple[Actor, ...] = ()
    harmed: tuple[Actor, ...] = ()
    status: str
    cue: int
    """Token of the word that decided the status."""
    weight: float
    rules: tuple[RuleMention, ...] = ()
    """Of its sentence, the nearest of the strongest first."""
    governed: RuleMention | None = None
    """The rule that its own words take as object: what was broken."""
    sanction: str | None = None
    type: str | None = None
    """The rule type that the frame implies."""
    is_open: bool = False
    """It leaves open whom it is about, or says so by a description: the sentences before may tell."""
    is_inherited: bool = False
    """Its violators are those of the sentences before."""
    is_threat: bool = False
    """Of a sanction that is only threatened or possible."""


def find_claims(scene: Scene, book: FrameBook, quoted_rules: list[tuple[int, int]]) -> list[Claim]:
    """Every claim of the Doc, in the order of the text; ``quoted_rules`` are stretches that only quote a rule."""
    names = {i for r in scene.rules if r.strength == "named" for i in range(r.start, r.end)}
    sanctions = {i for r in scene.rules if r.type == "export_control_sanctions" for i in range(r.start, r.end)}
    triggers = [
        t
        for t in book.triggers(scene)
        if not any(a <= scene.doc[t.start].idx < b for a, b in quoted_rules)
        and not (t.kind == "noun" and t.start in names and scene.doc[t.start].text.istitle())
        and not (t.frame.sanction == "fine" and t.kind == "noun" and t.start in sanctions)
    ]
    breach_at = {scene.sentence_of(t.start) for t in triggers if t.frame.status == "breach" and t.frame.weight > 1.3}
    made = (_made_of(t, scene, book, breach_at) for t in triggers)
    first = _without_victims(_controlled([found for found in made if found is not None]))
    barred = _plaintiffs([c for _, c in first])
    claims = []
    for trigger, claim in first:
        is_barred = any(v.is_resolved and v.identity in barred for v in claim.violators)
        claims.append(_claim(trigger, scene, book, breach_at, barred) if is_barred else claim)
    return [claim for claim in claims if claim is not None]


def _controlled(found: list[tuple[Trigger, Claim]]) -> list[tuple[Trigger, Claim]]:
    """The claims; what somebody is fined or accused for is his own deed: "fined X, its largest yet, for failing"."""
    blames = {t.root.i: c for t, c in found if c.violators and _BLAMED_IN.intersection(t.frame.violator[:1])}
    out = []
    for trigger, claim in found:
        blame = _blame_above(trigger.root, blames)
        if blame is not None and trigger.kind == "verb" and _BLAMED_IN.intersection(trigger.frame.violator[:1]):
            continue  # "sued X for blocking accounts": what X did, no sanction
        if blame is not None and trigger.frame.status == "breach":
            is_sure = claim.status == "found" and blame.status in ("alleged", "under_investigation")
            claim = replace(claim, violators=blame.violators, status=blame.status if is_sure else claim.status)
        elif trigger.frame.status == "breach" and (cause := _punished_for(trigger.root, blames)) is not None:
            by = {e.identity for e in cause.enforcers}
            if claim.violators and all(v.identity in by for v in claim.violators):
                claim = replace(claim, violators=cause.violators)
        out.append((trigger, claim))
    return out


def _punished_for(root: Token, blames: dict[int, Claim]) -> Claim | None:
    """The claim whose trigger has the verb as its reason: "banned X because its app broke the rules"."""
    marks = {c.lower_ for c in root.children if c.dep_ == "mark"}
    is_reason = root.dep_ == "advcl" and not marks.isdisjoint(("because", "after", "since", "as"))
    return blames.get(root.head.i) if is_reason else None


def _without_victims(found: list[tuple[Trigger, Claim]]) -> list[tuple[Trigger, Claim]]:
    """The claims without the arrest of somebody who goes to court himself: what he complains of."""
    plaintiffs = {e.identity for _, c in found if c.frame in _GOES_TO_COURT for e in c.enforcers}
    return [(t, c) for t, c in found if c.frame != "indict" or plaintiffs.isdisjoint(a.identity for a in c.violators)]


def _blame_above(root: Token, blames: dict[int, Claim]) -> Claim | None:
    """The claim whose trigger the gerund after "for" or "of" depends on."""
    t, is_gerund = root, False
    for _ in range(6):
        if t.dep_ not in _BELOW or (t.dep_ == "pcomp" and t.head.lower_ not in _FOR):
            return None
        is_gerund = is_gerund or t.dep_ == "pcomp"
        t = t.head
        if t.i in blames:
            return blames[t.i] if is_gerund else None
    return None


def _plaintiffs(claims: list[Claim]) -> frozenset[str]:
    """Who complains of others and of whom nobody complains by name: never "the company"."""
    complain = {
        a.identity for c in claims for a in (*c.enforcers, *c.claimants) if a.kind not in ("authority", "office")
    }
    named = {a.identity for c in claims for a in c.violators if not a.is_resolved}
    return frozenset(complain - named)


def _made_of(trigger: Trigger, scene: Scene, book: FrameBook, breach_at: set[int]) -> tuple[Trigger, Claim] | None:
    """The claim of a trigger, or of the next frame of its word that has what it needs there."""
    for t in chain([trigger], book.others(trigger, scene)):
        if is_excluded(t, scene, scene.sentence_of(t.start)):
            return None
        if (claim := _claim(t, scene, book, breach_at)) is not None:
            return t, claim
    return None


def _claim(
    trigger: Trigger, scene: Scene, book: FrameBook, breach_at: set[int], barred: frozenset[str] = frozenset()
) -> Claim | None:
    frame, number = trigger.frame, scene.sentence_of(trigger.start)
    finder = Finder(scene.doc, scene.cast, book, scene.in_title(number), scene.sentences[number])
    rules = _ranked(scene.rules_in(number), trigger)
    enforcers = _first(finder, trigger, frame.enforcer)
    scene.cast.excluded = barred | _owners(rules, frame) | _identities(enforcers, scene)
    scene.cast.is_accusing = True
    violators = _without(_first(finder, trigger, frame.violator), enforcers)
    scene.cast.is_accusing = False
    if _is_only_it(enforcers, scene) and not _is_near(violators, scene, number):  # "the suit … It accused the company"
        scene.cast.excluded = barred | _owners(rules, frame)
        if found := [v for v in _first(finder, trigger, frame.violator) if _is_near([v], scene, number)]:
            violators, enforcers = found, []
    if not violators and frame.sanction in _OF_PLATFORMS:
        violators = nameless_accounts(trigger.root)
    scene.cast.excluded = frozenset()
    violators = [v for v in violators if not is_bystander(v, trigger, scene)]
    if trigger.root.tag_ in ("VBZ", "VBP") and trigger.root.dep_ == "relcl":
        violators = [v for v in violators if v.kind != "generic"]  # "a company that breaks the law": anybody
    held = stance(trigger.root, scene.authorities, range(trigger.start, trigger.end))
    place = Place(
        trigger=trigger, scene=scene, number=number, rules=rules, held=held, enforcers=enforcers, breach_at=breach_at
    )  # fmt: skip
    if not has_needs(place) or (frame.of_somebody and not violators):
        return None
    if frame.sanction is not None and _is_upside_down(violators, enforcers):
        return None
    claim = Claim(
        frame=frame.id,
        kind=trigger.kind,
        start=trigger.start,
        end=trigger.end,
        sentence=number,
        in_title=scene.in_title(number),
        violators=tuple(v for v in _not_owners(violators, rules, frame) if v.kind != "office"),
        enforcers=tuple(enforcers),
        claimants=tuple(
            a
            for a in _first(finder, trigger, frame.claimant)
            if a.product is None and a.kind != "project" and a.identity not in {v.identity for v in violators}
        ),
        owners=tuple(_first(finder, trigger, frame.owner)),
        is_open=not frame.strict and finder.is_open(trigger),
        harmed=tuple(_first(finder, trigger, frame.harmed)),
        status="alleged",
        cue=trigger.start,
        weight=frame.weight * _place_factor(scene, number) * (_ASIDE if _is_aside(trigger) else 1.0),
        rules=tuple(rules),
        governed=_governed(rules, trigger),
        sanction=frame.sanction if violators or frame.id not in _IF_NAMED else None,
        type=frame.type,
    )
    return _with_status(claim, trigger, held, finder, scene)


def _is_only_it(actors: list[Actor], scene: Scene) -> bool:
    """Is nobody there but whom a pronoun stands for?"""
    return bool(actors) and all(a.is_resolved and scene.doc[a.start].lower_ in _PRONOUNS for a in actors)


def _is_near(actors: list[Actor], scene: Scene, number: int) -> bool:
    """Is one of them named in the sentence or in the few before it?"""
    near = {m.identity for m in scene.cast.mentions.near(number)}
    return any(a.identity in near for a in actors)


def _identities(actors: list[Actor], scene: Scene) -> set[str]:
    """Who they are: "a hosting company in Larkmoor, Orvane" is Orvane, too."""
    found = {a.identity for a in actors}
    for root in (scene.doc[a.start : a.end].root for a in actors if a.kind == "generic"):
        found |= {n.identity for t in root.subtree if t.dep_ == "appos" for n in scene.cast.actors(t)}
    return found


def _is_aside(trigger: Trigger) -> bool:
    """ "relied on it in a suit against X": where something else happened; not "in a suit filed on Friday"."""
    root = trigger.root
    if trigger.frame.id not in ("lawsuit", "case-against", "action", "complaint") or root.dep_ != "pobj":
        return False
    return root.head.lower_ in ("in", "during") and not any(c.dep_ in ("acl", "relcl") for c in root.children)


def _is_upside_down(violators: list[Actor], enforcers: list[Actor]) -> bool:
    """A company that would punish an authority: the parties are not who they seem."""
    return bool(violators and enforcers) and (
        all(v.kind == "authority" for v in violators) and all(e.kind in ("company", "project") for e in enforcers)
    )


def _with_status(claim: Claim, trigger: Trigger, held: Stance, finder: Finder, scene: Scene) -> Claim | None:
    """The claim with the status that its words and their governors give it, or ``None`` if they take it back."""
    if trigger.frame.sanction is not None and is_not_imposed(trigger):
        return None
    status, cue = _own_status(trigger)
    text = scene.texts[claim.sentence]
    is_matter = trigger.kind == "noun" or (trigger.kind == "phrase" and trigger.frame.status != "breach")
    stage = stage_of(finder, trigger) if is_matter else None
    if (
        trigger.frame.id.startswith("investigat")
        and claim.enforcers
        and all(e.kind == "outlet" for e in claim.enforcers)
    ):
        return replace(claim, status="alleged")  # a newspaper's investigation
    if trigger.frame.id == "case-against" and is_to_come(trigger.root):
        return None
    if "dismissed" in (stage and stage[0], status) and is_hoped_for(trigger.root):
        return replace(claim, status="hypothetical", cue=cue)
    if stage is not None and stage[0] == "dismissed":
        return replace(claim, status="dismissed", cue=stage[1])
    if trigger.frame.status == "breach" and _is_confession(trigger, claim) and not held.is_negated:
        return replace(claim, status="admitted")
    if trigger.frame.status == "breach":
        status, cue = held.status or "alleged", held.cue.i if held.cue is not None else cue
        if held.is_negated:
            return replace(claim, status="dismissed", weight=claim.weight * 0.6) if held.status == "found" else None
        if held.status == "denied":
            return replace(claim, status="denied", cue=cue, weight=claim.weight * 0.3)
    elif (held.is_negated and trigger.frame.source != "court") or (
        trigger.frame.id == "find"
        and any(c.dep_ == "neg" for v in trigger.root.children if v.dep_ == "ccomp" for c in v.children)
    ):
        return None
    elif held.status == "denied":
        return replace(claim, status="denied", cue=cue, weight=claim.weight * 0.3)
    elif (
        held.status in ("alleged", "under_investigation")
        and status in ("found", "admitted")
        and trigger.frame.id not in ("find",)
    ):
        status = held.status if trigger.frame.id in ("plead-guilty", "found-guilty", "unlawful") else status
    if status == "found" and _PRELIMINARY.search(text):
        status = "alleged"
    if stage is not None:
        status, cue = stage
        if status == "hypothetical":
            return replace(claim, status=status, cue=cue, is_threat=True)
    if trigger.frame.id in ("action", "lawsuit", "case-against") and (verb := opened(finder, trigger)) is not None:
        status, cue = "under_investigation", verb
    is_feared = is_threat(trigger, held) or (trigger.frame.id == "fine-noun" and _UP_TO.search(text) is not None)
    return replace(claim, status="hypothetical" if is_feared else status, cue=cue, is_threat=is_feared)


def _is_confession(trigger: Trigger, claim: Claim) -> bool:
    """ "We broke the licence", in somebody's quotation."""
    subject = surface_subject(trigger.root)
    return (
        subject is not None
        and subject.lower_ in ("we", "i")
        and any(a.start == subject.i and a.is_resolved for a in claim.violators)
    )


def _own_status(trigger: Trigger) -> tuple[str, int]:
    words = trigger.root.doc[trigger.start : trigger.end].text.lower()
    for word, status in (trigger.frame.status_of or {}).items():
        if trigger.frame.with_words is None and word == words:
            return status, trigger.start
        if trigger.frame.with_words is not None and re.search(rf"\b{word}", trigger.root.sent.text, re.IGNORECASE):
            return status, trigger.start
    return trigger.frame.status, trigger.start


def _first(finder: Finder, trigger: Trigger, places: tuple[str, ...]) -> list[Actor]:
    """The actors in the first of these places that names some; those with a sum each before all."""
    for place in sorted(places, key=lambda place: place != "apiece"):
        if found := finder.at(trigger, place):
            return found
    return []


def _without(actors: list[Actor], others: list[Actor]) -> list[Actor]:
    known = {o.identity for o in others}
    return [a for a in actors if a.identity not in known]


def _not_owners(violators: list[Actor], rules: list[RuleMention], frame: Frame) -> list[Actor]:
    """ "it broke OpenAI's terms": a pronoun does not stand for whose rule it is."""
    if frame.status != "breach":
        return violators
    owners = _owners(rules, frame)
    return [v for v in violators if v.identity not in owners]


def _owners(rules: list[RuleMention], frame: Frame) -> frozenset[str]:
    """Whose the rules are; a permit that is withdrawn is that of its holder."""
    return frozenset(
        a.identity
        for r in rules
        if r.strength != "topic" and not (frame.sanction == "licence_suspended" and _REVOKED.search(r.words))
        for a in r.owners
    )


def _place_factor(scene: Scene, number: int) -> float:
    if scene.in_title(number):
        return 1.8
    since = number - scene.first_told
    factor = 1.4 if since < 2 else 1.0 if since < 5 else 0.75
    return factor * (0.6 if since > 0 and scene.says(BACKGROUND, number) else 1.0)


def _ranked(rules: list[RuleMention], trigger: Trigger) -> list[RuleMention]:
    """The rules of the sentence, those the trigger's own words govern first."""
    left, right = trigger.root.left_edge.i, trigger.root.right_edge.i

    def rank(rule: RuleMention) -> tuple[float, int]:
        inside = 1.0 if left <= rule.start <= right else 0.0
        after = 0.5 if rule.start >= trigger.end else 0.0
        return (-(rule.weight + inside + after), abs(rule.start - trigger.start))

    return sorted(rules, key=rank)


def _governed(rules: list[RuleMention], trigger: Trigger) -> RuleMention | None:
    """The first rule after the trigger that stands in its own clause."""
    right = trigger.root.right_edge.i
    after = [r for r in rules if trigger.end <= r.start <= min(right, trigger.end + 12) and (r.is_rule or r.is_name)]
    if trigger.frame.id in (
        "suspend",
        "close-account",
        "licence-withdrawn",
        "loses-licence",
        "removed",
        "disbar",
    ):  # the licence that is revoked is not the rule
        after = [r for r in after if not _REVOKED.search(r.words)]
    best = min(after, key=lambda r: (not r.is_rule, r.start), default=None)
    if best is None and trigger.frame.status == "breach":
        return next((r for r in rules if r.is_rule and is_subject_of(r, trigger)), None)
    return best
