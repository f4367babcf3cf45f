"""What each of several pays, where one sentence tells it of each: "Orvane will pay $2m and Tarnwell $1m"."""

import re
from itertools import groupby

from extract.components.actors import Actor
from extract.components.sanctions import Amount, amounts
from extract.components.scene import Scene
from extract.components.status import BACKGROUND
from extract.components.targets import is_same

_PAYERS = frozenset({"company", "name", "person", "project"})
_IN_THEIR_ORDER = re.compile(r"\brespectively\b", re.IGNORECASE)


def share(actor: Actor, scene: Scene) -> tuple[int, Amount] | None:
    """The number of the sentence that tells what each of several pays, and the actor's own sum; ``None`` without."""
    for number, span in enumerate(scene.sentences):
        if scene.in_title(number) or scene.says(BACKGROUND, number):
            continue
        sums = [a for a in amounts(scene.texts[number]) if not (a.is_sought or a.is_total or a.is_each)]
        if len(sums) < 2:
            continue
        payers = [a for a in scene.cast.named(span.start, span.end) if a.kind in _PAYERS and not _is_paid(a, scene)]
        ends = [scene.doc[a.end - 1 : a.end].end_char - span.start_char for a in payers]
        if _IN_THEIR_ORDER.search(scene.texts[number]) and len(payers) == len(sums):
            pairs = list(zip(payers, sums, strict=True))
        else:
            pairs = _alternating(payers, ends, sums)
        if len({p.identity for p, _ in pairs}) == len(pairs) > 1:
            own = next((s for p, s in pairs if p.identity == actor.identity or is_same(p, actor)), None)
            if own is not None:
                return number, own
    return None


def _is_paid(actor: Actor, scene: Scene) -> bool:
    """ "pays 2m to X": to whom."""
    return actor.start > 0 and scene.doc[actor.start - 1].lower_ in ("from", "to")


def _alternating(payers: list[Actor], ends: list[int], sums: list[Amount]) -> list[tuple[Actor, Amount]]:
    """Each sum with the last name before it; empty if two sums follow one name."""
    before = [max((n for n, end in enumerate(ends) if end <= s.start), default=-1) for s in sums]
    if -1 in before or any(len(list(group)) > 1 for _, group in groupby(before)):
        return []
    return [(payers[n], s) for n, s in zip(before, sums, strict=True)]
