"""From an article's claims to its matters: who, under which rule, how far it went. Nothing is decided before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from extract.components.actors import Actor
from extract.components.acts import acts_apart
from extract.components.bearers import with_bearer
from extract.components.certainty import (
    FIRM,
    actors_of,
    is_another_case,
    is_founded,
    is_guess,
    is_nobody,
    is_report,
    strength,
)
from extract.components.claims import Claim
from extract.components.cleared import without_bystanders
from extract.components.declared import with_declared
from extract.components.ends import end
from extract.components.naming import is_of_another, with_names, with_protagonist
from extract.components.retractions import is_retraction
from extract.components.rule_choice import RuleChoice, choose_rule, own_types
from extract.components.rules import RuleMention
from extract.components.scene import Scene
from extract.components.shares import share
from extract.components.status import BACKGROUND, pending_words, vote
from extract.components.unnamed import ACCOUNTS
from extract.components.word_lists import word_set
from extract.facts import Status
from extract.vocabulary import Lexicon

_STAYS = 1.3
_SHARE = 1 / 3
_INHERITED = 0.55
_FAR = 0.35
_OVER = 0.7  # of a claim that his case has ended
_OPEN = 0.8
_OWNS = 0.5  # as if he had acted on others once
_REACH = 2  # sentences
# What is said of a public body directly; in all other frames it acts.
_AGAINST_OFFICES = word_set("weighing_against_offices")
_OF_STATES = frozenset({"banned", "sanctioned"})  # what states do to each other, too
_VICTORIES = frozenset({"favour", "victory", "wins"})
_MEASURES = frozenset(
    {"suspend", "banned", "ban-noun", "close-account", "cut-off", "removed", "order", "ordered-to-mend"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One violation in the making: its violators, the claims that speak of it, its rule and status."""

    violators: tuple[Actor, ...]
    claims: tuple[Claim, ...]
    """Strongest first."""
    rule: RuleMention | None
    type: str
    status: Status
    weight: float
    around: tuple[int, ...] = ()
    """Sentences of claims that name nobody, where the article has no other matter."""


def matters(claims: Sequence[Claim], scene: Scene, lexicon: Lexicon) -> list[Matter]:
    """What the article reports, the strongest first; empty if nothing is sure enough."""
    if is_retraction(scene):
        return []
    claims = without_bystanders(_with_one_name_each(with_names(list(claims), scene), lexicon), scene)
    claims = _with_sole_heir(_with_heirs(with_declared(claims, scene)), scene)
    by_actor = _by_violator(claims)
    if not any(c.status in FIRM for found in by_actor.values() for c in found):
        claims = with_bearer(claims, scene)
        by_actor = _by_violator(claims)
    if not any(c.status not in ("hypothetical", "denied") for found in by_actor.values() for c in found):
        claims = with_protagonist(claims, scene)
        by_actor = _by_violator(claims)
    if not by_actor:
        return []
    strengths = {key: strength(found) for key, found in by_actor.items()}
    if not is_report(by_actor, scene):
        return []
    top = max(strengths.values())
    chosen = [
        k
        for k in by_actor
        if max(c.weight for c in by_actor[k]) >= _STAYS
        and (strengths[k] >= _SHARE * top or _is_let_go(by_actor[k], k) or _is_punished_too(by_actor[k], k, scene))
    ]
    chosen = [k for k in chosen if is_founded(by_actor[k], scene) or _is_let_go(by_actor[k], k)]
    chosen = [k for k in chosen if not is_guess(by_actor[k], k) and any(c.frame != "find" for c in by_actor[k])]
    chosen = _without_generic(_without_enforcers(chosen, claims, strengths, _contracts(scene)), by_actor)
    if not chosen or all(is_nobody(by_actor[k], k) for k in chosen):
        return []
    found = [m for k in chosen for m in _of_violator(by_actor[k], k, claims, scene, lexicon, len(chosen) == 1)]
    joined = sorted(_joined(found, scene), key=lambda m: -m.weight)
    if len(joined) == 1:
        open_ = tuple(c.sentence for c in claims if not c.violators and c.status != "hypothetical" and not c.in_title)
        return [replace(joined[0], around=tuple(dict.fromkeys(open_)))]
    return joined


def _is_let_go(claims: list[Claim], key: str) -> bool:
    """One of several, named, whose own case has been dismissed: that is news however little is said of it."""
    is_named = any(
        not a.is_resolved and not c.is_inherited and a.kind != "generic" for c in claims for a in actors_of([c], key)
    )
    return is_named and any(c.status == "dismissed" for c in claims)


def _is_punished_too(claims: list[Claim], key: str, scene: Scene) -> bool:
    """One of several, named, on whom a sanction of his own was imposed, now and not in some former case."""
    return any(
        c.sanction is not None
        and c.frame not in _OF_STATES
        and c.status in FIRM
        and c.weight >= _STAYS
        and not c.is_inherited
        and not scene.says(BACKGROUND, c.sentence)
        and any(not a.is_resolved and a.kind in ("company", "name", "person") for a in actors_of([c], key))
        for c in claims
    )


