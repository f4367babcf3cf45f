"""The search: everything at once, best first, copies once, and no input that breaks it."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from site_client import Site
from site_database import site_home

from data.site.search import asked, match

ODD = [
    '"', '""', "'", "*", "O'Neil", "a AND", "AND", "NOT", "(", ")", "NEAR(a b)", "title:x", "-x", "^x", "{a b}:c",
    "\x00", "é", "😀", "<script>alert(1)</script>", "%", "_", "\\", "a" * 5000, '"terms of" service" x',
    "' or 1=1 --", "…", "０",
]  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(site_home(tmp_path_factory.mktemp("search")).public_db)
    yield served
    served.close()


def groups(text: str) -> list[str]:
    return re.findall(r'id="found-(\w+)"', text)


def test_the_incident_stands_above_its_articles(site):
    page = site.get("/search?q=Quillby+suspended")
    assert groups(page.text)[0] == "incidents"
    first = page.text[page.text.index("found-incidents") :]
    assert "Quillby AI reported to have admitted" in first[: first.index("</li>")]
    assert "<mark>suspended</mark>" in page.text
    assert "1 copy" in page.words


def test_a_company_named_among_other_words_is_found(site):
    assert "names" in groups(site.get("/search?q=quillby+ai+suspended").text)
    assert "names" in groups(site.get("/search?q=Marrowgate").text)


def test_a_copy_is_counted_once(site):
    page = site.get("/search?q=chatbot+training&kind=articles")
    assert len(re.findall(r'<li class="claim-line">', page.text)) == 1
    assert "1 copy" in page.words


def test_the_same_words_are_shown_once(site):
    page = site.get("/search?q=end+the+contract&kind=quotes")
    assert len(re.findall(r'<li class="claim-line">', page.text)) == 1
    assert "in 2 articles" in page.words


def test_filters_stand_in_the_address(site):
    assert "violations" in groups(site.get("/search?q=terms&since=2025-04-01&until=2025-04-30").text)
    assert "violations" not in groups(site.get("/search?q=terms&since=2026").text)
    assert groups(site.get("/search?q=terms&kind=quotes&source=nothing").text) == []
    assert 'value="2025-04-01"' in site.get("/search?q=terms&since=2025-04-01").text


def test_some_of_the_words_are_better_than_nothing(site):
    page = site.get("/search?q=Quillby+zeppelin")
    assert "Nothing has all of these words" in page.words
    assert "violations" in groups(page.text)


def test_nothing_found_says_what_to_try(site):
    page = site.get("/search?q=zeppelin")
    assert "Nothing was found for “zeppelin”" in page.words
    assert "Try fewer words" in page.words
    assert 'value="zeppelin"' in page.text


@pytest.mark.parametrize("words", ODD, ids=lambda words: ascii(words)[:20])
def test_no_words_break_it(site, words):
    for path in (f"/search?q={quote(words)}", f"/blotter/violations?_search={quote(words)}",
                 f"/blotter/quotes_containing?words={quote(words)}"):  # fmt: skip
        page = site.get(path)
        assert page.status == 200
        assert "<script" not in page.text


def test_a_date_that_is_none_is_left_out():
    assert asked({"q": " a  b ", "since": "2025-13-45x", "until": "2025"}).since == ""
    assert asked({"q": " a  b ", "until": "2025"}).until == "2025"
    assert asked({"q": " a  b "}).words == "a b"


def test_only_the_last_word_may_go_on():
    assert match("fined company", may_go_on=True) == '"fined" AND "company"*'
    assert match("is it", may_go_on=True) == '"is" AND "it"'
    assert match("...") == ""
