"""One article out of plain text or Markdown, as scraped or pasted: title line, byline, dates, body, foot."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.items import Article, Cut, Interval, Origin
from crawler.pages import PageError
from crawler.pages.authors import names
from crawler.pages.dates import is_past, relative, stamp
from crawler.pages.decode import cleaned
from crawler.pages.lines import ENDS, rejoined, unwrapped
from crawler.pages.origin import hops
from crawler.pages.signals import signals
from crawler.urls import article_id, canonical_url

_BYLINE = re.compile(r"^(?:by|words by|written by|story by|reported by|author:|authors:)\s+\S", re.I)
_HEAD_CHROME = re.compile(
    r"^(?:share|tweet|print|save|listen|comments?|\d+ comments?|advertisement|follow us.*|\d+ min(?:ute)?s? read|"
    r"(?:published|posted|updated|last (?:updated|modified)|date|views?)\b.*)$",
    re.I,
)
# A line that begins the foot of a scraped page; what follows it is the site speaking, not the article.
_FOOT = re.compile(
    r"^(?:(?:article|story|news|content)\s+(?:from|source)\s*:.*|read\s+(?:the\s+)?(?:entire|full|original|whole|"
    r"more)\b.{0,60}|"
    r"continue reading.{0,40}|note\s*:?|disclaimer\b.{0,60}|related(?:\s+(?:articles|stories|posts|news|topics))?\s*:?|"
    r"share this\b.*|leave a (?:reply|comment).*|subscribe\b.{0,80}|sign up\b.{0,80}|to remove this article.*|"
    r"removal request|"
    r"you (?:may|might) also like.*|more from\b.{0,60}|recommended(?:\s+for you)?|comments|tags?\s*:.*|filed under\b.*|"
    r"(?:©|copyright\s+(?:©|\(c\)|\d{4})).*|all rights reserved.*|about the author.*|advertisement)$",
    re.I,
)
_VIEWS = re.compile(r"\bago\s+(?P<after>\d{1,7})$|^(?:views?\s*:?\s*)?(?P<alone>\d{1,7})(?:\s+views?)?$", re.I)
_LINK = re.compile(r"(!?)\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"\n]*\")?\)")
_MARKS = re.compile(r"(\*\*|__|`)(?=\S)(.+?)(?<=\S)\1")
_IS_MARKDOWN = re.compile(r"^#{1,6} \S|\[[^\]\n]+\]\(https?://|^---\s*$", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """A plain text taken apart."""

    title: str
    head: tuple[str, ...]
    """Lines between title and body: byline, dates, counters."""
    body: tuple[str, ...]
    foot: tuple[str, ...]


def read_plain(text: str, url: str, *, fetched: datetime | None) -> Article:
    """The article in a plain text; its first line is the title. Raises `PageError` for an empty one."""
    lines = [line.strip() for line in _without_marks(cleaned(text[:5_000_000])).split("\n")]
    if not any(lines):
        raise PageError(url, "empty", "the file has no text in it")
    parts = _parts(rejoined(unwrapped(lines)))
    body, rest = "\n\n".join(parts.body), "\n".join(parts.foot)
    address = url if url.startswith("urn:") else canonical_url(url)
    authors = names([line for line in parts.head if _BYLINE.match(line)])
    when = _published(parts.head, fetched=fetched)
    found = signals(body, "\n".join(parts.head + parts.foot))
    found += tuple(f"view_count:{count}" for line in parts.head if (count := _views(line)))[:1]
    origins = [Origin(field="title", origin="visible")]
    origins += [Origin(field="authors", origin="byline")] if authors else []
    origins += [Origin(field="published", origin=when.basis)] if when else []
    return Article(
        id=article_id(address),
        url=address,
        title=parts.title,
        authors=authors,
        text=body,
        published=when,
        fetched=fetched,
        hops=hops(body, rest, address),
        origins=tuple(origins),
        cuts=tuple(
            Cut(words=line, score=0.0, reason=part) for part in ("head", "foot") for line in getattr(parts, part)
        ),
        signals=found,
    )


def _without_marks(text: str) -> str:
    """Markdown as it reads: links as their words, no emphasis, headings as plain lines; other text as it is."""
    if not _IS_MARKDOWN.search(text):
        return text
    text = _LINK.sub(lambda found: "" if found[1] else found[2], text)
    text = _MARKS.sub(r"\2", _MARKS.sub(r"\2", text))
    return re.sub(r"^(?:#{1,6}|>)[ \t]+|^(?:-{3,}|={3,}|\*{3,})[ \t]*$", "", text, flags=re.M)


def _parts(lines: Sequence[str]) -> _Parts:
    title, start = lines[0], 1
    if len(title) > 200 or (len(lines) > 1 and ENDS.search(title) and len(title) > 120):
        title, start = re.split(r"(?<=[.!?])\s", title)[0][:200], 0
    first = start
    while first < len(lines) and first < start + 8 and _is_head(lines[first]):
        first += 1
    last = _foot(lines, first)
    return _Parts(title=title, head=tuple(lines[start:first]), body=tuple(lines[first:last]), foot=tuple(lines[last:]))


def _is_head(line: str) -> bool:
    if len(line) > 100:
        return False
    if _BYLINE.match(line) or _HEAD_CHROME.match(line) or _VIEWS.search(line):
        return True
    dated = relative(line, fetched=None) or stamp(line)
    return bool(dated) and len(line) < 60 and not ENDS.search(line)


def _foot(lines: Sequence[str], first: int) -> int:
    """Where the foot begins: the first line that opens one, if less follows it than stands before it."""
    sizes = [len(line) for line in lines]
    for n in range(first + 1, len(lines)):
        if _FOOT.match(lines[n]) and sum(sizes[n:]) < sum(sizes[first:n]):
            return n
    return len(lines)


def _published(head: Sequence[str], *, fetched: datetime | None) -> Interval | None:
    for line in sorted(head, key=lambda line: line.lower().startswith(("updated", "last"))):
        words = re.sub(
            r"^(?:published|posted|date|updated|last (?:updated|modified))(?: on| at)?\s*:?\s*", "", line, flags=re.I
        )
        if found := relative(words, fetched=fetched):
            return found
        if (seen := stamp(words)) and is_past(seen.day, fetched):
            return Interval(start=seen.day, end=seen.day, at=seen.at, basis="visible", words=seen.words)
    return None


def _views(line: str) -> str | None:
    found = _VIEWS.search(line)
    return (found["after"] or found["alone"]) if found else None
