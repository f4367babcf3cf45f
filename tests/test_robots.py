"""What robots.txt files mean, and how long they are believed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from scrapy.http import Response

from crawler.outcomes import Refusal
from crawler.robots import Robots, RobotsMemory, robots_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SITE = "https://paper.example"


def said(status: int, text: str = "", **headers: str) -> Robots | Refusal:
    response = Response(f"{SITE}/robots.txt", status=status, body=text.encode(), headers=headers)
    return robots_of(response, now=NOW)


def test_a_robots_txt_is_followed_for_our_name_first() -> None:
    robots = said(200, "\ufeffUser-agent: *\nDisallow: /\n\nUser-agent: blotter\nDisallow: /private/\nCrawl-delay: 7\n")
    assert isinstance(robots, Robots)
    assert robots.policy.is_allowed(f"{SITE}/2026/")
    assert not robots.policy.is_allowed(f"{SITE}/private/a")
    assert robots.policy.delay == 7


def test_a_delay_has_an_end() -> None:
    robots = said(200, "User-agent: *\nCrawl-delay: 9999")
    assert isinstance(robots, Robots)
    assert robots.policy.delay == 120


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_all(status: int) -> None:
    robots = said(status, "User-agent: *\nDisallow: /")
    assert isinstance(robots, Robots)
    assert robots.policy.is_allowed(f"{SITE}/")


@pytest.mark.parametrize("status", [429, 500, 503, 304])
def test_a_robots_txt_that_fails_allows_nothing_for_now(status: int) -> None:
    refusal = said(status, **{"Retry-After": "60"})
    assert isinstance(refusal, Refusal)
    assert (refusal.reason, refusal.wait) == ("robots_unreachable", "60")


def test_what_a_site_said_is_believed_for_a_day(tmp_path: Path) -> None:
    path = tmp_path / "archive" / "robots.json"
    memory = RobotsMemory(path)
    memory.put(SITE, Robots(at=NOW, text="User-agent: *\nDisallow: /private"))
    memory.put("https://old.example", Robots(at=NOW - timedelta(days=2), text=None))
    memory.save(now=NOW)
    again = RobotsMemory(path)
    assert again.get(SITE, now=NOW + timedelta(hours=23)) == memory.get(SITE, now=NOW)
    assert again.get(SITE, now=NOW + timedelta(hours=24)) is None
    assert again.get(SITE, now=NOW - timedelta(hours=1)) is None  # the clock was set back
    assert again.get("https://old.example", now=NOW) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"https://paper.example": {}}', '{"https://paper.example": 1}'])
def test_a_file_that_is_not_ours_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "robots.json"
    path.write_text(text, "utf-8")
    assert RobotsMemory(path).get(SITE, now=NOW) is None
