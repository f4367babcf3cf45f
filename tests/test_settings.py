"""Servers are told who asks, or nothing is asked."""

import pytest

from crawler.settings import SettingsError, build_settings


@pytest.mark.parametrize("contact", ["desk@paper.example", "https://paper.example/bot", "mailto:desk@paper.example"])
def test_the_user_agent_names_us_and_a_contact(contact: str) -> None:
    agent = build_settings(contact)["USER_AGENT"]
    assert agent.startswith("Blotter/")
    assert agent.endswith(f" (+{contact})")


@pytest.mark.parametrize("contact", ["", "  ", "me", "desk@paper", "a@b.example\r\nX-Header: 1"])
def test_no_contact_no_crawl(contact: str) -> None:
    with pytest.raises(SettingsError, match="expected an e-mail or web address in --contact or BLOTTER_CONTACT"):
        build_settings(contact)
