"""How likely each block is part of the article: two rounds of small trees, the second knowing the first's verdicts.

The trees stand in ``weights.json``, made by ``tests/bench/train_reader.py``: each is a nested list ``[feature, edge,
below, above]`` with the names of `features.NUMBERS`, `CONTEXT` and `BIT_NAMES`; its ends are log-odds to be added.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from math import exp, log1p
from typing import Any

from crawler.pages.blocks import FAMILIES, TAGS_ABOVE, Block
from crawler.pages.features import NUMBERS, Row

CONTEXT = (
    "chance", "chance_-3", "chance_-2", "chance_-1", "chance_+1", "chance_+2", "chance_+3", "mass_before", "mass_after",
    "mass", "look_chance", "path_chance", "parent_chance", "parent_mass",
)  # fmt: skip
"""What the second round knows besides: the first's verdicts on the block, its neighbours and its like."""
BIT_NAMES = tuple(
    [f"around:{name}" for name in (*TAGS_ABOVE, "hidden", "article_body")]
    + [f"{word}:{name}" for word in ("own", "parent", "named") for name in FAMILIES]
)
"""Names of `features.BITS`."""
_UNKNOWN = -0.1
"""Stands for the chance of a neighbour that does not exist."""
_HOPELESS = 0.01
"""Chance below which the second round is not asked: of a third of the blocks, none of which it ever took for text."""

Score = Callable[[Sequence[float], tuple[int, int, int, int]], float]


def chances(blocks: Sequence[Block], rows: Sequence[Row]) -> list[float]:
    """For each row how likely its block is part of the article, 0 to 1."""
    first, second = _rounds()
    early = [_chance(first(row.numbers, row.bits)) for row in rows]
    context = contexts(blocks, rows, early)
    return [
        _chance(second([*row.numbers, *known], row.bits)) if known[0] >= _HOPELESS else known[0]
        for row, known in zip(rows, context, strict=True)
    ]


def contexts(blocks: Sequence[Block], rows: Sequence[Row], early: Sequence[float]) -> list[list[float]]:
    """The values of `CONTEXT` for each row, given the first round's chances."""
    masses = [chance * row.numbers[0] for chance, row in zip(early, rows, strict=True)]
    weights = [log1p(row.numbers[0]) for row in rows]
    total = sum(masses) + 1e-6
    places = [blocks[row.index].place for row in rows]
    keys = [(place.look, place.path, id(place.above)) for place in places]
    sums: list[dict[object, float]] = [defaultdict(float) for _ in range(3)]
    counts: list[dict[object, float]] = [defaultdict(float) for _ in range(3)]
    shares: dict[int, float] = defaultdict(float)
    for n, key in enumerate(keys):
        shares[key[2]] += masses[n]
        for which in range(3):
            sums[which][key[which]] += early[n] * weights[n]
            counts[which][key[which]] += weights[n]
    padded = [_UNKNOWN] * 3 + list(early) + [_UNKNOWN] * 3
    found, before = [], 0.0
    for n, key in enumerate(keys):
        values = [early[n], *padded[n : n + 3], *padded[n + 4 : n + 7], before / total]
        before += masses[n]
        values += [(total - before) / total, total]
        for which in range(3):
            others = counts[which][key[which]] - weights[n]
            values.append((sums[which][key[which]] - early[n] * weights[n]) / others if others > 1e-6 else _UNKNOWN)
        values.append((shares[key[2]] - masses[n]) / total)
        found.append(values)
    return found


def threshold() -> float:
    """The chance from which a block is text."""
    return float(_weights()["threshold"])


def _chance(odds: float) -> float:
    return 1 / (1 + exp(-odds)) if odds > -30 else 0.0


@cache
def _weights() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("crawler.pages").joinpath("weights.json").read_text("utf-8"))
    return found


@cache
def _rounds() -> tuple[Score, Score]:
    return compiled(_weights()["first"], NUMBERS), compiled(_weights()["second"], NUMBERS + CONTEXT)


def compiled(rounds: dict[str, Any], known: Sequence[str]) -> Score:
    """The trees of one round, which knows such numbers, as one function; to walk the lists takes far longer."""
    numbers = {name: f"x{n}" for n, name in enumerate(known)}
    names = dict(zip(BIT_NAMES, _BIT_TESTS, strict=True))
    lines = [f" t += {_expression(tree, numbers, names)}" for tree in rounds["trees"]]
    source = "\n".join(
        [
            "def score(numbers, bits):",
            f" {', '.join(numbers.values())} = numbers",
            " a, b, c, d = bits",
            f" t = {float(rounds['base'])!r}",
            *lines,
            " return t",
        ]
    )
    made: dict[str, Any] = {}
    exec(compile(source, "weights.json", "exec"), made)
    score: Score = made["score"]
    return score


_BIT_TESTS = [f"a & {1 << n}" for n in range(len(TAGS_ABOVE) + 2)] + [
    f"{word} & {1 << n}" for word in "bcd" for n in range(len(FAMILIES))
]


def _expression(tree: Any, numbers: dict[str, str], bits: dict[str, str]) -> str:
    if not isinstance(tree, list):
        return repr(float(tree))
    name, edge, below, above = tree
    low, high = _expression(below, numbers, bits), _expression(above, numbers, bits)
    if name in bits:
        return f"({high} if {bits[name]} else {low})"
    return f"({low} if {numbers[name]} <= {float(edge)!r} else {high})"
