"""Who bears a decision that names nobody, by what he has to do or pay, how he answers and what was held of him."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.cleared import bystanders
from extract.components.measures import Measure
from extract.components.naming import has_office, is_of_another, is_of_many
from extract.components.scene import Scene
from extract.components.word_lists import word_set

_FINDS = word_set("status_finds") | word_set("status_says")
_ANSWERS = frozenset({"appealed", "apologised", "complied", "denied"})
_DUTY = ("agree", "has", "have", "had", "is", "are", "may", "must", "need", "no ", "not ", "until", "will", "would")
_ORDERED_BY = re.compile(
    r"\b(?:settlement|agreement|order|decree|decision|ruling|judge?ment|verdict|deal|accord|undertakings?|tribunal|court"
    r"|judge|regulator|watchdog|commission(?:er)?|authority|ombudsman|inspectorate"
    r"|attorneys? general|bureau|agency|penalty|surcharge|fine)\b"
)
_GOES = frozenset({"addressed", "directed", "fall", "falls", "fell"})
_TO_WHOM = re.compile(
    r"\b(?:(?:order|decision|notice|ban|recall|(?P<sum>share|part|portion|fine|penalty|bulk|sum)))\b[^.;]{0,60}?"
    rf"\b(?P<verb>{'|'.join(sorted(_GOES))}) to\b"
)
_AGREED = re.compile(
    r"\b(?:settle(?:s|d|ment)?|agreement|agree[sd]?|decree|consent order|came to terms|deal|accord"
    r"|undertak(?:e|es|ing)s?)\b"
)
_SURE = frozenset({"fine", "damages", "payment", "settlement_payment", "data_or_model_deletion", "product_withdrawal"})
# What speaks for somebody: a duty, one that is only threatened, an answer, a finding, his name in the title.
_BEARS, _MAY_BEAR, _ANSWERED, _HELD, _TITLE = 3.0, 1.5, 1.5, 2.0, 0.5
_ENOUGH = 3.0  # of the one meant
_CLOSE = 0.7  # of his score: another as near
_EVIDENCE = 2.4  # weight of the claims that name nobody
_PAID = 1.0  # what a sum that somebody has to pay adds to them
_VAGUE = frozenset({"case-against", "complaint", "action", "lawsuit", "versus", "investigation", "allege"})
_OF_THINGS = frozenset({"account_suspension", "data_or_model_deletion", "licence_suspended", "product_withdrawal"})
_ORDERS = ("agree", "direct", "force", "instruct", "made", "oblige", "order", "require", "told")
_BREACHES = frozenset({"illegal", "unlawful"})
_TAKEN = 0.7
_CLEAR = 2.0  # weight of a claim whose enforcer is no mistake
_OWN = 2.2  # weight of the claim that he bears it
_FIRMS = frozenset({"company", "name", "project", "person"})
_SUMS = frozenset({"damages", "fine", "reprimand"})
_TOLD = frozenset({"named", "phrase", "wrong"})
_ENDED = frozenset({"found", "settled", "admitted"})


@dataclass(frozen=True, slots=True)
class Borne:
    """Somebody and what he has to do or pay, with the number of the sentence; without them if it is not said."""

    actor: Actor
    sentence: int = 0
    measure: Measure | None = None

    @property
    def is_firm(self) -> bool:
        return self.measure is not None and not self.measure.is_threat


def with_bearer(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims; where none names a violator, those that name nobody go to the one who has to pay or to obey."""
    open_ = [c for c in claims if _is_free(c, scene)]
    is_other = any(c.violators and c.status not in ("hypothetical", "denied") for c in claims)
    told = sum(c.weight * (0.5 if c.frame in _VAGUE else 1.0) for c in open_)
    if told + _PAID < _EVIDENCE or (is_other and not _is_punished(open_)):
        return claims
    if not _has_breach(open_, scene) or (told < _EVIDENCE and not _is_paid(scene)):
        return claims
    found = _bearers(claims, scene)
    is_decided = any(c.status in _ENDED for c in open_) or any(b.is_firm for b in found)
    if not found or not is_decided or (is_other and not _is_apart(found, claims)):
        return claims
    meant = tuple(_in_full(b.actor, scene) for b in found)
    own = [_claim(meant, b.sentence, b.measure, open_, scene) for b in found[:1] if b.measure is not None]
    taken = [
        replace(c, violators=meant, weight=c.weight * _TAKEN, is_inherited=True) if c in open_ else c for c in claims
    ]
    return sorted([*taken, *own], key=lambda c: c.start)


def _is_apart(found: list[Borne], claims: list[Claim]) -> bool:
    """Has he, and no other, to pay what somebody decided, while others are only said to have broken a rule?"""
    others = {a.identity for c in claims for a in c.violators}
    return all(b.is_firm and b.actor.kind != "generic" and b.actor.identity not in others for b in found)


def _is_punished(claims: list[Claim]) -> bool:
    """Does one of those that name nobody tell of a sanction that was imposed?"""
    return any(c.status in _ENDED and c.sanction is not None for c in claims)


