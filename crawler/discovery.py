"""What a feed, sitemap or listing names: its markup in, `Link`s out. No I/O; hostile XML is bounded."""

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any, Literal
from urllib.parse import urljoin

from lxml import etree, html

from crawler.items import Interval, Link
from crawler.schedule import http_date
from crawler.urls import article_id, fetch_url, host_of, is_web_address

MAX_BYTES = 10_000_000
"""Of a feed or sitemap, once unpacked; a sitemap may have 50 MB, but one of news has a thousand items."""
MAX_LINKS = 5_000
"""Of one page; the largest feed known has 3,900 items."""
MAX_NEXT = 100
"""Sitemaps below one index that are looked into."""

FoundKind = Literal["rss", "atom", "json", "sitemap", "index", "listing", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one page names."""

    links: tuple[Link, ...] = ()
    next_pages: tuple[str, ...] = ()
    """Sitemaps below an index, or the next page of a listing."""
    kind: FoundKind = "none"
    """What the page turned out to be; ``none`` if it names nothing in any way we know."""
    ttl: timedelta | None = None
    """How long the feed says that it stays as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed or sitemap that a page points to."""

    url: str
    kind: Literal["feed", "sitemap"]
    title: str | None = None


def links(body: bytes, url: str, *, content_type: str | None = None, kind: str, source_id: str | None = None) -> Found:
    """What a page names, whatever it is; ``kind`` is what its source says it is, and decides for HTML only."""
    body = _unpacked(body)
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        found = _json_feed(body, url)
    elif kind == "listing" and not start.startswith(b"<?xml"):
        found = _listing(body, url, content_type)
    else:
        found = _xml(body, url)
    kept = _once(replace(link, source_id=source_id, found_in=url) for link in found.links)
    return replace(found, links=tuple(kept))


def feeds_of(page: bytes | str, url: str) -> tuple[FeedLink, ...]:
    """The feeds that a page declares in its head or links to by name, the declared ones first."""
    tree = _html(page if isinstance(page, bytes) else page.encode("utf-8", "replace"), None)
    if tree is None:
        return ()
    base = _base(tree, url)
    found = [
        FeedLink(url=urljoin(base, link.get("href", "")), kind="feed", title=link.get("title") or None)
        for link in tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower() and re.search(r"rss|atom|feed\+json", link.get("type") or "")
    ]
    for link in tree.iter("a"):
        address = link.get("href") or ""
        if re.search(r"/(?:rss|feed|atom)(?:/|\.xml|\.rss|\.atom|$|\?)|\.(?:rss|atom)$", address, re.I):
            found.append(FeedLink(url=urljoin(base, address), kind="feed", title=_words(link) or None))
    seen = {feed.url: feed for feed in reversed(found) if is_web_address(feed.url)}
    return tuple(feed for feed in dict.fromkeys(found) if seen.get(feed.url) is feed)


def sitemaps_of(robots: str) -> tuple[str, ...]:
    """The sitemaps that a robots.txt names.

    >>> sitemaps_of("User-agent: *\\nSitemap: https://example.com/news.xml")
    ('https://example.com/news.xml',)
    """
    named = re.findall(r"^\s*sitemap\s*:\s*(\S+)", robots[:500_000], re.I | re.M)
    return tuple(dict.fromkeys(url for url in named if is_web_address(url)))[:MAX_NEXT]


# ---- XML: RSS, Atom, sitemaps


def _xml(body: bytes, url: str) -> Found:
    root = _parsed(body)
    if root is None:
        return Found()
    name = _name(root)
    if name == "sitemapindex":
        below = [_text(node, "loc") for node in _below(root, "sitemap")]
        pages = [fetch_url(urljoin(url, loc)) for loc in below if loc and is_web_address(urljoin(url, loc))]
        return Found(next_pages=tuple(p for p in dict.fromkeys(pages) if p != url)[:MAX_NEXT], kind="index")
    if name == "urlset":
        return Found(links=tuple(_sitemap_links(root, url)), kind="sitemap")
    if name == "feed":
        return Found(links=tuple(_atom_links(root, url)), kind="atom")
    if name in ("rss", "rdf"):
        minutes = next((_text(node, "ttl") for node in _below(root, "channel")), None)
        ttl = timedelta(minutes=int(minutes)) if minutes and re.fullmatch(r"\d{1,5}", minutes) else None
        return Found(links=tuple(_rss_links(root, url)), kind="rss", ttl=ttl)
    return Found()


def _parsed(body: bytes) -> Any:
    """The root of an XML document, mended where it is broken; ``None`` if there is none to be had.

    Entities stay unresolved and nothing is loaded: of lxml's parsers this one read the broken feed and was not moved by
    a billion laughs, quadratic growth or an external entity.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _rss_links(root: Any, url: str) -> Iterator[Link]:
    for item in _below(root, "item", deep=True):
        address = _text(item, "link") or _permalink(item)
        if address:
            yield Link(
                url=urljoin(url, address),
                title=_text(item, "title"),
                published=_moment(_text(item, "pubdate", "date", "published"), "feed"),
                authors=_people(_text(item, "creator", "author")),
                summary=_text(item, "description", "summary"),
            )


def _permalink(item: Any) -> str | None:
    """The guid of an RSS item that has no link, if it is an address."""
    for node in _below(item, "guid"):
        if (node.get("isPermaLink") or "true").lower() == "true":
            return (node.text or "").strip() or None
    return next((link.get("href") for link in _below(item, "link") if link.get("href")), None)


def _atom_links(root: Any, url: str) -> Iterator[Link]:
    base = urljoin(url, root.get("{http://www.w3.org/XML/1998/namespace}base") or "")
    for entry in _below(root, "entry"):
        rels = {link.get("rel") or "alternate": link.get("href") for link in reversed(_below(entry, "link"))}
        if address := rels.get("alternate") or _text(entry, "link"):
            authors = [name for author in _below(entry, "author") if (name := _text(author, "name"))]
            yield Link(
                url=urljoin(base, address),
                title=_text(entry, "title"),
                published=_moment(_text(entry, "published", "issued"), "feed")
                or _moment(_text(entry, "updated"), "feed"),
                authors=tuple(authors),
                summary=_text(entry, "summary"),
            )


def _sitemap_links(root: Any, url: str) -> Iterator[Link]:
    for node in _below(root, "url"):
        news = next(iter(_below(node, "news")), None)
        if address := _text(node, "loc"):
            yield Link(
                url=urljoin(url, address),
                title=_text(news, "title") if news is not None else None,
                published=_moment(_text(news, "publication_date"), "feed") if news is not None else None,
            )


def _below(node: Any, name: str, *, deep: bool = False) -> list[Any]:
    """The elements of a local name under a node, in any namespace and any case."""
    children = node.iter() if deep else iter(node)
    return [child for child in children if _name(child) == name]


def _name(node: Any) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _text(node: Any, *names: str) -> str | None:
    """The words of the first child by these names, without mark-up; ``None`` if they are missing or blank."""
    for name in names:
        for child in _below(node, name):
            if words := _plain("".join(child.itertext())):
                return words
    return None


# ---- JSON Feed


def _json_feed(body: bytes, url: str) -> Found:
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return Found()
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return Found()
    named = (_json_link(item, url) for item in items if isinstance(item, dict))
    return Found(links=tuple(link for link in named if link), kind="json")


def _json_link(item: dict[str, Any], url: str) -> Link | None:
    address = item.get("url") or item.get("external_url")
    if not isinstance(address, str):
        return None
    people = item.get("authors") or [item.get("author")]
    names = [person.get("name") for person in people if isinstance(person, dict)] if isinstance(people, list) else []
    return Link(
        url=urljoin(url, address),
        title=_plain(item.get("title")),
        published=_moment(_plain(item.get("date_published")), "feed"),
        authors=tuple(name for raw in names if (name := _plain(raw))),
        summary=_plain(item.get("summary")),
    )


# ---- listings


def _listing(body: bytes, url: str, content_type: str | None) -> Found:
    tree = _html(body, content_type)
    if tree is None:
        return Found()
    base = _base(tree, url)
    scope = next(iter(tree.xpath("//main | //*[@role='main']")), tree)
    candidates = [
        Link(url=address, title=_words(node) or None)
        for node in scope.iter("a")
        if is_web_address(address := _joined(base, node.get("href"))) and _is_story(node, address, url)
    ]
    following = [
        _joined(base, node.get("href"))
        for node in (*tree.iter("link"), *tree.iter("a"))
        if "next" in (node.get("rel") or "").lower().split()
    ]
    pages = [fetch_url(page) for page in following if is_web_address(page) and host_of(page) == host_of(url)]
    return Found(links=tuple(candidates), next_pages=tuple(dict.fromkeys(pages))[:1], kind="listing")


def _is_story(node: Any, address: str, url: str) -> bool:
    """Whether a link of a listing leads to an article: on the same site, below the front, with a headline for words."""
    if host_of(address).removeprefix("www.") != host_of(url).removeprefix("www."):
        return False
    path = re.sub(r"^https?://[^/]+", "", address).partition("?")[0].rstrip("/")
    if not path or article_id(address) == article_id(url) or _FURNITURE.search(path):
        return False
    last = path.rsplit("/", 1)[-1]
    has_slug = last.count("-") >= 2 or bool(re.search(r"\d{4}/\d\d?/|\d{5,}", path))
    return has_slug or (len(_words(node).split()) >= 5 and path.count("/") >= 2)


_FURNITURE = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|search|login|signin|subscribe|newsletters?|about|contact|privacy|terms|"
    r"page|cal(?:endar)?)(?:/|$)|\.(?:pdf|jpe?g|png|gif|zip|mp[34]|xml|rss|css|js)$",
    re.I,
)


