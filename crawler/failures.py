"""Why no article came from an address: the closed list of reasons, and how much each counts against its source."""

from collections.abc import Mapping
from types import MappingProxyType

from crawler.items import Access

REASONS: Mapping[str, str] = MappingProxyType(
    {
        # the link
        "bad_link": "The address is not one of the web.",
        "private_address": "The address leads into a private or special network, so no connection was opened.",
        # robots.txt
        "robots_disallowed": "The site's robots.txt asks crawlers to stay away from this page.",
        "robots_unreachable": "The site's robots.txt could not be read, so nothing is asked of the site until it can.",
        # the connection
        "dns": "The host name could not be resolved.",
        "refused": "The server refused the connection.",
        "timeout": "The answer did not come in time.",
        "tls": "The server's certificate is not to be trusted, or no secure connection could be made.",
        "connection_lost": "The connection broke, or what came is no HTTP.",
        "stopped": "The run was ended while the page was being fetched.",
        # the answer
        "too_large": "The answer is larger than the limit, as sent or once unpacked.",
        "redirect_loop": "The server sends from address to address without end.",
        "not_found": "The server says that there is no such page (404).",
        "gone": "The server says that the page is gone for good (410).",
        "unauthorised": "The server asks for a password (401).",
        "forbidden": "The server refuses to give the page (403, 406, 451 and their like).",
        "rate_limited": "The server asks for fewer requests (429, or 503 with Retry-After).",
        "server_error": "The server failed (5xx).",
        "bad_status": "The server answered with a status that makes no sense here.",
        # walls: the page is there, but not for us
        "paywalled": "The article is for subscribers.",
        "consent_wall": "The page wants consent or a cookie before it shows anything.",
        "bot_wall": "The page wants proof that no program is asking.",
        "login": "The page is a form to log in.",
        # the page
        "soft_404": "The server says 200, but the page says that there is no such page.",
        "bad_content": "The bytes are not what they are said to be, or could not be unpacked.",
        "not_html": "What came is no HTML page, such as a PDF or a picture.",
        "empty": "The page has no text.",
        "too_short": "The page has a few words only.",
        "not_an_article": "The page is no article.",
        "section_front": "The page lists articles and is none.",
        "live_shell": "The page is a live blog or ticker that a script fills in.",
        "video_shell": "The page is a player with no text to read.",
        "read_timeout": "Reading the page took too long and was stopped.",
        "read_crashed": "Reading the page ended the process that did it.",
        # the text
        "extract_crashed": "Looking for facts in the text ended the process that did it, twice.",
        # feeds
        "bad_feed": "What came is no feed, sitemap or list of articles.",
    }
)  # fmt: skip

WALLS: Mapping[str, Access] = MappingProxyType(
    {
        "paywalled": "paywalled",
        "login": "paywalled",
        "unauthorised": "paywalled",
        "consent_wall": "consent_wall",
        "bot_wall": "bot_wall",
        "forbidden": "bot_wall",
    }
)
"""Reasons that leave the headline and the link standing, and the `Access` the article has then."""

# What the site cannot help, or what passes by itself, counts less against a source (as rss-fetcher weighs it).
_WEIGHTS = {
    "dns": 0.25, "robots_unreachable": 0.25, "rate_limited": 0.25, "stopped": 0.0,
    "timeout": 0.5, "refused": 0.5, "connection_lost": 0.5, "server_error": 0.5,
}  # fmt: skip


def weight(reason: str) -> float:
    """How much a failure counts toward setting its source aside.

    >>> weight("not_found"), weight("timeout"), weight("dns")
    (1.0, 0.5, 0.25)
    """
    return _WEIGHTS.get(reason, 1.0)
