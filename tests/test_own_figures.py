"""The published figures are those that the command finds."""

import pytest
from own_figures import differing, figures

from data.metadata import load_figures


def test_every_figure_says_of_how_many_it_is() -> None:
    published = load_figures()
    assert len(published) >= 6
    for row in published:
        assert row["cases"] > 0
        assert all(0 < row[key] <= 1 for key in row.keys() - {"what", "cases"}), row


def test_a_figure_that_moved_is_told() -> None:
    published = load_figures()
    assert differing(published, published) == []
    moved = [{**published[0], "recall": published[0]["recall"] - 0.2}, *published[1:]]
    assert differing(moved, published) == [published[0]["what"]]


@pytest.mark.slow
def test_what_is_published_is_what_is_found() -> None:
    assert differing(figures(), load_figures()) == []
