"""What a story claims, matter by matter, and whether two claims can be of one matter."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extract.facts import Story, Violation
from extract.vocabulary import slug_of

Owner = Callable[[str], str | None]
"""Slug → slug of the owner or maker."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The violations of one story that belong together; a story without any is one matter without claims."""

    story: Story
    violations: tuple[tuple[int, Violation], ...]
    blamed: frozenset[str]
    """Slugs of the violators, their products and owners."""
    rules: frozenset[str]
    """Slugs of the rules by name."""
    rule_types: frozenset[str]
    others: frozenset[str]
    """Slugs of rule owners, enforcers and claimants."""


def matters(story: Story, owner: Owner) -> list[Matter]:
    """The matters of a story; claims against the same violator are one, unless they name rules of different kinds."""
    groups: list[list[tuple[int, Violation]]] = []
    for numbered in story.violations:
        home = next((g for g in groups if any(_belong(numbered[1], other, owner) for _, other in g)), None)
        if home is None:
            groups.append([numbered])
        else:
            home.append(numbered)
    return [_matter(story, tuple(group), owner) for group in groups or [[]]]


def blamed(violation: Violation, owner: Owner) -> frozenset[str]:
    """Slugs of the violators of a violation, of their products and of their owners."""
    found: set[str] = set()
    for party in violation.parties:
        if party.role == "violator":
            names = [party.entity or slug_of(party.name), *([slug_of(party.product)] if party.product else [])]
            found.update(names)
            found.update(slug for name in names if (slug := owner(name)))
    return frozenset(found)


def odds_of_claims(a: Matter, b: Matter) -> float | None:
    """What the claims add to the odds that two matters are one; ``None`` if they cannot be."""
    if not a.blamed or not b.blamed:
        return 0.0
    if not a.blamed & b.blamed or _is_other_rule(a, b):
        return None
    odds = 1.0 if a.rule_types & b.rule_types - {"unspecified"} else 0.0
    odds += 0.5 if a.rules & b.rules else 0.0
    return odds - (1.0 if a.others and b.others and not a.others & b.others else 0.0)


def _is_other_rule(a: Matter, b: Matter) -> bool:
    """Do both name a rule, and neither the same one nor one of the same kind?"""
    kinds_differ = not (a.rule_types & b.rule_types or "unspecified" in a.rule_types | b.rule_types)
    return kinds_differ and bool(a.rules) and bool(b.rules) and not a.rules & b.rules


def _belong(one: Violation, other: Violation, owner: Owner) -> bool:
    """Are two claims of one story about one matter?"""
    mine, theirs = blamed(one, owner), blamed(other, owner)
    if mine and theirs and not mine & theirs:
        return (one.rule_type, one.status, one.evidence.words) == (other.rule_type, other.status, other.evidence.words)
    named = one.rule_entity and other.rule_entity and one.rule_entity != other.rule_entity
    return one.rule_type == other.rule_type or not named


def _matter(story: Story, group: tuple[tuple[int, Violation], ...], owner: Owner) -> Matter:
    found = [violation for _, violation in group]
    parties = [p for v in found for p in v.parties if p.role in ("rule_owner", "enforcer", "claimant")]
    return Matter(
        story=story,
        violations=group,
        blamed=frozenset().union(*(blamed(v, owner) for v in found)),
        rules=frozenset(v.rule_entity for v in found if v.rule_entity),
        rule_types=frozenset(v.rule_type for v in found),
        others=frozenset(p.entity or slug_of(p.name) for p in parties),
    )


def main_violation(found: Iterable[Violation]) -> Violation:
    """The claim that most is about: the violators and rule type named most often, then the surest, then the first."""
    found = list(found)
    often = Counter((v.named("violator"), v.rule_type) for v in found)
    return max(found, key=lambda v: (bool(v.named("violator")), often[v.named("violator"), v.rule_type], v.confidence))
