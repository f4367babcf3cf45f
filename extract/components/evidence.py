"""The words that carry a violation: its sentence, its parties, the rule, the act."""

from collections.abc import Sequence

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene
from extract.components.tree import Stretch, Token
from extract.components.weighing import Matter, pending
from extract.components.word_lists import word_set
from extract.facts import Span

_LONGEST_ACT = 45  # tokens
_OF_ACT = word_set("evidence_of_act")


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
            fit = self._of_its_status(in_body) or in_body
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
            if s.start_char < self.doc.body_start
            for t in s
            if t.is_alpha and not t.is_stop
        }
        return score + 0.1 * len(title & {t.lower_ for t in span}) if score else 0.0

    def mention(self, actor: Actor, role: str) -> Span | None:
        """The actor's words in the body, in the sentence of the evidence if they are there."""
        if self.doc[actor.start].idx >= self.doc.body_start:
            return _words(self.doc[actor.start : actor.end], role)
        number = self._number()
        for n in ([number] if number is not None else []) + self.body:
            span = self.scene.sentences[n]
            for other in self.scene.cast.named(span.start, span.end):
                if other.identity == actor.identity:
                    return _words(self.doc[other.start : other.end], role)
        at = self.doc.text.find(actor.name, self.doc.body_start)
        return Span(start_char=at, end_char=at + len(actor.name), words=actor.name, role=role) if at >= 0 else None

    def rule(self) -> Span | None:
        """The rule's words in the body."""
        rule = self.matter.rule
        if rule is None or self.doc[rule.start].idx < self.doc.body_start:
            return None
        return _words(self.doc[rule.start : rule.end], "rule")

    def cue(self) -> Span | None:
        """The word that decided the status."""
        fit = [c for c in self.matter.claims if c.status == self.matter.status and not c.in_title]
        if not fit:
            return self._pending()
        token = self.doc[fit[0].cue]
        first = fit[0]
        return _words(
            self.doc[first.start : first.end]
            if first.start <= token.i < first.end
            else self.doc[token.i : token.i + 1],
            "status_cue",
        )

    def _of_its_status(self, claims: Sequence[Claim]) -> list[Claim]:
        """Those of the matter's status, or those of the measures that hold while somebody investigates."""
        fit = [c for c in claims if c.status == self.matter.status]
        is_open = self.matter.status == "under_investigation"
        return fit or [c for c in claims if c.status == "found" and is_open]

    def _pending(self) -> Span | None:
        """Words for an investigation that has no claim of its own."""
        if self.matter.status != "under_investigation":
            return None
        found = pending(self.matter.claims, self.scene, self.doc.body_start)
        return _words(self.doc[: len(self.doc)].part(*found), "status_cue") if found else None

    def act(self) -> Span | None:
        """What was done, in the article's words."""
        for claim in self.matter.claims:
            if not claim.in_title and (span := self._act_of(claim)) is not None:
                return _words(span, "act")
        return None

    def _act_of(self, claim: Claim) -> Stretch | None:
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


def _trimmed(verb: Token) -> Stretch:
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


def _words(span: Stretch, role: str) -> Span:
    text = span.text.rstrip()
    lead = len(text) - len(text.lstrip())
    return Span(start_char=span.start_char + lead, end_char=span.start_char + len(text), words=text[lead:], role=role)
