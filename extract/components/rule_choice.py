"""Which rule a matter is about: the words that name it best, and the type that claims and enforcer tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from extract.components.certainty import is_another_case
from extract.components.claims import Claim
from extract.components.jurisdictions import is_foreign_law
from extract.components.rule_types import type_of
from extract.components.rules import RuleMention
from extract.components.scene import Scene
from extract.components.word_lists import word_set
from extract.vocabulary import Lexicon

_PLAIN = frozenset({"voluntary_commitment", "licence", "terms_of_service"})
_OPEN = 0.4
_ACTS = 2.0  # weight of a claim in which an authority acts
_ORDER = {"named": 3, "phrase": 2, "bare": 1, "topic": 0, "wrong": -1}
# What a platform does about its own terms.
_OF_PLATFORMS = frozenset({"suspend", "close-account", "removed", "investigate"})
_SUED_FOR = frozenset({"copyright", "trademark", "defamation", "publicity_rights", "trade_secret", "discrimination"})
# Frames whose object is what was broken: an order or a licence named elsewhere is not.
_BREAKS = word_set("rule_choice_breaks")
_DEFIES = frozenset({"breach", "contempt", "fail-to-comply", "found-guilty", "sanctioned"})
_DEFIED = 5.0  # "defied an order": the plain word is the rule
_DECIDED = frozenset({"damages", "fine"})
_TRUST = {"named": 1.6, "phrase": 1.2, "bare": 0.4, "topic": 0.6, "wrong": 0.1}
# A second type needs a claim of its own that takes a rule of that type as object.
_APART = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChoice:
    """The rule and its type."""

    rule: RuleMention | None
    type: str


def own_types(claims: Sequence[Claim]) -> dict[str, list[Claim]]:
    """The claims by the rule type that their own words name, where an article keeps two or more apart; else empty.

    Claims without a type of their own go with the one before them.
    """
    anchors: dict[int, str] = {}
    for claim in claims:
        rule = claim.governed
        if (
            rule is not None
            and rule.type != "unspecified"
            and rule.strength in ("named", "phrase")
            and claim.weight >= _APART
            and (not claim.is_inherited or claim.frame in ("violate", "breach", "in-violation"))
        ) or (
            claim.frame == "sue"
            and rule is not None
            and rule.is_name
            and rule.type in _SUED_FOR
            and claim.weight >= _APART
        ):
            anchors.setdefault(claim.sentence, rule.type)
    types = dict.fromkeys(anchors.values())
    if len(types) < 2 or not _are_apart(claims, anchors):
        return {}
    parts: dict[str, list[Claim]] = {t: [] for t in types}
    current = anchors[min(anchors)]
    title: list[Claim] = []
    for claim in sorted(claims, key=lambda c: c.start):
        if claim.sentence not in anchors and (
            claim.in_title or ("terms_of_service" in parts and claim.frame in _OF_PLATFORMS)
        ):
            title.append(claim)
            continue
        current = anchors.get(claim.sentence, current)
        parts[current].append(claim)
    strongest = (
        "terms_of_service"
        if any(c.frame in _OF_PLATFORMS for c in title) and "terms_of_service" in parts
        else max(parts, key=lambda t: sum(c.weight for c in parts[t]))
    )
    parts[strongest] += title
    return parts


def _are_apart(claims: Sequence[Claim], anchors: dict[int, str]) -> bool:
    """No sentence names both: "fined for breaking A and B" is one matter."""
    for claim in claims:
        if claim.sentence in anchors:
            types = {r.type for r in claim.rules if r.strength in ("named", "phrase") and r.type != "unspecified"}
            if len(types & set(anchors.values())) > 1:
                return False
    return True


def choose_rule(
    own: Sequence[Claim], open_: Sequence[Claim], scene: Scene, lexicon: Lexicon, type_: str | None, is_alone: bool
) -> RuleChoice:
    """The rule that the claims speak for; ``type_`` if that is settled; ``is_alone``: there is no other matter."""
    own = [c for c in own if not _is_of_another_authority(c, own)] or own
    acting = [e for c in own for e in c.enforcers]
    foreign = {r.start for r in scene.rules if not _is_object(r, own) and is_foreign_law(r.slug, acting, lexicon)}
    by_name = [r for r in scene.rules if r.strength != "wrong" and r.start not in foreign]
    scored = [*_scored(own, 1.0), *_scored(open_, _OPEN), *_around(own, scene, is_alone)]
    governed = {c.governed.start for c in own if c.governed is not None and c.frame in _BREAKS}
    revoked = {
        r.start for c in own if c.frame == "suspend" and c.governed is None for r in c.rules if r.type == "licence"
    }
    scored = [
        (r, s)
        for r, s in scored
        if r.start not in foreign
        if r.start in governed
        or (
            r.start not in revoked
            and not (
                r.type == "court_order"
                or r.words.lower().endswith(("privacy policy", "privacy policies"))
                or (r.strength == "bare" and r.type != "unspecified")
            )
        )
    ]
    types: dict[str, float] = {}
    for rule, score in scored:
        if rule.type != "unspecified":
            types[rule.type] = types.get(rule.type, 0.0) + (score if rule.is_rule else 0.5 * score)
    for found, score in _implied(own, lexicon, {r.type for r in by_name}):
        types[found] = types.get(found, 0.0) + score
    best: dict[int, float] = {}
    for rule, score in scored:
        best[rule.start] = best.get(rule.start, 0.0) + score
    told = {r.type for c in own for r in c.rules if r.is_rule and r.type != "unspecified"}
    chosen = type_ or _watched(own, lexicon, told) or max(types, key=lambda t: types[t], default="unspecified")
    named = _best_of(by_name, chosen, best) or _plain_of(own, chosen) or _wrong_of(own, chosen)
    laws = [r for r in scene.rules if r.type == "unspecified" and r.strength in ("named", "phrase")]
    untyped = _best_of(laws, "unspecified", best)
    if untyped is not None and type_ is None and _is_object(untyped, own) and _is_stronger(untyped, named, best):
        known = [t for t in types if t not in ("crime", "court_order")]
        return RuleChoice(rule=untyped, type=max(known, key=lambda t: types[t], default="unspecified"))
    return RuleChoice(rule=named, type=chosen)


def _plain_of(own: Sequence[Claim], type_: str) -> RuleMention | None:
    """ "abandoned its promise", "broke the licence": the plain word for what was broken, where it names no other."""
    broken = [c.governed for c in own if c.governed is not None and c.governed.type == type_]
    return next((r for r in broken if r.type in _PLAIN), None)


def _wrong_of(own: Sequence[Claim], type_: str) -> RuleMention | None:
    """The misdeed that the strongest claim names, where no rule is named."""
    for claim in sorted(own, key=lambda c: -c.weight):
        told = [r for r in claim.rules if r.strength == "wrong" and r.type in (type_, "unspecified")]
        if told:
            return min(told, key=lambda r: abs(r.start - claim.start))
    return None


def _is_stronger(rule: RuleMention, other: RuleMention | None, best: dict[int, float]) -> bool:
    if other is None:
        return True
    is_heavier = best[rule.start] >= best.get(other.start, 0.0)  # one that is only governed has no score
    return is_heavier and _ORDER[rule.strength] >= _ORDER[other.strength]


def _is_of_another_authority(claim: Claim, own: Sequence[Claim]) -> bool:
    """ "France fined it. Brussels is looking into it under the Act": the rule is that of another matter."""
    if claim.status != "under_investigation" or claim.in_title:
        return False
    acting = {e.identity for c in own if c.sanction in _DECIDED for e in c.enforcers if e.kind == "authority"}
    others = {e.identity for e in claim.enforcers if e.kind == "authority"}
    return bool(acting and others) and acting.isdisjoint(others)


def _around(own: Sequence[Claim], scene: Scene, is_alone: bool) -> list[tuple[RuleMention, float]]:
    """The rules of the article's other sentences, the nearer the heavier; no crime that only they speak of."""
    if is_another_case(own, scene):
        return []
    at = {c.sentence for c in own}
    scored = []
    for rule in (r for r in scene.rules if r.strength != "wrong"):
        distance = min((abs(scene.sentence_of(rule.start) - n) for n in at), default=99)
        if distance and rule.type == "crime" and rule.strength == "topic":
            continue
        near = 0.5 if distance <= 2 else 0.2 if is_alone else 0.05
        scored.append((rule, near * rule.weight * (0.3 if rule.strength == "bare" else 1.0)))
    return scored


