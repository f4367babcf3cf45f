"""Whether an article's claims are enough to report that somebody broke a rule."""

import re
from collections.abc import Iterable, Sequence

from extract.components.actors import Actor
from extract.components.claims import Claim
from extract.components.scene import Scene

# Measured in a trial on 86 passages: flat from 1.7 to 2.8 on leads; longer articles say it later and more than once.
_REPORTS = 2.2
_REPORTS_TOGETHER = (1.5, 2.7)
_EXPLICIT = 1.4
_TOLD = 1.5
_WITHOUT_RULE = 3.0
_BEST = 4
_NEAR = 1  # sentence
# In small letters.
_ANOTHER_CASE = re.compile(
    r"\bin (?:another|an? (?:different|second|separate|unrelated)) (?:case|lawsuit|matter|suit|trial)\b"
)
_PROSECUTORS = re.compile(r"prosecut|police|jury|justice|attorney|crown", re.IGNORECASE)
FIRM = frozenset({"found", "admitted", "settled"})
"""States of a claim in which it is no longer only said."""


def strength(claims: Iterable[Claim]) -> float:
    """The weight of the best claims together; half of that where they tell only what might be."""
    claims = list(claims)
    real = sorted((c.weight for c in claims if c.status != "hypothetical"), reverse=True)
    if real:
        return sum(real[:_BEST])
    return 0.5 * sum(sorted((c.weight for c in claims), reverse=True)[:_BEST])


def is_report(by_actor: dict[str, list[Claim]], scene: Scene) -> bool:
    """Is one of the claims, or are all of one actor's together, enough for the article to report a violation?"""
    has_rule = bool(scene.rules) or any(c.type is not None for found in by_actor.values() for c in found)
    best = max(c.weight for found in by_actor.values() for c in found)
    if best >= (_REPORTS if has_rule else _WITHOUT_RULE):
        return True
    if any(_is_explicit(c) for found in by_actor.values() for c in found):
        return True
    single, together = _REPORTS_TOGETHER
    return has_rule and best >= single and max(strength(found) for found in by_actor.values()) >= together


def is_founded(claims: Sequence[Claim], scene: Scene) -> bool:
    """Do one's claims stand near words for a rule or its field, or is one of them enough by itself?

    "X accused Y of a smear" in an article that speaks of a law elsewhere reports no violation.
    """
    if any(c.type is not None or c.weight >= _WITHOUT_RULE for c in claims):
        return True
    if any(_is_explicit(c) or _is_punished(c) or _is_held_by_name(c) for c in claims):
        return True
    at = {scene.sentence_of(r.start) for r in scene.rules if r.strength != "wrong"}
    return any(abs(n - c.sentence) <= _NEAR for c in claims for n in at)


def _is_held_by_name(claim: Claim) -> bool:
    """ "Orvane was found to have": a firm, by its name, with an end of its case."""
    is_firm = any(not a.is_resolved and a.kind in ("company", "project", "name") for a in claim.violators)
    return is_firm and not claim.is_inherited and claim.status in FIRM


def _is_punished(claim: Claim) -> bool:
    """ "The watchdog fined X": an authority has acted, whatever the rule was."""
    is_done = claim.sanction not in (None, "order_to_change") and claim.status != "hypothetical"
    return is_done and any(e.kind in ("authority", "office") for e in claim.enforcers)


def _is_explicit(claim: Claim) -> bool:
    """Somebody named, by somebody named, under a rule named: one such sentence is enough, however late it stands."""
    return (
        claim.weight >= _EXPLICIT
        and claim.status not in ("hypothetical", "denied")
        and not claim.is_inherited
        and any(not a.is_resolved and a.kind not in ("generic", "office") for a in claim.violators)
        and (_is_ruled(claim) or any(a.kind != "generic" for a in (*claim.enforcers, *claim.claimants)))
        and any(r.is_name for r in claim.rules if r.strength != "wrong")
    ) or _is_told(claim)


def _is_told(claim: Claim) -> bool:
    """ "X closed the account of Y", "Y admitted breaking it": of somebody named, with what came of it."""
    if claim.is_inherited or claim.status not in FIRM or claim.weight < _TOLD:
        return False
    named = [a for a in claim.violators if not a.is_resolved and a.kind not in ("generic", "office", "authority")]
    acted = any(a.kind not in ("generic", "office") for a in claim.enforcers)
    return bool(named) and (acted or claim.status == "admitted" or claim.governed is not None)


def _is_ruled(claim: Claim) -> bool:
    """ "The ruling says that X fails to meet the Act": found, with the rule as its own object."""
    return claim.status == "found" and claim.kind != "noun" and claim.governed is not None


def is_nobody(claims: Sequence[Claim], key: str) -> bool:
    """ "a chatbot company" that the text mentions once, under no rule: whoever that is."""
    is_named = any(a.kind != "generic" for a in actors_of(claims, key))
    return not is_named and not any(
        c.in_title or c.type is not None or c.enforcers or any(r.is_name for r in c.rules) for c in claims
    )


def is_guess(claims: Sequence[Claim], key: str) -> bool:
    """Nothing but what might be, and of nobody by name."""
    return all(
        c.status == "hypothetical"
        and (c.is_inherited or all(a.is_resolved or a.kind == "generic" for a in c.violators if a.identity == key))
        for c in claims
    )


def actors_of(claims: Sequence[Claim], key: str) -> list[Actor]:
    """The violators of the claims that are one actor."""
    return [a for c in claims for a in c.violators if a.identity == key]


def is_another_case(claims: Sequence[Claim], scene: Scene) -> bool:
    """ "In a separate case the accused is X": nothing that the rest of the article tells is told of him."""
    return all(scene.says(_ANOTHER_CASE, c.sentence) for c in claims)


def is_criminal(claim: Claim) -> bool:
    """Charged by prosecutors, or a person: not by a market regulator."""
    by = " ".join(e.name for e in claim.enforcers)
    if _PROSECUTORS.search(by):
        return True
    return not by and all(a.kind in ("person", "generic", "name") for a in claim.violators)
