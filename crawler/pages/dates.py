"""When an article was published, as an interval with its basis and the words; when it was modified."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from lxml.html import HtmlElement

from crawler.items import Interval
from crawler.pages.markup import Markup, texts

_ISO = re.compile(
    r"(?P<y>[12]\d{3})-?(?P<m>\d\d)-?(?P<d>\d\d)"
    r"(?:[T\s]+(?P<H>\d\d):?(?P<M>\d\d)(?::?(?P<S>\d\d?)(?:[.,]\d+)?)?\s*(?P<z>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.I,
)
_UNITS = {"second": 0, "minute": 0, "min": 0, "hour": 0, "hr": 0, "day": 1, "week": 7, "month": 30, "year": 365}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_AGO = re.compile(
    r"\b(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven)\s*(?P<unit>second|minute|min|hour|hr|day|week|month|"
    r"year)s?\s+ago\b",
    re.I,
)
_DAY_WORDS = re.compile(r"^(?:just now|today|yesterday)\b", re.I)
# English, German, French, Spanish, Italian, Portuguese, Dutch.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero gennaio janeiro januari",
            "feb february februar février febrero febbraio fevereiro februari",
            "mar march märz mars marzo março maart",
            "apr april avril abril aprile",
            "may mai mayo maggio maio mei",
            "jun june juni juin junio giugno junho",
            "jul july juli juillet julio luglio julho",
            "aug august août agosto augustus",
            "sep sept september septembre septiembre settembre setembro",
            "oct october oktober octobre octubre ottobre outubro okt",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre diciembre dicembre dezembro dez",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"(?:\b|(?<=[a-z])(?=(?-i:[A-Z])))(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|"
    rf"th)?,?\s+(?P<y1>[12]\d{{3}})"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:of\s+|de\s+)?(?P<m2>{_MONTH})\.?,?\s+(?:de\s+|"
    rf"del\s+)?(?P<y2>[12]\d{{3}}))\b",
    re.I,
)
_PUBLISHED_META = (
    "article:published_time", "article:published", "og:article:published_time", "og:published_time", "datepublished",
    "date", "pubdate", "publishdate",
    "publish-date", "publish_date", "parsely-pub-date", "sailthru.date", "dc.date", "dc.date.issued", "dcterms.created",
    "dcterms.date", "cxenseparse:recs:publishtime", "article.published", "rnews:datepublished",
    "cxenseparse:publishtime",
)  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dcterms.modified")
_STARTS_RELATIVE = re.compile(
    r"\W*(?:about |over |almost )?(?:\d{1,3}|an?|one|two|three|four|five|six|seven|just|today|yesterday)\b", re.I
)
EARLIEST = 1990
"""Nothing was published on the web before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A date as written, read: the day at the place of writing, and the moment if the words give a zone."""

    day: date
    at: datetime | None
    words: str


def stamp(words: str) -> Stamp | None:
    """What a date says; ``None`` for what is no date, or is impossible.

    >>> stamp("2024-05-01T23:30:00-05:00").at.isoformat()
    '2024-05-02T04:30:00+00:00'
    >>> stamp("1 May 2024").day.isoformat()
    '2024-05-01'
    """
    words = words.strip()[:100]
    if found := _ISO.match(words):
        return _iso(found, words)
    if found := _WRITTEN.search(words):
        month = _MONTHS[(found["m1"] or found["m2"]).lower()]
        return _day(int(found["y1"] or found["y2"]), month, int(found["d1"] or found["d2"]), words)
    if re.match(r"\w{3},? \d", words):
        return _mail(words)
    return None


def _iso(found: re.Match[str], words: str) -> Stamp | None:
    made = _day(int(found["y"]), int(found["m"]), int(found["d"]), words)
    if made is None or found["H"] is None or found["z"] is None:
        return made
    hour, minute, second = int(found["H"]), int(found["M"]), int(found["S"] or 0)
    zone = found["z"].upper()
    sign = 0 if zone in {"Z", "UTC", "GMT"} else (1 if zone[0] == "+" else -1)
    digits = re.sub(r"\D", "", zone).ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4])) * sign if sign else timedelta()
    if hour > 23 or minute > 59 or second > 59 or abs(offset) > timedelta(hours=15):
        return made
    local = datetime(made.day.year, made.day.month, made.day.day, hour, minute, second, tzinfo=UTC)
    return replace(made, at=local - offset)


def _mail(words: str) -> Stamp | None:
    try:
        at = parsedate_to_datetime(words)
    except ValueError:
        return None
    made = _day(at.year, at.month, at.day, words)
    return replace(made, at=at.astimezone(UTC)) if made and at.tzinfo else made


def _day(year: int, month: int, day: int, words: str) -> Stamp | None:
    if year < EARLIEST or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return Stamp(day=date(year, month, day), at=None, words=words)


def relative(words: str, *, fetched: datetime | None) -> Interval | None:
    """The interval that "10 months ago" and the like name, as coarse as their unit; ``None`` without such words.

    >>> relative("10 months ago", fetched=datetime(2024, 10, 15, tzinfo=UTC)).start.isoformat()
    '2023-12-01'
    """
    if found := _AGO.search(words):
        count = _NUMBERS.get(found["n"].lower()) or (int(found["n"]) if found["n"].isdigit() else 1)
        unit = found["unit"].lower()
    elif found := _DAY_WORDS.search(words):
        count, unit = int(found[0].lower() == "yesterday"), "day"
    else:
        return None
    if fetched is None:
        return Interval(start=None, end=None, basis="relative", words=found[0])
    start, end = _span(count, unit, fetched)
    return Interval(start=start, end=end, basis="relative", words=found[0])


def _span(count: int, unit: str, fetched: datetime) -> tuple[date, date]:
    today = fetched.date()
    if unit == "month":
        months = today.year * 12 + today.month - 1 - count
        year, month = divmod(months, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
    if unit == "year":
        return _years_before(today, count + 1) + timedelta(days=1), _years_before(today, count)
    if unit == "week":
        return today - timedelta(days=7 * count + 6), today - timedelta(days=7 * count)
    if unit == "day":
        return today - timedelta(days=count), today - timedelta(days=count)
    hours = {"hour": 1, "hr": 1}.get(unit, 1 / 60)
    return (fetched - timedelta(hours=(count + 1) * hours)).date(), (fetched - timedelta(hours=count * hours)).date()


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, monthrange(day.year - years, day.month)[1]))


def published(
    tree: HtmlElement,
    markup: Markup,
    url: str,
    *,
    shown: Sequence[str],
    fetched: datetime | None,
    announced: Interval | None = None,
) -> Interval | None:
    """When the page says it was published; structured data first, then what is seen; never after ``fetched``.

    ``shown`` are the lines around the headline.
    """
    for words, basis in _published_words(markup):
        found = stamp(words)
        if found and is_past(found.day, fetched):
            day = _local_day(found, shown, url)
            return Interval(start=day, end=day, at=found.at, basis=basis, words=found.words)
    if seen := _shown(shown, fetched=fetched):
        return seen
    if announced:
        return announced
    if (guess := _guessed(tree, url)) and is_past(guess.day, fetched):
        return Interval(start=guess.day, end=guess.day, basis="htmldate", words=guess.words)
    return None


_LEADS = re.compile(r"^\W*(?:(?:published|posted|date|first published|created)\b(?:\s+(?:on|at))?\s*:?)?\s*", re.I)
_UPDATED = re.compile(r"^\W*(?:last\s+)?(?:updated|modified)\b", re.I)


def _shown(lines: Sequence[str], *, fetched: datetime | None) -> Interval | None:
    """The date in a line of its own near the headline, relative or written out."""
    for line in lines:
        words = line[_LEADS.match(line).end() :] if len(line) <= 80 and not _UPDATED.match(line) else ""  # type: ignore[union-attr]
        if not words:
            continue
        if _STARTS_RELATIVE.match(words) and (found := relative(words, fetched=fetched)):
            return found
        seen = stamp(words)
        alone = seen and (_WRITTEN.match(words) or len(re.sub(r"[\W\d_]+", "", words)) <= 24)
        if seen and (alone or words != line or re.match(r"\W*by\b", words, re.I)) and is_past(seen.day, fetched):
            return Interval(start=seen.day, end=seen.day, at=seen.at, basis="visible", words=words)
    return None


def modified(markup: Markup, *, fetched: datetime | None) -> datetime | None:
    """When the page says it was last changed, in UTC."""
    words = [*texts(markup.article.get("dateModified")), *markup.microdata.get("dateModified", ())]
    words += [value for name in _MODIFIED_META for value in markup.meta.get(name, ())]
    for value in words:
        if (found := stamp(value)) and found.at and is_past(found.day, fetched):
            return found.at
    return None


def is_past(day: date, fetched: datetime | None) -> bool:
    """Whether a page fetched then can have been published that day, wherever on earth that was."""
    return fetched is None or day <= (fetched + timedelta(hours=14)).date()


def _local_day(found: Stamp, shown: Sequence[str], url: str) -> date:
    """The day that the reader is shown: a moment may fall on the day before or after where the page is published."""
    if found.at is None:
        return found.day
    days = {seen.day for line in shown if len(line) < 120 and (seen := stamp(line))} | set(_days_of(url))
    beside = [day for day in (found.day - timedelta(days=1), found.day + timedelta(days=1)) if day in days]
    return beside[0] if len(beside) == 1 and found.day not in days else found.day


def _days_of(url: str) -> list[date]:
    """The day in an address such as ``/2024/05/01/``, if there is one."""
    found = re.search(r"/((?:19|20)\d\d)[/-]?(\d\d?)[/-]?(\d\d?)(?=[/-])", url)
    made = _day(int(found[1]), int(found[2]), int(found[3]), found[0]) if found else None
    return [made.day] if made else []


def _published_words(markup: Markup) -> Iterator[tuple[str, str]]:
    for value in texts(markup.article.get("datePublished")) or texts(markup.article.get("dateCreated")):
        yield value, "json-ld"
    for value in markup.microdata.get("datePublished", ()):
        yield value, "microdata"
    for name in _PUBLISHED_META:
        for value in markup.meta.get(name, ())[:1]:
            yield value, "opengraph" if name.startswith(("article:", "og:")) else "meta"


def _guessed(tree: HtmlElement, url: str) -> Stamp | None:
    from htmldate import find_date  # here: few pages need it, and it takes as long as two take to read

    try:
        words = find_date(tree, url=url, original_date=True)
    except (ValueError, OverflowError):  # htmldate on a date it half understands
        return None
    return stamp(words) if words else None
