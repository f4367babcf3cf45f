"""What robots.txt files let us do (RFC 9309), and what they said within the last day."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scrapy.http import Response
from scrapy.robotstxt import ProtegoRobotParser

from crawler.outcomes import Refusal
from crawler.settings import AGENT

MAX_BYTES = 512_000
"""RFC 9309 wants at least 500 KiB to be read."""
LONGEST_DELAY = 120.0
"""Seconds between two requests that a site may ask for."""
FRESH = timedelta(days=1)
"""RFC 9309: not to be used for longer without being asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a site lets us do."""

    rules: ProtegoRobotParser | None = None
    """``None``: everything, as there is no such file."""
    refusal: Exception | None = None
    """Why nothing can be asked at present."""

    def is_allowed(self, url: str) -> bool:
        return self.rules is None or self.rules.allowed(url, AGENT)

    @property
    def delay(self) -> float | None:
        """Seconds between two requests that the site asks for."""
        delay = self.rules.crawl_delay(AGENT) if self.rules else None
        return min(delay, LONGEST_DELAY) if delay else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """A robots.txt as it was answered: a text, or the word that there is none."""

    at: datetime
    text: str | None

    @property
    def policy(self) -> Policy:
        if self.text is None:
            return Policy()
        return Policy(rules=ProtegoRobotParser(self.text.encode("utf-8", "replace"), None))


def robots_of(response: Response, *, now: datetime) -> Robots | Refusal:
    """What an answer says: what is not there allows all, what fails or is put off allows nothing for now."""
    if 400 <= response.status < 500 and response.status != 429:
        return Robots(at=now, text=None)
    if response.status == 200:
        return Robots(at=now, text=response.body[:MAX_BYTES].decode("utf-8-sig", "replace"))
    wait = (response.headers.get("Retry-After") or b"").decode("latin-1") or None
    return Refusal("robots_unreachable", f"{response.url} answered {response.status}", wait=wait)


class RobotsMemory:
    """The robots.txt files of the last day by origin, kept in a file, so that a quiet hour costs a site one request."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _load(path)
        self._is_changed = False

    def get(self, origin: str, *, now: datetime) -> Robots | None:
        """What a site said, if it is not too long ago."""
        robots = self._known.get(origin)
        return robots if robots and timedelta() <= now - robots.at < FRESH else None

    def put(self, origin: str, robots: Robots) -> None:
        """Remember what a site said."""
        self._known[origin] = robots
        self._is_changed = True

    def save(self, *, now: datetime) -> None:
        """Write what is still fresh, whole or not at all."""
        if not self._is_changed:
            return
        kept = {origin: robots for origin, robots in self._known.items() if self.get(origin, now=now)}
        rows = {origin: {"at": robots.at.isoformat(), "text": robots.text} for origin, robots in kept.items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(rows, indent=0), "utf-8")
        draft.replace(self._path)


def _load(path: Path) -> dict[str, Robots]:
    """What was kept; nothing if the file is missing or not ours, as it can be asked for again."""
    try:
        rows = json.loads(path.read_text("utf-8"))
        return {origin: Robots(at=datetime.fromisoformat(row["at"]), text=row["text"]) for origin, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
