"""Addresses, beyond what the doctests of crawler/urls.py show."""

import pytest

from crawler.urls import article_id, canonical_url, fetch_url, host_of, is_public_address, is_web_address

SAME = [
    "https://paper.example/2026/11/vote",
    "HTTPS://Paper.Example:443/2026/11/vote/",
    "https://paper.example/2026/11/vote#comments",
    "https://paper.example/2026/./10/../11/vote",
    "https://paper.example/2026/11/vote?utm_source=feed&utm_medium=rss&fbclid=1",
    "https://paper.example/2026/11/vote/amp/",
    "https://paper.example/2026/11/vote?amp=1",
    "https://reader:secret@paper.example/2026/11/vote",
    "https://www.google.com/amp/s/paper.example/2026/11/vote",
    "https://paper-example.cdn.ampproject.org/c/s/paper.example/2026/11/vote/amp",
    " https://paper.example/2026/11/%76ote\n",
]


@pytest.mark.parametrize("url", SAME)
def test_many_ways_to_write_one_address(url: str) -> None:
    assert canonical_url(url) == SAME[0]
    assert article_id(url) == article_id(SAME[0])


def test_what_tells_articles_apart_is_kept() -> None:
    urls = [
        "https://paper.example/story?id=1",
        "https://paper.example/story?id=2",
        "https://paper.example/Story?id=1",
        "https://paper.example:8443/story?id=1",
        "http://paper.example/story?id=1",
        "https://paper.example/amp",
        "https://paper.example/",
    ]
    assert len({article_id(url) for url in urls}) == len(urls)
    assert canonical_url("https://paper.example/story?b=2&a=1") == canonical_url("https://paper.example/story?a=1&b=2")


def test_an_address_to_fetch_stays_as_it_was_announced() -> None:
    assert fetch_url("https://paper.example/vote/?b=2&a=1&utm_id=x#top") == "https://paper.example/vote/?b=2&a=1"


def test_odd_characters_are_escaped_once() -> None:
    url = canonical_url("https://münchen.example/größe/100%25?q=a b")
    assert url == "https://xn--mnchen-3ya.example/gr%C3%B6%C3%9Fe/100%25?q=a+b"
    assert canonical_url(url) == url


def test_what_is_no_web_address_stays_and_is_known_as_such() -> None:
    assert canonical_url("urn:sha256:00") == "urn:sha256:00"
    for url in (
        "mailto:desk@paper.example",
        "/vote",
        "http://",
        "http://paper.example:port/",
        "javascript:alert(1)",
        "",
    ):
        assert not is_web_address(url)
    assert host_of("http://[broken") == ""


SPECIAL = """
    127.0.0.1 0x7f000001 2130706433 017700000001 127.1 ::1 [::1] ::ffff:10.0.0.1 0.0.0.0 169.254.169.254 10.1.2.3
    100.64.0.1 192.168.0.1 172.16.0.1 192.0.2.1 198.18.0.1 203.0.113.5 224.0.0.1 240.0.0.1 255.255.255.255 fe80::1
    fe80::1%eth0 fc00::1 ff02::1 64:ff9b::7f00:1 2002:7f00:1:: 2001::1 2001:db8::1 ::127.0.0.1 fec0::1
"""


@pytest.mark.parametrize("address", SPECIAL.split())
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["9.9.9.9", "93.184.216.34", "2606:4700::1111", "[2606:4700::1111]"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/oil-spill/print/",
        "https://paper.example/oil-spill?print=1",
        "https://paper.example/oil-spill?view=print&utm_source=mail",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fpaper.example%2Foil-spill",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fpaper.example%2Foil-spill%3Ffbclid%3D7&h=9",
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fpaper.example%2Foil-spill&data=05",
    ],
)
def test_print_views_and_counters_of_clicks_stand_for_the_article(url: str) -> None:
    assert canonical_url(url) == "https://paper.example/oil-spill"


@pytest.mark.parametrize(
    "url",
    [
        "https://paper.example/print",
        "https://paper.example/magazine/print",
        "https://www.google.com/url?q=paper",
        "https://www.google.com/url?q=http://[",
        "https://paper.example/url?q=https://other.example/a",
    ],
)
def test_what_only_looks_like_a_detour_is_kept(url: str) -> None:
    assert canonical_url(url).startswith(url.partition("?")[0])
