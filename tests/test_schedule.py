"""When things are asked for again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.schedule import poll_at, recheck_at, retry_at, unchanged_at, wait_asked

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def poll(gap: timedelta, *, last: timedelta = timedelta(), asked: timedelta | None = None) -> timedelta:
    dates = [NOW - last - n * gap for n in range(30)]
    return poll_at(dates, since=NOW, asked=asked, chance=0) - NOW


def test_a_source_is_polled_as_often_as_it_publishes() -> None:
    assert poll(timedelta(minutes=5)) == HOUR
    assert poll(4 * HOUR) == 4 * HOUR
    assert poll(10 * DAY) == DAY
    assert poll_at([], since=NOW, chance=0) - NOW == 3 * HOUR


def test_a_source_that_has_fallen_silent_is_polled_less_often() -> None:
    assert poll(HOUR, last=40 * HOUR) == 10 * HOUR
    assert unchanged_at("Tue, 24 Nov 2026 00:00:00 GMT", since=NOW, chance=0) - NOW == 3 * HOUR
    assert unchanged_at("Tue, 03 Nov 2026 00:00:00 GMT", since=NOW, chance=0) - NOW == DAY
    assert unchanged_at(None, since=NOW, chance=0) - NOW == 3 * HOUR


def test_the_server_may_ask_for_more_time_but_not_for_more_than_a_day() -> None:
    assert poll(HOUR, asked=5 * HOUR) == 5 * HOUR
    assert poll(HOUR, asked=90 * DAY) == DAY
    assert poll(HOUR, asked=timedelta(minutes=1)) == HOUR


def test_dates_to_come_count_as_today() -> None:
    assert poll_at([NOW + 400 * DAY, NOW], since=NOW, chance=0) - NOW == HOUR


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"cache-control": "public, max-age=1800"}, timedelta(minutes=30)),
        ({"cache-control": "no-store"}, None),
        ({"expires": "Tue, 24 Nov 2026 18:00:00 GMT"}, 6 * HOUR),
        ({"expires": "0"}, None),
        ({"retry-after": "7200", "cache-control": "max-age=60"}, 2 * HOUR),
        ({"retry-after": "Tue, 24 Nov 2026 13:00:00 GMT"}, HOUR),
        ({"retry-after": "999999999999999"}, DAY),
        ({"retry-after": "soon"}, None),
    ],
)
def test_what_a_server_asks_for(headers: dict[str, str], wait: timedelta | None) -> None:
    assert wait_asked(headers, now=NOW) == wait


def test_articles_are_looked_at_four_times_more() -> None:
    moments, at = [], NOW
    while later := recheck_at(NOW, now=at):
        moments.append(later - NOW)
        at = later
    assert moments == [HOUR, 6 * HOUR, DAY, 7 * DAY]
    assert recheck_at(None, now=NOW) is None


def retry(kind: str, reason: str, tries: int, weights: float = 0.0) -> timedelta | None:
    at = retry_at(kind, reason, tries=tries, weights=weights, now=NOW, chance=0)
    return at - NOW if at else None


def test_a_page_is_asked_for_when_its_server_says_and_then_less_and_less() -> None:
    asked = timedelta(minutes=2)
    waits = [
        (retry_at("article", "rate_limited", tries=tries, weights=0, now=NOW, asked=asked, chance=0) or NOW) - NOW
        for tries in range(3)
    ]
    assert waits == [asked, 2 * HOUR, 4 * HOUR]


def test_a_source_is_asked_less_and_less_and_never_given_up() -> None:
    assert [retry("poll", "timeout", n) for n in range(6)] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY]
    assert retry("poll", "server_error", 50, weights=25.0) == DAY
    assert retry("poll", "not_found", 30, weights=29.0) == 30 * DAY
    assert retry("poll", "dns", 118, weights=29.5) == DAY
    assert retry("poll", "dns", 119, weights=29.75) == 30 * DAY


def test_a_source_that_is_gone_twice_is_retired() -> None:
    assert retry("poll", "gone", 0) == DAY
    assert retry("poll", "gone", 1) is None


def test_an_article_is_given_up_when_nothing_will_change() -> None:
    assert retry("article", "gone", 0) is None
    assert retry("article", "paywalled", 0) is None
    assert [retry("article", "not_found", n) for n in range(2)] == [DAY, None]
    assert [retry("article", "timeout", n) for n in (0, 6, 7)] == [HOUR, DAY, None]


def test_what_we_broke_off_ourselves_is_due_at_once() -> None:
    assert retry("article", "stopped", 3) == timedelta()


def test_chance_spreads_the_polls_and_makes_none_miss_the_run_it_is_due_at() -> None:
    late, early = (poll_at([], since=NOW, chance=chance) for chance in (0, 1))
    assert late - HOUR < early < late == NOW + 3 * HOUR


@pytest.mark.parametrize("chance", [0, 0.5, 1])
def test_chance_shortens_no_wait_that_the_server_asks_for_and_none_to_less_than_an_hour(chance: float) -> None:
    assert poll_at([], since=NOW, asked=5 * HOUR, chance=chance) == NOW + 5 * HOUR
    assert poll_at([NOW] * 20, since=NOW, chance=chance) == NOW + HOUR
    assert unchanged_at(None, since=NOW, asked=5 * HOUR, chance=chance) == NOW + 5 * HOUR
    asked = retry_at("poll", "rate_limited", tries=0, weights=0, now=NOW, asked=5 * HOUR, chance=chance)
    assert asked == NOW + 5 * HOUR


def test_our_own_waits_are_counted_from_the_run_and_those_of_the_server_from_its_answer() -> None:
    begun, answered = NOW, NOW + timedelta(seconds=40)
    own = retry_at("poll", "timeout", tries=0, weights=0, now=answered, since=begun, chance=0)
    asked = retry_at("poll", "rate_limited", tries=0, weights=0, now=answered, since=begun, asked=HOUR, chance=0)
    assert (own, asked) == (begun + HOUR, answered + HOUR)
