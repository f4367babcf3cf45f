"""The list of sources that ships, and what is refused in one."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crawler.sources import SourceError, load_sources, note_verified

ENTRY = "paper:\n  name: Paper\n  kind: feed\n  url: https://paper.example/rss\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mine.yml"


def test_the_list_that_ships_has_every_group_and_its_reasons() -> None:
    sources = load_sources()
    groups = Counter(source.group for source in sources.values())
    assert len(sources) >= 45
    assert set(groups) == {"press", "specialist", "policy", "regulator", "civil_society", "newsroom"}
    assert all(source.reason for source in sources.values() if not source.enabled)
    assert all(source.verified is None for source in sources.values())
    assert len({source.url for source in sources.values()}) == len(sources)
    assert all(source.country and source.language for source in sources.values())
    assert [id for id, one in sources.items() if one.enabled and not one.expect_min] == ["ftc-consumer-protection"]


def test_the_list_that_ships_is_sorted_within_its_groups() -> None:
    sources = list(load_sources().values())
    for group in {source.group for source in sources}:
        ids = [source.id for source in sources if source.group == group]
        assert ids == sorted(ids)


def test_a_file_of_ones_own_adds_and_replaces(file: Path) -> None:
    file.write_text(ENTRY + "lawfare:\n  name: Lawfare\n  kind: page\n  url: https://lawfare.example/\n", "utf-8")
    sources = load_sources(file)
    assert sources["paper"].tier == "facts"
    assert sources["lawfare"].kind == "page"
    assert len(sources) == len(load_sources()) + 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ENTRY + "  colour: red\n", "paper: unknown key 'colour', expected one of country, delay, "),
        (ENTRY.replace("feed", "rss"), "paper: kind must be one of feed, sitemap, listing, page, not 'rss'"),
        (ENTRY.replace("https://", "file://"), "paper: url must be an http or https address"),
        (ENTRY.replace("https://", "https://me:word@"), "paper: url must not hold a user's name or password"),
        (ENTRY.replace("  name: Paper\n", ""), "paper: name is missing"),
        (ENTRY + "  enabled: false\n", "paper: is not enabled, so a reason is expected"),
        (ENTRY + "  expect_min: many\n", "paper: expect_min must be int, not str 'many'"),
        (ENTRY + "  expect_min: true\n", "paper: expect_min must be int, not bool True"),
        (ENTRY + "  delay: -1\n", "paper: delay must be from 0 to 3600, not -1"),
        (ENTRY + ENTRY, "'paper' stands here twice"),
        ("- paper\n", "expected entries such as 'example-times:', found list ['paper']"),
        ("paper: no\n", "paper: expected keys such as 'url:', found bool False"),
        ("", "expected entries such as 'example-times:', found nothing"),
        ("a: [", "node content"),
        (ENTRY.replace("paper:", "'the paper':", 1), "an id is of letters, digits and - _ . only, not 'the paper'"),
        (ENTRY.replace("Paper", "''"), "paper: name must say something"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_what_is_odd_is_refused_in_one_line(file: Path, text: str, message: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(SourceError) as error:
        load_sources(file)
    assert message in str(error.value)
    assert str(error.value).startswith(str(file))
    assert "\n" not in str(error.value)


def test_two_sources_of_one_address_are_refused_unless_one_replaces_the_other(file: Path) -> None:
    file.write_text(ENTRY + ENTRY.replace("paper:", "paper-two:", 1), "utf-8")
    with pytest.raises(SourceError, match="paper-two: has the address of 'paper'; call it 'paper' to put it in its"):
        load_sources(file)
    file.write_text(ENTRY + ENTRY.replace("paper:", "paper-two:", 1) + "  enabled: false\n  reason: told\n", "utf-8")
    assert not load_sources(file)["paper-two"].enabled


def test_an_entry_may_repeat_another(file: Path) -> None:
    file.write_text(
        ENTRY.replace("paper:", "paper: &paper", 1) + "two:\n  <<: *paper\n  url: https://two.example/rss\n"
    )
    assert load_sources(file)["two"].name == "Paper"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere\.yml: cannot be read"):
        load_sources(tmp_path / "nowhere.yml")


def test_the_day_is_written_into_a_file_that_stays_as_it_is_otherwise(file: Path) -> None:
    other = ENTRY.replace("paper:", "paper-two:", 1).replace("/rss", "/two")
    file.write_text(f"# ours\n{other}\n# the first\n{ENTRY}  verified: null  # not yet\n  tier: full\n", "utf-8")
    assert note_verified(file, ["paper", "paper-two", "elsewhere"], date(2026, 3, 1)) == ["paper-two", "paper"]
    day = "  verified: 2026-03-01\n"
    assert file.read_text("utf-8") == f"# ours\n{other}{day}\n# the first\n{ENTRY}  tier: full\n{day}"
    note_verified(file, ["paper"], date(2026, 3, 2))
    assert load_sources(file)["paper"].verified == date(2026, 3, 2)


def test_an_entry_that_cannot_be_edited_by_lines_is_refused(file: Path) -> None:
    file.write_text("paper: {name: Paper, kind: feed, url: 'https://paper.example/rss'}\n", "utf-8")
    with pytest.raises(SourceError, match="expected one key a line"):
        note_verified(file, ["paper"], date(2026, 3, 1))
