"""What an operator hears who put `blotter refresh` into cron and forgot it: nothing, until something needs a look."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from matter import LATER, made
from news_web import LOOPBACK, START, Clock, Web, news_web

from crawler.settings import build_settings
from crawler.sources import Source
from data.home import Home
from data.publish import publish
from data.status import status
from data.store import Store
from runs import running

SETTINGS = build_settings("tests@example.com", LOOPBACK) | {"DOWNLOAD_DELAY": 0}


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with news_web(8318, hosts=3, articles=2) as started:
        yield started


def source(id: str, url: str) -> Source:
    return Source(id=id, name=id, kind="feed", url=url)


def heard(
    home: Path, sources: Sequence[Source], hours: Sequence[float], capsys: pytest.CaptureFixture[str]
) -> list[tuple[int, str]]:
    """The exit code of a quiet crawl at each hour, and all that it says."""
    found = []
    for hour in hours:
        with running(Home(home), "crawl", Clock(START + timedelta(hours=hour)), quiet=True) as run:
            known = {source.id: source for source in sources}
            run.crawl(known, SETTINGS, source_ids=(), all_due=False, budget=None)
        said = capsys.readouterr()
        found.append((run.exit_code, said.out + said.err))
    return found


def test_a_source_that_fails_once_or_twice_is_no_news_and_one_that_goes_on_is_told_once(web, tmp_path, capsys):
    sources = [source("works", web.url(0, "/feed.xml")), source("fails", web.url(1, "/f/500"))]
    told = heard(tmp_path, sources, (0, 1, 2, 3, 7, 15, 31), capsys)
    assert [code for code, _ in told] == [0, 0, 0, 1, 0, 0, 0]  # it is asked after 1, 2, 4, 8 and 16 hours
    assert [words for code, words in told if not code] == [""] * 6
    assert told[3][1].splitlines()[-1] == "fails: failing: 3 times in a row: server_error"
    with Store(Home(tmp_path).work_db) as store:
        found = status(store.db, Home(tmp_path), now=START + timedelta(hours=31))
    assert {one.id: (one.state, one.needs_a_look) for one in found.sources} == {
        "works": ("live", False), "fails": ("failing", True),
    }  # fmt: skip


def test_a_source_that_comes_back_and_fails_again_is_told_again(web, tmp_path, capsys):
    works, fails = (source("paper", web.url(0, path)) for path in ("/feed.xml", "/f/500"))
    home = Home(tmp_path)
    codes = [code for code, _ in heard(tmp_path, [fails], (0, 1, 3), capsys)]
    for poll in (works, fails):
        with home.lock(), Store(home.work_db) as store:
            store.register_sources([poll], now=START)  # its address is mended, and breaks again
        codes += [code for code, _ in heard(tmp_path, [poll], (48, 49, 51) if poll is works else (96, 97, 99), capsys)]
    assert codes == [0, 0, 1, 0, 0, 0, 0, 0, 1]


def test_a_source_that_is_set_aside_is_told_when_it_is(web, tmp_path, capsys):
    sources = [source("works", web.url(0, "/feed.xml")), source("gone", web.url(1, "/f/410"))]
    told = heard(tmp_path, sources, (0, 24, 48), capsys)
    assert [code for code, _ in told] == [0, 1, 0]
    assert "gone: set aside: 2 times in a row: gone" in told[1][1]


def test_a_source_that_falls_silent_between_two_runs_is_told_by_the_later(web, tmp_path, capsys):
    quiet = Source(id="paper", name="Paper", kind="feed", url=web.url(0, "/feed.xml"), expect_min=3)
    told = heard(tmp_path, [quiet], (0, 24 * 40, 24 * 41), capsys)
    assert [code for code, _ in told] == [0, 1, 0]
    assert "paper: quiet: 0 new in a month, expected 3" in told[1][1]


def test_a_run_that_is_stopped_says_so(web, tmp_path, capsys):
    known = {"drips": source("drips", web.url(2, "/f/drip"))}
    with running(Home(tmp_path), "crawl", Clock(), quiet=False) as run:
        run.crawl(known, SETTINGS, source_ids=(), all_due=False, budget=1)
    assert "stopped before its end; what is left waits for the next run" in capsys.readouterr().out.splitlines()
    assert run.exit_code == 0


@pytest.mark.parametrize(("down", "code"), [((True, False), 0), ((True, True), 3)], ids=["one", "all"])
def test_one_source_that_cannot_be_reached_is_not_the_network(web, tmp_path, capsys, down, code):
    dead = [f"http://127.0.0.{9 + n}:9/feed.xml" for n in range(2)]
    sources = [source(f"s{n}", dead[n] if is_down else web.url(n, "/feed.xml")) for n, is_down in enumerate(down)]
    ((found, said),) = heard(tmp_path, sources, (0,), capsys)
    assert found == code
    assert ("nothing could be reached" in said) is (code == 3)
    assert heard(tmp_path, sources, (1,), capsys)[0][0] == code  # at night, where it alone is due


def test_a_correction_whose_words_are_gone_is_told_once_to_cron_and_to_the_operators_command(tmp_path, capsys):
    home = made(tmp_path, 11, 12)
    publish(home)
    written = "- {action: reject, fact: 1, kind: quote, article: 11, words: '0', why: x, who: y, decided: 2026-03-01}\n"
    home.corrections.write_text(written)
    codes = []
    for _ in range(2):
        with running(home, "refresh", Clock(LATER), quiet=True) as run:
            run.publish()
            run.tell_changes(f"cp /dev/stdin {tmp_path / 'told'}")
        codes.append(run.exit_code)
    assert codes == [1, 0]
    line = "correction set aside: reject quote 1\n"
    assert capsys.readouterr().out.endswith(line)
    assert (tmp_path / "told").read_text() == line
