"""What the crawler hands on: `Article` and `Failure`, and the queue it takes its work from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

Access = Literal["open", "paywalled", "consent_wall", "bot_wall"]
JobKind = Literal["poll", "article"]
HopKind = Literal["copy_of", "credited", "document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """When something was published, as exactly as the page says and no more."""

    start: date | None
    """First day it can have been; ``None`` if the words need a fetch time that nobody knows."""
    end: date | None
    """Last day it can have been, the same as ``start`` for a plain date."""
    at: datetime | None = None
    """The moment in UTC, if the page gives one."""
    basis: str
    """Where it was found: json-ld, microdata, opengraph, meta, visible, url, relative, feed, htmldate."""
    words: str
    """As written, such as ``2024-05-01T10:00:00+02:00`` or ``10 months ago``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One step of the source chain: whom this article copies, credits or has its facts from."""

    kind: HopKind
    """copy_of: the same text elsewhere; credited: an outlet that reported it; document: what that one saw."""
    name: str
    """Name or domain as the page has it."""
    url: str | None = None
    method: str
    """The rule that found it: canonical, og-url, article-from, originally-appeared, dateline, according-to, …"""
    confidence: float
    """0 to 1."""
    words: str
    """The words or the markup value that say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a field's value came from."""

    field: str
    origin: str
    """json-ld, microdata, opengraph, meta, byline, visible, url, feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A block of the page that was left out of the text."""

    words: str
    score: float
    """How likely it is part of the article, 0 to 1."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article as published, in plain text."""

    id: int
    """`crawler.urls.article_id` of ``url``."""
    url: str
    """The canonical URL, or ``urn:sha256:…`` for a file given without one."""
    source_id: str | None = None
    """The entry of sources.yml it was announced by; ``None`` for what was added by hand."""
    title: str
    """The headline as the reader sees it."""
    meta_title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    section: str | None = None
    language: str | None = None
    """As the page declares it, such as ``en-GB``."""
    keywords: tuple[str, ...] = ()
    summary: str | None = None
    """What the page or its feed says the article is about."""
    text: str
    """The exact string into which every span's offsets point; empty behind a wall."""
    text_confidence: float | None = None
    """0 to 1, how sure the reading is, by itself and by a second reader where it was unsure; ``None`` if the
    text is none that was judged (plain text, or what the markup gave)."""
    access: Access = "open"
    published: Interval | None = None
    """``None`` if nothing says when."""
    modified: datetime | None = None
    fetched: datetime | None = None
    """``None`` for a file whose fetch time nobody gave."""
    hops: tuple[Hop, ...] = ()
    origins: tuple[Origin, ...] = ()
    cuts: tuple[Cut, ...] = ()
    signals: tuple[str, ...] = ()
    """What else was seen, one word each: stub, removal_offer, live_blog, amp, …"""
    next_page: str | None = None
    """Where the text goes on, on a page that was not read; ``None`` where it is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An announced address, with what the feed said of it."""

    url: str
    source_id: str | None = None
    title: str | None = None
    published: Interval | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    found_in: str | None = None
    """Address of the feed, sitemap or listing that named it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An address from which no article came, and why."""

    url: str
    source_id: str | None = None
    stage: Literal["link", "robots", "fetch", "read", "extract"]
    reason: str
    """One of `crawler.failures.REASONS`."""
    detail: str
    """For a person: what was found, what was expected."""
    status: int | None = None
    """The HTTP status, if there was an answer."""
    weight: float = 1.0
    """How much it counts toward setting the source aside: 1, ½, ¼, or 0 if nobody is to blame."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave us to ask "has it changed?" with, and a fingerprint of our own."""

    etag: str | None = None
    last_modified: str | None = None
    sha256: str | None = None
    """Of the body, for servers whose validators lie."""
    first: datetime | None = None
    """When the run began in which the first full answer came, from which re-checks are counted."""
    since: datetime | None = None
    """When the last full answer came; after a week we ask without validators."""
    below: tuple[tuple[str, "Validators"], ...] = ()
    """For a sitemap index: its own, and those of the sitemaps that it names, by address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One answered request, for the fetch log."""

    url: str
    final_url: str
    """After redirects."""
    source_id: str | None = None
    status: int
    at: datetime
    size: int
    """Bytes of the decoded body."""
    content_type: str | None = None
    sha256: str | None = None
    redirects: tuple[str, ...] = ()
    warc_file: str | None = None
    """Name inside the archive folder."""
    warc_offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work, leased from the queue."""

    id: int
    kind: JobKind
    url: str
    source_id: str | None = None
    tries: int = 0
    """How often it has failed since it last went well."""
    weight: float = 0.0
    """The weights of these failures together."""
    validators: Validators | None = None
    """``None``: ask unconditionally."""
    link: Link | None = None
    """What announced it, for articles."""


class Queue(Protocol):
    """Where the crawler takes its work from and reports to; each call is one transaction."""

    def lease(self, limit: int, *, now: datetime) -> Sequence[Job]:
        """Up to ``limit`` jobs that are due; nobody else gets them before the lease runs out."""

    def keep_article(
        self, job: Job, article: Article, *, validators: Validators | None, recheck_at: datetime | None
    ) -> bool:
        """Store the article and mark its job done; whether anything changed."""

    def keep_links(self, job: Job, links: Iterable[Link], *, validators: Validators | None, poll_at: datetime) -> int:
        """Queue what is new among ``links`` and set the next poll; the number of new ones."""

    def unchanged(self, job: Job, *, again_at: datetime | None) -> None:
        """The server says that nothing changed."""

    def fail(self, job: Job, failure: Failure, *, again_at: datetime | None) -> None:
        """Log the failure; try again then, or never (``None``)."""

    def release(self, jobs: Iterable[Job]) -> None:
        """Take back jobs that were leased and not begun, as they were."""

    def log_fetch(self, fetch: Fetch) -> None:
        """Add a row to the fetch log."""

    def forbids(self, record: bytes) -> bool:
        """Must a WARC record not be written, as it has words of what was purged that are in no article kept so far?"""

    def log_archived(self, final_url: str, warc_file: str, warc_offset: int) -> None:
        """Note where the last answer of an address stands that was not in the archive when it was logged."""

    def hold(self, host: str, *, until: datetime) -> None:
        """Lease nothing of this host before then (Retry-After)."""
