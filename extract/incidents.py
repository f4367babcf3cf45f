"""Stories into incidents: what several articles say of one matter, under an id that stays."""

import hashlib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from extract.facts import Incident, Status, Story, Violation
from extract.vocabulary import slug_of

STRENGTH: tuple[Status, ...] = (
    "hypothetical", "denied", "alleged", "under_investigation", "dismissed", "settled", "admitted", "found"
)  # fmt: skip
WINDOW = 45
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Group:
    stories: list[Story]
    joined_by: dict[int, str]


def group(stories: Iterable[Story], previous: Iterable[Incident] = ()) -> tuple[Incident, ...]:
    """The incidents of these stories, by id; one that shares most with a previous incident keeps its id and slug."""
    groups = [g for g in grouped(sorted(stories, key=_age)) if any(s.violations for s in g.stories)]
    before = {incident.id: incident for incident in previous}
    kept = _inherited(groups, before)
    taken = {incident.slug for incident in before.values()}
    found = []
    for number, each in enumerate(groups):
        old = before.get(kept.get(number, -1))
        slug = old.slug if old else _slug(each, taken)
        taken.add(slug)
        found.append(_incident(each, old.id if old else _new_id(each, slug), slug))
    return tuple(sorted(found, key=lambda incident: incident.id))


def grouped(stories: list[Story]) -> list[_Group]:
    """The stories of one matter together, oldest first; each joins the group of the likeliest earlier story."""
    words = [_terms(story) for story in stories]
    spread = Counter(word for each in words for word in each)
    vectors = [{w: n * math.log(1 + len(stories) / spread[w]) for w, n in each.items()} for each in words]
    index: dict[str, list[int]] = defaultdict(list)
    groups: list[_Group] = []
    member: list[int] = []
    for number, story in enumerate(stories):
        rare = sorted(vectors[number], key=lambda w: (-vectors[number][w], w))[:30]
        near: Counter[int] = Counter()
        for word in rare:
            near.update(n for n in index[word][-60:] if _days(stories[n], story) <= WINDOW)
        scored = [(_likeness(stories[n], story, vectors[n], vectors[number]), -n) for n, k in near.items() if k >= 2]
        best, other = max(scored, default=(0.0, 0))
        if best >= 0.3:
            member.append(member[-other])
            shared = [w for w in rare if w in vectors[-other]][:6]
            groups[member[-1]].stories.append(story)
            groups[member[-1]].joined_by[story.article_id] = ", ".join(shared)
        else:
            member.append(len(groups))
            groups.append(_Group([story], {}))
        for word in rare:
            index[word].append(number)
    return groups


def _age(story: Story) -> tuple[str, int]:
    return story.published or "9999", story.article_id


def _days(a: Story, b: Story) -> int:
    if not a.published or not b.published:
        return 0
    return abs((date.fromisoformat(a.published) - date.fromisoformat(b.published)).days)


def _terms(story: Story) -> Counter[str]:
    title, lead = _WORD.findall(story.title.casefold()), _WORD.findall(story.text[:1500].casefold())
    return Counter(w for w in [*title, *title, *lead] if len(w) > 2)


def _likeness(a: Story, b: Story, left: dict[str, float], right: dict[str, float]) -> float:
    mine, theirs = _blamed(a), _blamed(b)
    if mine and theirs and not mine & theirs:
        return 0.0
    norm = math.sqrt(sum(v * v for v in left.values()) * sum(v * v for v in right.values()))
    cosine = sum(v * right[w] for w, v in left.items() if w in right) / norm if norm else 0.0
    return cosine + (0.2 if {v.rule_type for _, v in a.violations} & {v.rule_type for _, v in b.violations} else 0.0)


def _blamed(story: Story) -> set[str]:
    return {p.entity or slug_of(p.name) for _, v in story.violations for p in v.parties if p.role == "violator"}


def _inherited(groups: list[_Group], before: dict[int, Incident]) -> dict[int, int]:
    """Number of a group → id of the previous incident that it goes on with, each at most once."""
    homes = defaultdict(set)
    for incident in before.values():
        for article in incident.article_ids:
            homes[article].add(incident.id)
    claims = []
    for number, each in enumerate(groups):
        shared = Counter(i for story in each.stories for i in homes.get(story.article_id, ()))
        violations = {number for story in each.stories for number, _ in story.violations}
        for old, n in shared.items():
            claims.append((-n - len(violations & set(before[old].violation_ids)), old, number))
    kept: dict[int, int] = {}
    used: set[int] = set()
    for _, old, number in sorted(claims):
        if number not in kept and old not in used:
            kept[number] = old
            used.add(old)
    return kept


def _slug(each: _Group, taken: set[str]) -> str:
    violation = _main(each)
    who = next(iter(violation.named("violator")), "unknown")
    base = "-".join(slug_of(who).split("-")[:4] + violation.rule_type.split("_")) or "incident"
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def _new_id(each: _Group, slug: str) -> int:
    digest = hashlib.sha256(f"incident\x1f{each.stories[0].article_id}\x1f{slug}".encode()).digest()
    return int.from_bytes(digest[:7], "big") >> 3


def _main(each: _Group) -> Violation:
    """The violation that most of the group is about: the violator and rule type named most, then the surest."""
    found = [v for story in each.stories for _, v in story.violations]
    heads = Counter((v.named("violator"), v.rule_type) for v in found)
    return max(found, key=lambda v: (bool(v.named("violator")), heads[v.named("violator"), v.rule_type], v.confidence))


def _incident(each: _Group, number: int, slug: str) -> Incident:
    found = [(n, v) for story in each.stories for n, v in story.violations]
    main = _main(each)
    status = max((v.status for _, v in found), key=STRENGTH.index)
    return Incident(
        id=number,
        slug=slug,
        title=_title(main, status),
        status=status,
        article_ids=tuple(story.article_id for story in each.stories),
        violation_ids=tuple(n for n, _ in found),
        joined_by=tuple(each.joined_by.items()),
    )


_SAID: dict[Status, str] = {
    "hypothetical": "{} might breach {}",
    "denied": "{} denies breaching {}",
    "alleged": "{} alleged to have breached {}",
    "under_investigation": "{} under investigation over {}",
    "dismissed": "Claim that {} breached {} dismissed",
    "settled": "{} settles over {}",
    "admitted": "{} reported to have admitted breaching {}",
    "found": "{} reported to have been found in breach of {}",
}


def _title(violation: Violation, status: Status) -> str:
    who = " and ".join(violation.named("violator")[:2]) or "Somebody not named"
    rule = violation.rule or f"a rule ({violation.rule_type.replace('_', ' ')})"
    return _SAID[status].format(who, rule)
