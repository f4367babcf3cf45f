"""The article's own words out of a page, and what was left out."""

from dataclasses import dataclass

import trafilatura
from lxml.html import HtmlElement

from crawler.items import Cut
from crawler.pages.decode import cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What was read of a page."""

    text: str
    confidence: float | None
    cuts: tuple[Cut, ...]


def body(tree: HtmlElement, *, title: str | None) -> Body:
    """The text of the article, paragraphs apart by an empty line, the title not among them."""
    words = trafilatura.extract(tree, favor_precision=True, include_comments=False)
    lines = cleaned(words or "").splitlines()
    lines = [line.strip() for line in lines if line.strip()]
    if title and lines and lines[0].casefold() == title.casefold():
        lines = lines[1:]
    return Body(text="\n\n".join(lines), confidence=None, cuts=())
