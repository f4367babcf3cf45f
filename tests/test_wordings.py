"""What the violation finder makes of short texts that say each in words of its own that somebody is punished.

Half of them were set aside before it was tuned on the others: how far its words reach.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from spacy.language import Language

from extract.facts import Text, Violation
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_TEXTS = Path(__file__).parent / "texts"


@pytest.fixture(scope="module")
def scores() -> dict[str, Counter[str]]:
    nlp = build_pipeline(load_lexicon())
    return {name: _counts(name, nlp) for name in ("wordings", "wordings_aside")}


def _counts(name: str, nlp: Language) -> Counter[str]:
    """Sanctions wanted, and found of the right one; texts that blame somebody else, or though nobody is to blame."""
    cases = yaml.safe_load((_TEXTS / f"{name}.yml").read_text(encoding="utf-8"))
    texts = [document(nlp, Text(article_id=1, title=c["title"], text=c["text"].strip())) for c in cases]
    counts = Counter[str]()
    for case, doc in zip(cases, nlp.pipe(texts), strict=True):
        wanted, found = case["violations"], doc._.violations
        known = {n for w in wanted for n in _names(w)}
        blamed = {n for v in found for n in v.named("violator")}
        counts["wanted"] += len(wanted)
        counts["right"] += sum(any(_is_right(w, v) for v in found) for w in wanted)
        counts["wrong"] += bool(blamed - known)
        counts["false_alarms"] += bool(found and not wanted)
    return counts


def _names(wanted: dict[str, Any]) -> Iterator[str]:
    for spelled in wanted["by"]:
        yield from spelled.split("|")


def _is_right(wanted: dict[str, Any], violation: Violation) -> bool:
    is_his = any(name in violation.named("violator") for name in _names(wanted))
    return is_his and violation.sanction in wanted["sanction"].split("|")


@pytest.mark.parametrize(
    ("name", "right", "wrong", "false_alarms"), [("wordings", 0.57, 18, 3), ("wordings_aside", 0.11, 26, 6)]
)
def test_sanctions_are_found_in_their_words(
    scores: dict[str, Counter[str]], name: str, right: float, wrong: int, false_alarms: int
) -> None:
    counts = scores[name]
    assert counts["right"] >= right * counts["wanted"], counts
    assert counts["wrong"] <= wrong, counts
    assert counts["false_alarms"] <= false_alarms, counts
