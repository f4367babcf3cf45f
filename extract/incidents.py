"""Groups of stories into incidents: who is said to have broken which rule, under an id that stays."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from extract.facts import Incident, Status, Story, Violation
from extract.grouping import Group, grouped
from extract.history import stages
from extract.matters import Matter, Numbered, Owner, main_violation
from extract.pairs import Archive
from extract.titles import violation_title
from extract.vocabulary import Lexicon, slug_of


def group(
    stories: Iterable[Story],
    previous: Iterable[Incident] = (),
    *,
    lexicon: Lexicon | None = None,
    slugs: Iterable[str] = (),
    archive: Archive | None = None,
) -> tuple[Incident, ...]:
    """The incidents of these stories, by id.

    A group goes on with the previous incident that it shares most articles and violations with, and keeps its id and
    slug; a new one gets a slug that is not among ``slugs``. The lexicon tells that a company and its product or parent
    are one side. The archive tells how rare words are if these stories are only some.
    """
    groups = grouped(stories, owner=_owner(lexicon), archive=archive)
    found = [g for g in groups if any(matter.violations for matter in g.matters)]
    before = {incident.id: incident for incident in previous}
    heirs = _heirs(found, before)
    taken = {*slugs, *(incident.slug for incident in before.values())}
    tried: dict[str, int] = {}
    incidents = []
    for number, each in enumerate(found):
        old = heirs.get(number)
        slug = old.slug if old else _free(_slug_words(each), taken, tried)
        taken.add(slug)
        incidents.append(_incident(each, number=old.id if old else _new_id(each, slug), slug=slug))
    return tuple(sorted(incidents, key=lambda incident: incident.id))


def strongest_latest(told: Iterable[tuple[str | None, Status]]) -> Status:
    """The status that counts of those reported, with their dates: of the strongest, the latest.

    >>> strongest_latest([("2025-03-01", "found"), ("2025-06-01", "dismissed"), ("2025-07-01", "alleged")])
    'dismissed'
    """
    return max(told, key=lambda one: (_STRENGTH[one[1]], one[0] or "", one[1]))[1]


_STRENGTH: Mapping[Status, int] = {
    "hypothetical": 0, "denied": 1, "alleged": 2, "under_investigation": 3,
    "found": 4, "admitted": 4, "settled": 4, "dismissed": 4,
}  # fmt: skip


def _owner(lexicon: Lexicon | None) -> Owner:
    def owner(slug: str) -> str | None:
        record = lexicon.owner_of(slug) if lexicon else None
        return record.slug if record else None

    return owner


def _heirs(found: list[Group], before: Mapping[int, Incident]) -> dict[int, Incident]:
    """Number of a group → the previous incident that it goes on with; each goes on in one group at most."""
    homes: dict[int, list[int]] = defaultdict(list)
    for incident in before.values():
        for article in incident.article_ids:
            homes[article].append(incident.id)
    claims = []
    for number, each in enumerate(found):
        shared = Counter(i for m in each.matters for i in homes.get(m.story.article_id, ()))
        violations = {n for matter in each.matters for n, _ in matter.violations}
        for old, articles in shared.items():
            claims.append((-articles - len(violations & set(before[old].violation_ids)), old, number))
    heirs: dict[int, Incident] = {}
    used: set[int] = set()
    for _, old, number in sorted(claims):
        if number not in heirs and old not in used:
            heirs[number] = before[old]
            used.add(old)
    return heirs


def _incident(each: Group, *, number: int, slug: str) -> Incident:
    numbered = [(n, violation) for matter in each.matters for n, violation in matter.violations]
    told = _of_chief(each)
    status = strongest_latest((published, violation.status) for published, (_, violation) in told)
    of_status = [numbered for _, numbered in told if numbered[1].status == status]
    return Incident(
        id=number,
        slug=slug,
        title=violation_title(main_violation(v for _, v in of_status)),
        status=status,
        article_ids=tuple(dict.fromkeys(matter.story.article_id for matter in each.matters)),
        violation_ids=tuple(n for n, _ in numbered),
        joined_by=tuple(each.joined_by.items()),
        told_by=((status, of_status[0][0]), *stages(numbered for _, numbered in told)),
    )


def _of_chief(each: Group) -> list[tuple[str | None, Numbered]]:
    """With their dates the claims against those whom most of a group blames, under the kind of rule most named.

    Oldest first.     A claim that was dismissed says nothing of another one, under another rule, that goes on.
    """
    told = [(matter.story.published, numbered) for matter in each.matters for numbered in matter.violations]
    blamed = _violators(main_violation(v for _, (_, v) in told))
    against = [one for one in told if not blamed or blamed & _violators(one[1][1])]
    kinds = Counter(v.rule_type for _, (_, v) in against)
    kind = max(kinds, key=lambda kind: (kind != "unspecified", kinds[kind]))
    return [one for one in against if one[1][1].rule_type in (kind, "unspecified")]


def _violators(violation: Violation) -> frozenset[str]:
    return frozenset(p.entity or p.name for p in violation.parties if p.role == "violator")


def _slug_words(each: Group) -> str:
    """The main violator and the rule it is said to have broken, as part of an address."""
    violation = main_violation(v for matter in each.matters for _, v in matter.violations)
    who = next(iter(violation.named("violator")), "unknown")
    rule = violation.rule_entity or violation.rule_type
    words = [*slug_of(who).split("-")[:4], *slug_of(rule.replace("_", " ")).split("-")[:4]]
    return "-".join(word for word in words if word) or "incident"


def _free(slug: str, taken: set[str], tried: dict[str, int]) -> str:
    """The slug, with the first number that is free behind it if it is taken; ``tried`` says how far that was looked."""
    n, free = tried.get(slug, 2), slug
    while free in taken:
        n, free = n + 1, f"{slug}-{n}"
    tried[slug] = n
    return free


def _new_id(each: Group, slug: str) -> int:
    """53 bits of a hash over what the incident began with."""
    first: Matter = each.matters[0]
    digest = hashlib.sha256(f"incident\x1f{first.story.article_id}\x1f{slug}".encode()).digest()
    return int.from_bytes(digest[:7], "big") >> 3
