"""One article out of one page of HTML, as every publisher writes it."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import ElementDefaultClassLookup, LxmlError, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.items import Article, Interval, Link, Origin
from crawler.pages import PageError
from crawler.pages.authors import Byline, byline
from crawler.pages.blocks import Block, blocks, near_title, pieces
from crawler.pages.dates import modified, published
from crawler.pages.decode import MAX_BYTES, decoded
from crawler.pages.headline import Headline, headline
from crawler.pages.markup import Markup, read_markup, texts
from crawler.pages.origin import hops
from crawler.pages.outlets import site_of
from crawler.pages.signals import STUB, next_page, page_signals, signals
from crawler.pages.text import Body, body, given_body, live_entries
from crawler.urls import article_id, canonical_url, is_web_address

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page it finds nothing in as an error
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

# First bytes of what is no page, and the reason that says so.
_BINARY = {
    b"%PDF-": "not_html", b"\x89PNG": "not_html", b"GIF8": "not_html", b"\xff\xd8\xff": "not_html", b"RIFF": "not_html",
    b"PK\x03\x04": "not_html", b"\x1f\x8b": "bad_content", b"BZh": "bad_content", b"\x28\xb5\x2f\xfd": "bad_content",
}  # fmt: skip
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f")
_ALL_ALIKE = ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html asks Python for that of each, every time it is touched."""


def read_page(
    html: bytes | str,
    url: str,
    *,
    fetched: datetime | None,
    link: Link | None = None,
    content_type: str | None = None,
) -> Article:
    """The article on a page; a field that the page lacks comes from ``link``.

    Raises `PageError` for what is no page or has no headline; `walls.judged` says what a short text stands before.
    """
    page = _opened(html, url, link or Link(url=url), content_type)
    read = body(page.tree, page.found, page.markup, title=page.title)
    read = _from_markup(read, page.markup)
    return _article(page, read, fetched=fetched)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """A page taken apart."""

    url: str
    link: Link
    tree: HtmlElement
    markup: Markup
    found: Sequence[Block]
    headline: Headline | None
    title: str


def _opened(html: bytes | str, url: str, link: Link, content_type: str | None) -> _Page:
    if isinstance(html, bytes):
        for start, reason in _BINARY.items():
            if html.startswith(start):
                raise PageError(url, reason, f"expected HTML, found bytes that begin with {html[:8]!r}")
        html = decoded(html, content_type)
    tree = parsed(html[:MAX_BYTES], url)
    markup, found = read_markup(tree), blocks(tree)
    named = headline(tree, markup)
    title = named.title if named else link.title
    if not title:
        reason = "not_an_article" if found else "empty"
        raise PageError(url, reason, "no headline in the page, its markup or its feed")
    return _Page(url=url, link=link, tree=tree, markup=markup, found=found, headline=named, title=title)


def parsed(html: str, url: str) -> HtmlElement:
    """The tree of a page that was decoded; `PageError` when there is no element in it."""
    data = html.encode("utf-8", "ignore").translate(None, _CONTROLS)
    if not data.strip():
        raise PageError(url, "empty", "the page has no content")
    # huge_tree: a page may nest deeper than 256 elements; the size is bounded before.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_ALL_ALIKE)
    try:
        return document_fromstring(data, parser=parser)
    except (ParserError, LxmlError) as error:
        raise PageError(url, "not_html", f"expected HTML, the parser found none ({error})") from error


def _from_markup(read: Body, markup: Markup) -> Body:
    """The text that the markup gives, where the page itself shows a stub only: a script would have filled it in."""
    given = live_entries(markup) or given_body(markup)
    is_stub = len(read.text) < STUB or (markup.article.get("liveBlogUpdate") and len(read.text) < len(given) / 3)
    if not is_stub or len(given) < 3 * max(len(read.text), STUB) or _is_closed(markup):
        return read
    return Body(text=given, confidence=None, cuts=read.cuts)


def _is_closed(markup: Markup) -> bool:
    """Whether the markup says that the article is not free to read; some publishers say so of everything."""
    return str(markup.article.get("isAccessibleForFree")).lower() == "false"


def _article(page: _Page, read: Body, *, fetched: datetime | None) -> Article:
    """The article of a page that was read."""
    markup, link = page.markup, page.link
    publisher = _publisher(markup)
    near = near_title(page.found, page.title)
    people = byline(markup, near, publisher=publisher)
    lines = [line for block in near for line in (block.words, *pieces(block)[:8])]
    when = published(page.tree, markup, page.url, shown=lines, fetched=fetched, announced=link.published)
    rest = "\n".join(cut.words for cut in read.cuts)
    address = _own_address(markup, page.url)
    return Article(
        id=article_id(address),
        url=address,
        source_id=link.source_id,
        title=page.title,
        meta_title=page.headline.meta_title if page.headline else None,
        authors=people.authors if people else link.authors,
        publisher=publisher,
        section=next(iter(texts(markup.article.get("articleSection"))), None) or markup.first_meta("article:section"),
        language=markup.language or next(iter(texts(markup.article.get("inLanguage"))), None),
        keywords=_keywords(markup),
        summary=markup.first_meta("og:description", "description") or link.summary,
        text=read.text,
        text_confidence=read.confidence,
        published=when,
        modified=modified(markup, fetched=fetched),
        fetched=fetched,
        hops=hops(read.text, rest, page.url, tree=page.tree, markup=markup, own=publisher),
        origins=_origins(page, people, when),
        cuts=read.cuts,
        signals=(*page_signals(page.tree, markup, page.url), *signals(read.text, rest)),
        next_page=next_page(page.tree, markup, page.url),
    )


def _origins(page: _Page, people: Byline | None, when: Interval | None) -> tuple[Origin, ...]:
    """Where title, authors and date were found."""
    found = [Origin(field="title", origin=page.headline.origin if page.headline else "feed")]
    if people or page.link.authors:
        found.append(Origin(field="authors", origin=people.origin if people else "feed"))
    if when:
        found.append(Origin(field="published", origin=when.basis))
    return tuple(found)


def _own_address(markup: Markup, url: str) -> str:
    """The article's one address: its canonical link if that is on the same site, else where it was found."""
    canonical = markup.links.get("canonical", "")
    if is_web_address(canonical) and site_of(canonical) == site_of(url):
        return canonical_url(canonical)
    return canonical_url(url) if is_web_address(url) else url


def _publisher(markup: Markup) -> str | None:
    named = texts(markup.node_of(markup.article.get("publisher")))
    found = next(iter([*named, *markup.microdata.get("publisher", ())]), None)
    return found or markup.first_meta("og:site_name", "application-name")


def _keywords(markup: Markup) -> tuple[str, ...]:
    given = texts(markup.article.get("keywords")) or [*markup.meta.get("article:tag", ())]
    given = given or [*markup.meta.get("news_keywords", ())] or [*markup.meta.get("keywords", ())]
    words = [word.strip() for value in given for word in value.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))[:30]
