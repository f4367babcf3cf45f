"""Where a story really came from: copies, credited outlets and documents, each with the words that say so."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.items import Hop
from crawler.pages.decode import one_line
from crawler.pages.lines import READ_WHOLE
from crawler.pages.markup import Markup, texts
from crawler.pages.outlets import (
    AGENCIES,
    DOMAIN,
    in_sentence,
    is_outlet,
    is_own_name,
    is_short_form,
    outlet_names,
    site_named,
    site_of,
)
from crawler.urls import fetch_url, is_web_address

_TOKEN = r"(?:(?:[A-Z]\.)+(?=\s)|[A-Z0-9][\w&'’-]*(?:\.[\w&'’-]+)*)"
_PROPER = rf"(?:[Tt]he\s+)?{_TOKEN}(?:[ \xa0](?:of|and|&|the|de|la)[ \xa0]{_TOKEN}|[ \xa0]{_TOKEN}){{0,4}}"
_NAME = rf"(?P<name>{_PROPER})"
_PLACE = rf"(?P<name>(?i:{DOMAIN})|(?-i:{_PROPER}))"
_APPEARED = (
    r"(?:originally|first|previously)\s+(?:appeared|published|posted|ran|printed|written)\s*(?:on|in|at|by|for|with)?"
)
# Each rule: method, confidence, words of which one stands (lower case) in every line it can match, pattern.
_APPEARED_CUES = ("originally", "first", "previously")
_COPIES = (
    (
        "article-from", 0.95, ("from", "source"),
        rf"^\W*(?:article|story|news|content)\s+(?:from|source)\s*:\s*(?P<name>{DOMAIN}|\S.{{1,60}}?)"
        rf"\s*(?:{READ_WHOLE}\b.*)?$",
    ),
    (
        "originally-appeared", 0.9, _APPEARED_CUES,
        r"\b(?:article|story|post|piece|column|report|essay|content|version)\b[^.\n]{0,60}?\b"
        rf"{_APPEARED}\s+{_PLACE}",
    ),
    ("originally-appeared", 0.9, _APPEARED_CUES, rf"^\W*{_APPEARED}\s+{_PLACE}"),
    (
        "republished", 0.9, ("published", "printed", "reproduced", "syndicated"),
        r"\b(?:re-?published|re-?printed|reproduced|syndicated)\s+(?:here\s+)?"
        rf"(?:with\s+(?:the\s+)?(?:kind\s+)?permission\s+)?(?:from|of|by)\s+{_PLACE}",
    ),
)  # fmt: skip
_DATELINE = re.compile(r"^(?P<place>[A-ZÀ-Þ][\w.,'’/ -]{2,60}?\s*)?\((?P<name>[A-Z][\w .-]{1,30})\)\s*[-–—]", re.M)
_WHEN = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|\d",
    re.I,
)
_REPORT = (
    r"(?:(?:a|an|the|its|their|his|her)\s+)?(?:\w+\s+){0,2}?"
    r"(?:report|reports|article|story|investigation|scoop|interview|reporting)\s+"
    r"(?:by|from|in|published\s+by|published\s+in|with)\s+"
)
_SEEN = r"\s+(?:seen|obtained|reviewed|viewed)\s+by\s+"
_CREDITS = (
    ("according-to", 0.9, ("according to",), rf"\b[Aa]ccording to {_REPORT}{_NAME}"),
    (
        "report-by", 0.8, ("report", "article", "story", "investigation", "scoop", "interview"),
        rf"\b(?:[Ff]ollowing|[Aa]fter|[Cc]iting|[Ii]n|[Ss]ays?) {_REPORT}{_NAME}",
    ),
    (
        "first-reported", 0.9, ("reported",),
        rf"\b(?:[Ff]irst|[Ee]arlier|[Pp]reviously|[Oo]riginally)\s+reported\s+(?:by|in|on)\s+{_NAME}",
    ),
    ("first-reported", 0.9, ("reported",), rf"{_NAME}\s+(?:first|earlier|previously)\s+reported\b"),
    ("as-reported-by", 0.8, ("reported",), rf"\b(?:as|was|were|been)\s+reported\s+by\s+{_NAME}"),
    (
        "seen-by", 0.8, ("seen", "obtained", "viewed"),
        rf"\b(?i:documents?|memos?|emails?|letters?|filings?|recordings?|messages){_SEEN}{_NAME}",
    ),
)  # fmt: skip
# These name an outlet only if the name looks like one: people report, and are told things, as well.
_MENTIONS = (
    (
        "told", 0.8, ("told", "tells", "interview", "statement", "speaking"),
        rf"\b(?:told|tells|interview with|statement to|speaking to)\s+{_NAME}",
    ),
    ("reported", 0.8, ("report",), rf"{_NAME}\s+(?:reported|reports|has reported)\b"),
    ("via", 0.8, ("via",), rf"(?:^|\()\s*(?:[Vv]ia|VIA)\s*:?\s+{_NAME}\s*(?:\)|$)"),
)  # fmt: skip
_MUST_LOOK_LIKE_ONE = {method for method, _, _, _ in _MENTIONS}
_DOCUMENTS = (
    re.compile(
        r"\b(?:internal|leaked|confidential|unsealed|court|regulatory|redacted)\s+(?:[A-Z][\w’'-]*\s+){0,3}"
        r"(?:documents?|memos?|emails?|filings?|records|papers|presentations?|files|messages)\b"
    ),
    re.compile(
        r"\b(?:[A-Z][\w-]*(?:\s+[A-Z][\w-]*){0,2})[’']s?\s+(?:own\s+)?(?:terms\s+of\s+(?:service|use)|privacy\s+policy|"
        r"usage\s+polic(?:y|ies)|acceptable\s+use\s+policy|licen[cs]e\s+agreement)\b"
    ),
    re.compile(r"\b(?:legal|securities|SEC|FTC)\s+(?:filings?|papers|documents?|records)\b"),
    re.compile(r"\b(?:documents?|memos?|emails?|letters?|filings?)(?=\s+(?:seen|obtained|reviewed|viewed)\s+by\s)"),
)
_REDIRECT = re.compile(
    r"""\s*(?:(?:window|top|self|document)\.)*location(?:\.href)?\s*(?:=|\.replace\(|\.assign\()\s*["'](https?://[^"']{4,500})["']"""
)


class _Anchor(NamedTuple):
    words: str
    href: str


def hops(
    text: str,
    rest: str,
    url: str,
    *,
    tree: HtmlElement | None = None,
    markup: Markup | None = None,
    own: str | None = None,
) -> tuple[Hop, ...]:
    """The source chain of an article, copies first.

    ``rest`` is what was cut from its text, ``own`` its publisher's name. A credited outlet's
    article was not fetched: such a hop has no ``url`` unless the page links it.
    """
    found: dict[tuple[str, str], Hop] = {}
    links = _links(tree) if tree is not None else None
    steps = [*_pointed(markup, tree, url), *_agencies(markup)] if tree is not None and markup is not None else []
    steps += [*_copies(text, rest), *_credits(text), *_documents(text)]
    for hop in steps:
        if hop.url is None and links is not None:
            hop = _with_address(hop, links, url)
        if hop.kind == "document" or not _is_own(hop, url, own):
            found.setdefault((hop.kind, hop.name.casefold()), hop)
    return tuple(hop for hop in found.values() if hop.kind != "credited" or not _is_said_longer(hop, found.values()))


def _is_own(hop: Hop, url: str, publisher: str | None) -> bool:
    """Whether a hop leads to the site itself; the name decides, as a link may be a detour."""
    named = site_named(hop.name) or (site_of(hop.url) if hop.url else "")
    return (bool(named) and named == site_of(url)) or is_own_name(hop.name, url, publisher)


def _is_said_longer(hop: Hop, all_hops: Iterable[Hop]) -> bool:
    """Whether a name is short for exactly one other that the article credits or copies."""
    longer = {other.name.casefold() for other in all_hops if is_short_form(hop.name, other.name)}
    return len(longer) == 1


def _pointed(markup: Markup, tree: HtmlElement, url: str) -> Iterator[Hop]:
    """Addresses on other sites that the markup gives as the article's own or its original."""
    based = markup.article.get("isBasedOn")
    candidates: list[tuple[str, float, Iterable[str]]] = [
        ("canonical", 0.9, [markup.links.get("canonical", "")]),
        ("original-source", 0.9, [*markup.meta.get("original-source", ()), *markup.meta.get("syndication-source", ())]),
        ("is-based-on", 0.9, _addresses(based)),
        ("og-url", 0.8, markup.meta.get("og:url", ())),
        ("main-entity", 0.7, _addresses(markup.article.get("mainEntityOfPage"))),
        ("refresh", 0.7, [value.partition("=")[2].strip(" '\"") for value in markup.meta.get("refresh", ())]),
        ("script-redirect", 0.6, _redirects(tree)),
    ]
    for method, confidence, values in candidates:
        for value in values:
            address = _absolute(value, url)
            if address and _is_article(address, method) and site_of(address) != site_of(url):
                yield Hop(
                    kind="copy_of",
                    name=urlsplit(address).hostname or "",
                    url=address,
                    method=method,
                    confidence=confidence,
                    words=value,
                )


def _agencies(markup: Markup) -> Iterator[Hop]:
    """Agencies that the markup gives as the authors, if it gives no other: they wrote the text for many."""
    value = markup.article.get("author")
    names = [name for item in (value if isinstance(value, list) else [value]) for name in texts(markup.node_of(item))]
    known = {name: AGENCIES.get(name.casefold()) for name in names}
    for name, agency in known.items():
        if agency and all(known.values()):
            yield Hop(kind="copy_of", name=agency, method="author", confidence=0.7, words=name)


def _is_article(address: str, method: str) -> bool:
    """Whether an address can be one article's: front pages and placeholders stand there by mistake."""
    parts = urlsplit(address)
    where = parts.path.strip("/") + parts.query
    if method == "main-entity":  # often left as a template had it, such as https://google.com/article
        return bool(re.search(r"[-\d_/]", where))
    return bool(parts.hostname and where)


def _addresses(value: object) -> list[str]:
    items = value if isinstance(value, list) else [value]
    found = [item.get("@id") or item.get("url") if isinstance(item, dict) else item for item in items[:10]]
    return [item for item in found if isinstance(item, str)]


def _redirects(tree: HtmlElement) -> list[str]:
    scripts = [element.text or "" for element in tree.iter("script") if len(element.text or "") < 500]
    return [found[1] for script in scripts if (found := _REDIRECT.match(script))]


def _absolute(value: str, url: str) -> str | None:
    try:
        address = urljoin(url, value.strip())
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _led_out(address: str, url: str) -> str:
    """Where a link leads that goes by way of a counter of clicks or of the page's own site (``/out?to=https…``)."""
    if site_of(address) == site_of(url):
        given = [value for _, value in parse_qsl(urlsplit(address).query) if is_web_address(value)]
        address = next((value for value in given if site_of(value) != site_of(url)), address)
    return fetch_url(address) if is_web_address(address) else address


def _copies(text: str, rest: str) -> Iterator[Hop]:
    lines = _Lines(text[-1500:] + "\n" + rest)
    for method, confidence, cues, pattern in _COPIES:
        for found in lines.matches(cues, pattern, re.I):
            for name in outlet_names(found["name"])[:1]:
                if not _WHEN.match(name):
                    yield Hop(kind="copy_of", name=name, method=method, confidence=confidence, words=found[0].strip())
    if line := _DATELINE.search(text[:300]):
        name, place = line["name"].strip(), (line["place"] or "").strip()
        known = AGENCIES.get(name.casefold())
        if known or place.rstrip(",").isupper():
            confidence = 0.8 if known else 0.6
            yield Hop(
                kind="copy_of", name=known or name, method="dateline", confidence=confidence, words=line[0].strip()
            )


def _credits(text: str) -> Iterator[Hop]:
    lines = _Lines(text)
    for method, confidence, cues, pattern in _CREDITS + _MENTIONS:
        for found in lines.matches(cues, pattern):
            for name in outlet_names(found["name"]):
                if method not in _MUST_LOOK_LIKE_ONE or is_outlet(name):
                    yield Hop(
                        kind="credited", name=name, method=method, confidence=confidence, words=in_sentence(found[0])
                    )


class _Lines:
    """The lines of a text, searched only where a word stands that what is looked for must hold."""

    def __init__(self, text: str) -> None:
        self._lines = [(line, line.lower()) for line in text.split("\n") if line]

    def matches(self, cues: tuple[str, ...], pattern: str, flags: re.RegexFlag = re.NOFLAG) -> Iterator[re.Match[str]]:
        """The matches of a pattern in the lines that hold one of the cues."""
        for line, lower in self._lines:
            if any(cue in lower for cue in cues):
                yield from re.finditer(pattern, line, flags)


def _documents(text: str) -> Iterator[Hop]:
    taken: list[tuple[int, int]] = []
    for pattern in _DOCUMENTS:
        for found in pattern.finditer(text):
            words = found[0].strip()
            if any(start <= found.start() and found.end() <= end for start, end in taken):
                continue
            taken.append(found.span())
            yield Hop(kind="document", name=words, method="document-named", confidence=0.7, words=words)


def _links(tree: HtmlElement) -> Callable[[], list[_Anchor]]:
    """The links of a page, collected when they are first asked for."""
    return cache(lambda: [_Anchor(one_line(a.text_content()[:200]), a.get("href") or "") for a in tree.iter("a")])


def _with_address(hop: Hop, links: Callable[[], list[_Anchor]], url: str) -> Hop:
    """The hop with the address the page links its name to, or of a copy the link to the whole of it."""
    if hop.kind == "document":
        return hop
    wanted = hop.name.casefold()
    found = hop
    for words, href in links():
        level = words.casefold()
        is_named = level.startswith(wanted) and (
            level == wanted or (level[len(wanted)] == " " and len(words.split()) <= 6)
        )
        if not is_named and not (hop.kind == "copy_of" and re.match(READ_WHOLE, words, re.I)):
            continue
        address = _led_out(_absolute(href, url) or "", url)
        if address and site_of(address) != site_of(url):
            found = replace(found, url=address, name=words if is_named else found.name)
            if hop.kind != "copy_of" or _is_article(address, hop.method):
                break  # else it leads to the front page, and a later link may lead to the story
    return found