def _html(body: bytes, content_type: str | None) -> Any:
    named = re.search(r"charset=[\"']?([\w-]+)", content_type or "", re.I)
    try:
        parser = html.HTMLParser(encoding=named[1] if named else "utf-8")
    except LookupError:
        parser = html.HTMLParser(encoding="utf-8")
    try:
        return html.fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _base(tree: Any, url: str) -> str:
    return _joined(url, next((node.get("href") for node in tree.iter("base") if node.get("href")), "")) or url


def _joined(base: str, address: str | None) -> str:
    try:
        return urljoin(base, (address or "").strip())
    except ValueError:
        return ""


def _words(node: Any) -> str:
    return " ".join(node.text_content().split())[:500]


# ---- values


def _once(found: Iterable[Link]) -> Iterator[Link]:
    """The links whose addresses are such, each address once, as it is to be asked for."""
    seen: set[int] = set()
    for link in found:
        if is_web_address(link.url) and (key := article_id(link.url)) not in seen and len(seen) < MAX_LINKS:
            seen.add(key)
            yield replace(link, url=fetch_url(link.url))


def _unpacked(body: bytes) -> bytes:
    """A body out of its gzip, as far as `MAX_BYTES`; one that was cut or damaged, as far as it goes."""
    if not body.startswith(b"\x1f\x8b"):
        return body[:MAX_BYTES]
    unpacked, rest = b"", body
    while rest.startswith(b"\x1f\x8b") and len(unpacked) < MAX_BYTES:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            unpacked += unpacker.decompress(rest, MAX_BYTES - len(unpacked))
        except zlib.error:
            break
        rest = unpacker.unused_data
    return unpacked


