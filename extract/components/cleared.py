"""Bystanders: those of whom the text says that nobody fined, charged or accused them."""

import re
from dataclasses import replace

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene

_NOT_ACCUSED = re.compile(
    r"\b(?:was|were|is|are|has|have|had|been)(?:n['’]t| not| never)(?: been)?(?: itself| himself| herself)?"
    r" (?:found to have|fined|charged|accused|sued|penali[sz]ed|blamed|implicated|suspected|involved|a party|part of"
    r"|a defendant|under investigation|named as)\b|\b(?:did|has done|had done) nothing wrong\b|\bno suggestion that\b",
    re.IGNORECASE,
)


def bystanders(scene: Scene) -> frozenset[str]:
    """Identities of the subjects of sentences that say so."""
    numbers = {n for n, text in enumerate(scene.texts) if not scene.in_title(n) and _NOT_ACCUSED.search(text)}
    return frozenset(m.identity for m in scene.cast.mentions if m.is_subject and scene.sentence_of(m.start) in numbers)


def without_bystanders(claims: list[Claim], scene: Scene) -> list[Claim]:
    """The claims without bystanders whom only a pronoun or a description brought in."""
    by_name = {a.identity for c in claims for a in c.violators if _is_by_name(a, scene)}
    cleared = bystanders(scene) - by_name
    if not cleared:
        return claims
    kept = []
    for claim in claims:
        violators = tuple(a for a in claim.violators if a.identity not in cleared)
        if violators or not claim.violators:
            kept.append(replace(claim, violators=violators))
    return kept


def _is_by_name(actor: Actor, scene: Scene) -> bool:
    """Do the claim's own words name him?"""
    return not actor.is_resolved and actor.name.split()[0] in scene.doc[actor.start : actor.end].text
