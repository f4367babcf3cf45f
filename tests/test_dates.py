"""When something was published, as exactly as its words say and no more."""

from datetime import UTC, date, datetime

import pytest
from lxml.html import document_fromstring

from crawler.items import Interval
from crawler.pages.dates import modified, published, relative, stamp
from crawler.pages.markup import read_markup

FETCHED = datetime(2024, 10, 15, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day", "moment"),
    [
        ("2024-05-01", "2024-05-01", None),
        ("20240501", "2024-05-01", None),
        ("2024-05-01T10:00:00Z", "2024-05-01", "2024-05-01T10:00:00+00:00"),
        ("2024-05-01T23:30:00-05:00", "2024-05-01", "2024-05-02T04:30:00+00:00"),
        ("2024-05-01T08:45-0500", "2024-05-01", "2024-05-01T13:45:00+00:00"),
        ("2024-05-01 08:45:10.123 UTC", "2024-05-01", "2024-05-01T08:45:10+00:00"),
        ("2024-05-01T08:45:00", "2024-05-01", None),
        ("Wed, 01 May 2024 10:00:00 +0200", "2024-05-01", None),
        ("May 1, 2024", "2024-05-01", None),
        ("Sept. 3, 2024 at 10:00 am ET", "2024-09-03", None),
        ("1 May 2024", "2024-05-01", None),
        ("1st of May 2024", "2024-05-01", None),
        ("17. März 2025", "2025-03-17", None),
        ("17 de febrero de 2020", "2020-02-17", None),
        ("Ann LeeDec. 21, 2023 11:00 pm", "2023-12-21", None),
    ],
)
def test_stamp(words: str, day: str, moment: str | None) -> None:
    found = stamp(words)
    assert found is not None
    assert str(found.day) == day
    if moment:
        assert found.at == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "words", ["", "soon", "2024-13-01", "2024-02-30", "1812-05-01", "99 May 20245", "0000-00-00", "Feb 30, 2024"]
)
def test_no_date(words: str) -> None:
    assert stamp(words) is None


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("10 months ago", "2023-12-01", "2023-12-31"),
        ("a month ago", "2024-09-01", "2024-09-30"),
        ("2 weeks ago", "2024-09-25", "2024-10-01"),
        ("3 days ago", "2024-10-12", "2024-10-12"),
        ("yesterday", "2024-10-14", "2024-10-14"),
        ("just now", "2024-10-15", "2024-10-15"),
        ("5 hours ago", "2024-10-14", "2024-10-14"),
        ("1 hour ago", "2024-10-14", "2024-10-15"),
        ("20 minutes ago", "2024-10-15", "2024-10-15"),
        ("two years ago", "2021-10-16", "2022-10-15"),
    ],
)
def test_relative(words: str, start: str, end: str) -> None:
    found = relative(words, fetched=FETCHED)
    assert found is not None
    assert (str(found.start), str(found.end), found.basis) == (start, end, "relative")


def test_relative_without_a_fetch_time_keeps_the_words_only() -> None:
    assert relative("10 months ago", fetched=None) == Interval(
        start=None, end=None, basis="relative", words="10 months ago"
    )


def when(
    head: str, *shown: str, url: str = "https://example.com/a", fetched: datetime | None = FETCHED
) -> Interval | None:
    tree = document_fromstring(f"<html><head>{head}</head><body><p>Text</p></body></html>")
    return published(tree, read_markup(tree), url, shown=shown, fetched=fetched)


def meta(value: str, name: str = "article:published_time") -> str:
    return f'<meta property="{name}" content="{value}">'


def test_structured_dates_come_first() -> None:
    found = when(meta("2024-05-01T10:00:00Z"), "3 May 2024")
    assert found is not None
    assert (found.start, found.end, found.basis) == (date(2024, 5, 1), date(2024, 5, 1), "opengraph")
    assert found.at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert found.words == "2024-05-01T10:00:00Z"


def test_the_day_is_the_one_that_the_reader_is_shown() -> None:
    found = when(meta("2024-05-02T03:00:00Z"), "May 1, 2024 10:00 pm ET")
    assert found is not None
    assert (found.start, found.at) == (date(2024, 5, 1), datetime(2024, 5, 2, 3, tzinfo=UTC))
    by_address = when(meta("2024-05-02T03:00:00Z"), url="https://example.com/2024/05/01/story")
    assert by_address is not None
    assert by_address.start == date(2024, 5, 1)


def test_what_is_seen_counts_where_the_markup_is_silent() -> None:
    found = when("", "Published: 1 May 2024")
    assert found is not None
    assert (found.start, found.basis) == (date(2024, 5, 1), "visible")
    ago = when("", "10 months ago")
    assert ago is not None
    assert (str(ago.start), ago.basis) == ("2023-12-01", "relative")


def test_a_date_in_a_sentence_is_no_publication_date() -> None:
    assert when("", "The court had ruled on 1 May 2024 that the company must stop selling robots") is None


def test_nothing_is_published_after_it_was_fetched() -> None:
    assert when(meta("2025-05-01T10:00:00Z")) is None
    assert when(meta("2024-10-15T12:00:00Z")) is not None


def test_modified_stands_apart() -> None:
    head = meta("2024-05-01T10:00:00Z") + meta("2024-06-01T10:00:00+02:00", "article:modified_time")
    tree = document_fromstring(f"<html><head>{head}</head><body><p>x</p></body></html>")
    assert modified(read_markup(tree), fetched=FETCHED) == datetime(2024, 6, 1, 8, tzinfo=UTC)
