"""What each of several pays, where one sentence tells it of each: "Orvane will pay $2m and Tarnwell $1m"."""

import re
from itertools import groupby

from extract.components.actors import Actor
from extract.components.roles import Cast
from extract.components.sanctions import Amount, with_gapped
from extract.components.scene import Scene
from extract.components.status import BACKGROUND
from extract.components.targets import is_same
from extract.components.tree import Stretch, Tree

_PAYERS = frozenset({"company", "name", "person", "project"})
_BEHIND = 6  # tokens from a sum to the name of its payer
_IN_THEIR_ORDER = re.compile(r"\brespectively\b", re.IGNORECASE)


def share(actor: Actor, scene: Scene) -> tuple[int, Amount] | None:
    """The number of the sentence that tells what each of several pays, and the actor's own sum; ``None`` without."""
    for number, span in enumerate(scene.sentences):
        if scene.in_title(number) or scene.says(BACKGROUND, number):
            continue
        pairs = each_with_his(scene.cast, span)
        own = next((s for p, s in pairs if p.identity == actor.identity or is_same(p, actor)), None)
        if own is not None:
            return number, own
    return None


def each_with_his(cast: Cast, span: Stretch) -> list[tuple[Actor, Amount]]:
    """Several of a sentence, each with a sum of his own; empty if it tells of none or one, or not whose each sum is."""
    sums = [a for a in with_gapped(span.text) if not (a.is_sought or a.is_total or a.is_each)]
    if len(sums) < 2:
        return []
    payers = [a for a in cast.named(span.start, span.end) if a.kind in _PAYERS and not _is_paid(a, cast.doc)]
    if _IN_THEIR_ORDER.search(span.text) and len(payers) == len(sums):
        pairs = list(zip(payers, sums, strict=True))
    else:
        ends = [cast.doc[a.end - 1 : a.end].end_char - span.start_char for a in payers]
        pairs = _upon(payers, sums, span) or _alternating(payers, ends, sums)
    return pairs if len({p.identity for p, _ in pairs}) == len(pairs) > 1 else []


def _is_paid(actor: Actor, doc: Tree) -> bool:
    """ "pays 2m to X": to whom."""
    return actor.start > 0 and doc[actor.start - 1].lower_ in ("from", "to")


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
