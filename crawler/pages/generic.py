"""One article out of one page of HTML, as every publisher writes it."""

import logging
from datetime import datetime

from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawler.items import Article, Link, Origin
from crawler.pages import PageError
from crawler.pages.authors import byline
from crawler.pages.blocks import blocks, near_title
from crawler.pages.dates import modified, published
from crawler.pages.decode import cleaned, decoded
from crawler.pages.headline import headline
from crawler.pages.markup import Markup, read_markup, texts
from crawler.pages.origin import hops, site_of
from crawler.pages.signals import STUB, signals
from crawler.pages.text import body
from crawler.urls import article_id, canonical_url, is_web_address

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs every page it finds nothing in as an error
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def read_page(
    html: bytes | str,
    url: str,
    *,
    fetched: datetime | None,
    link: Link | None = None,
    content_type: str | None = None,
) -> Article:
    """The article on a page. Raises `PageError` for what is none; a field that the page lacks comes from ``link``."""
    tree = parsed(html, url, content_type=content_type)
    markup = read_markup(tree)
    address = _own_address(markup, url)
    name = headline(tree, markup)
    title = name.title if name else (link.title if link else None)
    if not title:
        raise PageError(url, "not_an_article", "no headline in the page, its markup or its feed")
    publisher = _publisher(markup)
    found = blocks(tree)
    near = near_title(found, title)
    people = byline(markup, near, publisher=publisher)
    read = body(tree, found, markup, title=title)
    when = published(
        tree,
        markup,
        url,
        shown=[block.words for block in near],
        fetched=fetched,
        announced=link.published if link else None,
    )
    rest = "\n".join(cut.words for cut in read.cuts)
    origins = [Origin(field="title", origin=name.origin if name else "feed")]
    if people:
        origins.append(Origin(field="authors", origin=people.origin))
    if when:
        origins.append(Origin(field="published", origin=when.basis))
    return Article(
        id=article_id(address),
        url=address,
        source_id=link.source_id if link else None,
        title=title,
        meta_title=name.meta_title if name else None,
        authors=people.authors if people else (link.authors if link else ()),
        publisher=publisher,
        section=next(iter(texts(markup.article.get("articleSection"))), markup.first_meta("article:section")),
        language=markup.language,
        keywords=_keywords(markup),
        summary=markup.first_meta("og:description", "description") or (link.summary if link else None),
        text=read.text,
        text_confidence=read.confidence,
        published=when,
        modified=modified(markup, fetched=fetched),
        fetched=fetched,
        hops=hops(read.text, rest, url, tree=tree, markup=markup),
        origins=tuple(origins),
        cuts=read.cuts,
        signals=signals(read.text, rest) + (("stub",) if len(read.text) < STUB else ()),
    )


def parsed(html: bytes | str, url: str, *, content_type: str | None = None) -> HtmlElement:
    """The page's tree; `PageError` when there is no element in it."""
    text = decoded(html, content_type) if isinstance(html, bytes) else html[:5_000_000]
    text = cleaned(text).strip()
    if not text:
        raise PageError(url, "empty", "the page has no content")
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8"), parser=parser)
    except (ParserError, LxmlError) as error:
        raise PageError(url, "not_html", f"expected HTML, the parser found none ({error})") from error


def _own_address(markup: Markup, url: str) -> str:
    """The article's one address: its canonical link if that is on the same site, else where it was found."""
    canonical = markup.links.get("canonical", "")
    if is_web_address(canonical) and site_of(canonical) == site_of(url):
        return canonical_url(canonical)
    return url if url.startswith("urn:") else canonical_url(url)


def _publisher(markup: Markup) -> str | None:
    named = texts(markup.node_of(markup.article.get("publisher")))
    return next(iter([*named, *markup.microdata.get("publisher", ())]), None) or markup.first_meta(
        "og:site_name", "application-name"
    )


def _keywords(markup: Markup) -> tuple[str, ...]:
    given = texts(markup.article.get("keywords")) or [*markup.meta.get("article:tag", ())]
    given = given or [*markup.meta.get("news_keywords", ())] or [*markup.meta.get("keywords", ())]
    words = [word.strip() for value in given for word in value.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))[:30]
