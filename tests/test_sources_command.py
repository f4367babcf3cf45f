"""`blotter sources`: what is known, what a site has, and what works."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from commands import blotter
from news_web import LOOPBACK, Web, news_web

from crawler.commands import entries_of, feeds_at, polled, sources
from crawler.discovery import FeedLink
from crawler.settings import SettingsError, build_settings
from crawler.sources import SourceError, load_sources

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


@pytest.mark.parametrize(("path", "kind"), [("/feed.xml", "feed"), ("/atom.xml", "feed"), ("/sitemap.xml", "sitemap")])
def test_find_knows_an_address_that_is_itself_a_feed(web: Web, path: str, kind: str) -> None:
    found, _ = feeds_at(web.url(0, path), SETTINGS)
    assert (kind, web.url(0, path)) in {(feed.kind, feed.url) for feed in found}


def test_what_find_prints_can_be_checked_and_crawled(web: Web, tmp_path: Path) -> None:
    options = ("--contact", "tests@example.com", "--allow-network", "127.0.0.0/8")
    home, mine = tmp_path / "home", tmp_path / "mine.yml"
    found = blotter("sources", "find", web.url(0, "/"), *options, home=home, cwd=tmp_path)
    assert (found.returncode, found.stderr) == (0, "# 2 found\n")
    more = f"gone: {{name: Gone, kind: feed, url: '{web.url(1, '/f/410')}'}}\n"
    more += f"story: {{name: Story, kind: page, url: '{web.url(2, '/f/charset/utf16')}'}}\n"
    more += f"shell: {{name: Shell, kind: page, url: '{web.url(2, '/f/empty')}'}}\n"
    mine.write_text(found.stdout + more, "utf-8")
    ids = list(load_sources(mine))[-5:]
    checked = blotter("sources", "check", *ids, "--sources", mine, *options, home=home, cwd=tmp_path)
    assert checked.returncode == 1, checked.stderr
    told = {line.split()[1]: line.split(None, 2)[0::2] for line in checked.stdout.splitlines()[:-1]}
    assert [outcome[0] for outcome in told.values()] == ["ok", "ok", "FAIL", "ok", "FAIL"]
    assert told["gone"][1] == "gone: the server answered 410"
    assert told["story"][1].startswith("1 links")
    assert told["shell"][1].startswith("empty: ")
    assert not home.exists()


def test_find_says_that_the_page_is_not_there_beside_what_the_site_has(web: Web, tmp_path: Path) -> None:
    options = ("--contact", "tests@example.com", "--allow-network", "127.0.0.0/8")
    found = blotter("sources", "find", web.url(0, "/f/404"), *options, home=tmp_path / "home", cwd=tmp_path)
    assert found.returncode == 0
    assert "not_found: the server answered 404" in found.stderr
    assert "/sitemap.xml" in found.stdout


def test_entries_have_ids_of_their_own_and_names_of_any_kind() -> None:
    feeds = [FeedLink(url=f"https://paper.example/{path}/rss", kind="feed", title=title) for path, title in (
        ("tech-news", "Paper: tech # 1"), ("tech/news", "- Börse"), ("markets", "yes"),
    )]  # fmt: skip
    found = yaml.safe_load(entries_of(feeds))
    assert list(found) == ["paper-tech-news-rss", "paper-tech-news-rss-2", "paper-markets-rss"]
    assert [entry["name"] for entry in found.values()] == ["Paper: tech # 1", "- Börse", "yes"]


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
