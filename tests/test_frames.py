"""Every frame gives what its examples say, and nothing for its counter-examples."""

import re
from collections import Counter

import pytest
from spacy.language import Language

from extract.components.claims import Claim
from extract.components.frames import Frame, load_frames
from extract.components.violations import ViolationFinder
from extract.facts import Text
from extract.pipeline import build_pipeline, document
from extract.vocabulary import load_lexicon

_FRAMES = load_frames().frames
_EXAMPLES = [(f, line, False) for f in _FRAMES for line in f.examples] + [
    (f, line, True) for f in _FRAMES for line in f.headlines
]
_NOT = [(f, line) for f in _FRAMES for line in f.not_]


@pytest.fixture(scope="module")
def nlp() -> Language:
    return build_pipeline(load_lexicon())


def _claims(nlp: Language, title: str, body: str) -> list[Claim]:
    finder = nlp.get_pipe("blotter_violations")
    assert isinstance(finder, ViolationFinder)
    return finder.claims(finder.scene(nlp(document(nlp, Text(article_id=1, title=title, text=body)))))


@pytest.mark.parametrize(
    ("frame", "line", "is_title"), _EXAMPLES, ids=lambda v: v.id if isinstance(v, Frame) else str(v)[:50]
)
def test_example_names_its_violators(nlp: Language, frame: Frame, line: str, is_title: bool) -> None:
    expected = set(re.findall(r"\[([^\]]+)\]", line))
    plain = line.replace("[", "").replace("]", "")
    claims = (
        _claims(nlp, plain, f"More on {' and '.join(sorted(expected))} follows.")
        if is_title
        else _claims(nlp, "", plain)
    )
    found = [{a.name for a in c.violators} for c in claims if c.frame == frame.id and c.status != "hypothetical"]
    assert expected in found, [(c.frame, c.status, [a.name for a in c.violators]) for c in claims]


@pytest.mark.parametrize(("frame", "line"), _NOT, ids=lambda v: v.id if isinstance(v, Frame) else str(v)[:50])
def test_counter_example_claims_nothing(nlp: Language, frame: Frame, line: str) -> None:
    claims = _claims(nlp, "", line)
    assert not [c for c in claims if c.frame == frame.id and c.violators and c.status not in ("hypothetical", "denied")]


def test_phrase_stands_in_one_frame_unless_other_words_decide() -> None:
    phrases = [phrase for f in _FRAMES if f.with_words is None for phrase in f.phrase]
    assert sorted(phrase for phrase, count in Counter(phrases).items() if count > 1) == []
