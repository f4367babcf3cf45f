"""Bystanders: those of whom the text says that nobody fined, charged or accused them."""

import re
from collections.abc import Iterator
from dataclasses import replace

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene
from extract.components.status import stance
from extract.components.syntax import surface_subject

# In small letters.
_NOT_ACCUSED = re.compile(
    r"\b(?:was|were|is|are|has|have|had|been)(?:n['’]t| not| never)(?: been)?(?: itself| himself| herself)?"
    r" (?:found to have|fined|charged|accused|sued|penali[sz]ed|blamed|implicated|suspected|involved|a party|part of"
    r"|a defendant|under investigation|named as)\b|\b(?:did|has done|had done) nothing wrong\b|\bno suggestion that\b"
)
_SIGNS = ("n't", "n’t", " not", " never", "nothing wrong", "no suggestion that")  # without one of these nobody is
_SO_FAR = re.compile(r"\bnever\b.*\b(?:before|until)\b|\byet\b", re.IGNORECASE)


def bystanders(scene: Scene) -> frozenset[str]:
    """Identities of those of whom the text itself or an authority says so."""
    return frozenset(identity for n in range(len(scene.texts)) if not scene.in_title(n) for identity in _of(n, scene))


def _of(number: int, scene: Scene) -> Iterator[str]:
    """Of one sentence: the subjects of the verbs that clear them."""
    span, small = scene.sentences[number], scene.small[number]
    if not any(sign in small for sign in _SIGNS):
        return
    for match in _NOT_ACCUSED.finditer(small):
        words = span.part(match.start(), match.end())
        if _SO_FAR.search(scene.texts[number]):
            continue
        held = stance(words.root, scene.authorities, range(words.start, words.end))
        if held.cue is not None and held.status != "found":
            continue  # he says so himself
        subjects = [surface_subject(words.root)]
        if "suggestion" in words.text:
            subjects = [t for t in scene.doc[words.end : span.end] if t.dep_ in ("nsubj", "nsubjpass")]
        yield from (a.identity for t in subjects for a in scene.cast.actors(t) if not a.is_resolved)


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
