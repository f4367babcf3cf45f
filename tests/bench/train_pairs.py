"""Trains the weights of ``extract/pairs.yml`` on stories with their incidents, and measures them by incident.

    pip install scipy numpy
    python tests/bench/train_pairs.py --cv GOLD.jsonl
    python tests/bench/train_pairs.py --write extract/pairs.yml GOLD.jsonl

A line of the gold file is a story: ``title``, ``text``, ``date``, ``publisher``, ``cluster``. In the cross-validation a
pair is judged by weights that were learned without any pair of either story's incident.
"""

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from extract import grouping
from extract.facts import Story
from extract.pairs import FEATURES, Archive, Side, Weights, features

FOLDS = 5
RIDGE = 30.0
"""On each weight's square; from 20 to 50 nothing moves."""
AGAINST = FEATURES[FEATURES.index("days") :]
"""Features that may only speak against one matter; the others may only speak for it."""


def main() -> None:
    """Measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.gold.read_text("utf-8").splitlines()]
    stories = [
        Story(article_id=n, title=r["title"], text=r["text"], published=r["date"] or None, publisher=r["publisher"])
        for n, r in enumerate(rows)
    ]
    gold = [row["cluster"] for row in rows]
    inputs, pairs = compared(stories)
    labels = np.array([gold[a] == gold[b] for a, b in pairs])
    print(f"{len(pairs) / len(stories):.1f} candidates a story, {labels.sum()} of {joined(gold)} pairs among them")
    if args.cv:
        cross_validate(stories, gold, inputs, pairs, labels)
    if args.write:
        args.write.write_text(table(fit(inputs, labels)), "utf-8")


def compared(stories: list[Story]) -> tuple[np.ndarray, list[tuple[int, int]]]:
    """The features of all pairs that the grouping compares."""
    seen: dict[tuple[int, int], tuple[float, ...]] = {}

    def odds(a: Side, b: Side, archive: Archive) -> float:
        seen[a.profile.article_id, b.profile.article_id] = features(a, b, archive)
        return -9.0

    grouping.grouped(stories, odds=odds)
    return np.array(list(seen.values())), list(seen)


def joined(gold: list[str]) -> int:
    """Pairs of stories that belong together."""
    return sum(n * (n - 1) // 2 for n in Counter(gold).values())


def fit(inputs: np.ndarray, labels: np.ndarray) -> Weights:
    """Logistic regression whose weights have the sign that their features must have."""
    mean, scale = inputs.mean(0), inputs.std(0)
    scale[scale == 0] = 1
    z, sign = (inputs - mean) / scale, np.where(labels, 1.0, -1.0)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (z @ w[1:] + w[0])
        slope = -sign / (1 + np.exp(margin))
        value = np.logaddexp(0, -margin).sum() + RIDGE * (w[1:] ** 2).sum() / 2
        return value, np.r_[slope.sum(), z.T @ slope + RIDGE * w[1:]]

    bounds = [(None, None), *((None, 0) if name in AGAINST else (0, None) for name in FEATURES)]
    w = minimize(loss, np.zeros(len(FEATURES) + 1), jac=True, bounds=bounds, method="L-BFGS-B").x.tolist()
    return Weights(bias=w[0], table=tuple(zip(mean.tolist(), scale.tolist(), w[1:], strict=True)))


def cross_validate(
    stories: list[Story], gold: list[str], inputs: np.ndarray, pairs: list[tuple[int, int]], labels: np.ndarray
) -> None:
    """Print how well the grouping does at several thresholds, each pair judged by weights that do not know it."""
    folds = [int(hashlib.sha1(cluster.encode()).hexdigest(), 16) % FOLDS for cluster in gold]
    ends = np.array([[folds[a], folds[b]] for a, b in pairs])
    models = {
        frozenset((a, b)): fit(inputs[keep], labels[keep])
        for a in range(FOLDS)
        for b in range(a, FOLDS)
        if (keep := ~np.isin(ends, [a, b]).any(1)).any()
    }

    def odds(a: Side, b: Side, archive: Archive) -> float:
        return models[frozenset((folds[a.profile.article_id], folds[b.profile.article_id]))].odds(a, b, archive)

    for attach in (0.6, 0.65, 0.7, 0.75):
        for merge in (0.25, 0.3, 0.35):
            grouping.ATTACH, grouping.MERGE = attach, merge
            print(f"attach {attach} merge {merge}: {score(gold, found(stories, odds))}")


def found(stories: list[Story], odds: Callable[[Side, Side, Archive], float]) -> list[int]:
    """Number of the group of each story."""
    groups = grouping.grouped(stories, odds=odds)
    of = {matter.story.article_id: n for n, group in enumerate(groups) for matter in group.matters}
    return [of[n] for n in range(len(stories))]


def score(gold: list[str], found: list[int]) -> str:
    """B-cubed over all and over the stories that are not alone, F1 of pairs, groups that mix incidents."""
    right, mine = defaultdict(set), defaultdict(set)
    for n, (cluster, group) in enumerate(zip(gold, found, strict=True)):
        right[cluster].add(n)
        mine[group].add(n)

    def b3(numbers: list[int]) -> float:
        p = np.mean([len(right[gold[n]] & mine[found[n]]) / len(mine[found[n]]) for n in numbers])
        r = np.mean([len(right[gold[n]] & mine[found[n]]) / len(right[gold[n]]) for n in numbers])
        return float(2 * p * r / (p + r))

    both = sum(n * (n - 1) for n in Counter(zip(gold, found, strict=True)).values())
    pair = 2 * both / sum(n * (n - 1) for c in (gold, found) for n in Counter(c).values())
    mixed = sum(len({gold[n] for n in numbers}) > 1 for numbers in mine.values())
    multi = [n for n in range(len(gold)) if len(right[gold[n]]) > 1]
    return f"B3 {b3(list(range(len(gold)))):.3f}, of several {b3(multi):.3f}, pairs {pair:.3f}, mixed {mixed}"


def table(weights: Weights) -> str:
    """The weights as the file that ships."""
    lines = [
        "# How likely two stories are about one matter: a logistic model of the features that extract/pairs.py gives.",
        "# Written by tests/bench/train_pairs.py; (feature - mean) / scale * weight, summed over all, plus the bias.",
        f"bias: {weights.bias:.4f}",
        "features:",
    ]
    for name, (mean, scale, weight) in zip(FEATURES, weights.table, strict=True):
        lines.append(f"  {name}: {{mean: {mean:.4f}, scale: {scale:.4f}, weight: {weight:.4f}}}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
