"""The operator's day, with the real commands on a real local web: crawl, kill, ask, correct, remove, purge, upgrade."""

import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from commands import blotter
from leftovers import found_in

from crawler.demo.web import Web, serve_web
from data.home import Home

pytestmark = pytest.mark.slow
SOURCES = ("ledger", "wire")


class Operator:
    """One home, one list of sources, and the commands on them."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder, self.home, self.web = folder, folder / "home", web
        listed = folder / "sources.yml"
        entries = [(id, source) for id, source in web.sources().items() if id in SOURCES]
        listed.write_text(
            "".join(f"{id}: {{name: {s.name}, kind: {s.kind}, url: '{s.url}', tier: full}}\n" for id, s in entries)
        )
        self.crawling = (
            "--sources", listed, "--source", "ledger", "--source", "wire", "--contact", "desk@newsroom.example",
            "--allow-network", "127.0.0.0/8",
        )  # fmt: skip

    def run(self, *words: str | Path, code: int | tuple[int, ...] = 0) -> str:
        done = blotter(*words, home=self.home, cwd=self.folder)
        assert "Traceback" not in done.stderr, done.stderr
        expected = code if isinstance(code, tuple) else (code,)
        assert done.returncode in expected, done.stdout + done.stderr
        return done.stdout + done.stderr

    def rows(self, sql: str, file: str = "work.db") -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.home / file)) as db:
            return db.execute(sql).fetchall()

    def killed(self, *words: str | Path, after: float) -> None:
        """Run a command and kill it, as a power cut does."""
        command = [str(Path(sys.executable).with_name("blotter")), *map(str, words), "--home", str(self.home)]
        with subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            try:
                run.wait(after)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
        self.run("check", code=0 if (self.home / "work.db").exists() else 2)


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with serve_web(lambda: datetime.now(UTC)) as web:
        yield Operator(tmp_path, web)


def test_a_day(operator):
    for seconds in (3, 6):  # begun, killed, begun again
        operator.killed("crawl", *operator.crawling, after=seconds)
    operator.run("refresh", *operator.crawling, "--quiet", "--on-change", "tee news.txt", code=(0, 1))
    assert "Quillby AI" in (operator.folder / "news.txt").read_text("utf-8")
    urls = [url for (url,) in operator.rows("select url from articles")]
    assert len(urls) == len(set(urls)) > 5

    before = (operator.home / "blotter.db").read_bytes()
    assert "nothing new to publish" in operator.run("refresh", *operator.crawling, "--all-due", code=(0, 1))
    assert (operator.home / "blotter.db").read_bytes() == before

    status = operator.run("status", code=(0, 1))
    assert re.search(r"^ledger\s+live ", status, re.MULTILINE)
    assert re.search(r"^disk: .*archive .* GB free$", status, re.MULTILINE)
    suspended = operator.web.news.url(operator.web.news.stories["account-suspended"])
    assert "kept" in operator.run("why", suspended) or suspended in operator.run("why", suspended)

    ((fact,), *_) = operator.rows(
        "select violations.id from violations join articles on articles.id = article_id"
        f" where url = '{suspended}' order by violations.id"
    )
    operator.run("correct", "set", str(fact), "status", "settled", "--why", "both say so", "--who", "A. Editor")
    operator.run("publish")
    operator.run("rebuild", "--from", "archive", "-q", code=(0, 1))
    assert operator.rows(f"select status from violations where id = {fact}", "blotter.db") == [("settled",)]

    settles = operator.web.news.url(operator.web.news.stories["quillby-settles"])
    ((title, text),) = operator.rows(
        f"select title, text from articles join article_text on article_id = articles.id where url = '{settles}'"
    )
    copy = operator.folder / "copy.txt"
    copy.write_text(f"{title}\n\n{text}", "utf-8")
    operator.run("remove", settles, "--reason", "publisher")
    assert operator.rows(f"select 1 from articles where url = '{settles}'", "blotter.db") == []
    assert operator.run("purge", "--now").startswith("purged 1 articles")
    operator.run("refresh", *operator.crawling, "--all-due", code=(0, 1))
    assert operator.run("add", copy, "--url", "https://copier.example/x") == "added: 1 removed\n"
    assert operator.rows(f"select 1 from articles where url in ('{settles}', 'https://copier.example/x')") == []
    sentences = [line for line in text.splitlines() if len(line.split()) > 12]
    assert list(found_in(Home(operator.home), sentences)) == []
    assert operator.run("check", "--quiet") == "all is well\n"
    kept = [path for path in operator.home.rglob("*") if not path.is_symlink()]
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_file()} == {0o640}
    assert {path.stat().st_mode & 0o777 for path in kept if path.is_dir()} == {0o750}