def _with_one_name_each(claims: Sequence[Claim], lexicon: Lexicon) -> list[Claim]:
    """ "Quillmere" and "Quillmere Labs", "Vandermoor" and "Ulric Vandermoor" are one actor."""
    actors = {a.identity: a for c in claims for a in (*c.violators, *c.enforcers)}
    same: dict[str, Actor] = {}
    nameless = sorted((a for a in actors.values() if a.kind == "generic"), key=lambda a: -len(a.name))
    for n, a in enumerate(nameless):
        fuller = next((b for b in nameless[:n] if b.name.lower().split()[-1] == a.name.lower().split()[-1]), None)
        if fuller is not None and len(a.name.split()) == 1:
            same[a.identity] = fuller  # "student" in the title, "a 22-year-old student"
    for a in actors.values():
        if a.entity is not None or a.kind == "generic":
            continue
        words = set(a.name.lower().replace("’s", "").split())
        for b in actors.values():
            longer = set(b.name.lower().split())
            if (
                a.identity != b.identity
                and b.kind != "generic"
                and (words < longer or (b.entity is not None and longer < words))
            ):
                same[a.identity] = b
    for a in actors.values():
        owner = lexicon.owner_of(a.entity) if a.kind == "project" else None
        if owner is not None and owner.slug in actors:
            same[a.identity] = actors[owner.slug]  # a platform and its owner
    if not same:
        return list(claims)

    def renamed(found: Iterable[Actor]) -> tuple[Actor, ...]:
        return tuple(
            replace(a, name=same[a.identity].name, entity=same[a.identity].entity, kind=same[a.identity].kind)
            if a.identity in same
            else a
            for a in found
        )

    return [replace(c, violators=renamed(c.violators), enforcers=renamed(c.enforcers)) for c in claims]


def _with_heirs(claims: list[Claim]) -> list[Claim]:
    """A claim that names nobody is about the one that the sentences just before it are about."""
    out: list[Claim] = []
    for claim in claims:
        if not claim.violators and claim.weight >= 0.5 and claim.is_open:
            others = [c for c in claims if _can_be_meant(c) and c.in_title == claim.in_title and c.start != claim.start]
            near = [c for c in others if 0 <= claim.sentence - c.sentence <= _REACH] or [
                c for c in others if c.sentence - claim.sentence == 1 and (claim.status not in FIRM or c.status in FIRM)
            ]
            if near:
                last = min(near, key=lambda c: (abs(c.sentence - claim.sentence), -c.weight))
                enforcers = {a.identity for a in claim.enforcers}
                heirs = tuple(a for a in last.violators if a.identity not in enforcers)
                claim = replace(claim, violators=heirs, weight=claim.weight * _INHERITED, is_inherited=True)
        out.append(claim)
    return out


def _with_sole_heir(claims: list[Claim], scene: Scene) -> list[Claim]:
    """Where one party alone is held to have broken a rule, what names nobody is about it, however far."""
    held = {a.identity: a for c in claims if c.status not in ("hypothetical", "denied") for a in c.violators}
    if len(held) != 1:
        return claims
    sole = next(iter(held.values()))
    acts = {a.identity for c in claims for a in (*c.enforcers, *c.claimants)}
    if sole.kind in ("generic", "authority", "office") or sole.identity in acts:
        return claims
    is_firm = any(c.status in FIRM for c in claims if c.violators)
    return [
        replace(c, violators=(sole,), weight=c.weight * (_OVER if c.status == "dismissed" else _FAR), is_inherited=True)
        if not c.violators
        and c.is_open
        and c.weight >= _OPEN
        and not c.in_title
        and c.status != "hypothetical"
        and not is_of_another(c, scene)
        and (is_firm or c.status not in FIRM)  # nothing is told of him more strongly than where he is named
        else c
        for c in claims
    ]


def _can_be_meant(claim: Claim) -> bool:
    """It names somebody, and not by a description in words of what might be."""
    is_guess = claim.status == "hypothetical" and all(a.is_resolved for a in claim.violators)
    return bool(claim.violators) and not is_guess


