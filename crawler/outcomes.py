"""What an error of the connection or a status of the server means: one of the reasons of `crawler.failures`."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed

from crawler.failures import REASONS
from crawler.pages.walls import wall
from crawler.schedule import retry_after


class Refusal(IgnoreRequest):
    """A request that we do not send."""

    def __init__(self, reason: str, detail: str, *, wait: str | None = None) -> None:
        assert reason in REASONS
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.wait = wait
        """The Retry-After of a robots.txt that is not to be had now."""


class CalledOff(DownloadCancelledError):
    """A download that the end of the run broke off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a request that brought no page."""

    reason: str
    detail: str
    asked: timedelta | None = None
    """How long the server asks us to wait."""


ERRORS = (
    CannotResolveHostError, DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError,
    DownloadTimeoutError, IgnoreRequest, ResponseDataLossError, UnsupportedURLSchemeError, ConnectError,
    ConnectionClosed, zlib.error, EOFError,
)  # fmt: skip
"""Everything by which a download can fail; anything else is a bug of ours."""

_BY_TYPE = {
    DownloadTimeoutError: "timeout",
    DownloadConnectionRefusedError: "refused",
    ResponseDataLossError: "connection_lost",
    ConnectError: "connection_lost",
    ConnectionClosed: "connection_lost",
    UnsupportedURLSchemeError: "bad_link",
    zlib.error: "bad_content",
    EOFError: "bad_content",
}


def outcome_of_error(error: BaseException, *, is_private: bool = False, now: datetime | None = None) -> Outcome:
    """Why a download failed; ``is_private`` says that the host has private addresses only."""
    detail = _one_line(error)
    if isinstance(error, Refusal):
        return Outcome(reason=error.reason, detail=detail, asked=retry_after(error.wait, now=now) if now else None)
    if isinstance(error, CannotResolveHostError):
        if is_private:
            return Outcome(reason="private_address", detail="the host has no address on the open internet")
        return Outcome(reason="dns", detail=detail)
    if isinstance(error, DownloadFailedError):
        cause = f"{detail} {error.__cause__!r} {getattr(error.__cause__, 'reasons', '')}"
        is_tls = any(word in cause for word in ("certificate", "SSL", "VerificationError", "tls"))
        return Outcome(reason="tls" if is_tls else "connection_lost", detail=_one_line(cause))
    if isinstance(error, CalledOff):
        return Outcome(reason="stopped", detail=detail)
    if isinstance(error, DownloadCancelledError):  # the one other thing that Scrapy calls off
        return Outcome(reason="too_large", detail="the answer is larger than the limit, and was not read to its end")
    if isinstance(error, IgnoreRequest):
        text = str(error)
        if "MAXSIZE" in text:
            return Outcome(reason="too_large", detail=detail)
        return Outcome(reason="redirect_loop" if "redirections" in text else "bad_link", detail=detail)
    reason = next(name for kind, name in _BY_TYPE.items() if isinstance(error, kind))
    return Outcome(reason=reason, detail=detail)


_BY_STATUS = {
    401: "unauthorised", 402: "paywalled", 403: "forbidden", 404: "not_found", 406: "forbidden", 408: "timeout",
    410: "gone", 413: "too_large", 429: "rate_limited", 451: "forbidden",
}  # fmt: skip


def outcome_of_status(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Outcome | None:
    """Why an answer brings no page; ``None`` if it does, by its status. ``headers`` has lower-case names."""
    if status == 200:
        return None
    asked = retry_after(headers.get("retry-after"), now=now)
    detail = f"the server answered {status}"
    if status in (403, 429, 503) and "html" in headers.get("content-type", ""):
        found = wall(body[:200_000].decode("utf-8", "replace"), text="")
        if found and found.reason == "bot_wall":
            return Outcome(reason="bot_wall", detail=f"{detail} and says {found.words!r}", asked=asked)
    if status == 503 and "retry-after" in headers:
        return Outcome(reason="rate_limited", detail=detail, asked=asked)
    if 300 <= status < 400:
        detail += f" with Location {headers.get('location', '')!r}"
    reason = _BY_STATUS.get(status) or ("server_error" if status >= 500 else "bad_status")
    return Outcome(reason=reason, detail=detail, asked=asked)


def _one_line(value: object) -> str:
    return " ".join(str(value).split())[:500] or type(value).__name__
