"""Sums of money in the words of a text: what they come to, and what is none."""

import pytest

from extract.components.sanctions import amounts


@pytest.mark.parametrize(
    ("words", "value", "currency"),
    [
        ("twenty-five million dollars", 25e6, "USD"),
        ("sixteen million euros", 16e6, "EUR"),
        ("ninety pounds", 90, "GBP"),
        ("fifty rand", 50, "ZAR"),
        ("one hundred thousand dollars", 100e3, "USD"),
        ("one hundred and twenty-five million yen", 125e6, "JPY"),
        ("two and a half million euros", 2.5e6, "EUR"),
        ("half a million euros", 0.5e6, "EUR"),
        ("a twenty-five-million-dollar penalty", 25e6, "USD"),
        ("2,5 million euros", 2.5e6, "EUR"),
        ("TRY 5 million", 5e6, "TRY"),
        ("EUR 5m", 5e6, "EUR"),
        ("R5 million", 5e6, "ZAR"),
    ],
)
def test_sum_is_read(words: str, value: float, currency: str) -> None:
    assert [(a.value, a.currency) for a in amounts(f"The regulator fined it {words}.")] == [(value, currency)]


@pytest.mark.parametrize(
    "text",
    [
        "The firms that were fined will try 5 of their cases again.",
        "It was fined several hundred thousand dollars.",
        "It was fined two million five hundred thousand euros.",
        "It was fined for the Orvane-5 dollar machine.",
    ],
)
def test_half_a_number_is_no_sum(text: str) -> None:
    assert amounts(text) == ()
