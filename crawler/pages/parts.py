"""An article that is spread over several pages, put together again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from crawler.items import Article, Hop

MAX_PAGES = 10
"""Of one article that are read; a slide show with more is left as it is."""
_PAGE_MARK = re.compile(r"\b(?:page|part|seite|página|pagina)?\s*\d{1,2}(?:\s*(?:of|/|von|de)\s*\d{1,2})?\W*$", re.I)


def is_same_article(first: Article, later: Article) -> bool:
    """Whether a page goes on with an article: it bears its headline, but for a number, and no other day."""
    days = {article.published.start for article in (first, later) if article.published and article.published.start}
    return _bare(first.title) == _bare(later.title) and len(days) < 2


def followed(first: Article, read: Callable[[str], Article | None]) -> list[Article]:
    """The later pages of an article, in their order, as far as ``read`` has one for the address that each leads to."""
    pages, seen = [first], set[str]()
    while first.access == "open" and len(pages) < MAX_PAGES and (url := pages[-1].next_page) and url not in seen:
        seen.add(url)
        later = read(url)
        if later is None or not later.text or not is_same_article(first, later):
            break
        pages.append(later)
    return pages[1:]


def joined(first: Article, later: Sequence[Article]) -> Article:
    """The article with the text of its later pages, in their order; what they repeat is not said twice."""
    if not later:
        return first
    pages = (first, *later)
    paragraphs = dict.fromkeys(paragraph for page in pages for paragraph in page.text.split("\n\n") if paragraph)
    hops: dict[tuple[str, str], Hop] = {}
    for hop in (hop for page in pages for hop in page.hops):
        hops.setdefault((hop.kind, hop.name.casefold()), hop)
    next_page = pages[-1].next_page
    outdated = {"stub"} if next_page else {"stub", "more_pages"}
    return replace(
        first,
        text="\n\n".join(paragraphs),
        text_confidence=min((page.text_confidence for page in pages if page.text_confidence is not None), default=None),
        hops=tuple(hops.values()),
        cuts=tuple(cut for page in pages for cut in page.cuts),
        next_page=next_page,
        signals=tuple(word for word in first.signals if word not in outdated),
    )


def _bare(title: str) -> str:
    return " ".join(re.findall(r"\w+", _PAGE_MARK.sub("", title.casefold())))