def _is_object(rule: RuleMention, own: Sequence[Claim]) -> bool:
    return any(rule in c.rules for c in own)


def _best_of(rules: Sequence[RuleMention], type_: str, best: dict[int, float]) -> RuleMention | None:
    fitting = [r for r in rules if r.type == type_ and r.is_name]
    words: dict[str, float] = {}
    for r in fitting:
        words[r.words.lower()] = words.get(r.words.lower(), 0.0) + best.get(r.start, 0.0)
    return max(fitting, key=lambda r: (words[r.words.lower()] * _TRUST[r.strength], -r.start), default=None)


def _scored(claims: Sequence[Claim], factor: float) -> list[tuple[RuleMention, float]]:
    scored = []
    for claim in claims:
        for n, rule in enumerate(r for r in claim.rules if r.strength != "wrong"):
            governed = 2.0 if claim.governed is not None and rule.start == claim.governed.start else 1.0
            if governed > 1 and rule.strength == "bare" and claim.frame in _DEFIES and rule.type == "court_order":
                governed = _DEFIED
            bare = 0.3 if rule.strength == "bare" and governed == 1.0 else 1.0
            scored.append(
                (rule, rule.weight * claim.weight * factor * governed * bare * (1.0 if n == 0 or governed > 1 else 0.5))
            )
    return scored


