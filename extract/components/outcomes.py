"""How a matter ended for the violator: the sanction with its sum and duration, and his answer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from extract.components import syntax
from extract.components.actors import Actor
from extract.components.bearers import borne_by
from extract.components.certainty import FIRM, is_criminal
from extract.components.claims import Claim
from extract.components.ends import is_awarded
from extract.components.measures import Measure
from extract.components.payments import PAID, payment
from extract.components.responses import Answer, answer
from extract.components.sanctions import MONEY, Amount, amounts, duration
from extract.components.scene import Scene
from extract.components.shares import share
from extract.components.status import BACKGROUND
from extract.components.targets import hit_by, is_same, is_somebody_else
from extract.components.tree import Stretch, Token
from extract.components.weighing import Matter
from extract.components.word_lists import word_set
from extract.facts import Span

_CONTRACT = re.compile(r"agreement|contract|partnership|deal\b")
_MONEY = frozenset({"fine", "damages", "settlement_payment"})
_PAID_IN = frozenset({"damages", "fine", "payment", "settlement_payment"})
_LASTING = frozenset(
    {"criminal_sentence", "licence_suspended", "service_ban", "account_suspension", "disqualification", "export_denied"}
)
_NO_TARGETS = frozenset({"authority", "generic", "office"})
# Kinds that a frame's verb covers together: the other words of its clause tell which.
_VAGUE = frozenset({"account_suspension", "service_ban", "order_to_change", "product_withdrawal", "reprimand"})
_EXACT = _VAGUE | {"licence_suspended", "data_or_model_deletion", "export_denied", "disqualification"}
# The graver comes first where an article tells of several.
_RANKS = {
    kind: rank
    for rank, kinds in enumerate(
        (
            ("criminal_sentence",),
            ("fine", "damages"),
            ("disqualification", "licence_suspended", "export_denied", "product_withdrawal", "account_suspension"),
            ("data_or_model_deletion", "service_ban"),
            ("reprimand", "settlement_payment"),
            ("arrest_or_charge",),
            ("order_to_change",),
        )
    )
    for kind in kinds
}
_WEAK = frozenset({"arrest_or_charge", "order_to_change", "service_ban", "settlement_payment"})  # seldom the end
_OF_STATES = frozenset({"export_denied", "licence_suspended"})
_TOLD_IF = frozenset({"found", "admitted", "settled", "under_investigation"})
_SAYS = word_set("status_says")
_HIS_DUTY = ("agree", "has", "have", "had", "may", "must", "need", "no ", "not ", "under", "will", "would")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What it cost the violator and how he answered."""

    sanction: str | None = None
    threatened: str | None = None
    amount: float | None = None
    currency: str | None = None
    duration: str | None = None
    response: str | None = None
    sanction_spans: tuple[Span, ...] = ()
    """Words for the sanction, and for its sum; without any there is neither."""
    response_span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A sanction and where it stands."""

    kind: str
    sentence: int
    start: int
    end: int
    """Characters of the Doc."""
    is_threat: bool = False
    is_vague: bool = False  # "sanctioned", "disciplined": how, other words tell


def outcome(matter: Matter, scene: Scene) -> Outcome:
    """Sanction, amount and answer, from every claim of the matter and the sentences around."""
    return _Outcomes(matter, scene).outcome()


class _Outcomes:
    """The sanctions of one matter in its Doc."""

    def __init__(self, matter: Matter, scene: Scene) -> None:
        self.matter, self.scene, self.doc = matter, scene, scene.doc
        self.body = [n for n in range(len(scene.sentences)) if not scene.in_title(n)]
        self.blamed = {a.identity for a in matter.violators}
        self.claimed = list(dict.fromkeys(c.sentence for c in sorted(matter.claims, key=lambda c: c.in_title)))

    def outcome(self) -> Outcome:
        response = self._response()
        answered = Outcome(
            response=response.kind if response is not None else None,
            response_span=response.words if response is not None else None,
        )
        if self.matter.status in ("dismissed", "denied"):
            return answered
        claimed, told = list(self._of_claims()), list(self._told() if self.matter.status in _TOLD_IF else ())
        best = self._best(*map(self._imposed, (claimed, told)))
        if best is None and self.matter.status in FIRM:
            best = self._best([], self._imposed(self._told_by_name()))
        kind = best.kind if best is not None else None
        threatened = next((f.kind for f in (*claimed, *told) if f.is_threat), None)
        amount, span = self._amount(best)
        if kind is None and amount is not None and not amount.is_sought and self.matter.status in ("settled", "found"):
            kind = "settlement_payment" if self.matter.status == "settled" else "fine"
        if kind is None and amount is not None and amount.is_sought:
            threatened = threatened or "damages"
        told_first = best or next((f for f in (*claimed, *told) if f.kind == threatened), None)
        said = self._said(told_first, (*claimed, *told)) if told_first is not None else None
        spans = tuple(s for s in (said, span) if s is not None)
        if not spans:
            return answered
        return replace(
            answered,
            sanction=kind if said is not None or kind in _MONEY else None,
            threatened=None if threatened == kind else threatened,
            amount=amount.value if amount else None,
            currency=amount.currency if amount else None,
            duration=duration(self.scene.texts[best.sentence]) if best and kind in _LASTING else None,
            sanction_spans=spans,
        )

    def _said(self, wanted: _Found, found: Iterable[_Found]) -> Span | None:
        """The first words of the body that tell of this sanction."""
        told = (self._found(m, n) for n in self.body for m in self.scene.measures_in(n))
        same = (f for f in chain([wanted], found, told) if (f.kind, f.is_threat) == (wanted.kind, wanted.is_threat))
        first = next((f for f in same if f.sentence in self.body), None)
        return self._words(first.start, first.end) if first is not None else None

    def _imposed(self, found: Iterable[_Found]) -> list[_Found]:
        return [f for f in found if not f.is_threat and self._may_be(f)]

    def _may_be(self, found: _Found) -> bool:
        """Nobody has paid yet for what is only alleged or looked into: such a sum is of another matter."""
        return found.kind not in _MONEY or self.matter.status not in ("alleged", "under_investigation")

    def _best(self, claimed: list[_Found], told: list[_Found]) -> _Found | None:
        """Of a settlement its payment, if one is told; else what the strongest claim says, then what the text tells."""
        every = [*claimed, *told]
        paid = any(PAID.search(self.scene.texts[n]) for n in (*self.claimed, *(f.sentence for f in every)))
        if self.matter.status == "settled" and (pays := [f for f in every if f.kind == "settlement_payment"]) and paid:
            return pays[0]
        firm = [f for f in claimed if self._is_firm(f)] or sorted(
            (f for f in told if f.kind not in _WEAK), key=lambda f: _RANKS[f.kind]
        )
        rest = [f for f in every if f.kind != "settlement_payment" or paid]
        return next(iter(firm), None) or min(rest, key=lambda f: _RANKS[f.kind], default=None)

    def _is_firm(self, found: _Found) -> bool:
        """Does the claim leave nothing to ask: a settlement with its sum, a measure that is the last word."""
        if found.kind == "settlement_payment":
            near = self.scene.texts[found.sentence : found.sentence + 2]
            return any(MONEY.search(text) is not None for text in near)
        return found.kind not in _WEAK and not found.is_vague

    def _of_claims(self) -> Iterator[_Found]:
        """What the frames of the claims say, the strongest claim first."""
        for claim in self.matter.claims:
            if (kind := self._kind(claim)) is not None:
                words = self.doc[claim.start : claim.end]
                yield _Found(
                    kind=kind,
                    sentence=claim.sentence,
                    start=words.start_char,
                    end=words.end_char,
                    is_threat=claim.is_threat or claim.status == "hypothetical",
                    is_vague=words.text.lower().startswith(("sanction", "disciplin")),
                )

    def _kind(self, claim: Claim) -> str | None:
        """The frame's sanction, made exact by the words of its clause where the frame covers several."""
        kind, span = claim.sanction, self.scene.sentences[claim.sentence]
        if claim.frame in ("asked-to-pay", "must-repay", "owes", "pay-damages"):
            return payment(self.matter, self.scene, claim.sentence)
        if kind == "arrest_or_charge" and claim.frame in ("charge", "criminal-counts") and not is_criminal(claim):
            return None
        if claim.frame == "fine-noun" and self.doc[claim.start].lower_.startswith(("sanction", "punish")):
            return None
        if kind not in _VAGUE:
            return kind
        root = syntax.verb_of(self.doc[claim.start : claim.end].root, claim.kind)
        if kind == "account_suspension" and claim.enforcers and all(e.kind == "authority" for e in claim.enforcers):
            kind = "service_ban"  # a state closes no accounts
        left, right = max(span.start, root.left_edge.i), min(span.end, root.right_edge.i + 1)
        if claim.frame == "suspend" and _CONTRACT.search(self.doc[left:right].text):
            return None
        near = [m for m in self.scene.measures_in(claim.sentence) if left <= m.verb.i < right and not m.is_threat]
        if kind == "order_to_change" and any(m.kind in ("damages", "payment") for m in near):
            return payment(self.matter, self.scene, claim.sentence)
        exact = [m.kind for m in near if m.kind in _EXACT]
        if claim.enforcers and all(e.kind not in ("authority", "office") for e in claim.enforcers):
            exact = [k for k in exact if k not in _OF_STATES]  # a platform's licence is an account
            kind = "account_suspension" if root.lower_.startswith("blacklist") else kind
        return min((k for k in (*exact, kind) if k is not None), key=lambda k: _RANKS[k])

    def _told(self) -> Iterator[_Found]:
        """What the sentences of the claims, and those next to them, tell in words of their own."""
        for number in (*self.claimed, *self._next_to):
            span = self.scene.sentences[number]
            for m in self.scene.measures_in(number):
                if self._is_against_him(m, span, number):
                    yield self._found(m, number)
        for number in () if self._has_cost else self._far:
            for m in self.scene.measures_in(number):
                if m.kind in _PAID_IN and self._is_against_him(m, self.scene.sentences[number], number):
                    yield self._found(m, number)

    def _told_by_name(self) -> Iterator[_Found]:
        """What the other sentences tell of the violator by his name or a pronoun, wherever they stand."""
        for number in (n for n in self.body if not self.scene.says(BACKGROUND, n)):
            for m in self.scene.measures_in(number):
                borne = borne_by(m, number, self.scene)
                is_award = m.kind == "damages" and not borne and is_awarded(m, number, self.scene)
                if any(self._is_blamed(a) for a in borne) or self._is_called(m.verb) or is_award:
                    yield self._found(m, number)

    def _is_called(self, verb: Token) -> bool:
        """ "It ordered the directorate to": by a word of his name."""
        target = syntax.surface_subject(verb) if syntax.is_passive(verb) else syntax.done_to(verb)
        if target is None or not any(c.dep_ == "det" and c.lower_ == "the" for c in target.children):
            return False
        return any(target.lower_ == a.name.lower().split()[-1] for a in self.matter.violators)

    def _found(self, measure: Measure, number: int) -> _Found:
        """The measure as a sanction of this matter."""
        start = self.scene.sentences[number].start_char
        return _Found(
            kind=payment(self.matter, self.scene, number) if measure.kind == "payment" else measure.kind,
            sentence=number,
            start=start + measure.start,
            end=start + measure.end,
            is_threat=measure.is_threat,
        )

    @cached_property
    def _has_cost(self) -> bool:
        """Is there a sum in the sentences of the claims and next to them?"""
        return any(amounts(self.scene.texts[n]) for n in (*self.claimed, *self._next_to))

    @cached_property
    def _far(self) -> list[int]:
        """Later sentences with a sum, of a settlement earlier ones too, that speak of no other company and time."""
        first = min((n for n in self.claimed if n in self.body), default=0)
        return [
            n
            for n in self.body
            if (n > first or self.matter.status == "settled")
            and n not in self.claimed
            and n not in self._next_to
            and amounts(self.scene.texts[n])
            and not self.scene.says(BACKGROUND, n)
            and self._is_ours(self.scene.sentences[n])
            and any(
                m.kind in _PAID_IN and self._is_against_him(m, self.scene.sentences[n], n)
                for m in self.scene.measures_in(n)
            )
        ]

    @cached_property
    def _borne(self) -> list[int]:
        """The sentences in which a violator has to pay: "He was also ordered to pay", besides another sanction."""
        sums = [(n, m) for n in self.body for m in self.scene.measures_in(n) if m.kind in _PAID_IN and not m.is_threat]
        now = [(n, m) for n, m in sums if not self.scene.says(BACKGROUND, n)]
        return [n for n, m in now if any(self._is_blamed(a) for a in borne_by(m, n, self.scene))]

    @cached_property
    def _next_to(self) -> list[int]:
        """Sentences near those of the claims that speak of no other company."""
        near = [*(n + d for n in self.claimed if n in self.body for d in (1, -1, 2)), *self.matter.around]
        fit = [n for n in near if n in self.body and n not in self.claimed]
        return [n for n in dict.fromkeys(fit) if self._is_ours(self.scene.sentences[n])]

    def _is_against_him(self, measure: Measure, span: Stretch, number: int) -> bool:
        """Whoever is fined, told or banned in the sentence is a violator of this matter, or nobody by name."""
        verb = measure.verb
        if verb.pos_ not in ("VERB", "AUX"):
            hit = [a for t in hit_by(verb) for a in self.scene.cast.actors(t) if a.kind not in _NO_TARGETS]
            return not hit or any(self._is_blamed(a) for a in hit)
        rules, by = self.scene.rules_in(number), syntax.doer(verb)
        if by is not None and any(r.start <= by.i < r.end for r in rules):
            return False  # "the policy prohibits this": a rule, not somebody's act
        if self.matter.status == "under_investigation" and not self._is_done_by_others(verb):
            return False
        is_duty = measure.kind == "settlement_payment" or span.text[measure.start :].lower().startswith(_HIS_DUTY)
        target = syntax.surface_subject(verb) if is_duty or syntax.is_passive(verb) else syntax.done_to(verb)
        named = [a for a in self.scene.cast.actors(target) if a.kind not in _NO_TARGETS]
        if measure.kind == "damages" and span.text[measure.start :].lower().startswith("award"):
            return True  # to whom it was done
        if named:
            return any(self._is_blamed(a) for a in named)
        if target is None:
            return True
        if is_somebody_else(target) and not self._is_told_of(target):
            return False
        if is_duty and target.tag_ == "NNS" and not any(c.dep_ == "det" for c in target.children):
            return False  # "companies must": what the law asks of everybody
        return not any(r.start <= target.i < r.end for r in rules)

    def _is_told_of(self, noun: Token) -> bool:
        """ "a consultancy", whom a claim of the matter is about and whom the text names later."""
        return any(a.start <= noun.i < a.end for c in self.matter.claims for a in c.violators)

    def _amount(self, best: _Found | None) -> tuple[Amount | None, Span | None]:
        """The sum of the matter: in the sentence of its sanction, in those of its claims, in those next to them."""
        is_one = len(self.matter.violators) == 1 and self.matter.status in _TOLD_IF
        if is_one and (own := share(self.matter.violators[0], self.scene)) is not None:
            return own[1], self._words_of(own[1], own[0])
        first = [best.sentence] if best is not None and best.kind in _MONEY and best.sentence in self.body else []
        is_firm = self.matter.status in FIRM and not self._has_cost
        far = () if not is_firm else self._far if best is None or best.kind in _MONEY else self._borne
        places = list(dict.fromkeys((*first, *self.claimed, *self._next_to, *far)))
        is_other = best is not None and best.kind not in _MONEY  # what is asked for or threatened is not its sum
        is_told = best is not None or self.matter.status in ("settled", "found")
        for wants_each in (False, True):  # what is paid many times only if nothing tells the whole
            for number in places:
                span = self.scene.sentences[number]
                found = [a for a in amounts(self.scene.texts[number]) if a.is_each == wants_each]
                found.sort(key=lambda a: (a.is_sought, self._is_of_another(a, span), not a.is_total))
                if found and is_other and (found[0].is_sought or self._is_only_threatened(number)):
                    continue
                if found and (is_told or found[0].is_sought) and not self._is_of_others(number):
                    return found[0], self._words_of(found[0], number)
        return None, None

    def _is_only_threatened(self, number: int) -> bool:
        """ "Otherwise a penalty of 10,000 will fall due"."""
        sums = [m for m in self.scene.measures_in(number) if m.kind in _PAID_IN]
        return bool(sums) and all(m.is_threat for m in sums)

    def _words_of(self, amount: Amount, number: int) -> Span | None:
        """The words of the body for a sum that stands in this sentence, or else in another one."""
        for n in (number, *self.body):
            for a in amounts(self.scene.texts[n]):
                if n in self.body and (a.value, a.currency) == (amount.value, amount.currency):
                    start = self.scene.sentences[n].start_char
                    return self._words(start + a.start, start + a.end)
        return None

    def _is_done_by_others(self, verb: Token) -> bool:
        """ "was suspended", "the agency has grounded it"; not "does too little to block", "answered by blocking"."""
        by = syntax.doer(verb)
        is_by_him = any(self._is_blamed(a) for a in self.scene.cast.actors(by))
        return verb.tag_ != "VB" and (syntax.is_passive(verb) or (by is not None and not is_by_him))

    def _is_blamed(self, actor: Actor) -> bool:
        """Is it a violator of the matter, perhaps by a part of its name?"""
        return actor.identity in self.blamed or any(is_same(actor, a) for a in self.matter.violators)

    def _is_of_others(self, number: int) -> bool:
        """Whatever is told of sanctions in the sentence is told of somebody else."""
        span, told = self.scene.sentences[number], self.scene.measures_in(number)
        return bool(told) and not any(self._is_against_him(m, span, number) for m in told)

    def _is_of_another(self, amount: Amount, span: Stretch) -> bool:
        """The last party named before it is somebody else, while the violator is named in the sentence too."""
        named = [a for a in self.scene.cast.named(span.start, span.end) if a.kind not in ("authority", "office")]
        before = [a for a in named if self.doc[a.start].idx < span.start_char + amount.start]
        is_named = any(self._is_blamed(a) for a in named)
        return is_named and bool(before) and not self._is_blamed(before[-1])

    def _is_ours(self, span: Stretch) -> bool:
        """No other company is named in it, or its subject is a violator."""
        subject = syntax.child(span.root, "nsubj", "nsubjpass") if span.root.lower_ not in _SAYS else None
        if any(self._is_blamed(a) and not a.is_resolved for a in self.scene.cast.actors(subject)):
            return True
        known = {a.identity for c in self.matter.claims for a in (*c.violators, *c.enforcers, *c.claimants)}
        return not any(
            a.kind in ("company", "name", "project") and a.identity not in known
            for a in self.scene.cast.named(span.start, span.end)
        )

    def _response(self) -> Answer | None:
        """How the violators answer."""
        names = [
            w
            for a in self.matter.violators
            for w in (a.name, a.product, a.name.split()[-1], a.name.split()[0])
            if w and w[:1].isupper()
        ]
        since = min((n for n in self.claimed if n in self.body), default=0) - 2
        told = [said for said in self.scene.responses() if said.sentence >= since]
        return answer(told, self.scene.sentences, names, self._is_ours)

    def _words(self, start: int, end: int) -> Span:
        return Span(start_char=start, end_char=end, words=self.doc.text[start:end], role="sanction")
