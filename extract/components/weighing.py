"""From an article's claims to its matters: who, under which rule, how far it has gone. Nothing is decided before this."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from extract.components.claims import Claim, Scene
from extract.components.roles import Actor
from extract.components.rules import RuleMention
from extract.components.status import vote
from extract.vocabulary import Lexicon

# Measured in a trial on 86 passages: flat from 1.7 to 2.8, recall collapses above.
_REPORTS = 2.2
_REPORTS_WITHOUT_RULE = 3.0
_STAYS = 1.3
_SHARE = 1 / 3
_BEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One violation in the making: its violators, the claims that speak of it, its rule and status."""

    violators: tuple[Actor, ...]
    claims: tuple[Claim, ...]
    """Strongest first."""
    rule: RuleMention | None
    type: str
    status: str
    weight: float


def matters(claims: list[Claim], scene: Scene, lexicon: Lexicon) -> list[Matter]:
    """What the article reports, the strongest first; empty if nothing is sure enough."""
    claims = _with_one_name_each(claims)
    by_actor = _by_violator(claims)
    if not by_actor:
        return []
    strength = {key: _strength(found) for key, found in by_actor.items()}
    top = max(strength.values())
    best = max(c.weight for found in by_actor.values() for c in found if c.status != "denied" or True)
    has_rule = any(r.is_rule for c in claims for r in c.rules)
    if best < (_REPORTS if has_rule or scene.rules else _REPORTS_WITHOUT_RULE):
        return []
    chosen = [k for k in by_actor if strength[k] >= _SHARE * top and max(c.weight for c in by_actor[k]) >= _STAYS]
    found = [m for k in chosen for m in _of_violator(by_actor[k], k, claims, scene, lexicon)]
    return sorted(_joined(found), key=lambda m: -m.weight)


def _with_one_name_each(claims: list[Claim]) -> list[Claim]:
    """ "Quillmere" and "Quillmere Labs", "Vandermoor" and "Ulric Vandermoor" are one actor."""
    actors = {a.identity: a for c in claims for a in (*c.violators, *c.enforcers)}
    unlinked = [a for a in actors.values() if a.entity is None and a.kind != "generic"]
    same: dict[str, Actor] = {}
    for a in unlinked:
        words = set(a.name.lower().replace("’s", "").split())
        for b in actors.values():
            longer = set(b.name.lower().split())
            if a.identity != b.identity and words < longer and b.kind != "generic":
                same[a.identity] = b
    if not same:
        return claims

    def renamed(found: Iterable[Actor]) -> tuple[Actor, ...]:
        return tuple(
            replace(a, name=same[a.identity].name, entity=same[a.identity].entity, kind=same[a.identity].kind) if a.identity in same else a for a in found
        )

    return [replace(c, violators=renamed(c.violators), enforcers=renamed(c.enforcers)) for c in claims]


def _by_violator(claims: list[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        for actor in claim.violators:
            found.setdefault(actor.identity, []).append(claim)
    return found


def _strength(claims: list[Claim]) -> float:
    real = sorted((c.weight for c in claims if c.status not in ("hypothetical",)), reverse=True)
    if real:
        return sum(real[:_BEST])
    return 0.5 * sum(sorted((c.weight for c in claims), reverse=True)[:_BEST])


def _of_violator(own: list[Claim], key: str, claims: list[Claim], scene: Scene, lexicon: Lexicon) -> list[Matter]:
    actor = next(a for c in own for a in c.violators if a.identity == key)
    open_ = [c for c in claims if not c.violators and c.weight >= 0.8]
    type_, rule = _rule(own, open_, scene, lexicon)
    status = vote([(c.status, c.weight * (1.4 if c.in_title else 1.0)) for c in own] + [(c.status, 0.3 * c.weight) for c in open_])
    if status == "denied" and all(c.status == "hypothetical" for c in open_ + own if c.status != "denied"):
        status = "denied"
    ranked = tuple(sorted(own, key=lambda c: -c.weight))
    return [Matter(violators=(actor,), claims=ranked, rule=rule, type=type_, status=status, weight=_strength(own))]


def _rule(own: list[Claim], open_: list[Claim], scene: Scene, lexicon: Lexicon) -> tuple[str, RuleMention | None]:
    """The rule type that the claims speak for, and the mention that names it best."""
    scored: list[tuple[RuleMention, float]] = []
    for claims, factor in ((own, 1.0), (open_, 0.4)):
        for claim in claims:
            for n, rule in enumerate(claim.rules):
                scored.append((rule, rule.weight * claim.weight * factor * (1.0 if n == 0 else 0.5)))
    scored += [(rule, 0.35 * rule.weight) for rule in scene.rules]
    types: dict[str, float] = {}
    for rule, score in scored:
        if rule.type != "unspecified":
            types[rule.type] = types.get(rule.type, 0.0) + (score if rule.is_rule else 0.5 * score)
    for claim in own:
        for e in claim.enforcers:
            record = lexicon.get(e.entity)
            if record is not None and record.rule_types:
                types[record.rule_types[0]] = types.get(record.rule_types[0], 0.0) + 1.5
        if claim.type is not None:
            types[claim.type] = types.get(claim.type, 0.0) + 1.5
    type_ = max(types, key=lambda t: types[t]) if types else "unspecified"
    best: dict[int, float] = {}
    for rule, score in scored:
        best[rule.start] = best.get(rule.start, 0.0) + score
    fitting = [r for r in scene.rules if r.type == type_ or (type_ == "unspecified" and r.is_rule)]
    named = max(fitting, key=lambda r: ({"named": 3, "phrase": 2, "bare": 1, "topic": 0}[r.strength], best.get(r.start, 0.0), -r.start), default=None)
    return type_, named


def _joined(found: list[Matter]) -> list[Matter]:
    """Violators of the same claims, rule type and status are one matter."""
    out: list[Matter] = []
    for matter in found:
        for n, other in enumerate(out):
            shared = {c.start for c in other.claims} & {c.start for c in matter.claims}
            if other.type == matter.type and other.status == matter.status and shared:
                claims = tuple(sorted({c.start: c for c in (*other.claims, *matter.claims)}.values(), key=lambda c: -c.weight))
                out[n] = replace(other, violators=(*other.violators, *matter.violators), claims=claims, weight=max(other.weight, matter.weight))
                break
        else:
            out.append(matter)
    return out
