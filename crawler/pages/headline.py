"""What an article is called: the headline the reader sees, and the title its markup gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from crawler.pages.decode import one_line
from crawler.pages.markup import Markup, texts
from crawler.pages.outlets import site_of, squeezed

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
    sites = _site_names(markup)
    stated, tag = list(_stated(markup, sites)), list(_tag(markup, sites))
    given = stated + tag
    meta_title = given[0].title if given else None
    seen = _seen(tree, given)
    if seen is None:
        return _unseen(stated, tag)
    better = _shown_as_well(tree, seen, stated) or _without_kicker(seen, given) or _agreed(seen, stated, tag)
    if better:
        return replace(better, meta_title=meta_title)
    return Headline(title=_spaced(seen, given), origin="visible", meta_title=meta_title)


def _unseen(stated: Sequence[Headline], tag: Sequence[Headline]) -> Headline | None:
    """The markup's first title; no heading tells what ends the ``<title>`` from a site's name, so it is cut."""
    first = next(iter([*stated, *tag]), None)
    if first and tag and first.title.startswith(f"{tag[0].title} "):
        return replace(first, title=tag[0].title, meta_title=tag[0].title)
    return first


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


def _shown_as_well(tree: HtmlElement, seen: str, stated: Sequence[Headline]) -> Headline | None:
    """Another title of the markup that a heading further down ends with, where the first heading is none but a title.

    Such a first heading is written for searching machines, and hidden or small; readers see the other as the headline.
    """
    level = _level(seen)
    others = [each for each in stated if each.origin in ("json-ld", "opengraph") and len(each.title.split()) >= 4]
    shown = [_level(heading) for heading in islice(_visible(tree), 6)]
    for each in others:
        title = _level(each.title)
        if not level.endswith(title) and any(heading.endswith(title) for heading in shown if heading != level):
            return each
    return None


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


def _agreed(seen: str, stated: Sequence[Headline], tag: Sequence[Headline]) -> Headline | None:
    """A title on which the markup agrees, against the heading; or most of it, if it is the heading with its kicker.

    The ``<title>`` is written for searching machines and does not count against three others that agree.
    """
    level, levels = _level(seen), [_level(each.title) for each in stated]
    if len(levels) >= 3 and len(set(levels)) == 1 and level not in levels:
        return stated[0]
    levels += [_level(each.title) for each in tag]
    if not levels or level in levels:
        return None
    most = max(levels, key=levels.count)
    is_agreed = levels.count(most) == len(levels) >= 3 or (levels.count(most) >= 2 and most.endswith(level))
    return [*stated, *tag][levels.index(most)] if is_agreed else None


def _spaced(seen: str, given: Sequence[Headline]) -> str:
    """The heading with the spaces that its inner elements stand for."""
    return max(
        (each.title for each in given if each.title.split() != seen.split() and _same_letters(each.title, seen)),
        key=lambda title: title.count(" "),
        default=seen,
    )


def _stated(markup: Markup, sites: set[str]) -> Iterator[Headline]:
    """Titles of the markup without the site's name, the likeliest first."""
    sources: list[tuple[Iterable[str], str]] = [
        (texts(markup.article.get("headline")), "json-ld"),
        (markup.microdata.get("headline", ()), "microdata"),
        (markup.meta.get("og:title", ()), "opengraph"),
        (markup.meta.get("twitter:title", ()), "meta"),
    ]
    for values, origin in sources:
        for value in values:
            if title := without_site(value, sites):
                yield Headline(title=title, origin=origin, meta_title=title)


def _tag(markup: Markup, sites: set[str]) -> Iterator[Headline]:
    """The ``<title>`` without the site's name, which may stand there only."""
    if markup.title_tag and (title := without_site(markup.title_tag, sites, cut_last=True)):
        yield Headline(title=title, origin="meta", meta_title=title)


def _site_names(markup: Markup) -> set[str]:
    """Names of the site, lower case, and the words that its address has for it."""
    names = {one_line(name).casefold() for name in markup.meta.get("og:site_name", ())}
    names |= {name.casefold() for name in texts(markup.node_of(markup.article.get("publisher")))}
    for address in (markup.links.get("canonical", ""), *markup.meta.get("og:url", ())):
        domain = site_of(address).replace("-", "").removeprefix("the")
        names |= {domain.partition(".")[0], domain.replace(".", "")}
    return names - {""}


def without_site(title: str, sites: set[str], *, cut_last: bool = False) -> str:
    """A title without the name of its site.

    >>> without_site("Rules bite | The Example Times", {"the example times"})
    'Rules bite'
    >>> without_site("Rules bite - and how - Example Times Online", set(), cut_last=True)
    'Rules bite - and how'
    """
    before, colon, after = title.partition(": ")
    if colon and _is_site(before, sites):
        return after
    marks = list(_SITE_MARK.finditer(title))
    if not marks:
        return title
    first, last = title[: marks[0].start()], title[marks[-1].end() :]
    if _is_site(last, sites) or (cut_last and len(last.split()) <= 4 < len(title.split())):
        return without_site(title[: marks[-1].start()], sites)
    return title[marks[0].end() :] if _is_site(first, sites) else title


def _is_site(words: str, sites: set[str]) -> bool:
    return words.casefold() in sites or squeezed(words) in sites


def _visible(tree: HtmlElement) -> Iterator[str]:
    yield from _headings(tree, "h1")
    yield from _headings(tree, "h2")


def _headings(tree: HtmlElement, level: str) -> Iterator[str]:
    for element in islice(tree.iter(level), 30):
        if words := one_line(element.text_content()[:600]):
            yield words


def _same_letters(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _level(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", title.casefold()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
