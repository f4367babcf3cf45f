"""Groups of stories into incidents: who is said to have broken which rule, under an id that stays."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from extract.facts import Incident, Story
from extract.grouping import Group, grouped
from extract.history import stages
from extract.matters import Matter, owner_in
from extract.pairs import Archive
from extract.standing import Told, main_violation, standing
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
    groups = grouped(stories, owner=owner_in(lexicon), archive=archive)
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
    told = [
        Told(number=n, violation=violation, published=matter.story.published)
        for matter in each.matters
        for n, violation in matter.violations
    ]
    its = standing(told)
    return Incident(
        id=number,
        slug=slug,
        title=its.title,
        status=its.status,
        article_ids=tuple(dict.fromkeys(matter.story.article_id for matter in each.matters)),
        violation_ids=tuple(one.number for one in told),
        joined_by=tuple(each.joined_by.items()),
        before=its.before,
        told_by=((its.status, its.told_by), *stages((one.number, one.violation) for one in its.of_chief)),
    )


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
