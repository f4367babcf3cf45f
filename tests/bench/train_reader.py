"""Trains the trees of ``crawler/pages/weights.json`` on annotated pages, and measures them by publisher.

    pip install scikit-learn numpy
    python tests/bench/train_reader.py --cv 5 PAGES/sah PAGES/naeb PAGES/fundus80 PAGES/fundus_pub
    python tests/bench/train_reader.py --write crawler/pages/weights.json PAGES/...

A folder of pages holds ``truth.json`` (page id -> url, text, group) and ``html/ID.html.gz``. No publisher stands on
both sides of a fold, and the second round is trained on verdicts that the first gave on publishers it had not seen.
"""

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from lxml.html import HtmlElement
from sklearn.ensemble import HistGradientBoostingClassifier

from crawler.pages.blocks import Block, blocks
from crawler.pages.features import BITS, NUMBERS, Row, rows
from crawler.pages.generic import parsed
from crawler.pages.headline import headline
from crawler.pages.judge import BIT_NAMES, CONTEXT, contexts
from crawler.pages.markup import read_markup
from crawler.pages.text import decided, given_body

NAMES = (*NUMBERS, *BIT_NAMES)
# Chosen by --cv; more or larger trees gained nothing.
FIRST = {"max_iter": 120, "max_leaf_nodes": 8, "learning_rate": 0.1, "min_samples_leaf": 20, "l2_regularization": 1.0}
SECOND = {
    "max_iter": 200, "max_leaf_nodes": 16, "learning_rate": 0.05, "min_samples_leaf": 40, "l2_regularization": 5.0,
    "max_features": 0.3,
}  # fmt: skip
INNER = 4
"""Folds within the training part, for the verdicts the second round learns from."""


