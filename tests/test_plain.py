"""Plain text and Markdown, as scraped or pasted."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from crawler.items import Article
from crawler.pages import PageError
from crawler.pages.plain import read_plain

SEED = Path(__file__).parent.parent.parent / "shared" / "seed"
FETCHED = datetime(2024, 10, 15, tzinfo=UTC)
SCRAPED = """Gradient Slate blocks Castrel's exam office

3 weeks ago 1204

By Rue Calderwick and Ann Lee, PhD

Gradient Slate

has blocked

Castrel

’s exam office after it passed marks on, the firm said in a

statement

. The office disagrees.
What the office says
“We passed nothing on,” the office said. A memo seen by

The Kettle Bay Times

, “during the spring”, says otherwise.

Story From: kettlebay.example
Read Full Story

Subscribe to our newsletter
To remove this article:
Removal Request
"""


def read(text: str, fetched: datetime | None = FETCHED) -> Article:
    return read_plain(text, "urn:sha256:00", fetched=fetched)


def test_sentences_that_links_broke_are_whole_again() -> None:
    assert read(SCRAPED).text.split("\n\n") == [
        "Gradient Slate has blocked Castrel’s exam office after it passed marks on, the firm said in a statement. "
        "The office disagrees.",
        "What the office says",
        "“We passed nothing on,” the office said. A memo seen by The Kettle Bay Times, “during the spring”, "
        "says otherwise.",
    ]


def test_head_and_foot_are_fields_not_text() -> None:
    article = read(SCRAPED)
    assert article.title == "Gradient Slate blocks Castrel's exam office"
    assert article.authors == ("Rue Calderwick", "Ann Lee")
    assert article.published is not None
    assert (article.published.start, article.published.end) == (date(2024, 9, 18), date(2024, 9, 24))
    assert article.published.words == "3 weeks ago"
    assert {"removal_offer", "view_count:1204"} <= set(article.signals)
    assert [(hop.kind, hop.name) for hop in article.hops] == [
        ("copy_of", "kettlebay.example"), ("credited", "The Kettle Bay Times"), ("document", "memo"),
    ]  # fmt: skip
    assert {cut.reason for cut in article.cuts} == {"head", "foot"}


def test_without_a_fetch_time_the_words_stay_and_no_date_is_made() -> None:
    published = read(SCRAPED, None).published
    assert published is not None
    assert (published.start, published.end, published.words) == (None, None, "3 weeks ago")


def test_markdown_reads_as_it_looks() -> None:
    head = "# A title\n\nBy Ann Lee\n\n2 May 2024\n\n"
    article = read(f"{head}Some **bold** [words](https://example.com/a) here.\n\n## Part\n\n- one\n- two\n")
    assert (article.title, article.authors) == ("A title", ("Ann Lee",))
    assert article.text == "Some bold words here.\n\nPart\n\n- one\n\n- two"
    assert article.published is not None
    assert article.published.start == date(2024, 5, 2)


def test_wrapped_lines_are_joined_to_paragraphs() -> None:
    line = "these are words that were wrapped to a width by some old program"
    text = "Title\n\n" + "\n".join([line] * 5) + " end.\n\n" + "\n".join([line] * 4) + " end.\n"
    assert read(text).text.count("\n\n") == 1


def test_headings_and_list_items_stay_on_lines_of_their_own() -> None:
    text = "Title\n\nA first sentence.\nHow it began\nThe second sentence of it.\n- an item\n- another item\nThe end."
    assert read(text).text.split("\n\n")[1:5] == [
        "How it began",
        "The second sentence of it.",
        "- an item",
        "- another item",
    ]


@pytest.mark.parametrize("text", ["", "  \n\n ", "\x00\x01"], ids=["nothing", "blanks", "controls"])
def test_an_empty_file_is_refused(text: str) -> None:
    with pytest.raises(PageError) as refusal:
        read(text)
    assert refusal.value.reason == "empty"


def test_a_title_alone_is_a_stub() -> None:
    article = read("Only one line")
    assert (article.title, article.text) == ("Only one line", "")
    assert "stub" in article.signals


@pytest.mark.skipif(not SEED.exists(), reason="the sample document is not on this machine")
def test_the_sample_document() -> None:
    expected = json.loads((SEED / "expected.json").read_text("utf-8"))["article"]
    text = (SEED / "article.txt").read_text("utf-8")
    article = read(text)
    assert article.title == expected["title"]
    assert article.text.startswith(expected["body_first_words"])
    assert article.text.endswith(expected["body_last_words"])
    assert [words for words in expected["body_must_not_contain"] if words in article.text] == []
    assert article.published is not None
    assert (article.published.start, article.published.end) == (date(2023, 12, 1), date(2023, 12, 31))
    assert article.published.words == expected["published"]["as_written"]
    assert f"view_count:{expected['view_count']}" in article.signals
    assert "removal_offer" in article.signals
    hops = {(hop.kind, hop.name): hop for hop in article.hops}
    assert hops["copy_of", expected["original_publisher"]].method == "article-from"
    assert {name for kind, name in hops if kind == "credited"} == set(expected["reported_by"])
    assert {name for kind, name in hops if kind == "document"} == set(expected["cites_documents"])
