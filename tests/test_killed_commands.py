"""The real commands, killed at random moments: the home is whole after each, and nothing acknowledged is lost."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from leftovers import found_in
from news_web import Web, news_web
from reports import write_pages

from data.check import check_home
from data.home import Home

pytestmark = pytest.mark.slow
HOSTS, EACH, KILLS = 2, 5, 50
VERBS = ("crawl", "extract", "publish", "correct", "remove", "purge")


class Desk:
    """A home, what its commands have acknowledged, and what must hold whenever one of them is killed."""

    def __init__(self, folder: Path, web: Web, rng: random.Random) -> None:
        self.home, self.web, self.rng = Home(folder / "home").make(), web, rng
        self.published = HOSTS * EACH
        self.articles: set[int] = set()
        self.confirmed: set[int] = set()
        self.removed: set[int] = set()
        self.purged: list[str] = []
        self._usual = dict.fromkeys(VERBS, 1.0)
        """Seconds from the moment that a command holds the home to its end."""
        listed = folder / "sources.yml"
        entries = "site{n}: {{name: Site {n}, kind: feed, url: '{url}', tier: full}}\n"
        listed.write_text("".join(entries.format(n=n, url=web.url(n, "/feed.xml")) for n in range(HOSTS)))
        chosen = [word for n in range(HOSTS) for word in ("--source", f"site{n}")]
        self._crawling = ["--all-due", "--sources", str(listed), *chosen, "--contact", "desk@newsroom.example",
                          "--allow-network", "127.0.0.0/8"]  # fmt: skip

    def rows(self, sql: str, file: Path | None = None) -> list[tuple[int | str, ...]]:
        file = file or self.home.work_db
        if not file.exists():
            return []
        with closing(sqlite3.connect(file)) as db:
            is_there = db.execute("select 1 from sqlite_master where name = 'removals'").fetchone()
            return db.execute(sql).fetchall() if is_there else []

    def numbers(self, sql: str, file: Path | None = None) -> list[int]:
        return [int(row[0]) for row in self.rows(sql, file)]

    def run(self, verb: str, *, is_killed: bool) -> str:
        """One command, killed somewhere on its way or not: done, killed, or nothing if it has nothing to do."""
        target = self._target(verb)
        if target is None and verb in ("correct", "remove"):
            return "nothing"
        doomed = "select text from article_text join removals using (article_id) where purged_at is null"
        told = [str(text).splitlines()[0] for (text,) in self.rows(doomed)]
        if not self._ends(self._words(verb, target), is_killed=is_killed):
            return "killed"
        if target and verb == "correct":
            self.confirmed.add(target)
        elif target and verb == "remove":
            self.removed.add(target)
            assert target not in self.numbers("select id from articles", self.home.public_db)
        elif verb == "purge":
            self.purged += told
        return "done"

    def _target(self, verb: str) -> int | None:
        """A fact that is not confirmed yet, or an article that is not removed yet, if there are enough of them."""
        if verb == "correct":
            left = set(self.numbers("select id from violations")) - self.confirmed
            return self.rng.choice(sorted(left)) if left else None
        left = set(self.numbers("select id from articles")) - set(self.numbers("select article_id from removals"))
        return self.rng.choice(sorted(left)) if verb == "remove" and len(left) > HOSTS * 2 else None

    def _words(self, verb: str, target: int | None) -> list[str]:
        if verb == "crawl":
            self.web.ask("_mutate?new=1")
            self.published += HOSTS
        more = {
            "crawl": self._crawling, "extract": ["--all"], "publish": [], "purge": ["--now"],
            "correct": ["confirm", str(target), "--why", "seen", "--who", "A. Editor"],
            "remove": [str(target), "--reason", "legal"],
        }  # fmt: skip
        return [verb, *more[verb]]

    def _ends(self, words: list[str], *, is_killed: bool) -> bool:
        command = [str(Path(sys.executable).with_name("blotter")), *words, "--home", str(self.home.path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            while process.poll() is None and not self.home.is_held:
                time.sleep(0.02)
            begun = time.monotonic()
            try:
                moment = self._usual[words[0]] * self.rng.random() if is_killed else 300
                told = process.communicate(timeout=moment)[0]
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.communicate()
                return False
        self._usual[words[0]] = time.monotonic() - begun
        assert process.returncode == 0, told
        return True

    def check(self, after: str) -> None:
        """What holds at any moment, such as after this."""
        assert check_home(self.home) == [], after
        there, gone = (set(self.numbers(f"select {name} from {table}")) for name, table in (
            ("id", "articles"), ("article_id", "removals"),
        ))  # fmt: skip
        assert self.articles <= there | gone
        assert self.removed <= gone
        self.articles |= there
        written = self.home.corrections.read_text("utf-8") if self.home.corrections.exists() else ""
        assert all(str(fact) in written for fact in self.confirmed)
        assert list(found_in(self.home, self.purged)) == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    write_pages(tmp_path / "pages", 400)
    with news_web(8473, "--html", str(tmp_path / "pages"), "--seconds", "3600", hosts=HOSTS, articles=EACH) as web:
        yield Desk(tmp_path, web, random.Random(3))


def test_fifty_kills_of_real_commands(desk: Desk) -> None:
    killed = dict.fromkeys(VERBS, 0)
    for verb in VERBS:  # how long each takes
        assert desk.run(verb, is_killed=False) == "done"
        desk.check(verb)
    while sum(killed.values()) < KILLS:
        for verb in VERBS:
            if desk.run(verb, is_killed=True) == "killed":
                killed[verb] += 1
                desk.check(f"{verb}, killed")
                if desk.rng.random() < 0.4:  # begun again, or left for later
                    desk.run(verb, is_killed=False)
            desk.check(f"{verb} or what came after it was killed")
    assert min(killed.values()) >= 3, killed
    for verb in ("crawl", "extract", "publish", "purge"):
        assert desk.run(verb, is_killed=False) == "done"
        desk.check(verb)
    urls = desk.rows("select url from articles")
    assert len(set(urls)) == len(urls)
    assert len(urls) + len(desk.numbers("select distinct article_id from removals")) == desk.published
    shown = set(desk.numbers("select id from articles", desk.home.public_db))
    assert not shown & set(desk.numbers("select article_id from removals"))
    facts = desk.rows("select target_id from corrections where state = 'applied'", desk.home.public_db)
    standing = "select id from violations where article_id not in (select article_id from removals)"
    assert desk.confirmed & set(desk.numbers(standing)) <= {int(fact) for (fact,) in facts}
