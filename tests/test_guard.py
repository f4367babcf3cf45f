"""Names are resolved to public addresses only; what robots.txt files mean."""

import asyncio

import pytest
from scrapy.http import Response

from crawler.guard import Resolver, policy_of
from crawler.outcomes import Refusal


def addresses(resolver: Resolver, host: str) -> list[str]:
    return asyncio.run(resolver.addresses(host))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "0x7f000001", "::1", "::ffff:127.0.0.1", "10.0.0.1"])
def test_a_private_host_has_no_address(host: str) -> None:
    resolver = Resolver()
    assert addresses(resolver, host) == []
    assert host in resolver.refused


def test_a_public_number_is_its_own_address() -> None:
    resolver = Resolver()
    assert addresses(resolver, "9.9.9.9") == ["9.9.9.9"]
    assert addresses(resolver, "2606:4700::1111") == ["2606:4700::1111"]
    assert resolver.refused == set()


def test_a_network_can_be_opened_for_tests() -> None:
    resolver = Resolver(["127.0.0.2/32"])
    assert addresses(resolver, "127.0.0.2") == ["127.0.0.2"]
    assert addresses(resolver, "127.0.0.3") == []


def test_a_name_that_is_none_is_not_called_private() -> None:
    resolver = Resolver(["127.0.0.0/8"])
    assert addresses(resolver, "a..b") == []
    assert resolver.refused == set()


def policy(status: int, text: str = "", **headers: str):  # type: ignore[no-untyped-def]
    url = "https://paper.example/robots.txt"
    return policy_of(Response(url, status=status, body=text.encode(), headers=headers))


def test_a_robots_txt_is_followed_for_our_name_first() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: blotter\nDisallow: /private/\nCrawl-delay: 7\n"
    rules = policy(200, text)
    assert rules.is_allowed("https://paper.example/2026/")
    assert not rules.is_allowed("https://paper.example/private/a")
    assert rules.delay == 7
    assert policy(200, "User-agent: *\nCrawl-delay: 9999").delay == 120


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_all(status: int) -> None:
    assert policy(status).is_allowed("https://paper.example/")
    assert policy(status).refusal is None


@pytest.mark.parametrize("status", [429, 500, 503, 304])
def test_a_robots_txt_that_fails_allows_nothing_for_now(status: int) -> None:
    refusal = policy(status, **{"Retry-After": "60"}).refusal
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "robots_unreachable"