def _in_full(actor: Actor, scene: Scene) -> Actor:
    """ "Lumera" by its full name, "Lumera Skin", if that stands anywhere."""
    longer = (a for a in scene.cast.named(0, len(scene.doc)) if a.name.startswith(f"{actor.name} "))
    full = next(longer, None)
    return replace(actor, name=full.name, entity=full.entity) if full is not None and actor.entity is None else actor


def _is_paid(scene: Scene) -> bool:
    """Does the body tell of a sum that somebody has to pay, or of a reprimand?"""
    body = (n for n in range(len(scene.sentences)) if not scene.in_title(n))
    return any(m.kind in _SUMS and not m.is_threat for n in body for m in scene.measures_in(n))


def _is_free(claim: Claim, scene: Scene) -> bool:
    """It says of nobody that he broke a rule or paid for it."""
    return (
        not claim.violators
        and claim.status not in ("hypothetical", "denied", "under_investigation")
        and not is_of_many(claim, scene)
        and not is_of_another(claim, scene)
    )


def _has_breach(claims: list[Claim], scene: Scene) -> bool:
    """Is a rule named in what they say, or next to it, and is there somebody with the power to decide?"""
    at = {n for c in claims for n in (c.sentence - 1, c.sentence, c.sentence + 1)}
    has_rule = any(scene.sentence_of(r.start) in at for r in scene.rules if r.strength in _TOLD)
    is_held = any(c.governed is not None and c.status in _ENDED for c in claims)  # "broke the law, the court held"
    is_held = is_held or any(
        c.sanction == "damages" and c.status in _ENDED for c in claims
    )  # who is owed them was wronged
    has_rule = has_rule or is_held or any(c.frame in _BREACHES for c in claims)
    return has_rule and any(scene.has_authority(n) for n in range(len(scene.sentences)))


def _claim(meant: tuple[Actor, ...], number: int, measure: Measure, open_: list[Claim], scene: Scene) -> Claim:
    """That he has to do or pay what the sentence says."""
    first = scene.doc.tokens[measure.verb.i]
    is_settled = _AGREED.search(scene.small[number]) is not None
    status = "settled" if is_settled or all(c.status == "settled" for c in open_) else "found"
    return Claim(
        frame="bears",
        kind="verb",
        start=first.i,
        end=first.i + 1,
        sentence=number,
        in_title=False,
        violators=meant,
        status=status,
        cue=first.i,
        weight=_OWN,
        rules=tuple(r for r in scene.rules_in(number) if r.strength in _TOLD),
    )


def _bearers(claims: list[Claim], scene: Scene) -> list[Borne]:
    """The one meant, with the sentence and the measure that he bears; several only if they pay shares of one sum."""
    acting = [
        a for c in claims for a in c.enforcers if a.kind in ("authority", "office", "outlet") or c.weight > _CLEAR
    ]
    busy = {a.identity for a in (*acting, *(a for c in claims for a in (*c.claimants, *c.harmed)))} | bystanders(scene)
    busy |= {a.identity for r in scene.rules for a in r.owners}
    duties = [b for b in (_duties(scene) or _of_awards(scene)) if b.actor.identity not in busy]
    scores: dict[str, float] = {}
    known = {b.actor.identity: b.actor for b in duties}
    for b in duties:
        scores[b.actor.identity] = max(scores.get(b.actor.identity, 0.0), _BEARS if b.is_firm else _MAY_BEAR)
    held = list(_who_is_held(scene))
    for more, actors in ((_ANSWERED, list(_who_answers(scene))), (_HELD, held)):
        for a in {a.identity: a for a in actors if a.kind in _FIRMS and a.identity not in busy}.values():
            scores[a.identity] = scores.get(a.identity, 0.0) + more
            known[a.identity] = a
    if not scores:
        return []
    counts = scene.cast.mentions.counts
    for key in scores:
        scores[key] += 0.2 * min(counts[key], 5)
    for a in scene.cast.named(0, scene.doc.first_of_body):
        if a.identity in scores:
            scores[a.identity] += _TITLE
    best = max(scores, key=lambda k: scores[k])
    if scores[best] < _ENOUGH:
        return []
    if shares := _shares(duties, best):
        return shares
    if any(scores[k] > _CLOSE * scores[best] for k in scores if k != best):
        return []
    his = sorted((b for b in duties if b.actor.identity == best), key=lambda b: not b.is_firm)
    return his[:1] or [Borne(known[best]) for _ in held[:1] if best in {a.identity for a in held}]


def _shares(duties: list[Borne], best: str) -> list[Borne]:
    """ "A will pay 9 million and B 6 million": all who pay in sentences that follow each other."""
    pays = [b for b in duties if b.is_firm and b.measure is not None and b.measure.kind in ("payment", "fine")]
    at = {b.sentence for b in pays if b.actor.identity == best}
    each = {b.actor.identity: b for b in pays if any(abs(b.sentence - n) <= 1 for n in at)}
    return list(each.values()) if len(each) > 1 and best in each else []


