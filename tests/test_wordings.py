"""What the violation finder makes of short texts that say each in words of its own that somebody is punished.

Half of them were set aside before it was tuned on the others: how far its words reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from extract.facts import Text, Violation
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_TEXTS = Path(__file__).parent / "texts"


@dataclass(slots=True)
class Score:
    """Sanctions wanted, and found of the right one; texts that blame somebody else, and that blame though nobody is."""

    wanted: int = 0
    right: int = 0
    wrong: int = 0
    false_alarms: int = 0


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    nlp = build_pipeline(load_lexicon())
    return {name: _score(name, nlp) for name in ("wordings", "wordings_aside")}


def _score(name: str, nlp: Any) -> Score:
    cases = yaml.safe_load((_TEXTS / f"{name}.yml").read_text(encoding="utf-8"))
    texts = [document(nlp, Text(article_id=1, title=c["title"], text=c["text"].strip())) for c in cases]
    score = Score()
    for case, doc in zip(cases, nlp.pipe(texts), strict=True):
        wanted, found = case["violations"], doc._.violations
        known = {n for w in wanted for n in _names(w)}
        blamed = {n for v in found for n in v.named("violator")}
        score.wanted += len(wanted)
        score.right += sum(any(_is_right(w, v) for v in found) for w in wanted)
        score.wrong += bool(blamed - known)
        score.false_alarms += bool(found and not wanted)
    return score


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
    scores: dict[str, Score], name: str, right: float, wrong: int, false_alarms: int
) -> None:
    score = scores[name]
    assert score.right >= right * score.wanted, score
    assert score.wrong <= wrong, score
    assert score.false_alarms <= false_alarms, score
