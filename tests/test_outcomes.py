"""Errors and statuses, and the reasons they are."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.internet.error import ConnectionLost, NoRouteError

from crawler.failures import REASONS, WALLS, weight
from crawler.outcomes import ERRORS, CalledOff, Refusal, outcome_of_error, outcome_of_status

NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CannotResolveHostError("no such name"), "dns"),
        (DownloadTimeoutError("30 s"), "timeout"),
        (DownloadCancelledError(), "too_large"),
        (CalledOff("the run was ended"), "stopped"),
        (DownloadFailedError("certificate verify failed"), "tls"),
        (DownloadFailedError("connection was closed"), "connection_lost"),
        (IgnoreRequest("max redirections reached"), "redirect_loop"),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (10 B)"), "too_large"),
        (Refusal("robots_disallowed", "no"), "robots_disallowed"),
        (NoRouteError(), "connection_lost"),
        (ConnectionLost(), "connection_lost"),
        (EOFError("compressed file ended"), "bad_content"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_every_error_has_its_reason(error: Exception, reason: str) -> None:
    assert isinstance(error, ERRORS)
    outcome = outcome_of_error(error, now=NOW)
    assert outcome.reason == reason
    assert outcome.reason in REASONS
    assert outcome.detail
    assert "\n" not in outcome.detail


def test_a_name_with_private_addresses_only_is_no_dns_failure() -> None:
    assert outcome_of_error(CannotResolveHostError("x"), is_private=True).reason == "private_address"


def test_a_robots_txt_says_how_long_to_wait() -> None:
    refusal = Refusal("robots_unreachable", "503", wait="120")
    assert outcome_of_error(refusal, now=NOW).asked == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("status", "headers", "reason"),
    [
        (404, {}, "not_found"),
        (410, {}, "gone"),
        (401, {}, "unauthorised"),
        (402, {}, "paywalled"),
        (403, {}, "forbidden"),
        (429, {}, "rate_limited"),
        (503, {}, "server_error"),
        (503, {"retry-after": "60"}, "rate_limited"),
        (520, {}, "server_error"),
        (302, {"location": "ftp://paper.example"}, "bad_status"),
        (204, {}, "bad_status"),
        (418, {}, "bad_status"),
    ],
)
def test_every_status_has_its_reason(status: int, headers: dict[str, str], reason: str) -> None:
    outcome = outcome_of_status(status, headers, b"", now=NOW)
    assert outcome
    assert outcome.reason == reason
    assert str(status) in outcome.detail


def test_a_page_has_none() -> None:
    assert outcome_of_status(200, {}, b"", now=NOW) is None


def test_a_challenge_is_told_from_a_plain_no() -> None:
    page = b"<html><title>Just a moment...</title><body>Checking your browser</body></html>"
    outcome = outcome_of_status(403, {"content-type": "text/html"}, page, now=NOW)
    assert outcome
    assert outcome.reason == "bot_wall"


def test_every_wall_is_a_reason_and_every_reason_a_sentence() -> None:
    assert WALLS.keys() <= REASONS.keys()
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in REASONS.values())
    assert all(weight(reason) in (0.0, 0.25, 0.5, 1.0) for reason in REASONS)
