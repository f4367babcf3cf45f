"""Where a story really came from: right, or left open, never wrong."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from lxml.html import document_fromstring
from news_web import Web, news_web

from crawler.items import Article, Hop
from crawler.pages.generic import read_page
from crawler.pages.markup import read_markup
from crawler.pages.origin import hops
from crawler.pages.outlets import site_of

OWN = "https://copy.example/a"
ORIGINAL = "https://news.original.example/story"


def chain(text: str, rest: str = "") -> list[tuple[str, str, str]]:
    return [(hop.kind, hop.name, hop.method) for hop in hops(text, rest, OWN)]


def of_page(head: str, body: str = "<p>Text</p>", text: str = "Text", rest: str = "") -> tuple[Hop, ...]:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>")
    return hops(text, rest, OWN, tree=tree, markup=read_markup(tree))


@pytest.mark.parametrize(
    ("line", "name", "method"),
    [
        ("Article From: original.example", "original.example", "article-from"),
        ("Story source: The Kettle Bay Times", "The Kettle Bay Times", "article-from"),
        ("This article originally appeared on Northwire.", "Northwire", "originally-appeared"),
        ("This story was first published by the Kettle Bay Times.", "Kettle Bay Times", "originally-appeared"),
        ("Originally published at www.original.example.", "original.example", "originally-appeared"),
        ("A version of this piece first ran in The Lowmere Post on Friday.", "The Lowmere Post", "originally-appeared"),
        ("Republished with permission from Northwire", "Northwire", "republished"),
    ],
)
def test_copies_are_found_in_the_foot(line: str, name: str, method: str) -> None:
    assert chain("A text.", line) == [("copy_of", name, method)]
    assert chain(f"A text.\n\n{line}") == [("copy_of", name, method)]


@pytest.mark.parametrize(
    ("text", "name", "method"),
    [
        ("According to a report by The Kettle Bay Times, it did.", "The Kettle Bay Times", "according-to"),
        ("It did, according to an investigation by Northwire.", "Northwire", "according-to"),
        ("The deal was first reported by the Lowmere Post.", "Lowmere Post", "first-reported"),
        ("The Lowmere Post first reported the deal.", "The Lowmere Post", "first-reported"),
        ("The chief told the Lowmere Post that it was so.", "Lowmere Post", "told"),
        ("Emails reviewed by Northwire show it.", "Northwire", "seen-by"),
    ],
)
def test_credited_outlets(text: str, name: str, method: str) -> None:
    found = [hop for hop in hops(text, "", OWN) if hop.kind == "credited"]
    assert [(hop.name, hop.method, hop.url) for hop in found] == [(name, method, None)]
    assert found[0].words in text


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Emails seen by the K.B.T. The emails say so.", ["K.B.T"]),
        ("Emails seen by X. The emails say so.", ["X"]),
        ("Emails seen by The Lowmere Post. The emails say so.", ["The Lowmere Post"]),
        ("Emails obtained by The Lowmere Post’s Corin Ashby show it.", ["The Lowmere Post"]),
        ("Emails obtained by Northwire’s Corin Ashby show it.", ["Northwire"]),
        ("According to a report by Baker’s Weekly, it did.", ["Baker’s Weekly"]),
        ("On Monday The Lowmere Post reported it.", ["The Lowmere Post"]),
        ("But The Lowmere Post first reported it.", ["The Lowmere Post"]),
        ("First reported by the Kettle Times and The Lowmere Post.", ["Kettle Times", "The Lowmere Post"]),
        ("According to a report by the A.P. On Monday it did.", ["Associated Press"]),
        ("According to a report by Dr. Corin Ashby, it did.", []),
        ("According to a report by The Lowmere Post, it did. She told the Post so.", ["The Lowmere Post"]),
    ],
)
def test_the_name_of_an_outlet_is_clean(text: str, names: list[str]) -> None:
    found = [hop for hop in hops(text, "", OWN) if hop.kind == "credited"]
    assert [hop.name for hop in found] == names
    assert not any("The emails" in hop.words or "On Monday it" in hop.words for hop in found)


def test_a_short_form_of_two_names_stays() -> None:
    text = "According to a report by The Lowmere Post, it did. In a report by The Kettle Post it had. He told the Post."
    assert [name for _, name, _ in chain(text)] == ["The Lowmere Post", "The Kettle Post", "Post"]


@pytest.mark.parametrize(
    "text",
    [
        "She told Corin Ashby that it was so.",
        "According to Lumora, the bot is safe.",
        "Corin Ashby reported a theft.",
        "They appeared on Monday and published nothing.",
        "The company reported a loss in its annual report.",
    ],
)
def test_people_and_companies_are_no_outlets(text: str) -> None:
    assert chain(text) == []


def test_datelines() -> None:
    assert chain("PORT ANSEL (Northwire) — A court has ruled.") == [("copy_of", "Northwire", "dateline")]
    assert chain("Port Ansel (AP) - A court has ruled.") == [("copy_of", "Associated Press", "dateline")]
    assert chain("The office (Exams) — or what is left of it — has ruled.") == []


@pytest.mark.parametrize(
    ("url", "own", "text"),
    [
        ("https://apnews.com/article/x", None, "PORT ANSEL (AP) — A court has ruled."),
        ("https://hosted.ap.org/x", None, "PORT ANSEL (AP) — A court has ruled."),
        ("https://northwire.example/x", None, "PORT ANSEL (Northwire) — A court has ruled."),
        ("https://ferry.example/x", "Kettle Bay News Service", "PORT ANSEL (KBNS) — A court has ruled."),
        ("https://ferry.example/x", "The Lowmere Post", "The chief told the Lowmere Post that it was so."),
        ("https://ferry.example/x", "The Lowmere Post", "The chief told the Post that it was so."),
    ],
)
def test_a_name_on_its_own_pages_is_no_source(url: str, own: str | None, text: str) -> None:
    assert hops(text, "", url, own=own) == ()


@pytest.mark.parametrize(
    "rest",
    [
        "First published on Fri 22 Dec 2023 15.21 GMT",
        "This article was originally published on December 19",
        "This story was first posted in 2023.",
    ],
)
def test_a_date_is_no_source(rest: str) -> None:
    assert chain("A text.", rest) == []


def test_a_name_ends_with_its_line() -> None:
    assert chain("A text.", "This piece originally appeared in The Lowmere Post\nMore") == [
        ("copy_of", "The Lowmere Post", "originally-appeared")
    ]


@pytest.mark.parametrize(
    "address", ["https://original.example/", "https://original.example", "https:///x", "javascript:x"]
)
def test_a_front_page_is_no_original(address: str) -> None:
    assert of_page(f'<link rel="canonical" href="{address}">') == ()


def test_a_placeholder_is_no_original() -> None:
    ld = '{"@type":"NewsArticle","mainEntityOfPage":"https://original.example/article"}'
    assert of_page(f'<script type="application/ld+json">{ld}</script>') == ()


def test_documents_are_named_once() -> None:
    text = "Internal Lumora documents show it. The internal Lumora documents and Pebblefriend’s terms of service agree."
    assert chain(text) == [
        ("document", "internal Lumora documents", "document-named"),
        ("document", "Pebblefriend’s terms of service", "document-named"),
    ]


@pytest.mark.parametrize(
    ("head", "method"),
    [
        (f'<link rel="canonical" href="{ORIGINAL}">', "canonical"),
        (f'<meta property="og:url" content="{ORIGINAL}">', "og-url"),
        (f'<meta name="original-source" content="{ORIGINAL}">', "original-source"),
        (f'<meta http-equiv="refresh" content="0; url={ORIGINAL}">', "refresh"),
        (f'<script>window.location.replace("{ORIGINAL}")</script>', "script-redirect"),
        (
            '<script type="application/ld+json">{"@type":"NewsArticle","isBasedOn":"' + ORIGINAL + '"}</script>',
            "is-based-on",
        ),
    ],
    ids=["canonical", "og:url", "source", "refresh", "script", "json-ld"],
)
def test_markup_that_points_to_another_site(head: str, method: str) -> None:
    assert [(h.kind, h.name, h.url, h.method) for h in of_page(head)] == [
        ("copy_of", "news.original.example", ORIGINAL, method)
    ]


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        (["AP"], [("copy_of", "Associated Press", "author")]),
        (["AP", "Corin Ashby"], []),
        (["The Lowmere Post"], []),
    ],
)
def test_an_agency_that_is_the_only_author_wrote_it_for_many(authors: list[str], expected: list[object]) -> None:
    ld = json.dumps({"@type": "NewsArticle", "author": [{"@type": "Organization", "name": name} for name in authors]})
    found = of_page(f'<script type="application/ld+json">{ld}</script>')
    assert [(hop.kind, hop.name, hop.method) for hop in found] == expected


def test_several_pointers_to_one_original_are_one_hop() -> None:
    head = f'<link rel="canonical" href="{ORIGINAL}"><meta property="og:url" content="{ORIGINAL}">'
    assert [hop.method for hop in of_page(head)] == ["canonical"]


def test_the_own_site_is_no_original() -> None:
    assert of_page('<link rel="canonical" href="https://www.copy.example/a">') == ()
    assert of_page("", text="Text", rest="This article first appeared on copy.example.") == ()


def test_a_linked_name_gives_the_address() -> None:
    line = "This article first appeared on Northwire."
    found = of_page("", f'<p>This article first appeared on <a href="{ORIGINAL}">Northwire</a>.</p>', rest=line)
    assert [(hop.name, hop.url) for hop in found] == [("Northwire", ORIGINAL)]


@pytest.mark.parametrize(
    ("foot", "url"),
    [
        (
            f'Article From: <a href="{ORIGINAL}">original.example</a><br><a href="{ORIGINAL}">Read Entire Article</a>',
            ORIGINAL,
        ),
        (f'Article From: original.example <a href="{ORIGINAL}">Read the full story</a>', ORIGINAL),
        (
            'Article From: <a href="https://original.example/">original.example</a> '
            f'<a href="{ORIGINAL}">Read entire article</a>',
            ORIGINAL,
        ),
        (
            'Article From: original.example <a href="https://go.example/x7">Read Entire Article</a>',
            "https://go.example/x7",
        ),
        ('Article From: original.example <a href="/out/7">Read Entire Article</a>', None),
    ],
    ids=["both linked", "only the whole", "front page and whole", "another site", "detour on the own site"],
)
def test_the_name_is_as_written_and_the_address_that_of_the_link(foot: str, url: str | None) -> None:
    found = of_page("", f"<p>{foot}</p>", rest=re.sub(r"<br>|<[^>]*>", " ", foot).strip())
    assert [(hop.kind, hop.name, hop.url, hop.method) for hop in found] == [
        ("copy_of", "original.example", url, "article-from")
    ]


def test_sites_on_ports_of_one_machine_are_apart() -> None:
    foot = '<p>Article From: <a href="http://127.0.0.1:8314/a/1">original.example</a></p>'
    tree = document_fromstring(f"<html><body>{foot}</body></html>")
    found = hops(
        "A text.", "Article From: original.example", "http://127.0.0.1:8315/7", tree=tree, markup=read_markup(tree)
    )
    assert [(hop.name, hop.url) for hop in found] == [("original.example", "http://127.0.0.1:8314/a/1")]


def test_a_page_that_says_nothing_is_left_open() -> None:
    assert of_page("", "<p>Text with a <a href='https://original.example/'>link</a></p>") == ()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.com/a", "example.com"),
        ("https://a.b.example.co.uk/", "example.co.uk"),
        ("http://127.0.0.3:8300/", "127.0.0.3:8300"),
        ("http://127.0.0.3:80/", "127.0.0.3"),
        ("http://[::1]/", "::1"),
        ("http://[", ""),
        ("urn:sha256:00", ""),
    ],
)
def test_site_of(url: str, site: str) -> None:
    assert site_of(url) == site


AGGREGATOR = ("canonical", "ogurl", "source", "refresh", "js", "link", "jsonld", "nothing")


@pytest.fixture(scope="module")
def copies() -> Iterator[tuple[Web, dict[str, Article]]]:
    """Copies of one story by a site that points to the original in one way each, or not at all."""
    with news_web(8332, hosts=3, articles=5) as web:
        pages = {}
        for how in AGGREGATOR:
            url = web.url(0, f"/agg/{how}/3")
            with urlopen(url, timeout=20) as answer:
                pages[how] = read_page(answer.read(), url, fetched=None)
        yield web, pages


@pytest.mark.parametrize("how", AGGREGATOR)
def test_every_copy_of_an_aggregator_leads_to_its_original_or_is_left_open(
    copies: tuple[Web, dict[str, Article]], how: str
) -> None:
    web, pages = copies
    found = {hop.url for hop in pages[how].hops if hop.kind == "copy_of"}
    if how == "nothing":
        assert pages[how].hops == ()
    else:
        (address,) = found
        assert address is not None
        assert address.startswith(web.url(1, "/"))
        assert {hop.url for other in AGGREGATOR for hop in pages[other].hops} == {address}


@pytest.mark.parametrize(
    "href",
    [
        f"/out?to={quote(ORIGINAL, safe='')}",
        f"https://www.google.com/url?q={quote(ORIGINAL, safe='')}&sa=D",
        f"{ORIGINAL}?utm_source=copy",
    ],
    ids=["own site", "counter of clicks", "tracked"],
)
def test_a_link_that_goes_round_leads_to_the_original(href: str) -> None:
    line = "This article first appeared on Northwire."
    found = of_page("", f'<p>This article first appeared on <a href="{href}">Northwire</a>.</p>', rest=line)
    assert [hop.url for hop in found] == [ORIGINAL]