def _implied(own: Sequence[Claim], lexicon: Lexicon, told: set[str]) -> list[tuple[str, float]]:
    """Types that an enforcer watches over or that the frame itself implies."""
    found = []
    seen: set[str] = set()
    for claim in own:
        for e in claim.enforcers:
            record = lexicon.get(e.entity)
            if record is not None and record.rule_types and record.slug not in seen:
                seen.add(record.slug)
                first = next((t for t in record.rule_types if t in told), record.rule_types[0])
                sure = 2.0 + claim.weight if len(record.rule_types) == 1 else 1.6
                found += [(t, sure if t == first else 0.9) for t in record.rule_types]
            elif (
                record is None
                and e.kind in ("office", "authority")
                and e.name not in seen
                and (field := type_of(e.name)) != "unspecified"
            ):
                seen.add(e.name)
                found.append((field, 1.5))
        if claim.type is not None and claim.frame not in seen:
            seen.add(claim.frame)
            is_vague = claim.type == "crime" and any(r.type not in ("crime", "unspecified") for r in claim.rules)
            found.append((claim.type, 1.0 if is_vague else 2.5))
    return found


def _watched(own: Sequence[Claim], lexicon: Lexicon, told: set[str]) -> str | None:
    """The one field that the enforcer of a matter watches over, where no rule of another field is named."""
    fields: set[tuple[str, ...]] = set()
    for e in (e for c in own if c.weight >= _ACTS for e in c.enforcers if e.kind in ("authority", "office")):
        record = lexicon.get(e.entity)
        fields.add(tuple(record.rule_types) if record is not None else (type_of(e.name),))
    fields -= {(), ("unspecified",), ("court_order",), ("crime",)}  # courts and police watch over all fields
    only = next(iter(fields))[0] if len(fields) == 1 and len(next(iter(fields))) == 1 else None
    return only if only is not None and told <= {only} else None


# The plain law of a field, for a matter in which no rule is named.
_LAW_OF_FIELD = {
    "ai_regulation": "ai-regulation",
    "competition": "antitrust-law",
    "computer_misuse": "anti-hacking-law",
    "consumer_protection": "consumer-protection-law",
    "content_regulation": "online-safety-law",
    "copyright": "copyright",
    "crime": "criminal-law",
    "defamation": "defamation-law",
    "discrimination": "anti-discrimination-law",
    "election": "election-law",
    "export_control_sanctions": "export-controls",
    "insurance": "insurance-law",
    "labour": "labour-law",
    "privacy": "privacy-law",
    "publicity_rights": "personality-rights",
    "securities": "securities-law",
    "trade_secret": "trade-secret-law",
    "trademark": "trademark-law",
}


def inferred_rule(own: Sequence[Claim], type_: str, lexicon: Lexicon) -> str | None:
    """Slug of the rule behind a matter that names none: the one its enforcer enforces, else the law of its field."""
    for claim in own:
        for e in claim.enforcers:
            behind = [
                r.slug
                for r in lexicon.of_kind("rule")
                if e.entity is not None and e.entity in r.enforcers and r.rule_type == type_
            ]
            if len(behind) == 1:
                return behind[0]
    slug = _LAW_OF_FIELD.get(type_)
    return slug if lexicon.get(slug) is not None else None