_UNKNOWN_ENTITY = re.compile(r"&[A-Za-z]\w{0,30};")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def _plain(value: Any) -> str | None:
    """Words without mark-up, escapes and control characters, on one line and not endless; ``None`` if none are left."""
    if not isinstance(value, str):
        return None
    words = value[:20_000]
    if "<" in words or "&lt;" in words:
        words = re.sub(r"<[^<>]{0,2000}>", " ", unescape(words) if "&lt;" in words else words)
    words = _UNKNOWN_ENTITY.sub("", unescape(words))
    return " ".join(_CONTROLS.sub(" ", words).split())[:4000] or None


def _people(words: str | None) -> tuple[str, ...]:
    """Names from an RSS author, which is ``address (name)`` by the standard and a name in practice."""
    if not words:
        return ()
    if named := re.fullmatch(r"\S+@\S+\s*\((.+)\)", words):
        words = named[1]
    return tuple(name for part in re.split(r",\s+|\s+and\s+|;\s*", words) if (name := part.strip()) and "@" not in name)


def _moment(words: str | None, basis: str) -> Interval | None:
    """A date as feeds write it (RFC 822, ISO 8601); ``None`` if it is neither or in no sensible year."""
    if not words:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        try:
            day = date.fromisoformat(words)
        except ValueError:
            return None
        return Interval(start=day, end=day, basis=basis, words=words)
    moment = http_date(words) or _iso(words)
    if moment is None or not 1990 <= moment.year <= 2100:
        return None
    return Interval(start=moment.date(), end=moment.date(), at=moment, basis=basis, words=words)


def _iso(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
