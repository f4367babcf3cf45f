"""How a matter went on: the stages that a claim reports beside its status."""

import re
from collections.abc import Iterable, Iterator

from extract.facts import Stage, Violation


def stages(told: Iterable[tuple[int, Violation]]) -> tuple[tuple[Stage, int], ...]:
    """The stages that these claims report, each with the number of the first claim that does."""
    found: dict[Stage, int] = {}
    for number, violation in told:
        for stage in _stages_of(violation):
            found.setdefault(stage, number)
    return tuple(found.items())


def _stages_of(violation: Violation) -> Iterator[Stage]:
    """What the report says has happened; a suit that may come, or has ended, is no news of a suit."""
    cue = violation.status_cue or ""
    if violation.status == "alleged" and _SUED.search(cue):
        yield "sued"
    if violation.status == "alleged" and (_CHARGED.search(cue) or violation.sanction == "arrest_or_charge"):
        yield "charged"
    if violation.response == "appealed":
        yield "appealed"
    if violation.status == "dismissed" and _OVERTURNED.search(cue):
        yield "overturned"


_SUED = re.compile(
    r"\b(?:counter)?(?:sue[sd]?|suing|(?:law)?suits?)\b|\bclass[- ]actions?\b|\bto court\b", re.IGNORECASE
)
_CHARGED = re.compile(r"\b(?:charge[sd]?|charging|indict(?:s|ed|ing|ments?)?|arraigned|prosecuted)\b", re.IGNORECASE)
_OVERTURNED = re.compile(
    r"\b(?:overturn|quash|annul|vacat|void|revers|struck down|strikes? down|set(?:s|ting)? aside)", re.IGNORECASE
)
