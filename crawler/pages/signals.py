"""What else was seen on a page, one word each."""

import re
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.pages.markup import Markup

STUB = 300
"""Characters under which a text is more likely a teaser than an article."""

_REMOVAL = re.compile(
    r"\bremoval request\b|\bto (?:remove|have) this (?:article|post|story|content)\b|\brequest (?:the )?removal\b|"
    r"\bcopyright(?:ed)? (?:work|material|content)\b[^\n]{0,200}\bcontact us\b|\bDMCA\b|"
    r"\btake-?down (?:request|notice)\b",
    re.I,
)
_PAGE_KEYS = {"page", "p", "pg", "seite", "pagina"}
_PAGE_NUMBER = re.compile(r"(?:[/_,.-](?:page|seite|p)?[/_-]?\d{1,2})?(?:\.html?)?/?$")


def signals(text: str, rest: str) -> tuple[str, ...]:
    """Words for what the text and what was cut from it show: removal_offer, stub."""
    found = ["removal_offer"] if _REMOVAL.search(rest) else []
    found += ["stub"] if len(text) < STUB else []
    return tuple(found)


def page_signals(tree: HtmlElement, markup: Markup, url: str) -> tuple[str, ...]:
    """Words for what the markup shows: live_blog, amp, more_pages, not_free."""
    root = tree.getroottree().getroot()
    kinds = str(markup.article.get("@type"))
    shown = {
        "live_blog": "LiveBlogPosting" in kinds,
        "amp": "amp" in root.attrib or "⚡" in root.attrib,
        "more_pages": next_page(tree, markup, url) is not None,
        "not_free": str(markup.article.get("isAccessibleForFree")).lower() == "false",
    }
    return tuple(name for name, is_shown in shown.items() if is_shown)


def next_page(tree: HtmlElement, markup: Markup, url: str) -> str | None:
    """The address at which the article goes on, by ``rel=next`` of a link in the head or on the page."""
    given = [markup.links.get("next", ""), *(a.get("href") or "" for a in tree.iterfind(".//a[@rel='next']"))]
    return next((urljoin(url, address.strip()) for address in given if is_later_page(address, url)), None)


def is_later_page(address: str, url: str) -> bool:
    """Whether a link leads to another page of the same article, and not to the next article as on many a blog.

    >>> is_later_page("?page=2", "https://a.example/story"), is_later_page("/story/2/", "https://a.example/story/")
    (True, True)
    >>> is_later_page("/other-story/", "https://a.example/story/"), is_later_page("?id=8", "https://a.example/?id=7")
    (False, False)
    """
    try:
        there = urljoin(url, address)
        return bool(address) and there != url and _without_page(there) == _without_page(url)
    except ValueError:
        return False


def _without_page(url: str) -> tuple[str, str, list[tuple[str, str]]]:
    """An address without the number of the page it leads to."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in _PAGE_KEYS]
    return parts.netloc, _PAGE_NUMBER.sub("", parts.path), query
