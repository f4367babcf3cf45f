"""Who wrote an article."""

import json

import pytest
from lxml.html import document_fromstring

from crawler.pages.authors import Byline, byline, names
from crawler.pages.blocks import blocks, near_title
from crawler.pages.markup import read_markup


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["By Ann Lee"], ["Ann Lee"]),
        (["Ann Lee and Bo Ek"], ["Ann Lee", "Bo Ek"]),
        (["Ann Lee, Bo Ek & Cy Dee"], ["Ann Lee", "Bo Ek", "Cy Dee"]),
        (["Von Ann Lee und Bo Ek"], ["Ann Lee", "Bo Ek"]),
        (["Ann Lee, MS, RDN, LD"], ["Ann Lee"]),
        (["Ann Lee, PhD", "Dr. Bo Ek, M.D."], ["Ann Lee", "Dr. Bo Ek"]),
        (["Ann Lee, Associated Press"], ["Ann Lee"]),
        (["Ann Lee | The Kettle Bay Times"], ["Ann Lee"]),
        (["Ann Lee, Chief Technology Officer and Head of Robots"], ["Ann Lee"]),
        (["Ann Lee Jr, Bo Ek"], ["Ann Lee Jr", "Bo Ek"]),
        (["Ann Lee", "ann lee"], ["Ann Lee"]),
        (["https://example.com/ann", "ann@example.com", "admin"], []),
        (["Chris E. Hayward"], ["Chris E. Hayward"]),
    ],
)
def test_names(values: list[str], expected: list[str]) -> None:
    assert list(names(values)) == expected


def read(head: str = "", body: str = "", author: object = None, publisher: str | None = None) -> Byline | None:
    ld = json.dumps({"@type": "NewsArticle", "headline": "T", "author": author})
    head += f'<script type="application/ld+json">{ld}</script>'
    tree = document_fromstring(f"<html><head>{head}</head><body><h1>Title</h1>{body}</body></html>")
    return byline(read_markup(tree), near_title(blocks(tree), "Title"), publisher=publisher)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>By Ann Lee</p>", "Ann Lee"),
        ("<div>Written by <a>Ann Lee</a> <span>The Kettle Bay Times</span></div>", "Ann Lee"),
        ("<div class='author-name'>Ann Lee</div>", "Ann Lee"),
        ("<div>By</div><div><a>Ann Lee</a></div>", "Ann Lee"),
        ("<div class=byline><a>Ann Lee</a><span>Senior Reporter</span></div>", "Ann Lee"),
    ],
)
def test_what_is_seen_counts_where_the_markup_is_silent(body: str, expected: str) -> None:
    found = read(body=body)
    assert found == Byline(authors=(expected,), origin="byline")


def test_people_in_the_markup_come_first() -> None:
    assert read(body="<p>By Bo Ek</p>", author=[{"name": "Ann Lee"}]) == Byline(authors=("Ann Lee",), origin="json-ld")


def test_an_organisation_in_the_markup_gives_way_to_a_person_on_the_page() -> None:
    author = {"@type": "Organization", "name": "The Kettle Bay Times"}
    found = read(body="<p>By Bo Ek</p>", author=author, publisher="The Kettle Bay Times")
    assert found == Byline(authors=("Bo Ek",), origin="byline")
    alone = read(author=author, publisher="The Kettle Bay Times")
    assert alone == Byline(authors=("The Kettle Bay Times",), origin="json-ld")


def test_an_agency_is_the_author_only_if_readers_see_it_named() -> None:
    author = {"@type": "Organization", "name": "Reuters"}
    assert read(author=author, publisher="The Kettle Bay Times") is None
    found = read(body="<p>By Reuters</p>", author=author, publisher="The Kettle Bay Times")
    assert found == Byline(authors=("Reuters",), origin="json-ld")


@pytest.mark.parametrize("words", ["By Ann Lee | Kettle Bay & Gazette", "By Ann Lee The Kettle Bay Press"])
def test_a_paper_beside_a_person_is_no_author(words: str) -> None:
    found = read(body=f"<p>{words}</p>", publisher="The Kettle Bay & Gazette")
    assert found == Byline(authors=("Ann Lee",), origin="byline")


def test_those_who_only_updated_are_no_authors() -> None:
    body = "<p>By Ann Lee</p><p>Last updated by Bo Ek</p>"
    found = read(body=body, author=[{"name": "Ann Lee"}, {"name": "Bo Ek"}])
    assert found == Byline(authors=("Ann Lee",), origin="json-ld")


def test_nobody_is_named() -> None:
    assert read(body="<p>A robot walked by the river and fell in.</p>") is None
