"""Where two sources say different things of the same violator and rule."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from extract.facts import Contradiction, Incident, Story, Violation
from extract.vocabulary import slug_of

DAYS = 3
"""Another status later than this is a development and no contradiction."""
OPEN = frozenset(("alleged", "under_investigation", "denied"))
"""Statuses that go together: what is alleged may be denied, and looked into."""
ROUNDED = 0.03
"""Amounts that differ by less, relatively, are one amount rounded in two ways."""


@dataclass(frozen=True, slots=True)
class _Claim:
    """One violation, with who printed it when."""

    rank: tuple[str, int]
    """Date and id: sorts the first in front."""
    publisher: str
    violation: Violation

    @property
    def published(self) -> str:
        return self.rank[0]

    @property
    def id(self) -> int:
        return self.rank[1]


def contradictions(stories: Iterable[Story], incidents: Iterable[Incident]) -> tuple[Contradiction, ...]:
    """What contradicts what within each incident: for every two values the first that has each.

    Copies must be left out of the stories: a text printed twice is one source.
    """
    claims = {
        number: _Claim(
            rank=(story.published or "", number), publisher=(story.publisher or "").casefold(), violation=violation
        )
        for story in stories
        for number, violation in story.violations
    }
    return tuple(
        found
        for incident in incidents
        for same in _by_matter(claims[n] for n in incident.violation_ids if n in claims)
        for found in (
            *_of_status(incident.id, same),
            *_of_amount(incident.id, same),
            *_of_date(incident.id, same),
        )
    )


def _by_matter(claims: Iterable[_Claim]) -> list[list[_Claim]]:
    """The claims against one violator under one type of rule, oldest first."""
    groups: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda claim: claim.rank):
        violators = sorted(p.entity or slug_of(p.name) for p in claim.violation.parties if p.role == "violator")
        for violator in dict.fromkeys(violators):
            groups[violator, claim.violation.rule_type].append(claim)
    return [groups[key] for key in sorted(groups)]


def _of_status(incident: int, claims: list[_Claim]) -> Iterator[Contradiction]:
    told = [claim for claim in claims if claim.violation.status != "hypothetical" and claim.published]
    seen: set[frozenset[str]] = set()
    for a, b in combinations(told, 2):
        values = frozenset((a.violation.status, b.violation.status))
        if (
            len(values) > 1
            and not values <= OPEN
            and values not in seen
            and _differ_in_source(a, b)
            and _days(a, b) <= DAYS
        ):
            seen.add(values)
            yield Contradiction(
                incident_id=incident,
                field="status",
                violation_id=a.id,
                value=a.violation.status,
                other_id=b.id,
                other_value=b.violation.status,
            )


def _of_amount(incident: int, claims: list[_Claim]) -> Iterator[Contradiction]:
    told = [claim for claim in claims if claim.violation.amount and claim.violation.currency]
    seen: set[tuple[str, str]] = set()
    for a, b in combinations(told, 2):
        values = _written(a.violation), _written(b.violation)
        if values not in seen and _differ_in_source(a, b) and _amounts_differ(a.violation, b.violation):
            seen |= {values, (values[1], values[0])}
            yield Contradiction(
                incident_id=incident,
                field="amount",
                violation_id=a.id,
                value=values[0],
                other_id=b.id,
                other_value=values[1],
            )


def _of_date(incident: int, claims: list[_Claim]) -> Iterator[Contradiction]:
    """One who is told on another day to have done or suffered the same: words with two days tell of two things."""
    told = [(claim, day) for claim in claims if (day := _told_day(claim)) is not None]
    seen: set[frozenset[str]] = set()
    for (a, one), (b, other) in combinations(told, 2):
        values = frozenset((one, other))
        if len(values) > 1 and values not in seen and _differ_in_source(a, b) and _tell_the_same(a, b):
            seen.add(values)
            yield Contradiction(
                incident_id=incident, field="date", violation_id=a.id, value=one, other_id=b.id, other_value=other
            )


def _told_day(claim: _Claim) -> str | None:
    """The one day that the evidence names, without a year as the month and day of the year it was printed in."""
    found = list(_DAY.finditer(claim.violation.evidence.words))
    if len(found) != 1 or not (found[0]["year"] or claim.published):
        return None
    month = _MONTHS.index((found[0]["m"] or found[0]["month"])[:3].casefold()) + 1
    return f"{found[0]['year'] or claim.published[:4]}-{month:02}-{int(found[0]['d'] or found[0]['day']):02}"


def _tell_the_same(a: _Claim, b: _Claim) -> bool:
    one, other = a.violation, b.violation
    return (one.status, one.status_cue, one.sanction) == (other.status, other.status_cue, other.sanction)


def _amounts_differ(a: Violation, b: Violation) -> bool:
    """Are these two amounts of the same kind and currency that no rounding brings together?"""
    is_same_kind = (a.currency, a.sanction, a.sanction_threatened) == (b.currency, b.sanction, b.sanction_threatened)
    one, other = a.amount or 0.0, b.amount or 0.0
    return is_same_kind and abs(one - other) > ROUNDED * max(one, other)


def _written(violation: Violation) -> str:
    return f"{violation.amount or 0:.15g} {violation.currency}"


def _differ_in_source(a: _Claim, b: _Claim) -> bool:
    return not a.publisher or a.publisher != b.publisher


def _days(a: _Claim, b: _Claim) -> int:
    return abs((date.fromisoformat(a.published) - date.fromisoformat(b.published)).days)


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?)"
)
_NUMBER = "[0-3]?[0-9]"
_DAY = re.compile(
    rf"\b(?:(?P<day>{_NUMBER})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})"
    rf"|(?P<m>{_MONTH})\.? (?P<d>{_NUMBER})(?:st|nd|rd|th)?)"
    r"\b(?:,? (?P<year>(?:19|20)\d\d)\b)?"
)
