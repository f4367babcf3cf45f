"""A pattern is tried in the lines that can hold what it looks for, and finds all that it would find anywhere."""

import re

import pytest

from extract.components.word_index import WordIndex, first_words

TEXT = (
    "The Oakmere Court sat.\n\nA court-house burned.\nPale Court, then Oak Court, closed.\nScanMate 2 sat in AI Court"
)
COURT = re.compile(r"(?<![\w-])(?:[A-Z]\w+ )+(?:Court|Trade Board)(?![\w-])")


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", "", "\n\n", "Court", "No such thing.\nHere neither."])
def test_all_matches_are_found_in_their_order(text):
    found = WordIndex(text).matches(COURT, first_words(["Court", "Trade Board"]))
    assert [m.span() for m in found] == [m.span() for m in COURT.finditer(text)]


def test_lines_without_what_is_near_are_left_out():
    found = WordIndex(TEXT).matches(COURT, frozenset({"Court"}), re.compile("closed"))
    assert [m.group() for m in found] == ["Pale Court", "Oak Court"]


def test_words_are_told_by_their_make():
    index = WordIndex(TEXT)
    assert index.numbered == {"2"}
    assert index.mixed == {"ScanMate"}
