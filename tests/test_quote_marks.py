"""Marks are paired paragraph by paragraph; what is lost in one does not reach the next."""

import pytest

from extract.components.quote_marks import passages


def inner(text: str, start: int = 0) -> list[str]:
    return [text[p.inner_start : p.inner_end] for p in passages(text, start)]


@pytest.mark.parametrize(
    "text",
    ["“We stopped,” she said.", '"We stopped," she said.', "''We stopped,'' she said.", "``We stopped,'' she said.",
     "«We stopped,» she said.", "„We stopped,“ she said.", "‘We stopped,’ she said.", "'We stopped,' she said."],
    ids=["curly", "straight", "doubled", "tex", "angle", "low", "single-curly", "single-straight"],
)  # fmt: skip
def test_kinds_of_marks(text):
    assert inner(text) == ["We stopped,"]


def test_several_in_one_paragraph():
    assert inner("“One,” he said. “Two.” And “three”.") == ["One,", "Two.", "three"]


def test_single_marks_inside_double_ones_are_nested():
    assert inner("“He said ‘never again’ to me,” she said.") == ["He said ‘never again’ to me,"]


def test_double_marks_of_another_kind_inside_are_nested():
    assert inner('"He said “never” to me," she said.') == ["He said “never” to me,"]


def test_apostrophes_are_no_marks():
    assert inner("The firms' lawyers didn't say why the '90s mattered. It's the users' data.") == []


def test_inches_are_no_marks():
    assert inner('The 6\'2" guard said: "No."') == ["No."]


def test_mark_left_open_runs_on_if_the_next_paragraph_opens():
    first, second = passages("“One.\n“Two,” he said.")
    assert first.runs_on
    assert second.follows_on
    assert not second.runs_on


def test_lost_closing_mark_costs_its_paragraph_only():
    assert inner("“One, he said.\nThen he left.\n“Two,” he said.") == ["Two,"]


def test_lost_closing_mark_is_told_from_one_left_open_by_the_attribution():
    assert inner("“We wrote to them, Pike said. No answer.\n“Two,” he said.") == ["Two,"]


def test_lost_opening_mark_costs_its_paragraph_only():
    assert inner("One,” he said.\n“Two,” he said.") == ["Two,"]


def test_new_mark_after_a_lost_one_begins_again():
    assert inner("“One, he said. “Two.”") == ["Two."]


def test_marks_before_the_start_are_left_alone():
    text = "A “title”\n\nHe said “no”."
    assert inner(text, text.index("He")) == ["no"]


def test_titles_are_told_from_sentences():
    assert [p.is_title for p in passages("“The Polite Machine” and “We stopped” and “The End.”")] == [
        True,
        False,
        False,
    ]


def test_mark_that_stands_alone_is_nothing():
    assert inner("A 5” screen and nothing else.") == []
    assert inner("") == []
