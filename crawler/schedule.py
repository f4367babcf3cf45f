"""When to ask again: polls, re-checks and back-off. Pure: the time is an argument, chance a number from 0 to 1.

Waits of our own are counted from ``since``, the minute in which the run began: counted from the answer, what is to be
asked each hour would fall due seconds after the next hour's run, and be asked every second hour.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

from crawler.failures import weight

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SHORTEST, LONGEST = HOUR, DAY
"""Between two polls of a source, whatever it publishes and whatever its server asks for."""
RECHECKS = (HOUR, 6 * HOUR, DAY, 7 * DAY)
"""After the first fetch an article is looked at again this much later; most corrections come within a day."""
SET_ASIDE = 30.0
"""Weighted failures in a row; "a surprising number of feeds come back" before that (rss-fetcher)."""
LONG_AGO = timedelta(minutes=10)
"""A run that began so long ago says nothing of when the next begins."""
PROBE = 30 * DAY
UNCONDITIONAL = 7 * DAY
"""ETags lie: a source is asked without validators once in this time."""
GIVE_UP = 8
"""Failures in a row after which an article is asked for no more."""

# An article that is not there, not ours to read or no article stays so.
_FINAL = {
    "bad_link", "private_address", "gone", "paywalled", "consent_wall", "bot_wall", "login", "unauthorised",
    "forbidden", "too_large", "not_html", "not_an_article", "section_front", "live_shell", "video_shell",
    "read_timeout", "read_crashed", "redirect_loop",
}  # fmt: skip
# May be mended within days: asked for a second time after a day, and then no more.
_TWICE = {"not_found", "soft_404", "empty", "too_short", "bad_content", "bad_status"}


def counted_from(begun: datetime, *, now: datetime) -> datetime:
    """From when the waits of a run are counted: the minute it began, or this minute if that is long ago.

    >>> begun = datetime(2026, 1, 1, 7, 7, 40, tzinfo=UTC)
    >>> str(counted_from(begun, now=begun + timedelta(minutes=3)))
    '2026-01-01 07:07:00+00:00'
    >>> str(counted_from(begun, now=begun + timedelta(minutes=30)))
    '2026-01-01 07:37:00+00:00'
    """
    return (begun if now - begun <= LONG_AGO else now).replace(second=0, microsecond=0)


def poll_at(
    published: Sequence[datetime], *, since: datetime, asked: timedelta | None = None, chance: float = 0.5
) -> datetime:
    """When to poll a source again: as often as it publishes, 1 h to 24 h, and not before the server wants it.

    ``published`` are the dates of its newest items, ``asked`` what the server said. Without dates it is every 3 h.
    """
    recent = sorted((min(day, since) for day in published), reverse=True)[:20]
    gaps = [newer - older for newer, older in pairwise(recent)]
    usual = sum(gaps, timedelta()) / len(gaps) if gaps else 3 * HOUR
    if recent:  # what has fallen silent is asked less often
        usual = max(usual, (since - recent[0]) / 4)
    return since + _clamped(max(usual * _jitter(chance), asked or timedelta()))


def unchanged_at(
    last_modified: str | None, *, since: datetime, asked: timedelta | None = None, chance: float = 0.5
) -> datetime:
    """When to poll again what has not changed: the longer it has not, the later."""
    changed = http_date(last_modified)
    silent = (since - changed) / 4 if changed else 3 * HOUR
    return since + _clamped(max(silent * _jitter(chance), asked or timedelta()))


def recheck_at(first: datetime | None, *, now: datetime) -> datetime | None:
    """When to look at an article again that was first fetched at ``first``; ``None`` after the last time.

    >>> first = datetime(2026, 1, 1, tzinfo=UTC)
    >>> str(recheck_at(first, now=first + timedelta(hours=2)))
    '2026-01-01 06:00:00+00:00'
    """
    if first is None:
        return None
    later = [first + after for after in RECHECKS if first + after > now]
    return later[0] if later else None


def retry_at(
    kind: str,
    reason: str,
    *,
    tries: int,
    weights: float,
    now: datetime,
    since: datetime | None = None,
    asked: timedelta | None = None,
    chance: float = 0.5,
) -> datetime | None:
    """When to try again what has just failed, ``None`` for never; ``tries`` and ``weights`` as they were before.

    What the server asks for (``asked``) is counted from ``now``, to the second.

    A source is polled after 1 h, 2 h, 4 h, … up to a day, monthly once it is set aside, and never again when it was
    gone twice. An article is given up when its reason is final or after `GIVE_UP` failures; the first time that its
    server says how long to wait, it is asked for right after that.
    """
    if reason == "stopped":
        return now
    if kind == "poll":
        if reason == "gone" and tries:
            return None
        if weights + weight(reason) >= SET_ASIDE:
            return now + PROBE
    elif reason in _FINAL or (reason in _TWICE and tries) or tries + 1 >= GIVE_UP:
        return None
    first = DAY if reason in _TWICE or reason == "gone" else HOUR
    wait = (since or now) + max(HOUR, min(first * 2 ** min(tries, 10), DAY) * _jitter(chance))
    welcome = now + min(asked or timedelta(), DAY)
    return welcome if asked and kind == "article" and not tries else max(wait, welcome)


def wait_asked(headers: dict[str, str], *, now: datetime) -> timedelta | None:
    """How long a server asks us to wait (Cache-Control, Expires, Retry-After), at most a day.

    ``headers`` has lower-case names.
    """
    found = (
        retry_after(headers.get("retry-after"), now=now), _max_age(headers.get("cache-control")),
        _until(headers.get("expires"), now=now),
    )  # fmt: skip
    return max((min(wait, DAY) for wait in found if wait), default=None)


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """A Retry-After header, in seconds or as a date, at most a day; ``None`` if there is none that can be read.

    >>> str(retry_after("120", now=datetime(2026, 1, 1, tzinfo=UTC)))
    '0:02:00'
    >>> str(retry_after("Thu, 01 Jan 2026 01:00:00 GMT", now=datetime(2026, 1, 1, tzinfo=UTC)))
    '1:00:00'
    """
    if value is None:
        return None
    value = value.strip()
    if value.isdigit():
        return timedelta(seconds=min(int(value[:9]), 86400))
    return min(wait, DAY) if (wait := _until(value, now=now)) else None


def http_date(value: str | None) -> datetime | None:
    """A date as HTTP writes it, in UTC; ``None`` for anything else."""
    if not value:
        return None
    try:
        moment: datetime = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _until(value: str | None, *, now: datetime) -> timedelta | None:
    moment = http_date(value)
    return moment - now if moment and moment > now else None


def _max_age(value: str | None) -> timedelta | None:
    for part in (value or "").lower().split(","):
        name, _, seconds = part.strip().partition("=")
        if name == "max-age" and seconds.strip('"').isdigit():
            return timedelta(seconds=min(int(seconds.strip('"')[:9]), 86400))
    return None


def _clamped(wait: timedelta) -> timedelta:
    return max(SHORTEST, min(wait, LONGEST))


def _jitter(chance: float) -> float:
    """A factor from 0.9 to 1, so that sources polled together drift apart; above 1, two hours would become three."""
    return 1 - chance / 10
