"""What is found of the weeks around a new story: the reports it can be grouped with, and little else."""

from collections.abc import Iterable, Sequence

import pytest
from claims import story
from test_incidents import STORIES, by_matter

from extract.facts import Sketches, Story, Text
from extract.nearness import Around, archive_of, around, likely, sketch_of

MATTERS = ("brightloom-voices", "brightloom-novels", "ostrelle-shuttles", "pellworth-hiring")


def sketches(stories: Iterable[Story]) -> Sketches:
    near = {s.article_id: sketch_of(Text(article_id=s.article_id, title=s.title, text=s.text)) for s in stories}
    return Sketches(near=near, titles={s.article_id: s.title for s in stories}, others=(), beyond=0)


def found(stories: Sequence[Story]) -> Around:
    """What is around the first of these stories."""
    known = sketches(stories)
    return around(stories[:1], known, archive_of(known))


def reached(new: Story, stories: Iterable[Story]) -> frozenset[int]:
    """Of these stories those that are grouped anew with a new one."""
    near = found([new, *stories]).near
    others, archive = (
        [s for s in stories if s.article_id in near[new.article_id]],
        archive_of(sketches([new, *stories])),
    )
    return likely([new], others, near, owner=lambda slug: None, archive=archive)


@pytest.mark.parametrize("matter", MATTERS)
def test_the_reports_of_a_matter_reach_each_other_and_no_more(matter):
    numbers = set(by_matter()[matter])
    for number in numbers:
        others = [s for s in STORIES if s.article_id != number]
        assert reached(STORIES[number - 1], others) == numbers - {number}


def test_what_goes_with_a_story_that_is_reached_is_reached_through_it():
    text = "Velmont, a singer, sues Cawdor over a pitch shifter trained on old tapes. Cawdor denies it."
    suit = story(20, "Cawdor sued by singer Velmont over old tapes", text, published="2031-03-01")
    text = "Cawdor was sued by the singer Velmont. Its lawyer Pendrick said the tapes were free to use."
    title = "Cawdor answers singer Velmont: tapes were free, lawyer Pendrick says"
    answer = story(21, title, text, published="2031-03-03")
    text = "Pendrick, a lawyer, told a court that the tapes were free to use."
    new = story(22, "Lawyer Pendrick says tapes of Cawdor were free", text, published="2031-03-09")
    assert reached(new, [*STORIES, suit]) == set()
    assert reached(new, [*STORIES, suit, answer]) == {20, 21}


def test_a_story_that_shares_words_with_no_title_is_not_near():
    words = "kestrel lantern orchard pewter quarry"
    new = story(20, "Cawdor opens an office", f"It stands by a {words}.")
    other = story(21, "Velmont sings again", f"The song has a {words}.")
    like = story(22, "Office of Cawdor stands by an orchard", f"It has a {words}.")
    near = found([new, other, like, *STORIES]).near[20]
    assert 22 in near
    assert 21 not in near


def test_a_story_with_the_same_text_is_found_by_it():
    text = " ".join(f"word{n}" for n in range(90))
    new, other = story(20, "Cawdor opens an office", text), story(21, "Velmont sings again", text)
    assert found([new, other, *STORIES]).same == {21}


@pytest.mark.parametrize(("known", "beyond"), [(4, 4), (4, 40)])
def test_how_rare_a_word_is_does_not_hang_on_the_weeks_around(known: int, beyond: int) -> None:
    new = sketch_of(Text(article_id=1, title="Brightloom sued", text="Quillmere sues Brightloom."))
    other = sketch_of(Text(article_id=2, title="Brightloom talks", text="Brightloom talks to Ferrand."))
    archive = archive_of(Sketches(near={1: new}, titles={}, others=(other.words,) * known, beyond=beyond))
    assert archive.size == 1 + beyond
    assert [archive.often(word) for word in ("brightl", "quillme", "ferrand")] == [1 + beyond, 1, beyond]
