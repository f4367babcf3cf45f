"""Violations: who is said to have broken which rule of whom, how sure it is, at what cost, in which words."""

from spacy.language import Language
from spacy.tokens import Doc

from extract.components.actors import Actor
from extract.components.claims import Claim, find_claims
from extract.components.evidence import Evidence
from extract.components.frames import load_frames
from extract.components.outcomes import outcome
from extract.components.roles import Cast
from extract.components.rule_choice import inferred_rule
from extract.components.rules import RuleFinder
from extract.components.scene import Scene
from extract.components.weighing import Matter, matters
from extract.components.words import plain_words
from extract.facts import Party, PartyRole, Violation
from extract.vocabulary import Lexicon

_FULL = 9.0  # weight of a matter of which nothing is left to doubt


@Language.factory("blotter_violations", requires=["doc.spans"], assigns=["doc._.violations"])
def make_violations(nlp: Language, name: str) -> "ViolationFinder":
    return ViolationFinder(nlp)


class ViolationFinder:
    """Fills ``doc._.violations``: claims by frames, weighed, with their rules, parties and outcome."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self.book = load_frames()
        self.plain = plain_words(nlp)

    def use_lexicon(self, lexicon: Lexicon) -> None:
        """Take the rules and the owners of products; once, before the first Doc."""
        self.lexicon = lexicon
        self.rules = RuleFinder(self.nlp, lexicon)

    def __call__(self, doc: Doc) -> Doc:
        scene = self.scene(doc)
        found = matters(self.claims(scene), scene, self.lexicon)
        violations = [v for m in found if (v := self._violation(m, scene)) is not None]
        doc._.violations = sorted(violations, key=lambda v: v.evidence.start_char)
        return doc

    def scene(self, doc: Doc) -> Scene:
        """The Doc with the actors and rules in it."""
        cast = Cast(doc, self.lexicon, self.plain)
        return Scene(doc=cast.doc, cast=cast, rules=self.rules(doc, cast))

    def claims(self, scene: Scene) -> list[Claim]:
        """What every trigger of the Doc says."""
        quoted = [
            (s.start_char, s.end_char)
            for q in scene.cast.quotes
            if q.is_rule_text
            for s in q.spans
            if s.role == "content"
        ]
        return find_claims(scene, self.book, quoted)

    def _violation(self, matter: Matter, scene: Scene) -> Violation | None:
        """The fact, or ``None`` if the body has no words for it."""
        evidence = Evidence(matter, scene)
        sentence = evidence.sentence()
        if sentence is None:
            return None
        entity = (
            matter.rule.slug if matter.rule is not None else inferred_rule(matter.claims, matter.type, self.lexicon)
        )
        parties = _parties(matter)
        ended = outcome(matter, scene)
        rule, act, cue = matter.rule, evidence.act(), evidence.cue()
        spans = [sentence, *(s for p, a in parties if (s := evidence.mention(a, p.role)) is not None)]
        spans += [s for s in (evidence.rule(), act, cue, *ended.sanction_spans, ended.response_span) if s is not None]
        return Violation(
            spans=tuple(spans),
            parties=tuple(p for p, _ in parties),
            rule=rule.words if rule is not None else None,
            rule_entity=entity,
            rule_type=matter.type,
            rule_basis="inferred" if matter.rule is None and entity is not None else "stated",
            act=act.words if act is not None else None,
            status=matter.status,
            status_cue=cue.words if cue is not None else None,
            sanction=ended.sanction,
            sanction_threatened=ended.threatened,
            amount=ended.amount,
            currency=ended.currency,
            duration=ended.duration,
            response=ended.response,
            confidence=round(min(0.95, 0.35 + 0.6 * matter.weight / _FULL), 2),
            rule_name=matter.claims[0].frame,
        )


def _parties(matter: Matter) -> list[tuple[Party, Actor]]:
    """Everyone with a part in it, violators first, each once a role."""
    violators = {a.identity for a in matter.violators}
    roles: list[tuple[PartyRole, Actor]] = [("violator", a) for a in matter.violators]
    if matter.rule is not None:
        roles += [("rule_owner", a) for a in matter.rule.owners]
    for claim in matter.claims:
        roles += [("rule_owner", a) for a in claim.owners if matter.type in ("terms_of_service", "licence")]
        roles += [("enforcer", a) for a in claim.enforcers]
        roles += [("claimant", a) for a in claim.claimants]
        roles += [("harmed", a) for a in claim.harmed if a.kind != "authority"]
    seen: set[tuple[str, str]] = set()
    parties = []
    for role, actor in roles:
        if (role, actor.identity) in seen or (role != "violator" and actor.identity in violators):
            continue
        seen.add((role, actor.identity))
        parties.append((Party(role=role, name=actor.name, entity=actor.entity, product=actor.product), actor))
    return parties
