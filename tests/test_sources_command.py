"""`blotter sources`: what is known, what a site has, and what works."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from news_web import LOOPBACK, Web, news_web

from crawler.commands import feeds_at, polled, sources
from crawler.settings import SettingsError, build_settings
from crawler.sources import SourceError

SETTINGS = build_settings("tests@example.com", LOOPBACK) | {"DOWNLOAD_DELAY": 0}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with news_web(8322, hosts=3) as started:
        yield started


def test_list_names_every_source_and_why_some_are_not_enabled(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    file.write_text("paper:\n  name: Paper\n  kind: feed\n  url: https://paper.example/rss\n", "utf-8")
    shown = CliRunner().invoke(sources, ["list", "--sources", str(file)])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert sum(line.split()[1:2] == ["paper"] for line in lines) == 1
    assert any("reuters" in line and "(not enabled: " in line for line in lines)
    assert lines[-1].endswith("enabled")


def test_find_sees_the_feeds_of_a_page_and_the_sitemaps_of_its_site(web: Web) -> None:
    found, failure = feeds_at(web.url(0, "/"), SETTINGS)
    assert failure is None
    assert {(feed.kind, feed.url) for feed in found} == {
        ("feed", web.url(0, "/feed.xml")),
        ("sitemap", web.url(0, "/sitemap.xml")),
    }


def test_find_says_why_a_site_cannot_be_looked_at() -> None:
    found, failure = feeds_at("http://nowhere.invalid/", SETTINGS)
    assert found == []
    assert failure
    assert failure.reason == "dns"


def test_check_polls_each_source_once(web: Web) -> None:
    web.ask("_reset")
    queue = polled([web.source(0), web.source(1, "/f/404"), web.source(2, "/sitemap.xml", "sitemap")], SETTINGS)
    assert {url: len(links) for url, links in queue.links.items()} == {
        web.url(0, "/feed.xml"): 5,
        web.url(2, "/sitemap.xml"): 5,
    }
    assert {failure.reason for failure in queue.failures.values()} == {"not_found"}
    assert "article" not in web.ask("_stats")["kinds"]


@pytest.mark.parametrize("words", [["find", "https://paper.example"], ["check"]])
def test_nothing_is_asked_without_a_contact(words: list[str]) -> None:
    result = CliRunner(env={"BLOTTER_CONTACT": ""}).invoke(sources, words)
    assert isinstance(result.exception, SettingsError)


def test_an_unknown_source_is_named() -> None:
    result = CliRunner().invoke(sources, ["check", "nowhere", "--contact", "tests@example.com"])
    assert isinstance(result.exception, SourceError)
    assert "no source is called 'nowhere'" in str(result.exception)


def test_find_wants_an_address() -> None:
    result = CliRunner().invoke(sources, ["find", "paper", "--contact", "tests@example.com"])
    assert result.exit_code == 2
    assert "expected an http or https address, found 'paper'" in result.output


def test_only_a_file_of_ones_own_is_written_to() -> None:
    result = CliRunner().invoke(sources, ["check", "--write", "--contact", "tests@example.com"])
    assert result.exit_code == 2
    assert "--write needs a file of your own in --sources" in result.output
