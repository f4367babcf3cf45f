"""Bad days of a home: a disk that is full, a folder that may not be written, a clock that jumps, tables of long ago."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands import blotter

from crawler.demo.web import Web, serve_web
from data.check import check_home
from data.home import Home

pytestmark = pytest.mark.slow
STORY = "account-suspended"


class Desk:
    """A home with what the demo's outlets print, crawled, read, published and released."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder, self.home, self.web = folder, folder / "home", web
        listed = folder / "sources.yml"
        entries = "{id}: {{name: {s.name}, kind: {s.kind}, url: '{s.url}', tier: full}}\n"
        listed.write_text("".join(entries.format(id=id, s=s) for id, s in web.sources().items()))
        chosen = [word for id in web.sources() for word in ("--source", id)]
        self.crawling = ("--sources", listed, *chosen, "--contact", "desk@newsroom.example",
                         "--allow-network", "127.0.0.0/8", "--all-due", "--quiet")  # fmt: skip
        self.story = web.news.url(web.news.stories[STORY])

    def verbs(self) -> dict[str, tuple[str | Path, ...]]:
        """Every verb that writes, with something to do."""
        ((fact,),) = self.rows("select min(id) from violations")
        return {
            "crawl": ("crawl", *self.crawling), "add": ("add", self.folder / "sources.yml", "--quiet"),
            "extract": ("extract", "--all", "--quiet"), "publish": ("publish", "--private"),
            "refresh": ("refresh", *self.crawling), "rebuild": ("rebuild", "--from", "archive", "--quiet"),
            "correct": ("correct", "confirm", str(fact), "--why", "seen", "--who", "A. Editor"),
            "remove": ("remove", self.story, "--reason", "legal"), "purge": ("purge", "--now"),
        }  # fmt: skip

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return blotter(*words, home=self.home, cwd=self.folder)

    def rows(self, sql: str, file: str = "work.db") -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / file)) as db:
            return db.execute(sql).fetchall()

    def articles(self) -> set[object]:
        return {id for (id,) in self.rows("select id from articles")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with serve_web(lambda: datetime.now(UTC)) as web:
        desk = Desk(tmp_path_factory.mktemp("bad-days"), web)
        assert desk.run("refresh", *desk.crawling).returncode in (0, 1)
        assert desk.run("publish", "--release").returncode == 0
        web.second_visit()
        yield desk


@pytest.fixture
def desk(filled: Desk, tmp_path: Path) -> Desk:
    """A copy, to be spoilt."""
    shutil.copytree(filled.folder, tmp_path, dirs_exist_ok=True, symlinks=True)
    return Desk(tmp_path, filled.web)


def told_in_one_line(done: subprocess.CompletedProcess[str]) -> bool:
    lines = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    return len(lines) == 1 and "Traceback" not in done.stderr


def limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [60_000])
@pytest.mark.parametrize("verb", ["publish", "crawl", "remove"])
def test_a_disk_that_fills_up_on_the_way_loses_nothing(desk, verb, size):
    articles, before = desk.articles(), (desk.home / "blotter.db").read_bytes()
    command = [str(Path(sys.executable).with_name("blotter")), *map(str, desk.verbs()[verb])]
    done = subprocess.run(
        [*command, "--home", str(desk.home)], preexec_fn=limited(size), capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):  # with room enough it may come to its end
        assert (done.returncode, told_in_one_line(done)) == (2, True), done.stderr
        assert (desk.home / "blotter.db").read_bytes() == before
    assert check_home(Home(desk.home)) == []
    assert articles <= desk.articles()
    assert desk.run(*desk.verbs()[verb]).returncode in (0, 1)  # with room again it is done
    assert check_home(Home(desk.home)) == []


def may_not_write() -> list[str]:
    """What a command is run with so that permissions hold, even for the superuser."""
    if os.geteuid():
        return []
    if not shutil.which("setpriv"):
        pytest.skip("the superuser may write everywhere, and setpriv is not here")
    return ["setpriv", "--inh-caps", "-all", "--bounding-set", "-all"]


def test_a_home_that_may_not_be_written_is_refused_by_every_verb_and_stays(desk):
    before = {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file()}
    verbs = desk.verbs()
    folders = [desk.home, *(path for path in desk.home.rglob("*") if path.is_dir() and not path.is_symlink())]
    for path in [*before, *folders]:
        path.chmod(0o550 if path.is_dir() else 0o440)
    try:
        for words in [
            *verbs.values(),
            ("review", "--list"),
            ("status",),
            ("why", desk.story),
            ("digest", "--since", "2026-01-01"),
        ]:
            command = [*may_not_write(), str(Path(sys.executable).with_name("blotter")), *map(str, words)]
            done = subprocess.run([*command, "--home", str(desk.home)], capture_output=True, text=True, check=False)
            assert (words[0], done.returncode, told_in_one_line(done)) == (words[0], 2, True), done.stderr
            assert str(desk.home) in done.stderr
    finally:
        for path in [*folders, *before]:
            path.chmod(0o750 if path in folders else 0o640)
    assert {path: path.read_bytes() for path in desk.home.rglob("*") if path.is_file()} == before


def test_a_clock_that_was_a_year_ahead_holds_nothing_up(desk):
    articles = desk.articles()
    words = [word for word in desk.crawling if word != "--all-due"]
    for moment in ("2031-05-01", "2030-05-01"):
        done = desk.run("refresh", *words, "--now", moment)
        assert done.returncode in (0, 1), done.stderr
        ((asked,),) = desk.rows(f"select count(*) from jobs where kind = 'poll' and ok_at like '{moment}%'")
        assert asked == len(desk.web.sources()), done.stdout
        assert check_home(Home(desk.home)) == []
    assert articles <= desk.articles()
    assert desk.rows("select count(*) from articles where versions > 2") == [(0,)]


def test_a_home_of_an_older_version_is_upgraded_once_with_a_backup(desk):
    articles, old = desk.articles(), next((desk.home / "releases").glob("????-*")) / "blotter.db"
    with closing(sqlite3.connect(desk.home / "work.db")) as db, db:
        db.executescript("alter table runs drop column report; drop table contradictions")
        db.execute("create table contradictions (id integer primary key, incident_id integer)")
    with closing(sqlite3.connect(old)) as db, db:
        db.execute("drop table contradictions")
        db.execute("alter table sources drop column state")
    for _ in range(2):
        done = desk.run("refresh", *desk.crawling)
        assert done.returncode in (0, 1), done.stderr
    backups = list(desk.home.glob("work.db.v*.bak"))
    assert len(backups) == 1
    with closing(sqlite3.connect(backups[0])) as db:
        assert {id for (id,) in db.execute("select id from articles")} == articles
    assert articles <= desk.articles()
    assert check_home(Home(desk.home)) == []
    assert desk.rows("select count(*) from violations", "blotter.db") != [(0,)]
    told = desk.run("diff", old, desk.home / "blotter.db")
    assert (told.returncode, told.stderr) == (0, "")
