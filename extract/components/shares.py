"""What each of several pays, where one sentence tells it of each: "Orvane will pay $2m and Tarnwell $1m"."""

import re
from dataclasses import replace
from itertools import groupby

from extract.components.actors import Actor
from extract.components.sanctions import GAPPED, Amount, amounts
from extract.components.scene import Scene
from extract.components.status import BACKGROUND
from extract.components.targets import is_same
from extract.components.tree import Stretch

_PAYERS = frozenset({"company", "name", "person", "project"})
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_BEHIND = 6  # tokens from a sum to the name of its payer
_IN_THEIR_ORDER = re.compile(r"\brespectively\b", re.IGNORECASE)


def share(actor: Actor, scene: Scene) -> tuple[int, Amount] | None:
    """The number of the sentence that tells what each of several pays, and the actor's own sum; ``None`` without."""
    for number, span in enumerate(scene.sentences):
        if scene.in_title(number) or scene.says(BACKGROUND, number):
            continue
        sums = [a for a in amounts(scene.texts[number]) if not (a.is_sought or a.is_total or a.is_each)]
        sums = _with_gapped(sums, scene.texts[number])
        if len(sums) < 2:
            continue
        payers = [a for a in scene.cast.named(span.start, span.end) if a.kind in _PAYERS and not _is_paid(a, scene)]
        ends = [scene.doc[a.end - 1 : a.end].end_char - span.start_char for a in payers]
        if _IN_THEIR_ORDER.search(scene.texts[number]) and len(payers) == len(sums):
            pairs = list(zip(payers, sums, strict=True))
        else:
            pairs = _upon(payers, sums, span) or _alternating(payers, ends, sums)
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


def _upon(payers: list[Actor], sums: list[Amount], span: Stretch) -> list[tuple[Actor, Amount]]:
    """Each sum with the name behind it: "24m on X and 17m on Y"; empty if one has none."""
    found = []
    for sum_ in sums:
        end = span.part(sum_.start, sum_.end).end
        if end >= span.end or span.doc[end].lower_ not in ("against", "on"):
            return []
        payer = next((p for p in payers if end < p.start <= end + _BEHIND), None)
        if payer is None:
            return []
        found.append((payer, sum_))
    return found


def _with_gapped(sums: list[Amount], text: str) -> list[Amount]:
    """The sums, and those that share the coin of the first: "24 million euros on X and 17 million on Y"."""
    if not sums:
        return sums
    more = [
        replace(sums[0], start=m.start(), end=m.end(), value=float(m["number"].replace(",", "")) * _SCALE[m["scale"]])
        for m in GAPPED.finditer(text, sums[0].end)
    ]
    return [*sums, *more]
