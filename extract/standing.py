"""What the claims about one incident come to: the status that counts, and the line a reader may quote."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from extract.facts import Status, Violation
from extract.titles import violation_title


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One claim, with the day on which it was reported."""

    number: int
    """Id of the violation."""
    violation: Violation
    published: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a matter stands."""

    status: Status
    title: str
    of_chief: tuple[Told, ...]
    """The claims against those whom most of them blame, under the kind of rule most named."""
    told_by: int
    """Id of the first violation with the status."""
    before: tuple[tuple[Status, int], ...]
    """The statuses before, as report came after report, each with the id of the violation that brought it."""


def standing(told: Sequence[Told]) -> Standing:
    """What these claims, at least one and oldest first, come to."""
    chief = _of_chief(told)
    status = strongest_latest((one.published, one.violation.status) for one in chief)
    of_status = [one for one in chief if one.violation.status == status]
    return Standing(
        status=status,
        title=violation_title(main_violation(one.violation for one in of_status)),
        of_chief=tuple(chief),
        told_by=of_status[0].number,
        before=tuple(_before(chief, status)),
    )


def strongest_latest(told: Iterable[tuple[str | None, Status]]) -> Status:
    """The status that counts of those reported, with their dates: of the strongest, the latest.

    >>> strongest_latest([("2025-03-01", "found"), ("2025-06-01", "dismissed"), ("2025-07-01", "alleged")])
    'dismissed'
    """
    return max(told, key=lambda one: (_STRENGTH[one[1]], one[0] or "", one[1]))[1]


def main_violation(found: Iterable[Violation]) -> Violation:
    """The claim that most is about: violators and rule type named most often, then the surest, then the first."""
    found = list(found)
    often = Counter((v.named("violator"), v.rule_type) for v in found)
    return max(found, key=lambda v: (bool(v.named("violator")), often[v.named("violator"), v.rule_type], v.confidence))


_STRENGTH: Mapping[Status, int] = {
    "hypothetical": 0, "denied": 1, "alleged": 2, "under_investigation": 3,
    "found": 4, "admitted": 4, "settled": 4, "dismissed": 4,
}  # fmt: skip


def _of_chief(told: Sequence[Told]) -> list[Told]:
    """A claim that was dismissed says nothing of another one, under another rule, that goes on."""
    blamed = _violators(main_violation(one.violation for one in told))
    against = [one for one in told if not blamed or blamed & _violators(one.violation)]
    kinds = Counter(one.violation.rule_type for one in against)
    kind = max(kinds, key=lambda kind: (kind != "unspecified", kinds[kind]))
    return [one for one in against if one.violation.rule_type in (kind, "unspecified")]


def _before(told: Sequence[Told], status: Status) -> Iterator[tuple[Status, int]]:
    """What counted after each day on which something was reported, until the status that counts now did."""
    dated = sorted((one.published, one.number, one.violation.status) for one in told if one.published)
    known: dict[Status, tuple[str, int]] = {}
    last: Status | None = None
    for _, reports in groupby(dated, key=itemgetter(0)):
        for day, number, its in reports:
            known[its] = (day, known[its][1] if its in known else number)
        now = strongest_latest((day, its) for its, (day, _) in known.items())
        if now == status:
            return
        if now != last:
            yield now, known[now][1]
        last = now


def _violators(violation: Violation) -> frozenset[str]:
    return frozenset(p.entity or p.name for p in violation.parties if p.role == "violator")
