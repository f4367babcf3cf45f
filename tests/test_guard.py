"""Names are resolved to public addresses only."""

import asyncio

import pytest

from crawler.guard import Resolver


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
