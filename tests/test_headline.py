"""What an article is called."""

import pytest
from lxml.html import document_fromstring

from crawler.pages.headline import headline
from crawler.pages.markup import read_markup

LD = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"%s"}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title", "origin"),
    [
        ("<title>Robots recalled | Kettle Bay</title>", "<h1>Robots recalled</h1>", "Robots recalled", "visible"),
        (
            "<title>Robots recalled</title>", "<h1>Kettle Bay</h1><h2>Robots are recalled</h2>",
            "Robots are recalled", "visible",
        ),
        ("<title>Robots recalled after accidents - Kettle Bay</title>", "", "Robots recalled after accidents", "meta"),
        (
            '<meta property="og:site_name" content="Kettle Bay">'
            '<meta property="og:title" content="Kettle Bay: Robots recalled">',
            "", "Robots recalled", "opengraph",
        ),
        (LD % "Robots recalled", "<h1>Opinion Robots recalled</h1>", "Robots recalled", "json-ld"),
        (  # a first heading for searching machines, above the one for readers
            LD % "Recall of Bolt robots: what owners must know"
            + '<meta property="og:title" content="Robots go home after accidents">',
            "<h1>Recall of Bolt robots: what owners must know</h1><h2>Safety Robots go home after accidents</h2>",
            "Robots go home after accidents", "opengraph",
        ),
        (  # a heading that only looks like a title of the markup takes nothing away
            LD % "Recall of Bolt robots: what owners must know"
            + '<meta property="og:title" content="Robots go home after accidents">',
            "<h1>Recall of Bolt robots: what owners must know</h1><h2>Robots go home</h2>",
            "Recall of Bolt robots: what owners must know", "visible",
        ),
        (LD % "Robots recalled", "<h1>Safety: Robots recalled</h1>", "Safety: Robots recalled", "visible"),
        (
            LD % "Robots &amp; rules" + "<title>Something else entirely</title>", "<p>no heading</p>",
            "Robots & rules", "json-ld",
        ),
        (
            LD % "Robots recalled – and sold again" + "<title>Robots recalled – and sold again</title>",
            "<h1>Robots recalled – and sold again</h1>", "Robots recalled – and sold again", "visible",
        ),
        (
            LD % "Robots recalled | Kettle Bay"
            + '<meta property="og:title" content="Robots recalled | Kettle Bay">'
            '<meta name="twitter:title" content="Robots recalled | Kettle Bay">'
            '<link rel="canonical" href="https://www.kettle-bay.example/a">',
            "<h1>Robots recalled</h1>", "Robots recalled", "visible",
        ),
        (
            LD % "Robots recalled" + '<meta property="og:title" content="Robots recalled">'
            '<meta name="twitter:title" content="Robots recalled"><title>Robots are recalled after a crash</title>',
            "<h1>Robots are recalled after a crash</h1>", "Robots recalled", "json-ld",
        ),
        (
            LD % "Robots recalled: two hurt", "<h1><span>Robots recalled:</span><b>two hurt</b></h1>",
            "Robots recalled: two hurt", "visible",
        ),
        (
            '<meta property="og:title" content="Robots recalled after two accidents - Bay Daily">'
            "<title>Robots recalled after two accidents - Bay Daily</title>",
            "<p>no heading</p>", "Robots recalled after two accidents", "opengraph",
        ),
        (
            "<title>Words for machines that search</title>", "<h1>Why the robot fell over</h1>",
            "Why the robot fell over", "visible",
        ),
    ],
)  # fmt: skip
def test_headline(head: str, body: str, title: str, origin: str) -> None:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>")
    found = headline(tree, read_markup(tree))
    assert found is not None
    assert (found.title, found.origin) == (title, origin)


def test_no_headline() -> None:
    tree = document_fromstring("<html><body><p>x</p></body></html>")
    assert headline(tree, read_markup(tree)) is None
