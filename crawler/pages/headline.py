"""What an article is called: the headline the reader sees, and the title its markup gives."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawler.pages.decode import one_line
from crawler.pages.markup import Markup, texts

# " | Site", " - Site", " — Site" at the end of a <title>; the mark needs space around it, or it is a hyphen.
_SITE_MARK = re.compile(r"\s+(?:[|•·»–—:]|-{1,2})\s+")
_SHARE = 0.3
"""How much of its words a visible heading must share with a meta title to be the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A title and where it was found."""

    title: str
    origin: str
    meta_title: str | None


def headline(tree: HtmlElement, markup: Markup) -> Headline | None:
    """The headline; ``None`` when neither the page nor its markup has one."""
    given = [title for title, _ in _given(markup)]
    meta_title = given[0] if given else None
    wanted = [_words(title) for title in given]
    best, score = None, 0.0
    for seen in _visible(tree):
        likeness = max((_likeness(_words(seen), words) for words in wanted), default=1.0)
        if likeness > score:
            best, score = seen, likeness
    if best and score >= _SHARE:
        return Headline(title=best, origin="visible", meta_title=meta_title)
    for title, origin in _given(markup):
        return Headline(title=title, origin=origin, meta_title=meta_title)
    return None


def _given(markup: Markup) -> Iterator[tuple[str, str]]:
    """Titles of the markup without the site's name, the likeliest first."""
    sites = {one_line(name).casefold() for name in markup.meta.get("og:site_name", ())}
    sites |= {name.casefold() for name in texts(markup.node_of(markup.article.get("publisher")))}
    sources: list[tuple[Iterable[str], str]] = [
        (texts(markup.article.get("headline")), "json-ld"),
        (markup.microdata.get("headline", ()), "microdata"),
        (markup.meta.get("og:title", ()), "opengraph"),
        (markup.meta.get("twitter:title", ()), "meta"),
        ((markup.title_tag,) if markup.title_tag else (), "meta"),
    ]
    for values, origin in sources:
        for value in values:
            if title := without_site(value, sites, cut_last=value == markup.title_tag):
                yield title, origin


def without_site(title: str, sites: set[str], *, cut_last: bool = False) -> str:
    """A title without the name of its site.

    >>> without_site("Rules bite | The Example Times", {"the example times"})
    'Rules bite'
    >>> without_site("Rules bite - and how - Example Times Online", set(), cut_last=True)
    'Rules bite - and how'
    """
    marks = list(_SITE_MARK.finditer(title))
    if not marks:
        return title
    first, last = title[: marks[0].start()], title[marks[-1].end() :]
    if last.casefold() in sites or (cut_last and len(last.split()) <= 4 < len(title.split())):
        return without_site(title[: marks[-1].start()], sites)
    return title[marks[0].end() :] if first.casefold() in sites else title


def _visible(tree: HtmlElement) -> Iterator[str]:
    for level in ("h1", "h2"):
        for element in list(tree.iter(level))[:30]:
            if words := one_line(element.text_content()[:600]):
                yield words


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