def _by_violator(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        for actor in claim.violators:
            found.setdefault(actor.identity, []).append(claim)
    return found


def _without_enforcers(
    keys: list[str], claims: Iterable[Claim], strengths: dict[str, float], rules: Iterable[RuleMention]
) -> list[str]:
    """Who acts on others more often than others act on him, or whose rules they are, is no violator."""
    acts: dict[str, float] = {}
    for claim in claims:
        for a in {a.identity: a for a in (*claim.enforcers, *claim.owners, *claim.claimants)}.values():
            acts[a.identity] = acts.get(a.identity, 0.0) + claim.weight
    for rule in rules:
        for a in rule.owners:
            acts[a.identity] = acts.get(a.identity, 0.0) + _OWNS
    direct = {a.identity for c in claims if not c.is_inherited for a in c.violators if not a.is_resolved}
    return [k for k in keys if acts.get(k, 0.0) < strengths[k] and (k in direct or k not in acts)]


def _contracts(scene: Scene) -> list[RuleMention]:
    """ "X's terms": the rules that somebody makes for those who deal with him."""
    return [r for r in scene.rules if r.type in ("terms_of_service", "licence") and r.strength != "topic"]


def _without_generic(keys: list[str], by_actor: dict[str, list[Claim]]) -> list[str]:
    """ "a man" only where nobody is named."""
    direct = [
        k
        for k in keys
        if any(
            not _is_office(a) or (not a.is_resolved and not c.is_inherited and c.frame in _AGAINST_OFFICES)
            for c in by_actor[k]
            for a in c.violators
            if a.identity == k
        )
    ]
    keys = [k for k in direct if any(c.frame not in _VICTORIES for c in by_actor[k])] or direct
    named = [k for k in keys if any(a.kind != "generic" for c in by_actor[k] for a in c.violators if a.identity == k)]
    if named and all(a.name.endswith(ACCOUNTS) for k in keys if k not in named for a in actors_of(by_actor[k], k)):
        return named
    if named and max(strength(by_actor[k]) for k in named) < 0.6 * max(strength(by_actor[k]) for k in keys):
        return [k for k in keys if k not in named]
    return named or keys


def _is_office(actor: Actor) -> bool:
    return actor.kind in ("authority", "office")


def _of_violator(
    own: list[Claim], key: str, claims: list[Claim], scene: Scene, lexicon: Lexicon, is_alone: bool
) -> list[Matter]:
    """The matters of one violator: one, or one a rule type or an act where the article keeps several apart."""
    actor = next(a for c in own for a in c.violators if a.identity == key)
    open_ = [c for c in claims if not c.violators and c.weight >= 0.8 and not is_another_case(own, scene)]
    parts = own_types(own)
    if len(parts) < 2:
        acts = acts_apart(own)
        if acts:
            return [_matter(actor, part, [], scene, lexicon, None, False) for part in acts]
        return [_matter(actor, own, open_, scene, lexicon, None, is_alone)]
    return [_matter(actor, part, [], scene, lexicon, type_, False) for type_, part in parts.items()]


def _matter(
    actor: Actor,
    own: list[Claim],
    open_: list[Claim],
    scene: Scene,
    lexicon: Lexicon,
    type_: str | None,
    is_alone: bool,
) -> Matter:
    choice: RuleChoice = choose_rule(own, open_, scene, lexicon, type_, is_alone)
    status = _status(own, open_, scene, is_alone)
    ranked = tuple(sorted(own, key=lambda c: -c.weight))
    return Matter(
        violators=(actor,), claims=ranked, rule=choice.rule, type=choice.type, status=status, weight=strength(own)
    )


def _status(own: list[Claim], open_: list[Claim], scene: Scene, is_alone: bool) -> Status:
    """What the claims vote for; a measure that holds while somebody investigates is an investigation."""
    votes = [(c.status, c.weight * (1.4 if c.in_title else 1.0)) for c in own] + [
        (c.status, (1.0 if is_alone and c.status == "settled" else 0.3) * c.weight) for c in open_
    ]
    if all(c.status == "hypothetical" for c in own):
        return "hypothetical"
    status = vote(votes)
    if status == "alleged" and is_alone and (ended := end(own, open_, scene)) is not None:
        return ended
    found = [c for c in own if c.status == "found"]
    is_measure = status == "found" and found and all(c.frame in _MEASURES for c in found)
    is_open = any(c.status == "under_investigation" for c in (*own, *open_))
    return "under_investigation" if is_measure and (is_open or pending(own, scene)) else status


def pending(claims: Iterable[Claim], scene: Scene, start: int = 0) -> tuple[int, int] | None:
    """Where it says, from ``start`` on, that what was done to the violator holds while somebody investigates."""
    numbers = {n for c in claims if c.status == "found" for n in range(c.sentence - 1, c.sentence + 2)}
    near = [(s.start_char, s.end_char) for n, s in enumerate(scene.sentences) if n in numbers]
    return pending_words(scene.doc.text, start, near)


def _joined(found: list[Matter], scene: Scene) -> list[Matter]:
    """Violators of the same claims, rule type and status are one matter, unless each pays a sum of his own."""
    out: list[Matter] = []
    for matter in found:
        for n, other in enumerate(out):
            shared = {c.start for c in other.claims} & {c.start for c in matter.claims}
            together = sum(c.weight for c in other.claims if c.start in shared)
            is_same = other.status == matter.status or together >= 0.5 * max(other.weight, matter.weight)
            is_one = other.type == matter.type and shared and is_same and other.violators != matter.violators
            if is_one and not all(any(share(a, scene) for a in m.violators) for m in (matter, other)):
                claims = tuple(
                    sorted({c.start: c for c in (*other.claims, *matter.claims)}.values(), key=lambda c: -c.weight)
                )
                first = max(other, matter, key=lambda m: m.weight)
                out[n] = replace(
                    other,
                    violators=(*other.violators, *matter.violators),
                    claims=claims,
                    weight=first.weight,
                    status=first.status,
                )
                break
        else:
            out.append(matter)
    return out