def _duties(scene: Scene) -> list[Borne]:
    """Who by name has to do or pay something, with the sentence and the measure."""
    found = []
    for n in range(len(scene.sentences)):
        if scene.in_title(n):
            continue
        for measure in (*scene.measures_in(n), *_addressed(n, scene)):
            if scene.small[n].startswith("had to", measure.start) or not (
                measure.kind in _SURE or _is_ordered(n, scene)
            ):
                continue
            for actor in borne_by(measure, n, scene):
                if actor.kind in (*_FIRMS, "generic") and not has_office(scene, actor.start, actor.end):
                    found.append(Borne(actor, n, measure))
    return [b for b in found if b.actor.kind != "generic"] or found


def _of_awards(scene: Scene) -> list[Borne]:
    """Who by name appeals, obeys or alone did it where damages are awarded and nobody is named who has to pay them."""
    awards = [
        (n, m)
        for n in range(len(scene.sentences))
        if not scene.in_title(n)
        for m in scene.measures_in(n)
        if m.kind == "damages" and not m.is_threat
    ]
    if not awards:
        return []
    who = [a for kind in ("appealed", "complied") for a in _who_answers(scene, (kind,)) if a.kind in _FIRMS]
    held = {a.identity: a for a in _who_is_held(scene, "nsubj") if a.kind == "company"}
    who = who or (list(held.values()) if len(held) == 1 else [])
    return [Borne(who[0], *awards[0])] if who else []


def _addressed(number: int, scene: Scene) -> Iterator[Measure]:
    """ "The order is addressed to X", "the largest share, 21 million, falls to X"."""
    span = scene.sentences[number]
    for match in _TO_WHOM.finditer(scene.small[number]):
        verb = span.part(match.start("verb"), match.end("verb")).root
        kind = "payment" if match["sum"] else "order_to_change"
        yield Measure(kind=kind, start=match.start(), end=match.end(), verb=verb, is_threat=False)


def _is_ordered(number: int, scene: Scene) -> bool:
    """Do the sentence or those around it tell of a decision or an agreement?"""
    near = scene.small[max(0, number - 2) : number + 3]
    return any(_ORDERED_BY.search(text) is not None for text in near)


def borne_by(measure: Measure, number: int, scene: Scene) -> list[Actor]:
    """Who has to do it, pay it or suffer it, as the sentence says."""
    verb = measure.verb
    if verb.lower_ in _GOES:
        return [a for t in syntax.after_preposition(verb, "to") for a in scene.cast.actors(t)]
    words = scene.small[number][measure.start :]
    if verb.pos_ not in ("VERB", "AUX"):
        above = syntax.governor(verb)
        if above is None or not words.startswith("until"):
            return []
        return scene.cast.actors(syntax.surface_subject(above))
    is_duty = words.startswith(_DUTY) or (measure.kind == "settlement_payment" and not syntax.is_passive(verb))
    if words.startswith("award"):
        return []  # who gets it
    if words.startswith("cost"):
        words_of = scene.sentences[number].part(measure.start, measure.end)
        return scene.cast.named(words_of.start, words_of.end)
    if not is_duty and measure.kind in _OF_THINGS and not words.startswith(_ORDERS):
        return []
    target = syntax.surface_subject(verb) if is_duty or syntax.is_passive(verb) else syntax.done_to(verb)
    found = scene.cast.actors(target)
    return [*found, *_who_pay_too(measure, number, scene)] if found and measure.kind == "payment" else found


def _who_pay_too(measure: Measure, number: int, scene: Scene) -> list[Actor]:
    """ "A will pay 9 million and B 6 million": B."""
    span, doc = scene.sentences[number], scene.doc
    later = scene.cast.named(span.part(measure.start, measure.end).end, span.end)
    return [
        a
        for a in later
        if doc[a.start - 1].lower_ in ("and", ",", ";")
        and a.end < span.end
        and (doc[a.end].like_num or doc[a.end].is_currency)
    ]


def _who_answers(scene: Scene, kinds: Collection[str] = _ANSWERS) -> Iterator[Actor]:
    """Who by name denies, appeals, obeys or says that he is sorry."""
    for said in scene.responses():
        if said.kind not in kinds:
            continue
        span = scene.sentences[said.sentence]
        verb = span.part(said.start, said.end).root
        for t in (verb, *verb.ancestors):
            if t.pos_ in ("VERB", "AUX"):
                yield from scene.cast.actors(syntax.surface_subject(t))


def _who_is_held(scene: Scene, *places: str) -> Iterator[Actor]:
    """Of whom an authority holds, finds or says that he did something, or that it was done."""
    for verb in scene.doc.tokens:
        if verb.lower_ not in _FINDS or verb.pos_ != "VERB":
            continue
        clause = syntax.child(verb, "ccomp")
        if clause is None or not scene.is_authority(syntax.surface_subject(verb)):
            continue
        yield from scene.cast.actors(syntax.child(clause, *(places or ("nsubj", "nsubjpass"))))
