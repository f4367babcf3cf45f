"""Who wrote an article: people's names without roles, degrees, outlets; agencies and updaters kept apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.pages.decode import one_line
from crawler.pages.markup import Markup, texts

_LEADS = re.compile(
    r"^(?:(?:story|words|written|reported|reporting|posted|published|text|von|par|por|door|di|af|av)\s+)?"
    r"(?:by|from|von|par|por|door|di|af|av)\b[\s:]+|^(?:authors?|writers?|reporter|byline)\s*:\s*",
    re.I,
)
_SPLIT = re.compile(r"\s*(?:[;|/•·&\n]|,(?!\s*(?:Jr|Sr|II|III)\b)|\s(?:and|und|et|y|e|with)\s)\s*")
_DEGREES = re.compile(
    r"(?:,?\s+\(?(?:Ph\.?D|M\.?D|MSc?|MPH|MBA|RDN?|LDN?|CPT|BSc?|BA|MA|Esq|RN|DO|JD|LLM|CFP|CFA)\b\.?\)?)+$"
)
_NOT_NAMES = re.compile(
    r"https?:|www\.|@|\d{3}|\b(?:staff|admin|editors?|editorial|newsroom|desk|team|reporters?|correspondents?|contributors?|"
    r"redaktion|redaction|rédaction|redazione|redacción|updated|published|posted|min read|writer|press release|subscribe|"
    r"getty|images?|photos?|follow|share)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """The authors and where they were found."""

    authors: tuple[str, ...]
    origin: str


def byline(tree: HtmlElement, markup: Markup, *, publisher: str | None) -> Byline | None:
    """The authors of an article; ``None`` if nothing names one."""
    sources: list[tuple[Iterable[str], str]] = [
        (_node_authors(markup), "json-ld"),
        (markup.microdata.get("author", ()), "microdata"),
        (_meta_authors(markup), "meta"),
        (_visible(tree), "byline"),
    ]
    for values, origin in sources:
        if found := names(values, publisher=publisher):
            return Byline(authors=found, origin=origin)
    return None


def names(values: Iterable[str], *, publisher: str | None = None) -> tuple[str, ...]:
    """People's names out of author strings, in order, each once.

    >>> names(["By Ann Lee and Bo Ek, PhD", "The Example Times"], publisher="The Example Times")
    ('Ann Lee', 'Bo Ek')
    """
    found: dict[str, str] = {}
    for value in values:
        for part in _SPLIT.split(_LEADS.sub("", one_line(value))):
            name = _DEGREES.sub("", _LEADS.sub("", part)).strip(" .,:-–—|")
            if not name or len(name) > 60 or len(name.split()) > 6 or _NOT_NAMES.search(name):
                continue
            if publisher and name.casefold() == publisher.casefold():
                continue
            found.setdefault(name.casefold(), name)
    return tuple(found.values())


def _node_authors(markup: Markup) -> list[str]:
    value = markup.article.get("author") or markup.article.get("creator")
    items = value if isinstance(value, list) else [value]
    return [name for item in items for name in texts(markup.node_of(item))]


def _meta_authors(markup: Markup) -> list[str]:
    for name in ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "authors"):
        values = [value for value in markup.meta.get(name, ()) if not value.startswith("http")]
        if values:
            return values
    return []


_BYLINES = (
    '//*[@rel="author"]',
    '//*[contains(concat(" ", @itemprop, " "), " author ")]',
    '//*[contains(@class, "byline") or contains(@class, "author-name") or contains(@class, "author__name")]',
)


def _visible(tree: HtmlElement) -> list[str]:
    for path in _BYLINES:
        found = [words for element in tree.xpath(path)[:3] if (words := one_line(element.text_content()[:300]))]
        if found and names(found[:1]):
            return found[:1]
    return []
