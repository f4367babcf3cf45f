"""Real pages, saved and crawled: every one is accounted for, and none is there twice."""

import gzip
import re
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest
from commands import SHARED, blotter

PAGES, NEWSWEB = SHARED / "eval" / "articles" / "sah" / "html", SHARED / "eval" / "crawl" / "newsweb.py"
PORT = 8391
SITES = range(2, 12)
pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not PAGES.exists(), reason="the evaluation pages are not here"),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for path in PAGES.glob("*.html.gz"):
        (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    return folder


@pytest.fixture(scope="module")
def newsweb(pages):
    options = ("--hosts", len(SITES), "--articles", 20, "--html", pages, "--port", PORT, "--seconds", 600)
    with subprocess.Popen([sys.executable, str(NEWSWEB), *map(str, options)], stdout=subprocess.PIPE, text=True) as web:
        assert web.stdout
        web.stdout.readline()  # it says so once it listens
        yield
        web.terminate()


def count(file: Path, sql: str) -> int:
    with closing(sqlite3.connect(file)) as db:
        return db.execute(sql).fetchone()[0]


def test_every_saved_page_becomes_an_article_or_a_failure(pages, tmp_path):
    home = tmp_path / "home"
    done = blotter("add", *sorted(pages.glob("*.html")), "--quiet", home=home, cwd=tmp_path)
    assert "Traceback" not in done.stderr
    files = len(list(pages.glob("*.html")))
    assert files == 85
    numbers = re.findall(r"(\d+) \w+", done.stdout.partition(":")[2])
    assert sum(map(int, numbers)) == files
    assert count(home / "work.db", "select count(*) from articles") > 0.95 * files
    assert blotter("extract", "--quiet", home=home, cwd=tmp_path).returncode == 0
    assert blotter("publish", home=home, cwd=tmp_path).returncode == 0
    assert blotter("check", home=home, cwd=tmp_path).stdout == "all is well\n"


def test_a_crawl_finds_every_article_once_and_a_second_one_nothing_new(newsweb, tmp_path):
    home, mine = tmp_path / "home", tmp_path / "mine.yml"
    kinds = {"feed": "feed.xml", "sitemap": "sitemap.xml"}
    entries = [
        f"site{n}-{kind}: {{name: Site {n}, kind: {kind}, url: 'http://127.0.0.{n}:{PORT}/{path}', tier: full}}"
        for n in SITES
        for kind, path in kinds.items()
    ]
    mine.write_text("\n".join(entries), "utf-8")
    only = [word for n in SITES for kind in kinds for word in ("--source", f"site{n}-{kind}")]
    words = ("refresh", "--quiet", "--all-due", "--sources", mine, *only)
    options = ("--contact", "desk@newsroom.example", "--allow-network", "127.0.0.0/8")

    done = blotter(*words, *options, home=home, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/_urls?limit=1000") as answer:
        announced = len(re.findall(rb'"http', answer.read()))
    assert announced == 200
    assert count(home / "work.db", "select count(distinct url) from articles") == announced
    assert count(home / "work.db", "select count(*) from articles") == announced

    before = (home / "blotter.db").read_bytes()
    again = blotter(*words, *options, home=home, cwd=tmp_path)
    assert (again.returncode, again.stdout) == (0, "")
    assert (home / "blotter.db").read_bytes() == before
