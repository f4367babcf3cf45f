"""Phrases found by their letters."""

import pytest
import spacy

from extract.components.phrases import Phrases
from extract.components.tree import Tree

NLP = spacy.blank("en")
NAMES = (
    "Dalen", "Bank of Dalen", "#Dalen", "the Dalen", "Dalen's Own", "Dalen’s Own", "D'Alen-9", "Dal.en", "Dalen.AI",
    "İzdal Bank", "Ömer Dalen", "???", "U.D.", "Dalen Inc.", "Cannot", "Den-en", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return Phrases(NLP, dict.fromkeys(NAMES, False))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dalen fell.", ["Dalen"]),
        ("They said dalen, then DALEN.", ["dalen", "DALEN"]),
        ("The Bank of Dalen fell.", ["Bank of Dalen", "Dalen"]),
        ("Over the bank  of Dalen", ["Dalen"]),  # with two spaces it is written otherwise
        ("Dalens fell, Adalen did, and Dalen-based firms", ["Dalen"]),
        ("What #Dalen is: (Dalen)", ["#Dalen", "Dalen", "Dalen"]),
        ("Dalen's Own and Dalen’s own", ["Dalen", "Dalen's Own", "Dalen", "Dalen’s own"]),
        ("D'Alen-9 met Dalen.AI, dal.en and U.D. there", ["D'Alen-9", "Dalen", "Dalen.AI", "dal.en", "U.D."]),
        ("At İzdal Bank ömer dalen sits", ["İzdal Bank", "ömer dalen", "dalen"]),  # İ is two letters in small ones
        ("Why??? Ask Dalen Inc.", ["???", "Dalen", "Dalen Inc."]),
        ("He cannot see a Den-en", ["cannot", "Den-en"]),
        ("Nothing of it", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_phrases_are_found_where_they_are_whole_tokens(phrases: Phrases, text: str, words: list[str]):
    doc = Tree(NLP.make_doc(text))
    assert [doc.between(start, end) for start, end in phrases(doc)] == words


def test_word_with_a_capital_must_have_one_where_it_is_asked_for():
    phrases = Phrases(NLP, {"Dalen of x": True, "y": True})
    doc = Tree(NLP.make_doc("Dalen of X, DALEN OF X, dalen of x, y, Y"))
    assert [doc.between(start, end) for start, end in phrases(doc)] == ["Dalen of X", "DALEN OF X", "y", "Y"]
