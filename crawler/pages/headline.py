"""What an article is called: the headline the reader sees, and the title its markup gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.pages.decode import one_line
from crawler.pages.markup import Markup, texts

# " | Site", " - Site", " — Site" at the end of a <title>; the mark needs space around it, or it is a hyphen.
_SITE_MARK = re.compile(r"\s+(?:[|•·»–—]|-{1,2})\s+")
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
    given = list(_given(markup))
    meta_title = given[0].title if given else None
    seen = _seen(tree, given)
    if seen is None:
        return given[0] if given else None
    better = _without_kicker(seen, given) or _agreed(seen, given)
    if better:
        return replace(better, meta_title=meta_title)
    return Headline(title=seen, origin="visible", meta_title=meta_title)


def _seen(tree: HtmlElement, given: Sequence[Headline]) -> str | None:
    """The heading on the page that is most like a title of the markup; any first heading if there is no such title."""
    wanted = [_words(each.title) for each in given]
    best, score = None, 0.0
    for heading in _visible(tree):
        likeness = max((_likeness(_words(heading), words) for words in wanted), default=1.0)
        if likeness > score:
            best, score = heading, likeness
    if score >= _SHARE:
        return best
    alone = [heading for heading in _headings(tree, "h1") if len(heading.split()) >= 4]
    return alone[0] if len(alone) == 1 else None


def _without_kicker(seen: str, given: Sequence[Headline]) -> Headline | None:
    """A title of the markup with which the heading ends: what stands before it is the name of a column or topic.

    A kicker with a colon is meant to be read as part of the headline.
    """
    level = _level(seen)
    for each in given:
        title = _level(each.title)
        if title != level and level.endswith(title) and len(title) > 0.4 * len(level):
            kicker = seen[: -len(each.title)].strip()
            return each if len(kicker.split()) <= 4 and not kicker.endswith(":") and seen.endswith(each.title) else None
    return None


def _agreed(seen: str, given: Sequence[Headline]) -> Headline | None:
    """A title on which all the markup agrees, against the heading; or most, if it is the heading with its kicker."""
    level = _level(seen)
    titles = [_level(each.title) for each in given]
    if not titles or level in titles:
        return None
    most = max(titles, key=titles.count)
    if titles.count(most) == len(titles) >= 3 or (titles.count(most) >= 2 and most.endswith(level)):
        return given[titles.index(most)]
    return None


def _given(markup: Markup) -> Iterator[Headline]:
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
                yield Headline(title=title, origin=origin, meta_title=title)


def without_site(title: str, sites: set[str], *, cut_last: bool = False) -> str:
    """A title without the name of its site.

    >>> without_site("Rules bite | The Example Times", {"the example times"})
    'Rules bite'
    >>> without_site("Rules bite - and how - Example Times Online", set(), cut_last=True)
    'Rules bite - and how'
    """
    before, colon, after = title.partition(": ")
    if colon and before.casefold() in sites:
        return after
    marks = list(_SITE_MARK.finditer(title))
    if not marks:
        return title
    first, last = title[: marks[0].start()], title[marks[-1].end() :]
    if last.casefold() in sites or (cut_last and len(last.split()) <= 4 < len(title.split())):
        return without_site(title[: marks[-1].start()], sites)
    return title[marks[0].end() :] if first.casefold() in sites else title


def _visible(tree: HtmlElement) -> Iterator[str]:
    yield from _headings(tree, "h1")
    yield from _headings(tree, "h2")


def _headings(tree: HtmlElement, level: str) -> Iterator[str]:
    for element in islice(tree.iter(level), 30):
        if words := one_line(element.text_content()[:600]):
            yield words


def _level(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