@dataclass(slots=True, eq=False)
class Page:
    """One annotated page, ready to learn from."""

    folder: str
    group: str
    tree: HtmlElement
    title: str
    truth: str
    found: list[Block]
    rows: list[Row]
    inputs: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def main() -> None:
    """Train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--cv", type=int, metavar="FOLDS", help="measure on publishers left out")
    parser.add_argument("--write", type=Path, metavar="FILE", help="train on all pages and write the trees")
    parser.add_argument("--threshold", type=float, default=0.45)
    args = parser.parse_args()
    pages = [page for folder in args.sets for page in read_set(folder)]
    judged, text = sum(len(p.labels) for p in pages), sum(int(p.labels.sum()) for p in pages)
    print(f"{len(pages)} pages, {judged} blocks judged, {text} of them text")
    if args.cv:
        measure(pages, args.cv)
    if args.write:
        first, second = trained(pages)
        table = {
            "threshold": args.threshold,
            "first": table_of(first, NAMES),
            "second": table_of(second, (*NUMBERS, *CONTEXT, *BIT_NAMES)),
        }
        args.write.write_text(written(table), "utf-8")


def read_set(folder: Path) -> Iterator[Page]:
    """The annotated pages of a folder."""
    for page_id, entry in sorted(json.loads((folder / "truth.json").read_text("utf-8")).items()):
        if entry.get("text"):
            html = gzip.decompress((folder / "html" / f"{page_id}.html.gz").read_bytes())
            url = entry["url"]
            group = (entry.get("group") or urlsplit(url).hostname or "").removeprefix("www.")
            yield read_one(html.decode("utf-8", "replace"), url, entry["text"], folder.name, group)


def read_one(html: str, url: str, truth: str, folder: str, group: str) -> Page:
    """A page cut into blocks, each with its row, its label and its weight."""
    tree = parsed(html, url)
    markup = read_markup(tree)
    name = headline(tree, markup)
    found = blocks(tree)
    title = name.title if name else ""
    summary = markup.first_meta("og:description", "description") or ""
    made = rows(found, title=title, summary=summary, body=given_body(markup))
    marks = labels([tokens(block.words) for block in found], tokens(truth))
    asked = np.array([row.index for row in made], dtype=int)
    size = np.array([len(tokens(found[n].words)) for n in asked])
    bits = [[float(bool(row.bits[word] & bit)) for word, bit in BITS] for row in made]
    inputs = np.array([[*map(float, row.numbers), *bit] for row, bit in zip(made, bits, strict=True)], dtype=np.float64)
    weight = np.log1p(size) * (600 / (300 + len(tokens(truth))))  # long articles must not drown the others
    return Page(
        folder,
        group,
        tree,
        title,
        truth,
        found,
        made,
        inputs.reshape(-1, len(NAMES)),
        np.array(marks, dtype=int)[asked],
        weight,
    )


def tokens(text: str) -> list[str]:
    """The runs of word characters."""
    return re.findall(r"\w+", text)


def labels(found: Sequence[Sequence[str]], truth: Sequence[str]) -> list[int]:
    """1 for each block that stands in the true text: the heaviest chain of blocks whose places in it do not go back."""
    spans = list(_spans(found, truth))
    marks = [0] * len(found)
    if not spans:
        return marks
    block, start, end, weight = (np.array(column) for column in zip(*spans, strict=True))
    best, before = weight.astype(float), np.full(len(spans), -1)
    for n in range(1, len(spans)):
        fits = (block[:n] < block[n]) & (end[:n] <= start[n] + 2)
        if fits.any():
            gains = np.where(fits, best[:n] + 0.5 * (abs(start[n] - end[:n]) <= 1), -1)
            before[n] = int(gains.argmax())
            best[n] += gains[before[n]]
    covered = np.zeros(len(truth), dtype=bool)
    n = int(best.argmax())
    while n >= 0:
        marks[block[n]] = 1
        covered[start[n] : end[n]] = True
        n = before[n]
    for b, s, e, _ in spans:  # what stands elsewhere in the true text, as summaries do
        if not marks[b] and len(found[b]) >= 8 and covered[s:e].mean() < 0.2:
            marks[b] = 1
            covered[s:e] = True
    return marks


def _spans(found: Sequence[Sequence[str]], truth: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where blocks may stand in the true text: block, start, end, weight."""
    at: dict[tuple[str, ...], list[int]] = {}
    for size in (1, 2, 3, 4):
        for n in range(len(truth) - size + 1):
            at.setdefault(tuple(truth[n : n + size]), []).append(n)
    for b, words in enumerate(found):
        if 0 < len(words) <= 4:
            yield from ((b, start, start + len(words), len(words)) for start in at.get(tuple(words), [])[:50])
        elif words:
            shingles = [tuple(words[n : n + 4]) for n in range(len(words) - 3)]
            offsets = Counter(start - n for n, shingle in enumerate(shingles) for start in at.get(shingle, [])[:50])
            for offset, count in offsets.most_common(5):
                if count >= 0.4 * len(shingles):
                    yield b, max(offset, 0), min(offset + len(words), len(truth)), count + 3


def fold_of(group: str, folds: int, salt: str = "") -> int:
    """Which fold a publisher is in."""
    return int(hashlib.md5((salt + group).encode()).hexdigest(), 16) % folds


def fitted(
    pages: Sequence[Page], inputs: Sequence[np.ndarray], options: dict[str, Any]
) -> HistGradientBoostingClassifier:
    """Trees for one round."""
    trees = HistGradientBoostingClassifier(early_stopping=False, random_state=0, **options)
    return trees.fit(
        np.vstack(inputs),
        np.concatenate([p.labels for p in pages]),
        sample_weight=np.concatenate([p.weights for p in pages]),
    )


def verdicts(trees: HistGradientBoostingClassifier, inputs: np.ndarray) -> np.ndarray:
    """Chances of the rows."""
    return trees.predict_proba(inputs)[:, 1] if len(inputs) else np.zeros(0)


