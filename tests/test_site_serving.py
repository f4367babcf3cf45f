"""What stands around the pages: the newest build without a restart, headers, limits, crawlers, health."""

import asyncio
import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_client import Site
from site_database import site_home
from sqlite_utils import Database

from data.site.desk import Desk, begin_page
from data.site.middleware import Answer, PageCache
from data.site.swap import HotSwap


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return site_home(tmp_path).public_db


@pytest.fixture
def site(file: Path) -> Iterator[Site]:
    served = Site(file)
    yield served
    served.close()


def replace_build(file: Path, build: str) -> None:
    """Put another build in place, as `publish` does."""
    new = file.with_suffix(".new")
    with sqlite3.connect(file) as old:
        old.execute("vacuum into ?", [str(new)])
    with Database(new) as db:
        db.execute("update release set value = ? where name = 'build'", [build])
        db.execute("update articles set title = 'From build ' || ?", [build])
    new.replace(file)


def test_a_new_build_is_served_without_a_restart(site, file):
    path = "/blotter/articles"
    assert "From build" not in site.get(path).text
    for build in ("second", "third"):
        replace_build(file, build)
        text = site.get(path).text
        assert f"From build {build}" in text
        assert f"<code>{build}</code>" in text


def test_swaps_under_load_give_whole_answers(site, file):
    """Requests run while builds change: each answer is of one build, and none fails."""

    async def readers() -> list[tuple[int, str]]:
        async def one(number: int) -> tuple[int, str]:
            answer = await site.datasette.client.get(f"/blotter/articles.json?_shape=array&_col=title&_n={number}")
            return answer.status_code, answer.text

        found = []
        for build in range(10):
            replace_build(file, str(build))
            found += await asyncio.gather(*(one(build * 100 + n) for n in range(8)))
        return found

    for status, text in asyncio.run(readers()):
        assert status == 200
        assert len({row["title"] for row in json.loads(text)}) == 1


def test_a_page_names_the_build_that_it_was_read_from(site, file):
    """Even if another takes its place, and is served, before the page is laid out."""
    site.get("/")
    desk = Desk(site.datasette)
    swap = HotSwap(site.datasette, "blotter")

    def read(conn: sqlite3.Connection) -> str:
        (title,) = conn.execute("select title from articles limit 1").fetchone()
        replace_build(file, "second")
        assert swap.look()
        return str(title)

    async def page() -> tuple[str, str]:
        begin_page()
        title = await desk.read(read)
        return title, (await desk.build())["build"]

    title, build = asyncio.run(page())
    assert "From build" not in title
    assert build != "second"
    assert "<code>second</code>" in site.get("/blotter/articles?_after=the+swap").text


def test_headers_let_nothing_in_from_elsewhere(site):
    for path in ("/", "/blotter/violations", "/blotter/violations.json", "/feeds/violations.atom", "/nothing"):
        headers = site.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_kept_pages_are_the_same(site):
    first, second = site.all(["/blotter/quotes", "/blotter/quotes"])
    assert first.text == second.text
    assert second.headers["content-security-policy"] == first.headers["content-security-policy"]


def test_one_address_cannot_make_a_huge_answer(site):
    assert site.get("/blotter?sql=select+hex(zeroblob(200000000))").status == 400
    assert site.get("/blotter?sql=select+hex(zeroblob(200000000))&_shape=array").status == 400
    assert site.get("/blotter.json?sql=select+replace(hex(zeroblob(900000)),'00','" + "x" * 3000 + "')").status == 400


FORMULAS = ['=HYPERLINK("https://x.example")', "+1+1", "-2+3+cmd", "@SUM(A1)", "\t=1+1", "\r=1+1"]


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("articles.csv?_stream=on", "title"),
        ("articles.csv?_sort_desc=published_from&_size=max", "title"),
        ("violations.csv?_labels=on&_stream=on", "article_id_label"),
        ("newest_by_source.csv?source=", "title"),
        ("articles/{id}.csv", "title"),
    ],
)
def test_no_cell_of_a_csv_is_a_formula(file, path, column):
    with sqlite3.connect(file) as db:
        numbers = [number for (number,) in db.execute("select distinct article_id from violations order by 1 limit 6")]
        db.executemany("update articles set title = ? where id = ?", zip(FORMULAS, numbers, strict=True))
        (outlet,) = db.execute("select publisher from articles where id = ?", numbers[:1]).fetchone()
    site = Site(file)
    text = site.raw(f"/blotter/{path.format(id=numbers[0])}{outlet if path.endswith('=') else ''}").text
    site.close()
    found = {row[column] for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert found & {f"'{title}" for title in FORMULAS}
    assert not found & set(FORMULAS)


def test_numbers_in_a_csv_are_numbers(site):
    text = site.get("/blotter.csv?sql=select+-3+as+n,'-3'+as+words,-0.5+as+%22=half%22,null+as+none").text
    assert text.splitlines() == ["n,words,'=half,none", "-3,'-3,-0.5,"]


@pytest.mark.parametrize(
    "sql",
    ["pragma table_info(articles)", "attach database 'x' as y", "delete from articles", "select load_extension('x')"],
)
def test_only_reading_is_allowed(site, sql):
    assert site.get(f"/blotter?sql={sql.replace(' ', '+')}").status in (400, 403)


def test_crawlers_may_read_pages_not_queries(site):
    lines = site.get("/robots.txt").text.splitlines()
    assert "Disallow: /*?" in lines
    assert "Disallow: /search" in lines
    assert "Disallow: /" not in lines


def test_health_tells_the_build(site):
    found = json.loads(site.get("/-/health").text)
    assert found["ok"] is True
    assert len(found["build"]) == 12


def test_a_file_of_others_is_refused_in_words(tmp_path: Path):
    other = tmp_path / "blotter.db"
    with Database(other) as db:
        db["things"].insert({"id": 1})
    site = Site(other)
    assert site.get("/").status == 503
    assert site.get("/-/health").status == 503
    assert site.get("/blotter/things").status == 200
    site.close()


def test_the_cache_forgets_the_oldest_first_and_all_at_a_new_build():
    cache = PageCache(room=10)
    for key in (b"a", b"b", b"c"):
        cache.keep(key, Answer({}, b"1234"), build=0)
    assert (cache.get(b"a"), cache.size) == (None, 8)
    cache.clear()
    cache.keep(b"d", Answer({}, b"1"), build=0)
    assert (cache.get(b"d"), cache.size) == (None, 0)
