"""Runs of the installed command that end early: killed, stopped, locked out, without a network, without a disk."""

import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from news_web import Web, news_web

SITES, ARTICLES = 4, 6
ALL = SITES * ARTICLES


@pytest.fixture
def web() -> Iterator[Web]:
    with news_web(8330, hosts=SITES, articles=ARTICLES) as started:
        yield started


RUNS, EACH = 5, 8
WRITER = f"""
import sys
from datetime import datetime, UTC
from pathlib import Path
from matter import fill
from news_web import LOOPBACK, Web
from crawler.run import crawl
from crawler.settings import build_settings
from data.home import Home
from data.publish import publish
from data.store import Store

home, web, ask = Home(Path(sys.argv[1])).make(), Web(port=int(sys.argv[2])), build_settings("t@example.com", LOOPBACK)
with home.lock():
    for run in range({RUNS}):
        with Store(home.work_db) as store:
            source = web.source(run)
            store.register_sources([source], now=datetime.now(UTC))
            crawl(store.queue(), sources={{source.id: source}}, archive=home.archive,
                  settings=ask | {{"DOWNLOAD_DELAY": 0}}, now=lambda: datetime.now(UTC))
            fill(store, *range({EACH} * run + 1, {EACH} * (run + 1) + 1))
        publish(home)
"""


class Desk:
    """A home, its file of sources, and the command that crawls them."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        self.home = folder / "home"
        self.sources = folder / "sources.yml"
        entries = (f"{id}:\n  name: {id}\n  kind: feed\n  url: {url}\n" for id, url in urls.items())
        self.sources.write_text("".join(entries), "utf-8")
        chosen = [word for id in urls for word in ("--source", id)]
        self.command = [
            *(sys.executable, "-m", "blotter", "crawl", "--home", str(self.home), "--sources", str(self.sources)),
            *("--contact", "tests@example.com", "--allow-network", "127.0.0.0/8", "--quiet", *chosen),
        ]

    def start(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def run(self, **kwargs: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(self.command, capture_output=True, text=True, timeout=120, check=False, **kwargs)  # type: ignore[call-overload, no-any-return]

    def count(self) -> int:
        """Articles stored so far; 0 as long as there is no database."""
        path = self.home / "work.db"
        if not path.exists():
            return 0
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
            try:
                number: int = db.execute("select count(*) from articles").fetchone()[0]
            except sqlite3.OperationalError:  # the tables are being made
                return 0
        db.close()
        return number

    def wait_for(self, number: int, process: "subprocess.Popen[str]") -> None:
        """Until so many articles are stored, or the run is over."""
        end = time.monotonic() + 60
        while self.count() < number and process.poll() is None and time.monotonic() < end:
            time.sleep(0.02)

    def check(self) -> None:
        """All articles are there once, in a sound database."""
        with sqlite3.connect(self.home / "work.db") as db:
            assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
            rows = db.execute("select count(*), count(distinct url), max(versions) from articles").fetchall()
            assert rows == [(ALL, ALL, 1)]
            assert db.execute("select count(*) from jobs where leased_until is not null").fetchall() == [(0,)]
        db.close()


@pytest.fixture
def desk(web: Web, tmp_path: Path) -> Desk:
    return Desk(tmp_path, {f"site-{n}": web.url(n, "/feed.xml") for n in range(SITES)})


@pytest.mark.slow
def test_a_run_killed_three_times_loses_nothing(desk: Desk) -> None:
    for number in (1, 8, 16):
        with desk.start() as process:
            desk.wait_for(number, process)
            process.kill()
    assert desk.count() < ALL
    assert desk.run().returncode == 0
    desk.check()


@pytest.mark.slow
def test_a_run_that_is_told_to_stop_does_so_in_order(desk: Desk) -> None:
    with desk.start() as process:
        desk.wait_for(5, process)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    assert time.monotonic() - begun < 30
    assert process.returncode == 0
    assert 5 <= desk.count() < ALL
    assert desk.run().returncode == 0
    desk.check()


@pytest.mark.slow
def test_a_second_run_at_once_sends_nothing(desk: Desk, web: Web) -> None:
    with desk.start() as process:
        desk.wait_for(1, process)
        process.send_signal(signal.SIGSTOP)  # or it may be done before the second has begun
        second = desk.run()
        process.send_signal(signal.SIGCONT)
        assert second.returncode == 75
        process.wait(120)
    assert process.returncode == 0
    desk.check()
    assert web.ask("_stats")["repeated_urls"] == 0


def test_without_a_network_nothing_is_damaged(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"nowhere": "http://nowhere.invalid/feed.xml"})
    ended = desk.run()
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    again = desk.run()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")  # nothing is due, and all was told


@pytest.mark.slow
def test_a_full_disk_ends_the_run_and_the_next_completes(desk: Desk) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    ended = desk.run(preexec_fn=limit)
    assert ended.returncode not in (0, 1)
    assert ended.stderr.strip()
    before = desk.count()
    assert before < ALL
    assert desk.run().returncode == 0
    desk.check()


@pytest.mark.slow
def test_a_reader_sees_whole_runs_and_never_a_lock(tmp_path: Path) -> None:
    """What is published are a few invented articles a run, as those of the news web are about nothing."""
    public, folder, seen = tmp_path / "blotter.db", Path(__file__).parent, [0]
    with news_web(8331, hosts=RUNS, articles=5) as web, subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), str(web.port)],
        env={"PYTHONPATH": f"{folder}:{folder.parent}"},
    ) as writer:  # fmt: skip
        while writer.poll() is None:
            if public.exists():
                with closing(sqlite3.connect(f"file:{public}?mode=ro", uri=True, timeout=0)) as db:
                    counts = [
                        db.execute(f"select count(*) from {name}").fetchone()[0] for name in ("articles", "quotes")
                    ]
                    assert db.execute("pragma quick_check").fetchall() == [("ok",)]
                assert counts[0] % EACH == 0
                assert counts[1] == counts[0] >= seen[-1]
                seen.append(counts[0])
    assert writer.returncode == 0
    with closing(sqlite3.connect(tmp_path / "work.db")) as db:
        assert db.execute("select count(*) from articles").fetchone()[0] == RUNS * (5 + EACH)
    assert {EACH, 2 * EACH} <= set(seen)
    assert len(seen) > RUNS