def with_context(page: Page, early: np.ndarray) -> np.ndarray:
    """Inputs of the second round."""
    known = np.array(contexts(page.found, page.rows, early.tolist()), dtype=np.float64).reshape(-1, len(CONTEXT))
    return np.hstack([page.inputs[:, : len(NUMBERS)], known, page.inputs[:, len(NUMBERS) :]])


def trained(pages: Sequence[Page]) -> tuple[HistGradientBoostingClassifier, HistGradientBoostingClassifier]:
    """Both rounds."""
    early: dict[int, np.ndarray] = {}
    for n in range(INNER):
        rest = [p for p in pages if fold_of(p.group, INNER, "inner") != n]
        trees = fitted(rest, [p.inputs for p in rest], FIRST)
        early |= {id(p): verdicts(trees, p.inputs) for p in pages if fold_of(p.group, INNER, "inner") == n}
    first = fitted(pages, [p.inputs for p in pages], FIRST)
    return first, fitted(pages, [with_context(p, early[id(p)]) for p in pages], SECOND)


def measure(pages: Sequence[Page], folds: int) -> None:
    """Print precision, recall, F1 over shingles of 4 words, the exact share and that of pages read badly."""
    results: dict[str, list[tuple[float, float, bool]]] = {}
    for n in range(folds):
        first, second = trained([p for p in pages if fold_of(p.group, folds) != n])
        for page in (p for p in pages if fold_of(p.group, folds) == n):
            chance = verdicts(second, with_context(page, verdicts(first, page.inputs)))
            asked = [page.found[row.index] for row in page.rows]
            read = decided(page.tree, asked, chance.tolist(), title=page.title)
            results.setdefault(page.folder, []).append(compared(tokens(page.truth), tokens(read.text)))
    for name, found in [*results.items(), ("all", [each for part in results.values() for each in part])]:
        precision, recall, exact = (float(np.mean(column)) for column in zip(*found, strict=True))
        bad = float(np.mean([_f1(p, r) < 0.8 for p, r, _ in found]))
        print(
            f"{name:12} F1 {_f1(precision, recall):.4f}  precision {precision:.4f}  recall {recall:.4f}  "
            f"exact {exact:.3f}  under 0.8: {bad:.3f}"
        )


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / ((precision + recall) or 1)


def compared(true: list[str], got: list[str]) -> tuple[float, float, bool]:
    """Precision, recall over shingles, and whether the words are the same."""
    one = Counter(tuple(true[n : n + 4]) for n in range(max(1, len(true) - 3)))
    two = Counter(tuple(got[n : n + 4]) for n in range(max(1, len(got) - 3)))
    shared = sum((one & two).values())
    return shared / sum(two.values()), shared / sum(one.values()), true == got


def table_of(trees: HistGradientBoostingClassifier, names: Sequence[str]) -> dict[str, Any]:
    """The trees as nested lists of names, thresholds and log-odds."""
    return {
        "base": round(float(trees._baseline_prediction[0, 0]), 4),
        "trees": [_nested(each[0].nodes, 0, names) for each in trees._predictors],
    }


def _nested(nodes: Any, n: int, names: Sequence[str]) -> Any:
    node = nodes[n]
    if node["is_leaf"]:
        return round(float(node["value"]), 3)
    edge = float(f"{node['num_threshold']:.4g}")
    return [names[node["feature_idx"]], edge, _nested(nodes, node["left"], names), _nested(nodes, node["right"], names)]


def written(table: dict[str, Any]) -> str:
    """JSON with one tree a line."""
    parts = [f'"threshold": {table["threshold"]}']
    for name in ("first", "second"):
        trees = ",\n  ".join(json.dumps(tree, separators=(",", ":")) for tree in table[name]["trees"])
        parts.append(f'"{name}": {{"base": {table[name]["base"]}, "trees": [\n  {trees}\n]}}')
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    main()
