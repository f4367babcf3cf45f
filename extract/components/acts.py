"""Several acts against one violator: the fine of an authority and the closed account are two matters, not one."""

from collections.abc import Sequence

from extract.components.certainty import FIRM
from extract.components.claims import Claim
from extract.components.rules import RuleMention

_OF_STATES = frozenset({"arrest_or_charge", "criminal_sentence", "export_denied", "fine", "licence_suspended"})
_ACTING = frozenset({"authority", "company", "office", "project"})
_AFTER = 2  # sentences
_TOLD = frozenset({"named", "phrase"})


def acts_apart(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims by the act that they stand nearest to, in the order of the acts; empty if there is but one act.

    Acts are apart if an authority did one and a firm the other, or under rules of different types.
    """
    acts: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (c.in_title, -c.weight)):
        if _is_act(claim) and all(_are_apart(claim, other, claims) for other in acts):
            acts.append(claim)
    if len(acts) < 2:
        return []
    acts.sort(key=lambda c: c.start)
    parts: list[list[Claim]] = [[] for _ in acts]
    for claim in claims:
        alike = [n for n, act in enumerate(acts) if claim.sanction is not None and claim.sanction == act.sanction]
        among = alike if claim.in_title and alike else range(len(acts))
        parts[min(among, key=lambda n: abs(claim.start - acts[n].start))].append(claim)
    return parts


def _is_act(claim: Claim) -> bool:
    """An authority or a firm has imposed something, or has begun to look into it."""
    is_imposed = claim.sanction is not None and claim.status in FIRM and not claim.is_threat
    is_probe = claim.frame.startswith("investigat") and claim.status == "under_investigation"
    is_of_state = claim.sanction in _OF_STATES and not claim.is_inherited
    return (is_imposed or is_probe) and (is_of_state or any(e.kind in _ACTING for e in claim.enforcers))


def _are_apart(one: Claim, other: Claim, claims: Sequence[Claim]) -> bool:
    """Not of one sentence, not of one enforcer, not the same sanction."""
    by, others = {e.identity for e in one.enforcers}, {e.identity for e in other.enforcers}
    if one.sentence == other.sentence or one.sanction == other.sanction or by & others:
        return False
    is_public = [
        c.sanction in _OF_STATES or any(e.kind in ("authority", "office") for e in c.enforcers) for c in (one, other)
    ]
    types = [_types(c, claims) for c in (one, other)]
    return is_public[0] != is_public[1] or (all(types) and types[0].isdisjoint(types[1]))


def _types(act: Claim, claims: Sequence[Claim]) -> set[str]:
    """Of the rules that the sentence of an act names, or else those after it."""
    for reach in (0, _AFTER):
        rules: list[RuleMention] = [r for c in claims if 0 <= c.sentence - act.sentence <= reach for r in c.rules]
        if types := {r.type for r in rules if r.strength in _TOLD and r.type != "unspecified"}:
            return types
    return set()
