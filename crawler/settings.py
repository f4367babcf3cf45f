"""How Scrapy is set up for the open web: polite, bounded, honest about who asks."""

import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

AGENT = "Blotter"
"""The name that robots.txt files may address."""
_CONTACT = re.compile(r"(?:mailto:)?[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+\.\S+")


class SettingsError(ValueError):
    """Something the operator has to say first, in one line."""


def build_settings(contact: str, allow_networks: Sequence[str] = ()) -> dict[str, Any]:
    """Scrapy's settings for a run that tells servers how to reach ``contact``, an e-mail or web address.

    ``allow_networks`` opens private networks to the demo and the tests; nothing else may set it.
    """
    if not _CONTACT.fullmatch(contact.strip()):
        found = f"found {contact!r}" if contact.strip() else "none was given"
        raise SettingsError(
            "servers must be told whom to write to: expected an e-mail or web address in --contact or BLOTTER_CONTACT, "
            + found
        )
    return {
        "BLOTTER_ALLOW_NETWORKS": tuple(allow_networks),
        "USER_AGENT": f"{AGENT}/{_version()} (+{contact.strip()})",
        **_POLITENESS,
        **_LIMITS,
        **_PARTS,
    }


def _version() -> str:
    try:
        return version("ai-blotter")
    except PackageNotFoundError:  # run from a folder, not installed
        return "0"


_POLITENESS = {
    "CONCURRENT_REQUESTS": 32,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "DOWNLOAD_DELAY": 1.0,  # a floor; AutoThrottle would go down to 1 ms on a fast server
    "DOWNLOAD_DELAY_JITTER": 0.5,
    "DEFAULT_REQUEST_HEADERS": {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/rss+xml,*/*;q=0.5",
        "Accept-Language": "en,*;q=0.5",
        "Accept-Encoding": "gzip, deflate",  # every reader of WARC files can unpack these
    },
}
_LIMITS = {
    "DOWNLOAD_TIMEOUT": 30,
    "DOWNLOAD_MAXSIZE": 10_000_000,  # of the unpacked body too: a gzip bomb of 900 MB took 1,967 MB of memory
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,  # Scrapy trusts every certificate by default
    "DOWNLOAD_FAIL_ON_DATALOSS": True,
    "REDIRECT_MAX_TIMES": 8,
    "METAREFRESH_MAXDELAY": 5,
    "URLLENGTH_LIMIT": 2048,
    "HTTPERROR_ALLOW_ALL": True,  # a status is an outcome to be told, not to be dropped
    "SCRAPER_SLOT_MAX_ACTIVE_SIZE": 10_000_000,
    "CONCURRENT_ITEMS": 1,  # Scrapy starts so many tasks for every answer; ours yield a request at most
}
_M = "scrapy.downloadermiddlewares"
_PARTS = {
    "LOG_LEVEL": "WARNING",
    "LOG_ENABLED": False,
    "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # the queue knows what was asked for
    "TWISTED_REACTOR": "twisted.internet.asyncioreactor.AsyncioSelectorReactor",
    # Parts are named one by one, the base lists emptied: what is switched off is imported all the same, and took as
    # long as fifty pages take to fetch (an HTTP server for remote control, feeds, cookies).
    "EXTENSIONS_BASE": {},
    "DOWNLOAD_HANDLERS_BASE": {},  # ours comes with the run, so that these settings can be made without Scrapy
    # Not among them: robots.txt, which we obey to the letter of RFC 9309; tries again, which the queue makes in a later
    # run, where Scrapy's three take a tenth of a second; a proxy, which would look names up behind the guard's back.
    "DOWNLOADER_MIDDLEWARES_BASE": {},
    "DOWNLOADER_MIDDLEWARES": {
        "crawler.guard.RobotsMiddleware": 100,
        f"{_M}.downloadtimeout.DownloadTimeoutMiddleware": 350,
        f"{_M}.defaultheaders.DefaultHeadersMiddleware": 400,
        f"{_M}.useragent.UserAgentMiddleware": 500,
        "crawler.downloader.PageRedirects": 580,
        f"{_M}.httpcompression.HttpCompressionMiddleware": 590,
        f"{_M}.redirect.RedirectMiddleware": 600,
        "crawler.downloader.LoopMiddleware": 610,  # before Scrapy follows
        "crawler.downloader.ArchiveMiddleware": 950,  # next to the wire: sees bodies as they came
    },
    "SPIDER_MIDDLEWARES_BASE": {},
    "SPIDER_MIDDLEWARES": {"scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": 800},
}
