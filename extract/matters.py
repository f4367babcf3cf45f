"""What a story claims, matter by matter, and whether two claims can be of one matter."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extract.facts import Party, Story, Violation
from extract.standing import main_violation
from extract.vocabulary import Lexicon, slug_of

Owner = Callable[[str], str | None]
"""Slug → slug of the owner or maker."""
Numbered = tuple[int, Violation]


@dataclass(frozen=True, slots=True)
class Matter:
    """The violations of one story that belong together; a story without any is one matter without claims."""

    story: Story
    violations: tuple[Numbered, ...]
    is_aside: bool
    """The story mentions it, and is about another one."""
    blamed: frozenset[str]
    """Slugs of the violators, their products and owners."""
    headed: frozenset[str]
    """Of them, those whom the title names."""
    rules: frozenset[str]
    """Slugs of the rules that the lexicon knows."""
    rule_types: frozenset[str]
    others: frozenset[str]
    """Slugs of rule owners, enforcers, claimants and those harmed."""


def owner_in(lexicon: Lexicon | None) -> Owner:
    """Who owns or makes what, by the lexicon; nobody without one."""

    def owner(slug: str) -> str | None:
        record = lexicon.owner_of(slug) if lexicon else None
        return record.slug if record else None

    return owner


def matters(story: Story, owner: Owner) -> list[Matter]:
    """The matters of a story, in front the one that it is about.

    That one takes in whatever is said of the same violators, of the other side of the dispute, in the same sentence, or
    under the same kind of rule of another one whom the title names.
    """
    main, asides = _split(story, owner)
    found = [_matter(story, main, owner, is_aside=False)]
    while asides:
        first = _blamed(asides[0][1], owner)
        same = [numbered for numbered in asides if _blamed(numbered[1], owner) & first]
        asides = [numbered for numbered in asides if numbered not in same]
        if same:
            found.append(_matter(story, same, owner, is_aside=True))
        else:  # blames nobody
            asides = asides[1:]
    return found


def odds_of_claims(a: Matter, b: Matter) -> float | None:
    """What the claims add to the odds that two matters are one; ``None`` if they cannot be."""
    if not a.blamed or not b.blamed:
        return 0.0
    if not a.blamed & b.blamed:  # sure only of violators who stand in the titles, and not in both
        is_sure = a.headed and b.headed and not (_is_titled(a.headed, b) and _is_titled(b.headed, a))
        return None if is_sure else -0.5
    same_side = a.others & b.others
    kinds = a.rule_types & b.rule_types - {"unspecified"}
    if not kinds and not same_side and _name_other_rules(a, b):
        return None
    odds = (2.0 if kinds else 0.0) + (0.5 if a.rules & b.rules else 0.0) + (1.5 if same_side else 0.0)
    return odds - (1.5 if a.others and b.others and not same_side else 0.0)


def _is_titled(slugs: frozenset[str], matter: Matter) -> bool:
    """Does the title name one of these, by the first word?"""
    titled = _title_words(matter.story)
    return any(slug.split("-")[0] in titled for slug in slugs)


def _name_other_rules(a: Matter, b: Matter) -> bool:
    known = a.headed and b.headed and a.rules and b.rules and "unspecified" not in a.rule_types | b.rule_types
    return bool(known) and not a.rules & b.rules


def _split(story: Story, owner: Owner) -> tuple[list[Numbered], list[Numbered]]:
    """The claims of the matter that a story is about, and the others."""
    if not story.violations:
        return [], []
    titled = _title_words(story)
    headed = [v for _, v in story.violations if _headed(v, titled)]
    chief = main_violation(headed or [v for _, v in story.violations])
    main: list[Numbered] = []
    asides: list[Numbered] = []
    for numbered in story.violations:
        (main if _belongs(numbered[1], chief, titled, owner) else asides).append(numbered)
    return main, asides


def _belongs(violation: Violation, chief: Violation, titled: frozenset[str], owner: Owner) -> bool:
    theirs, its = _blamed(chief, owner), _blamed(violation, owner)
    if not its or its & theirs or its <= _others(chief) or violation.evidence.words == chief.evidence.words:
        return True
    return violation.rule_type == chief.rule_type and bool(_headed(violation, titled)) and bool(_headed(chief, titled))


def _matter(story: Story, group: Sequence[Numbered], owner: Owner, *, is_aside: bool) -> Matter:
    found = [violation for _, violation in group]
    titled = _title_words(story)
    return Matter(
        story=story,
        violations=tuple(group),
        is_aside=is_aside,
        blamed=frozenset().union(*(_blamed(v, owner) for v in found)),
        headed=frozenset().union(*(_with_owners(_headed(v, titled), owner) for v in found)),
        rules=frozenset(v.rule_entity for v in found if v.rule_entity),
        rule_types=frozenset(v.rule_type for v in found),
        others=frozenset().union(*(_others(v) for v in found)),
    )


def _blamed(violation: Violation, owner: Owner) -> frozenset[str]:
    return _with_owners((s for p in violation.parties if p.role == "violator" for s in _slugs(p)), owner)


def _others(violation: Violation) -> frozenset[str]:
    return frozenset(slug for p in violation.parties if p.role != "violator" for slug in _slugs(p))


def _headed(violation: Violation, titled: frozenset[str]) -> frozenset[str]:
    """Slugs of the violators whom the title names, by the first word of their names."""
    named = (p for p in violation.parties if p.role == "violator")
    return frozenset(
        slug
        for p in named
        if any(word in titled for name in (p.name, p.product or "") for word in _WORD.findall(name.casefold())[:1])
        for slug in _slugs(p)
    )


def _slugs(party: Party) -> list[str]:
    return [party.entity or slug_of(party.name), *([slug_of(party.product)] if party.product else [])]


def _with_owners(slugs: Iterable[str], owner: Owner) -> frozenset[str]:
    own = list(slugs)
    return frozenset((*own, *(above for slug in own if (above := owner(slug)))))


def _title_words(story: Story) -> frozenset[str]:
    return frozenset(_WORD.findall(story.title.casefold()))


_WORD = re.compile(r"\w+")
