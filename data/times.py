"""Times as the databases hold them: UTC, ISO 8601, ending in ``Z``."""

from collections.abc import Callable
from datetime import UTC, date, datetime

Clock = Callable[[], datetime]
"""Tells the time, as the clock does or as a test will have it."""


def stamp(moment: datetime) -> str:
    """A moment as it is stored; a finer part than the second is dropped.

    >>> stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamped: str) -> datetime:
    """The moment that was stored."""
    return datetime.fromisoformat(stamped)


def optional_stamp(moment: datetime | None) -> str | None:
    """``None`` stays ``None``."""
    return stamp(moment) if moment else None


def day(value: date | None) -> str | None:
    """A date as it is stored."""
    return value.isoformat() if value else None
