"""What else was seen on a page, one word each."""

import re

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


def signals(text: str, rest: str) -> tuple[str, ...]:
    """Words for what the text and what was cut from it show: removal_offer, stub."""
    found = ["removal_offer"] if _REMOVAL.search(rest) else []
    found += ["stub"] if len(text) < STUB else []
    return tuple(found)


def page_signals(tree: HtmlElement, markup: Markup) -> tuple[str, ...]:
    """Words for what the markup shows: live_blog, amp, more_pages, not_free."""
    root = tree.getroottree().getroot()
    kinds = str(markup.article.get("@type"))
    shown = {
        "live_blog": "LiveBlogPosting" in kinds,
        "amp": "amp" in root.attrib or "⚡" in root.attrib,
        "more_pages": bool(markup.links.get("next")),
        "not_free": str(markup.article.get("isAccessibleForFree")).lower() == "false",
    }
    return tuple(name for name, is_shown in shown.items() if is_shown)
