"""The two gates: what is let in, what is kept out, and what is said of it."""

import json
from pathlib import Path

import pytest
import yaml
from commands import SHARED

from extract.relevance import relevance
from extract.vocabulary import Lexicon, load_lexicon

PIECES = yaml.safe_load((Path(__file__).parent / "texts" / "relevance.yml").read_text(encoding="utf-8"))
HEADLINES = SHARED / "eval" / "entities" / "aiaaic.dev.jsonl"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(("title", "text"), PIECES["on_topic"], ids=lambda words: words[:40])
def test_piece_on_ai_policy_is_relevant(lexicon: Lexicon, title: str, text: str) -> None:
    assert relevance(title, text, lexicon).is_relevant


def test_at_most_a_tenth_of_other_pieces_is_relevant(lexicon: Lexicon) -> None:
    pieces = PIECES["off_topic"]
    let_in = [title for title, text in pieces if relevance(title, text, lexicon).is_relevant]
    assert len(pieces) >= 60
    assert len(let_in) <= len(pieces) / 10, let_in


def test_one_gate_alone_is_not_enough(lexicon: Lexicon) -> None:
    assert relevance("Lab presents a language model", "It is fast.", lexicon).score < 0.5
    assert relevance("Court fines brewery", "The river was dirty.", lexicon).score < 0.5


def test_words_that_fired_are_kept_by_gate(lexicon: Lexicon) -> None:
    judged = relevance("Court bans deepfake", "The regulator investigates.", lexicon)
    assert judged.ai_words == ("deepfake",)
    assert {"Court", "bans", "investigates"} <= set(judged.policy_words)


def test_ambiguous_name_counts_only_beside_its_cues(lexicon: Lexicon) -> None:
    assert relevance("Vanguard of the march is arrested", "", lexicon).ai_words == ()
    assert "Claude" in relevance("Anthropic's Claude is banned", "", lexicon).ai_words


def test_names_of_those_who_make_no_ai_let_no_lead_in(lexicon: Lexicon) -> None:
    lead = "Barack Obama and Joe Biden met the head of Mastercard. The court blocked the vote on the law."
    assert not relevance("A long evening", lead, lexicon).is_relevant


def test_words_after_the_lead_do_not_count(lexicon: Lexicon) -> None:
    assert not relevance("Harvest", "apples " * 150 + "The court banned the deepfake chatbot.", lexicon).is_relevant


def test_empty_article_is_not_relevant(lexicon: Lexicon) -> None:
    assert relevance("", "", lexicon).score == 0


@pytest.mark.eval
@pytest.mark.skipif(not HEADLINES.exists(), reason="the evaluation sets are not on this machine")
def test_most_incident_headlines_are_relevant(lexicon: Lexicon) -> None:
    titles = [json.loads(line)["text"] for line in HEADLINES.read_text(encoding="utf-8").splitlines()]
    found = sum(relevance(title, "", lexicon).is_relevant for title in titles)
    assert found / len(titles) >= 0.85
