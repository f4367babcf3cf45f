"""A text printed twice is one story, and what only looks alike is not."""

from random import Random
from time import perf_counter

import pytest
from claims import story

from extract.syndication import copies

WORDS = [
    a + b
    for a in ("lor", "ven", "mar", "tes", "pol", "gri", "bas", "nem")
    for b in ("ta", "ke", "di", "ro", "lu", "sa")
]


def prose(seed, words=120):
    """A text like no other of another seed."""
    random = Random(seed)
    return " ".join(random.choices(WORDS, k=words)) + "."


def report(number, text, *, day=3, publisher=None, title=None, **fields):
    publisher = publisher or f"Outlet {number}"
    title = title or f"Title of{number} {prose(number, 4)}"
    return story(number, title, text, published=f"2031-03-{day:02}", publisher=publisher, **fields)


def found(*stories):
    return {copy.article_id: copy.copy_of_id for copy in copies(stories)}


def test_the_same_text_elsewhere_is_a_copy_of_the_earliest():
    text = prose(1)
    assert found(report(2, text, day=4), report(3, text, day=3), report(1, text, day=5)) == {1: 3, 2: 3}


def test_on_one_day_the_smallest_id_is_the_first():
    assert found(report(9, prose(1)), report(5, prose(1))) == {9: 5}


def test_who_calls_itself_a_copy_is_never_the_first():
    assert found(report(1, prose(1), day=1, declares_copy=True), report(2, prose(1), day=9)) == {1: 2}


def test_an_agency_s_own_story_is_the_first_among_its_prints():
    own = report(3, prose(1), day=4, declares_original=True)
    assert found(report(1, prose(1), day=3), own, report(2, prose(1), day=3, declares_copy=True)) == {1: 3, 2: 3}


def test_on_one_day_the_earlier_moment_is_the_first():
    early = report(9, prose(1), published_at="2031-03-03T06:00:00Z")
    late = report(5, prose(1), published_at="2031-03-03T09:00:00Z")
    assert found(late, early, report(2, prose(1))) == {2: 9, 5: 9}


def test_a_story_without_a_date_is_later_than_any_other():
    undated = story(1, "Title", prose(1), published=None, publisher="A")
    assert found(undated, report(2, prose(1))) == {1: 2}


def test_a_wire_text_with_another_lead_and_a_tail_is_a_copy():
    wire = prose(1, 300)
    (copy,) = copies([report(1, wire), report(2, f"{prose(2, 20)} {wire} {prose(3, 25)}", day=4)])
    assert (copy.article_id, copy.copy_of_id, copy.method) == (2, 1, "shingles")
    assert copy.similarity > 0.8


def test_a_cut_text_is_a_copy_of_the_whole_one():
    whole = prose(1, 400)
    assert found(report(1, whole), report(2, " ".join(whole.split()[:200]), day=4)) == {2: 1}


def test_case_and_punctuation_do_not_matter():
    text = prose(1)
    (copy,) = copies([report(1, text), report(2, text.upper().replace(" ", ", "), day=4)])
    assert (copy.similarity, copy.method) == (1.0, "same-text")


def test_a_shared_paragraph_is_no_copy():
    shared = prose(1, 60)
    assert found(report(1, prose(2) + shared), report(2, prose(3) + shared)) == {}


def test_a_short_text_is_never_a_copy():
    assert found(report(1, prose(1, 55)), report(2, prose(1, 55))) == {}
    assert found(report(1, ""), report(2, "")) == {}


def test_a_paywall_stub_under_several_titles_is_no_copy():
    stub = prose(1, 110)
    stubs = [report(n, stub, publisher="Harbour Post", title=title) for n, title in enumerate(
        ("Regulator fines Brightloom", "Chess club loses", "Herring smoked at home", "Parliament reads bill"), 1
    )]  # fmt: skip
    assert found(*stubs) == {}
    assert found(*stubs[:2]) == {}


def test_a_list_of_what_to_read_next_makes_no_copies():
    box = prose(1, 150)
    stories = [report(n, f"{prose(n + 10, 70)} {box}", publisher="Harbour Post") for n in range(1, 8)]
    assert found(*stories) == {}


def test_one_article_that_an_outlet_prints_again_is_a_copy():
    title = "Regulator fines Brightloom over voices"
    again = [report(n, prose(1), day=n, publisher="Mill Gazette", title=title) for n in (1, 2, 3, 4)]
    assert found(*again) == {2: 1, 3: 1, 4: 1}


def test_forty_outlets_copy_one():
    text = prose(1, 200)
    stories = [report(n, f"{prose(n + 100, 10)} {text}", day=1 + n % 9) for n in range(1, 41)]
    firsts = set(found(*stories).values())
    assert len(found(*stories)) == 39
    assert len(firsts) == 1
    assert not firsts & found(*stories).keys()


def test_order_does_not_matter():
    stories = [report(n, prose(n // 3, 150), day=1 + n % 5) for n in range(30)]
    mixed = list(stories)
    Random(1).shuffle(mixed)
    assert copies(mixed) == copies(stories)


@pytest.mark.bench
def test_cost_per_story_does_not_grow():
    def cost(size):
        stories = [report(n, prose(n, 150)) for n in range(size)]
        start = perf_counter()
        copies(stories)
        return (perf_counter() - start) / size

    assert cost(8000) < 1.5 * cost(1000)
