"""The words that carry a violation: its sentence, its parties, the act, the sanction, the answer to it."""

import re
from dataclasses import dataclass

from spacy.tokens import Span as DocSpan
from spacy.tokens import Token

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.responses import Answer, answer
from extract.components.sanctions import KINDS, Amount, amounts, duration
from extract.components.scene import Scene
from extract.components.weighing import Matter
from extract.components.word_lists import word_set
from extract.facts import Span

_UNREAL = re.compile(
    r"\b(?:could|may|might|would|fac(?:e|es|ed|ing)|threat\w*|seek\w*|ask\w*|want\w*|plans?|up to|if|unless|not"
    r"|never|no)\b",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:pay|pays|paid|payment|paying|payout|compensat\w+)\b", re.IGNORECASE)
_LONGEST_ACT = 45  # tokens
_OF_ACT = word_set("evidence_of_act")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What it cost the violator and how he answered."""

    sanction: str | None = None
    threatened: str | None = None
    amount: float | None = None
    currency: str | None = None
    duration: str | None = None
    response: str | None = None
    sanction_span: Span | None = None
    response_span: Span | None = None


class Evidence:
    """Finds the words for one matter in its Doc."""

    def __init__(self, matter: Matter, scene: Scene) -> None:
        self.matter, self.scene, self.doc = matter, scene, scene.doc
        self.body = [n for n in range(len(scene.sentences)) if not scene.in_title(n)]

    def sentence(self) -> Span | None:
        """The body sentence that says it best."""
        number = self._number()
        return _words(self.scene.sentences[number], "evidence") if number is not None else None

    def _number(self) -> int | None:
        in_body = [c for c in self.matter.claims if not c.in_title]
        if in_body:
            fit = [c for c in in_body if c.status == self.matter.status] or in_body
            return max(
                fit,
                key=lambda c: (c.weight + (0.5 if c.rules and c.rules[0].type == self.matter.type else 0.0), -c.start),
            ).sentence
        names = {a.identity for a in self.matter.violators}
        scored = [(self._likeness(n, names), -n) for n in self.body]
        best = max(scored, default=(0.0, 0))
        return -best[1] if best[0] > 0 else None

    def _likeness(self, number: int, names: set[str]) -> float:
        span = self.scene.sentences[number]
        score = 1.0 if names & {a.identity for a in self.scene.cast.named(span.start, span.end)} else 0.0
        if not score and any(n in self.scene.texts[number].lower() for n in names):
            score = 1.0
        title = {
            t.lower_
            for s in self.scene.sentences
            if s.start_char < self.doc._.body_start
            for t in s
            if t.is_alpha and not t.is_stop
        }
        return score + 0.1 * len(title & {t.lower_ for t in span}) if score else 0.0

    def mention(self, actor: Actor, role: str) -> Span | None:
        """The actor's words in the body, in the sentence of the evidence if they are there."""
        if self.doc[actor.start].idx >= self.doc._.body_start:
            return _words(self.doc[actor.start : actor.end], role)
        number = self._number()
        for n in ([number] if number is not None else []) + self.body:
            span = self.scene.sentences[n]
            for other in self.scene.cast.named(span.start, span.end):
                if other.identity == actor.identity:
                    return _words(self.doc[other.start : other.end], role)
        at = self.scene.cast.forms.text.find(actor.name, self.doc._.body_start)
        return Span(start_char=at, end_char=at + len(actor.name), words=actor.name, role=role) if at >= 0 else None

    def rule(self) -> Span | None:
        """The rule's words in the body."""
        rule = self.matter.rule
        if rule is None or self.doc[rule.start].idx < self.doc._.body_start:
            return None
        return _words(self.doc[rule.start : rule.end], "rule")

    def cue(self) -> Span | None:
        """The word that decided the status."""
        fit = [c for c in self.matter.claims if c.status == self.matter.status and not c.in_title]
        if not fit:
            return None
        token = self.doc[fit[0].cue]
        first = fit[0]
        return _words(
            self.doc[first.start : first.end]
            if first.start <= token.i < first.end
            else self.doc[token.i : token.i + 1],
            "status_cue",
        )

    def act(self) -> Span | None:
        """What was done, in the article's words."""
        for claim in self.matter.claims:
            if not claim.in_title and (span := self._act_of(claim)) is not None:
                return _words(span, "act")
        return None

    def _act_of(self, claim: Claim) -> DocSpan | None:
        root = self.doc[claim.start : claim.end].root
        for holder in (root, *(c for c in root.children if c.dep_ in ("dobj", "prep", "attr")), root.head):
            for c in holder.children:
                if c.i <= claim.start:
                    continue
                if c.dep_ in ("prep", "advcl") and (c.lower_ in _OF_ACT or c.dep_ == "advcl"):
                    target = next((x for x in c.children if x.dep_ == "pcomp"), None) or (
                        c if c.dep_ == "advcl" else None
                    )
                    if target is not None and target.pos_ in ("VERB", "AUX"):
                        return _trimmed(target)
        clause = next((c for c in root.children if c.dep_ == "ccomp" and c.i > root.i), None)
        if clause is not None and clause.pos_ in ("VERB", "AUX"):
            return _trimmed(clause)
        if claim.frame in (
            "violate",
            "breach",
            "unlawful",
            "wrong",
            "without-consent",
            "fail-to-do",
            "fail-to-comply",
            "in-violation",
            "run-afoul",
        ):
            verb = root if root.pos_ == "VERB" else root.head
            return _trimmed(verb) if verb.pos_ in ("VERB", "AUX") else None
        return None

    def outcome(self) -> Outcome:
        """Sanction, amount and answer, from every claim of the matter and the sentences around."""
        imposed = [
            (kind, c)
            for c in self.matter.claims
            if c.status != "hypothetical" and not c.is_threat and (kind := self._kind(c)) is not None
        ]
        threats = [
            kind for c in self.matter.claims if c.status == "hypothetical" and (kind := self._kind(c)) is not None
        ]
        if self.matter.status == "settled":
            imposed.sort(key=lambda found: found[0] != "settlement_payment")
        elif self.matter.status == "found":
            imposed.sort(key=lambda found: found[0] in ("arrest_or_charge", "order_to_change", "settlement_payment"))
        kind, where = imposed[0] if imposed else (self._told(), None)
        threatened, duration_ = (threats[0] if threats else None), None
        amount, amount_span = self._amount(kind)
        if where is not None:
            duration_ = (
                duration(self.scene.texts[where.sentence])
                if kind
                in ("criminal_sentence", "licence_suspended", "service_ban", "account_suspension", "disqualification")
                else None
            )
        if kind is None and amount is not None and not amount.is_sought and self.matter.status in ("settled", "found"):
            kind = "settlement_payment" if self.matter.status == "settled" else "fine"
        if kind is None and amount is not None and amount.is_sought:
            threatened = threatened or "damages"
        if (
            kind == "settlement_payment"
            and amount is None
            and not _PAID.search(" ".join(self.scene.texts[c.sentence] for c in self.matter.claims))
        ):
            kind = None
        if self.matter.status in ("dismissed", "denied"):
            kind, amount, amount_span = None, None, None
        span = amount_span or (
            _words(self.doc[where.start : where.end], "sanction") if where is not None and not where.in_title else None
        )
        response = self._response()
        return Outcome(
            sanction=kind,
            threatened=None if threatened == kind else threatened,
            amount=amount.value if amount else None,
            currency=amount.currency if amount else None,
            duration=duration_,
            response=response.kind if response is not None else None,
            sanction_span=span,
            response_span=response.words if response is not None else None,
        )

    def _kind(self, claim: Claim) -> str | None:
        """The frame's sanction, made exact by the words of its sentence where the frame covers several."""
        if claim.sanction == "arrest_or_charge" and claim.frame == "charge" and not self._is_criminal(claim):
            return None
        if claim.sanction not in (
            "account_suspension",
            "service_ban",
            "order_to_change",
            "product_withdrawal",
            "damages",
            "reprimand",
        ):
            return claim.sanction
        if claim.sanction in ("damages",):
            return claim.sanction
        span = self.scene.sentences[claim.sentence]
        root = self.doc[claim.start : claim.end].root
        near = self.doc[max(span.start, root.left_edge.i) : min(span.end, root.right_edge.i + 1)].text
        if claim.frame == "suspend" and re.search(r"agreement|contract|partnership|deal\b", near):
            return None
        allowed = {
            "account_suspension",
            "service_ban",
            "licence_suspended",
            "data_or_model_deletion",
            "product_withdrawal",
            "export_denied",
            "reprimand",
        }
        found = [kind for kind, pattern in KINDS if kind in allowed and pattern.search(near)]
        if claim.sanction == "order_to_change" and "pay" in near.split():
            return "damages"
        if claim.sanction == "order_to_change":
            found = [k for k in found if k in ("data_or_model_deletion", "product_withdrawal")]
        if claim.sanction in found:
            later = [k for k in found if k in ("licence_suspended", "account_suspension", "export_denied")]
            return later[0] if later else claim.sanction
        return found[0] if found else claim.sanction

    def _told(self) -> str | None:
        """A sanction that the sentences of the claims, or those next to them, tell in words of their own."""
        if self.matter.status not in ("found", "admitted", "settled", "under_investigation"):
            return None
        claimed = list(dict.fromkeys(c.sentence for c in self.matter.claims if not c.in_title))
        for number in (*claimed, *(n + d for d in (1, -1, 2) for n in claimed)):
            if number not in self.body or (number not in claimed and not self._is_ours(self.scene.sentences[number])):
                continue
            text = self.scene.texts[number]
            if _UNREAL.search(text):
                continue
            for kind, pattern in KINDS:
                if kind not in ("settlement_payment", "arrest_or_charge") and pattern.search(text):
                    return kind
        return None

    def _is_criminal(self, claim: Claim) -> bool:
        """Charged by prosecutors or a person: not by a market regulator."""
        by = " ".join(e.name for e in claim.enforcers)
        if re.search(r"prosecut|police|jury|justice|attorney|crown", by, re.IGNORECASE):
            return True
        return not by and all(a.kind in ("person", "generic", "name") for a in claim.violators)

    def _amount(self, kind: str | None) -> tuple[Amount | None, Span | None]:
        """The sum of the matter: in the sentences of its claims first, then in those next to them."""
        claimed = list(
            dict.fromkeys(
                [c.sentence for c in self.matter.claims if not c.in_title]
                + [c.sentence for c in self.matter.claims if c.in_title]
            )
        )
        next_to = [
            n
            for m in claimed
            if not self.scene.in_title(m)
            for n in (m + 1, m - 1, m + 2)
            if n in self.body and n not in claimed
        ]
        for number in (*claimed, *dict.fromkeys(next_to)):
            span, text = self.scene.sentences[number], self.scene.texts[number]
            found = sorted(amounts(text), key=lambda a: a.is_sought)
            if number not in claimed and not self._is_ours(span):
                continue
            if found and (kind is not None or found[0].is_sought or self.matter.status in ("settled", "found")):
                a = found[0]
                start = span.start_char + a.start
                words = Span(
                    start_char=start,
                    end_char=span.start_char + a.end,
                    words=text[a.start : a.end],
                    role="sanction",
                )
                return a, words if start >= self.doc._.body_start else None
        return None, None

    def _is_ours(self, span: DocSpan) -> bool:
        """No other company is named in it."""
        known = {a.identity for c in self.matter.claims for a in (*c.violators, *c.enforcers, *c.claimants)}
        others = [
            a
            for a in self.scene.cast.named(span.start, span.end)
            if a.kind in ("company", "name", "project") and a.identity not in known
        ]
        return not others

    def _response(self) -> Answer | None:
        """How the violators answer."""
        names = [
            w
            for a in self.matter.violators
            for w in (a.name, a.product, a.name.split()[-1], a.name.split()[0])
            if w and w[:1].isupper()
        ]
        claimed = [c.sentence for c in self.matter.claims if not c.in_title]
        since = min(claimed, default=0) - 2
        told = [(self.scene.sentences[n], self.scene.texts[n]) for n in self.body if n >= since]
        return answer(told, names, self._is_ours)


def _trimmed(verb: Token) -> DocSpan:
    """The clause of a verb, without what stands before its subject and after its own complements."""
    doc = verb.doc
    start, end = verb.left_edge.i, min(verb.right_edge.i + 1, verb.left_edge.i + _LONGEST_ACT)
    while start < verb.i and doc[start].lower_ in (
        "that",
        "and",
        "when",
        "because",
        "after",
        "while",
        "as",
        ",",
        "by",
        "for",
    ):
        start += 1
    while end > verb.i + 1 and doc[end - 1].text in (".", ",", ";", "\n", "\n\n", "”", '"'):
        end -= 1
    return doc[start:end]


def _words(span: DocSpan, role: str) -> Span:
    text = span.text.rstrip()
    lead = len(text) - len(text.lstrip())
    return Span(start_char=span.start_char + lead, end_char=span.start_char + len(text), words=text[lead:], role=role)
