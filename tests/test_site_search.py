"""The search: everything at once, best first, copies once, and no input that breaks it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

import pytest
from site_client import Site
from site_database import site_home

from data.site import lookup
from data.site.lookup import match
from data.site.search import asked, search

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


_DAYS = {"articles": "published_from", "violations": "reported_on", "quotes": "reported_on"}
FREQUENT = [("articles", "quillby"), ("violations", "of"), ("quotes", "the")]


@contextmanager
def connected(site: Site) -> Iterator[sqlite3.Connection]:
    """A connection as the site has one."""
    with closing(sqlite3.connect(site.datasette.databases["blotter"].path)) as db:
        db.row_factory = sqlite3.Row
        yield db


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


def test_what_no_article_names_is_shown_only_if_nothing_else_is_found(site):
    def found(conn: sqlite3.Connection) -> set[str]:
        (names,) = search(conn, asked({"q": "veldanian", "kind": "names"})).groups
        return {hit.row["name"] for hit in names.hits}

    act, authority = "Veldanian Data Protection Act", "Veldanian Data Protection Authority"
    with connected(site) as conn, closing(sqlite3.connect(":memory:")) as copy:
        conn.backup(copy)
        copy.row_factory = sqlite3.Row
        assert found(copy) == {act, authority}
        copy.execute("update entities set articles = 1 where name = ?", [act])
        assert found(copy) == {act}


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


@pytest.fixture
def few_are_many(monkeypatch):
    """As in a large collection: of two matches the newest come first, and a word in two rows is common."""
    monkeypatch.setattr(lookup, "MANY", 1)
    monkeypatch.setattr(lookup, "COMMON", 2)


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize(("kind", "word"), FREQUENT)
def test_of_many_matches_the_newest_come_first(site, kind, word):
    with connected(site) as db:
        found = search(db, asked({"q": word, "kind": kind})).groups
        days = [hit.row[_DAYS[kind]] for group in found for hit in group.hits]
    assert days
    assert days == sorted(days, reverse=True)
    assert "the newest first" in site.get(f"/search?q={word}&kind={kind}&since=2020").words


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize(("kind", "word"), FREQUENT)
def test_filters_hold_of_many_matches_too(site, kind, word):
    def days(**filters: str) -> list[str]:
        with connected(site) as db:
            found = search(db, asked({"q": word, "kind": kind} | filters)).groups
            return [hit.row[_DAYS[kind]] or "" for group in found for hit in group.hits]

    every = days()
    middle = sorted(filter(None, every))[len(every) // 2]
    assert days(since=middle) == [day for day in every if day >= middle]
    assert days(until=middle[:7]) == [day for day in every if day[:7] <= middle[:7] and day]
    assert days(until=middle[:4]) == [day for day in every if day[:4] <= middle[:4] and day]
    assert days(source="nothing") == []


@pytest.mark.usefixtures("few_are_many")
def test_common_words_do_not_count_in_ranking(site, monkeypatch):
    monkeypatch.setattr(lookup, "MANY", 600)
    with connected(site) as db:
        with_it, without = (search(db, asked({"q": q, "kind": "articles"})).groups for q in ("the chatbot", "chatbot"))
        ids = [[hit.row["id"] for group in found for hit in group.hits] for found in (with_it, without)]
    assert ids[0]
    assert set(ids[0]) <= set(ids[1])


@pytest.mark.parametrize("words", ODD, ids=lambda words: ascii(words)[:20])
def test_no_words_break_it(site, words):
    for path in (f"/search?q={quote(words)}", f"/blotter/violations?_search={quote(words)}",
                 f"/blotter/quotes_containing?words={quote(words)}"):  # fmt: skip
        page = site.get(path)
        assert page.status == 200
        assert "<script" not in page.text


def test_a_date_that_is_none_is_left_out():
    assert asked({"q": " a  b ", "since": "2025-13-45x", "until": "2025"}).since == ""
    assert asked({"q": " a  b ", "since": "2025-02-31", "until": "2025-13"}) == asked({"q": "a b"})
    assert asked({"q": " a  b ", "until": "2025"}).until == "2025"
    assert asked({"q": " a  b "}).words == "a b"


def test_only_the_last_word_may_go_on():
    assert match("fined company", may_go_on=True) == '"fined" AND "company"*'
    assert match("is it", may_go_on=True) == '"is" AND "it"'
    assert match("...") == ""
